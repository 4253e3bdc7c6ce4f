"""Exports of verified points: seconds, first byte and memory of every format, beside other ways to make it.

    scripts/with-env python benchmarks/export.py [--points 1000000] [--repeats 3] [--only gpkg,ogr2ogr.gpkg]

Makes a scratch database on the server of DATABASE_URL (see _points.py), and drops it again. Then, in turn,
each in a process of its own that has made one empty file of the kind before:

  copy.geojson, copy.csv      psycopg COPY of the same text, thrown away: the server's own work
  rows.geojson, rows.csv      the pure writers over `iterator()`, row by row
  geojson, csv, kml, ...      the download of that format through Django's request handling
  ogr2ogr.KIND                GDAL's own program (Debian: gdal-bin), straight from the same query
  geopandas.KIND              read_postgis, then to_file or to_parquet

Prints medians and how far the memory of the process grew over what it was before (not that of ogr2ogr, a
process of its own). Compare ratios, not seconds, between machines.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import unquote, urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parent))

from _points import environment, scratch_database

SCRATCH = "benchmark_export"
ADDRESS = "/api/v1/verified-points."
PLAIN = """SELECT p.uid::text AS id, i.code AS investigation, g.reference, p.media_reference, p.title,
        p.media_kind AS kind, p.latitude, p.longitude, p.uncertainty_m, p.position_role, p.camera_latitude,
        p.camera_longitude, p.subject_latitude, p.subject_longitude, p.place_name, p.captured_from,
        p.captured_to, p.captured_on, array_to_string(p.claim_references, '; ') AS claims, p.source_url,
        p.licence, p.attribution, r.number AS revision, p.verified_at,
        array_to_string(p.verified_by, '; ') AS verified_by, p.updated_at{geometry}
    FROM geolocation_verifiedpoint AS p JOIN evidence_investigation AS i ON i.id = p.investigation_id
    JOIN geolocation_geolocation AS g ON g.id = p.geolocation_id
    JOIN geolocation_geolocationrevision AS r ON r.id = p.revision_id"""
WITH_GEOMETRY = PLAIN.format(geometry=", p.position::geometry(Point, 4326) AS geom")
OGR_DRIVERS = {"geojson": "GeoJSON", "csv": "CSV", "kml": "KML", "gpkg": "GPKG", "fgb": "FlatGeobuf"}


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
    if tool == "rows":
        return lambda: (), lambda: by_rows(kind)
    if tool == "ogr2ogr":
        return lambda: (), lambda: by_ogr2ogr(kind)
    if tool == "geopandas":
        return lambda: by_geopandas(kind, " LIMIT 1"), lambda: by_geopandas(kind, "")
    return lambda: downloaded(name, {"q": "no such words"}), lambda: downloaded(name, {})


def copied(kind: str) -> Iterable[Any]:
    """The server's work alone."""
    from django.db import connection

    from geolocation.models import VerifiedPoint
    from geolocation.services.exporting import features_statement

    statement, params = features_statement(VerifiedPoint.objects.all())
    if kind == "csv":
        statement, params = f"COPY ({PLAIN.format(geometry='')}) TO STDOUT (FORMAT csv)", ()
    with connection.cursor() as cursor, cursor.copy(statement, params) as lines:
        yield from lines


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


def by_ogr2ogr(kind: str) -> Iterable[bytes]:
    address = urlsplit(os.environ["DATABASE_URL"])
    host, _, port = unquote(address.netloc.rpartition("@")[2]).rpartition(":")
    source = f"PG:host={host} port={port} user={address.username} dbname={SCRATCH}"
    with TemporaryDirectory() as folder:
        path = f"{folder}/points.{kind}"
        extra = ["-lco", "RFC7946=YES"] if kind == "geojson" else []
        command = ["ogr2ogr", "-f", OGR_DRIVERS[kind], *extra, path, source, "-sql", WITH_GEOMETRY]
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
        yield range(Path(path).stat().st_size)


def by_geopandas(kind: str, limit: str) -> Iterable[Any]:
    import geopandas
    import psycopg

    warnings.simplefilter("ignore")
    url = os.environ["DATABASE_URL"].replace("postgis://", "postgresql://", 1)
    with TemporaryDirectory() as folder, psycopg.connect(url) as connection:
        frame = geopandas.read_postgis(WITH_GEOMETRY + limit, connection)
        path = f"{folder}/points.{kind}"
        frame.to_parquet(path) if kind == "parquet" else frame.to_file(path)
        yield range(Path(path).stat().st_size)


WAYS = (
    *("copy.geojson", "geojson", "rows.geojson", "ogr2ogr.geojson", "geopandas.geojson"),
    *("copy.csv", "csv", "rows.csv", "ogr2ogr.csv"),
    *("geojsons", "kml", "ogr2ogr.kml", "kmz", "timemap.zip"),
    *("gpkg", "ogr2ogr.gpkg", "geopandas.gpkg"),
    *("fgb", "ogr2ogr.fgb", "geopandas.fgb"),
    *("parquet", "geopandas.parquet"),
    "xlsx",
)


def compare(ways: list[str], repeats: int) -> None:
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--points", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--only", default="", help="ways, separated by commas")
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.way:
        environment()
        one(options.way)
        return
    with scratch_database(SCRATCH, options.points):
        compare(options.only.split(",") if options.only else list(WAYS), options.repeats)


def one(name: str) -> None:
    import django

    django.setup()
    warm, way = way_of(name)
    for _chunk in warm():
        pass
    print(json.dumps(measured(way)))


if __name__ == "__main__":
    main()
