"""OGC API - Features and /api/v1/verified-points over HTTP, beside tipg and pygeoapi on the same points.

    scripts/with-env python benchmarks/ogc.py [--points 1000000] [--seconds 4]
        [--tipg /tmp/tipg/bin/python] [--pygeoapi /tmp/pygeoapi/bin/python]

Makes a scratch database on the server of DATABASE_URL (see _points.py), and drops it again. The peers read a
table of the same verified points with the same properties, a geometry column and the indexes that they
document. Then it prints answers a second for a box that holds a third of all points, with 100 and 1,000 of
them, with and without half a year, for one client and for eight; what the first pages and the 681st to 700th
cost; and what GDAL's driver reads of a filtered collection through paging (needs ogrinfo, Debian: gdal-bin).

`--tipg` names the Python of an environment with tipg and uvicorn, `--pygeoapi` one with pygeoapi, SQLAlchemy,
GeoAlchemy2, pygeofilter, psycopg2-binary and gunicorn; without them the peers are left out. Each peer is
served by two processes, as the catalogue is. Compare ratios, not answers a second, between machines.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote, urlencode, urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parent))

from _http import asked, catalogue, connected, database, free_port, rate, served
from _points import scratch_database

SCRATCH = "benchmark_ogc"
PEER_TABLE = """
CREATE TABLE peer_points AS
    SELECT p.id, p.uid::text AS uid, p.media_reference, p.title, p.media_kind AS kind, p.uncertainty_m,
        p.position_role, p.place_name, p.captured_on::timestamp AS captured, p.claim_references AS claims,
        p.source_url, p.licence, p.attribution, p.verified_at, p.verified_by, p.updated_at,
        p.position::geometry(Point, 4326) AS geom
    FROM geolocation_verifiedpoint AS p;
ALTER TABLE peer_points ADD PRIMARY KEY (id);
CREATE INDEX ON peer_points USING gist (geom);
CREATE INDEX ON peer_points (captured)
"""
START, END = "2022-09-01T00:00:00Z", "2023-02-28T23:59:59Z"
PYGEOAPI = """
server:
  bind: {{host: 127.0.0.1, port: {port}}}
  url: http://127.0.0.1:{port}
  mimetype: application/json; charset=UTF-8
  encoding: utf-8
  language: en-US
  map: {{url: "https://example.invalid/{{z}}/{{x}}/{{y}}.png", attribution: none}}
  limits: {{default_items: 10, max_items: 10000}}
logging: {{level: ERROR}}
metadata:
  identification: {{title: t, description: d, keywords: [k], terms_of_service: t, url: "http://example.invalid"}}
  license: {{name: n, url: "http://example.invalid"}}
  provider: {{name: n, url: "http://example.invalid"}}
  contact: {{name: n}}
resources:
  points:
    type: collection
    title: points
    description: points
    keywords: [k]
    links: []
    extents:
      spatial: {{bbox: [-180, -90, 180, 90], crs: "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}}
    providers:
      - type: feature
        name: PostgreSQL
        data:
          {{host: "{host}", port: {number}, dbname: {name}, user: {user}, password: "",
            search_path: [public]}}
        id_field: id
        table: peer_points
        geom_field: geom
        time_field: captured
"""


def third() -> str:
    """A box from the 33rd to the 67th percentile of the longitudes."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT percentile_disc(ARRAY[0.333, 0.667]) WITHIN GROUP (ORDER BY longitude)"
            " FROM geolocation_verifiedpoint"
        )
        west, east = cursor.fetchone()[0]
    return f"{west:.4f},-90,{east:.4f},90"


def cases(box: str) -> Iterator[tuple[str, dict[str, str], bool]]:
    for limit in ("100", "1000"):
        for timed in (False, True):
            words = f"limit {limit:>4}{', half a year' if timed else ''}"
            yield words, {"bbox": box, "limit": limit}, timed


def measured(port: int, path: str, box: str, seconds: float, *, api: bool = False) -> dict[str, float]:
    """Answers a second by case and number of clients."""
    found = {}
    for words, query, timed in cases(box):
        when = {"captured_after": START, "captured_before": END} if api else {"datetime": f"{START}/{END}"}
        address = f"{path}?{urlencode({**query, **(when if timed else {})}, safe=',:/')}"
        asked(connected(port), address)
        for clients in (1, 8):
            found[f"{words}, {clients} client{'s' if clients > 1 else ''}"] = rate(
                port, [address], seconds, clients=clients
            )
    return found


@contextmanager
def tipg(python: str) -> Iterator[tuple[int, str]]:
    host, number, user, name = database()
    url = f"postgresql://{user}@{quote(host, safe='')}:{number}/{name}"
    port = free_port()
    command = [python, "-m", "uvicorn", "tipg.main:app", "--port", str(port), "--workers", "2"]
    path = "/collections/public.peer_points/items"
    changes = {"DATABASE_URL": url, "TIPG_DB_SCHEMAS": '["public"]', "TIPG_MAX_FEATURES_PER_QUERY": "10000"}
    with served([*command, "--log-level", "error"], port, path + "?limit=1", **changes):
        yield port, path


@contextmanager
def pygeoapi(python: str) -> Iterator[tuple[int, str]]:
    host, number, user, name = database()
    port = free_port()
    with TemporaryDirectory() as folder:
        config, openapi = Path(folder) / "config.yml", Path(folder) / "openapi.yml"
        config.write_text(PYGEOAPI.format(port=port, host=host, number=number, name=name, user=user))
        changes = {"PYGEOAPI_CONFIG": str(config), "PYGEOAPI_OPENAPI": str(openapi)}
        made = subprocess.run(
            [str(Path(python).with_name("pygeoapi")), "openapi", "generate", str(config)],
            env={**os.environ, **changes},
            stdout=subprocess.PIPE,
            check=True,
        )
        openapi.write_bytes(made.stdout)
        command = [str(Path(python).with_name("gunicorn")), "pygeoapi.flask_app:APP", "--bind"]
        command += [f"127.0.0.1:{port}", "--workers", "2", "--threads", "8", "--timeout", "120"]
        path = "/collections/points/items"
        with served(command, port, path + "?limit=1", **changes):
            yield port, path


def compare(box: str, seconds: float, peers: dict[str, str]) -> None:
    rates: dict[str, dict[str, float]] = {}
    with catalogue() as port:
        rates["/ogc"] = measured(port, "/ogc/collections/verified-points/items", box, seconds)
        rates["/api/v1"] = measured(port, "/api/v1/verified-points", box, seconds, api=True)
        pages(port)
        read_by_gdal(port)
    for name, (serve, python) in {
        "tipg": (tipg, peers["tipg"]),
        "pygeoapi": (pygeoapi, peers["pygeoapi"]),
    }.items():
        if not python:
            print(f"{name} is not compared: name the Python of its environment with --{name}.", flush=True)
            continue
        with serve(python) as (peer_port, path):
            rates[name] = measured(peer_port, path, box, seconds)
    print(f"\nanswers a second, box {box}", flush=True)
    for case in rates["/ogc"]:
        line = "  ".join(f"{name} {found[case]:8.2f}" for name, found in rates.items())
        times = "  ".join(
            f"{rates[ours][case] / rates[name][case]:6.1f} times {name} ({ours})"
            for name in rates
            if name in peers
            for ours in ("/ogc", "/api/v1")
        )
        print(f"  {case:38}  {line}  {times}", flush=True)


def pages(port: int) -> None:
    """The first pages and the last of 700, of 1,000 points each, by following `next`."""
    for start in ("/ogc/collections/verified-points/items?limit=1000", "/api/v1/verified-points?limit=1000"):
        link, path, times = connected(port), start, []
        asked(link, path)
        while path and len(times) < 700:
            began = time.perf_counter()
            status, body, _tag = asked(link, path)
            times.append((time.perf_counter() - began) * 1000)
            assert status == 200, body[:300]
            path = next_of(json.loads(_plain(body)))
        first, last = statistics.median(times[:20]), statistics.median(times[-20:])
        print(
            f"page    {start.partition('?')[0]:42} first 20 {first:6.1f} ms, pages {len(times) - 19} to"
            f" {len(times)} {last:6.1f} ms: {last / first:4.2f} times",
            flush=True,
        )


def next_of(page: dict[str, object]) -> str:
    links = page.get("links")
    if isinstance(links, list):
        address = next((each["href"] for each in links if each["rel"] == "next"), "")
    else:
        address = str(page.get("next") or "")
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if address else ""


def _plain(body: bytes) -> bytes:
    import gzip

    return gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body


def read_by_gdal(port: int) -> None:
    """All of a filtered collection, by GDAL's own paging."""
    if shutil.which("ogrinfo") is None:
        print("gdal    ogrinfo is not installed (Debian: gdal-bin)", flush=True)
        return
    # A seventh of the points: 100,000 of 700,000.
    command = ["ogrinfo", "-ro", "-q", "-geom=NO", "-fields=NO", "-where", "uncertainty_m < 6"]
    command += ["-oo", "PAGE_SIZE=1000", f"OAPIF:http://127.0.0.1:{port}/ogc/", "verified-points"]
    began = time.perf_counter()
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    seconds, count = time.perf_counter() - began, len(re.findall("^OGRFeature", told, re.MULTILINE))
    print(
        f"gdal    {count:,} features of a filter in {seconds:.1f} s: {count / seconds:,.0f} a second",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--points", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--tipg", default="", help="the Python of an environment with tipg and uvicorn")
    parser.add_argument("--pygeoapi", default="", help="the Python of an environment with pygeoapi")
    options = parser.parse_args()
    with scratch_database(SCRATCH, options.points, then=tuple(PEER_TABLE.split(";"))):
        compare(third(), options.seconds, {"tipg": options.tipg, "pygeoapi": options.pygeoapi})


if __name__ == "__main__":
    main()
