"""Exports of verified points: seconds, first byte and memory of every format, beside other ways to make it.

    scripts/with-env python benchmarks/export.py [--points 1000000] [--repeats 3] [--only gpkg,ogr2ogr.gpkg]

Makes a scratch database on the server of DATABASE_URL (see _points.py), and drops it again. Then, in turn,
each in a process of its own that has made one empty file of the kind before:

  psql.geojson, psql.csv      psql's COPY of the same text, by the same statement, thrown away: the floor
  copy.geojson, copy.csv      the same through psycopg
  rows.geojson, rows.csv      the pure writers over `iterator()`, row by row
  geojson, csv, kml, ...      the download of that format through Django's request handling
  gpkg, fgb, parquet, xlsx    the file, as a job makes it
  ogr2ogr.KIND                GDAL's own program (Debian: gdal-bin), straight from the same query
  geopandas.KIND              read_postgis, then to_file or to_parquet
  gdal.fgb, own.fgb           GDAL's writer and ours alone, from batches that are in memory already
  drfgis.geojson              djangorestframework-gis, serialised and rendered, of the first 20,000 points;
                              only with --drf-gis (pip install --no-deps --target FOLDER ...)

Prints medians, how far the memory of the process grew over what it was before (not that of psql and ogr2ogr,
processes of their own), and each download beside its peers. Compare ratios, not seconds, between machines.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from _export_peers import (
    DRF_POINTS,
    PLAIN,
    batches_ready,
    by_drf_gis,
    by_gdal,
    by_geopandas,
    by_ogr2ogr,
    by_own_flatgeobuf,
)
from _points import environment, scratch_database

SCRATCH = "benchmark_export"
ADDRESS = "/api/v1/verified-points."
#: A download, what it is compared with, and what is wanted of it: so many times as long at most, or so many
#: times as fast at least.
AIMS = (
    ("geojson", "psql.geojson", "at most", 1.8),
    ("geojson", "ogr2ogr.geojson", "at least", 2),
    ("geojson", "drfgis.geojson", "at least", 30),
    ("csv", "psql.csv", "at most", 2),
    ("gpkg", "ogr2ogr.gpkg", "at least", 2),
    ("gpkg", "geopandas.gpkg", "at least", 2),
    ("fgb", "ogr2ogr.fgb", "at least", 2),
    ("fgb", "geopandas.fgb", "at least", 2),
    ("fgb", "gdal.fgb", "at most", 2),
    ("own.fgb", "gdal.fgb", "at least", 1.5),
    ("parquet", "geopandas.parquet", "at least", 2),
    ("kml", "ogr2ogr.kml", "at least", 1),
)


def status_bytes(name: str) -> int:
    """A line of /proc/self/status, such as VmHWM or VmRSS, in bytes."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) * 1024
    raise LookupError(name)


def measured(chunks: Callable[[], Iterable[Any]]) -> dict[str, float]:
    """Seconds in all and to the first byte, bytes that came out, and how far memory grew meanwhile."""
    before = status_bytes("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")
    first, size, started = 0.0, 0, time.perf_counter()
    for chunk in chunks():
        first = first or time.perf_counter() - started
        size += len(chunk)
    seconds = time.perf_counter() - started
    grown = status_bytes("VmHWM") - before
    return {"seconds": seconds, "first": first, "size": size, "grown": grown}


def way_of(name: str) -> tuple[Callable[[], Iterable[Any]], Callable[[], Iterable[Any]]]:
    """What warms up, and what is measured."""
    tool, _, kind = name.partition(".")
    if tool == "copy":
        return lambda: (), lambda: copied(kind)
    if tool == "psql":
        return lambda: (), lambda: by_psql(kind)
    if tool in ("gdal", "own"):
        ready = batches_ready()
        write = by_gdal if tool == "gdal" else by_own_flatgeobuf
        return lambda: write(ready[:1]), lambda: write(ready)
    if tool == "drfgis":
        return lambda: by_drf_gis(1), lambda: by_drf_gis(DRF_POINTS)
    if tool == "rows":
        return lambda: (), lambda: by_rows(kind)
    if tool == "ogr2ogr":
        return lambda: (), lambda: by_ogr2ogr(kind)
    if tool == "geopandas":
        return lambda: by_geopandas(kind, " LIMIT 1"), lambda: by_geopandas(kind, "")
    if name in WRITTEN:
        return lambda: made(name, limit=1), lambda: made(name)
    return lambda: downloaded(name, {"q": "no such words"}), lambda: downloaded(name, {})


def statement_of(kind: str) -> tuple[str, tuple[Any, ...]]:
    """The COPY of every point: the one that the download runs, or a bare one of CSV."""
    from geolocation.models import VerifiedPoint
    from geolocation.services.exporting import features_statement

    if kind == "csv":
        return f"COPY ({PLAIN.format(geometry='')}) TO STDOUT (FORMAT csv)", ()
    return features_statement(VerifiedPoint.objects.all())


def copied(kind: str) -> Iterable[Any]:
    """The server's work alone."""
    from django.db import connection

    with connection.cursor() as cursor, cursor.copy(*statement_of(kind)) as lines:
        yield from lines


def by_psql(kind: str) -> Iterable[bytes]:
    """The same by PostgreSQL's own client."""
    address = os.environ["DATABASE_URL"].replace("postgis://", "postgresql://", 1)
    statement, params = statement_of(kind)
    assert not params, "psql is given no parameters"
    command = ["psql", address, "--no-psqlrc", "--quiet", "--command", statement]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as running:
        assert running.stdout is not None
        while piece := running.stdout.read(1 << 20):
            yield piece
    assert running.returncode == 0, "psql failed"


def by_rows(kind: str) -> Iterable[bytes]:
    """The pure writer over the database's rows."""
    from geolocation.exports.csv import csv_chunks
    from geolocation.exports.geojson import feature_collection_chunks
    from geolocation.models import VerifiedPoint
    from geolocation.services.exporting import export_context, point_rows_stream

    rows = point_rows_stream(VerifiedPoint.objects.all())
    if kind == "csv":
        return csv_chunks(rows)
    context = export_context(investigation=None, filter_text="all", now=datetime.now(UTC))
    return feature_collection_chunks(rows, context)


def downloaded(kind: str, query: dict[str, str]) -> Iterable[bytes]:
    """The whole way through middleware, filter, permission and stream."""
    from django.test import Client

    answer = Client().get(f"{ADDRESS}{kind}", query)
    assert answer.status_code == 200, answer.content
    return answer.streaming_content


def made(name: str, limit: int | None = None) -> Iterable[Any]:
    """A file as a job makes it: more points than a request would wait for."""
    from geolocation.models import VerifiedPoint
    from geolocation.services.export_formats import FORMATS, export_write
    from geolocation.services.exporting import export_context

    wanted = next(each for each in FORMATS.values() if each.extension == name)
    points = VerifiedPoint.objects.all()
    if limit is not None:
        points = points.filter(pk__in=points.order_by("pk").values_list("pk", flat=True)[:limit])
    context = export_context(investigation=None, filter_text="all", now=datetime.now(UTC))
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"points.{name}"
        export_write(wanted, points, context, path)
        yield range(path.stat().st_size)


WRITTEN = ("gpkg", "fgb", "parquet", "xlsx")
WAYS = (
    *("psql.geojson", "geojson", "copy.geojson", "rows.geojson", "ogr2ogr.geojson", "geopandas.geojson"),
    "drfgis.geojson",
    *("psql.csv", "csv", "copy.csv", "rows.csv", "ogr2ogr.csv"),
    *("geojsons", "kml", "ogr2ogr.kml", "kmz", "timemap.zip"),
    *("gpkg", "ogr2ogr.gpkg", "geopandas.gpkg"),
    *("fgb", "ogr2ogr.fgb", "geopandas.fgb", "gdal.fgb", "own.fgb"),
    *("parquet", "geopandas.parquet"),
    "xlsx",
)


def compare(ways: list[str], repeats: int, points: int) -> None:
    """Run each way in turn, so that a busy minute of the machine meets all of them."""
    results: dict[str, list[dict[str, float]]] = {}
    for _round in range(repeats):
        for name in ways:
            run = subprocess.run(
                [sys.executable, __file__, "--way", name], stdout=subprocess.PIPE, text=True, check=False
            )
            if run.returncode:
                print(f"{name}: failed", flush=True)
                continue
            results.setdefault(name, []).append(json.loads(run.stdout))
    for name, runs in results.items():
        seconds, first, size = (
            statistics.median(run[each] for run in runs) for each in ("seconds", "first", "size")
        )
        grown = max(run["grown"] for run in runs)
        memory = "" if name.startswith("ogr2ogr") else f"memory +{grown / 1e6:6.1f} MB"
        print(
            f"{name:18} {seconds:8.2f} s  first byte {first * 1000:7.0f} ms  {size / 1e6:7.0f} MB  {memory}",
            flush=True,
        )
    seconds = {name: statistics.median(run["seconds"] for run in runs) for name, runs in results.items()}
    if "drfgis.geojson" in seconds:
        # It was given fewer: as long as it would take for all at the same rate, which is kind to it.
        seconds["drfgis.geojson"] *= max(1, points * 7 // 10 / DRF_POINTS)
    for name, peer, word, aim in AIMS:
        if name in seconds and peer in seconds:
            ratio = seconds[name] / seconds[peer] if word == "at most" else seconds[peer] / seconds[name]
            unit = "times as long as" if word == "at most" else "times as fast as"
            print(f"{name:10} {ratio:7.2f} {unit} {peer:18} (wanted: {word} {aim:g})", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--points", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--only", default="", help="ways, separated by commas")
    parser.add_argument("--drf-gis", default="", help="folder with djangorestframework-gis, to compare with")
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.drf_gis:
        known = os.environ.get("PYTHONPATH")
        os.environ["PYTHONPATH"] = os.pathsep.join(
            filter(None, [str(Path(options.drf_gis).resolve()), known])
        )
    if options.way:
        environment()
        one(options.way)
        return
    ways = options.only.split(",") if options.only else list(WAYS)
    if not options.drf_gis and "drfgis.geojson" in ways:
        print("drfgis.geojson: left out; name the folder that has djangorestframework-gis with --drf-gis")
        ways.remove("drfgis.geojson")
    with scratch_database(SCRATCH, options.points):
        compare(ways, options.repeats, options.points)


def one(name: str) -> None:
    import django

    django.setup()
    warm, way = way_of(name)
    for _chunk in warm():
        pass
    print(json.dumps(measured(way)))


if __name__ == "__main__":
    main()
