"""Vector tiles: the grid against the same grid computed live, points against a bare ST_AsMVT, over HTTP.

    scripts/with-env python benchmarks/tiles.py [--points 1000000] [--repeats 5] [--tipg /tmp/venv/bin/python]

Makes a scratch database on the server of DATABASE_URL (see _points.py), and drops it again. A part of the
points is moved into one town, so that tiles there hold more of them than fit. Prints:

  the making of the grid, how large it is, and what one approval costs with its triggers and without them;
  tiles of zooms 0-3 and 4-8 that hold most, of all points, of one status, of a year and of a month, from the
    grid and computed live from the same rows, and their sizes;
  tiles of zooms 9-14 against a bare ST_AsMVT of the same box, at most 10,000 points;
  how long after the commit of an approval or a retraction the tile is right again, asked for over and over
    through scripts/web (a reader's cache may add the second that max-age gives it);
  tiles a second through scripts/web on a loopback port, eight clients, new and with the ETag they hold.

`--tipg` names the Python of an environment with tipg and uvicorn (python -m venv, pip install tipg uvicorn);
the same tiles are then asked of it, from a plain table of the same points with the properties that ours have.
Compare ratios, not milliseconds, between machines.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).resolve().parent))

from _http import asked, catalogue, connected, database, free_port, rate, served
from _points import scratch_database

SCRATCH = "benchmark_tiles"
ROOT = Path(__file__).resolve().parent.parent
CLIENTS = 8
# tipg cannot make wide tiles of a geography, so it gets a plain table of its own with an index.
FOR_TIPG = (
    "CREATE TABLE tipg_points AS SELECT id, uid, media_reference, media_kind, title, place_name, captured_on,"
    " uncertainty_m, position_role, position::geometry(Point, 4326) AS geom FROM geolocation_verifiedpoint",
    "ALTER TABLE tipg_points ADD PRIMARY KEY (id)",
    "CREATE INDEX ON tipg_points USING gist (geom)",
    "VACUUM ANALYZE tipg_points",
)
# A town: 60,000 geolocations within a few kilometres. Revisions are frozen, so triggers stand aside.
DENSE = """
SET session_replication_role = replica;
UPDATE geolocation_geolocationrevision SET camera_latitude = 48.0 + random() * 0.05,
    camera_longitude = 37.8 + random() * 0.08 WHERE id <= %(dense)s;
UPDATE geolocation_verifiedpoint AS point SET latitude = wording.camera_latitude,
    longitude = wording.camera_longitude, camera_latitude = wording.camera_latitude,
    camera_longitude = wording.camera_longitude FROM geolocation_geolocationrevision AS wording
    WHERE wording.id = point.revision_id AND wording.id <= %(dense)s;
SET session_replication_role = origin
"""
# The same cells and features, counted from the rows in the box of the tile.
LIVE = """
WITH rows AS (
    SELECT px, py, status FROM (ROWS) AS fitting WHERE px BETWEEN 0 AND 4095 AND py BETWEEN 0 AND 4095
)
SELECT ST_AsMVT(feature, 'clusters', 4096, 'geom') FROM (
    SELECT count(*) AS point_count, CASE WHEN min(status) = max(status) THEN min(status) END AS status,
        ST_MakePoint(floor(avg(px)), floor(avg(py))) AS geom
    FROM rows GROUP BY px >> 8, py >> 8
) AS feature
"""
BARE = """
SELECT ST_AsMVT(feature, 'points', 4096, 'geom') FROM (
    SELECT 'verified' AS status, ST_AsMVTGeom(ST_Transform(position::geometry, 3857),
        ST_TileEnvelope(%(zoom)s, %(x)s, %(y)s), 4096, 0) AS geom
    FROM geolocation_verifiedpoint
    WHERE position::geometry && ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4326) LIMIT 10000
) AS feature
"""
CASES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("verified", {}),
    ("in review", {"statuses": ("in_review",)}),
    ("all states", {"statuses": ("in_review", "changes_requested", "verified")}),
    ("a month", {"start": datetime(2022, 9, 1, tzinfo=UTC), "end": datetime(2022, 9, 30, tzinfo=UTC)}),
    ("14 months", {"start": datetime(2022, 11, 1, tzinfo=UTC), "end": datetime(2023, 12, 31, tzinfo=UTC)}),
)


def fullest(zooms: range, each: int) -> list[Any]:
    """The tiles of these zooms that hold most verified points, `each` of a zoom."""
    from django.db import connection

    from geolocation.tiles import Tile

    found = []
    with connection.cursor() as cursor:
        for zoom in zooms:
            cursor.execute(
                "SELECT tile_place_x(longitude) >> (32 - %s) AS x, tile_place_y(latitude) >> (32 - %s) AS y"
                " FROM geolocation_verifiedpoint GROUP BY x, y ORDER BY count(*) DESC LIMIT %s",
                [zoom, zoom, each],
            )
            found += [Tile(zoom, x, y) for x, y in cursor.fetchall()]
    return found


def milliseconds(act: Callable[[], Any]) -> float:
    started = time.perf_counter()
    act()
    return (time.perf_counter() - started) * 1000


def in_turn(ways: dict[str, Callable[[Any], bytes]], tiles: list[Any], repeats: int) -> dict[str, float]:
    """The median over the tiles of each way's median; ways take turns, one turn before warms up.

    The first way is quick, so it is asked ten times a turn: a busy moment of the machine is then no result.
    """
    medians: dict[str, list[float]] = {name: [] for name in ways}
    for tile in tiles:
        times: dict[str, list[float]] = {name: [] for name in ways}
        for round_ in range(repeats + 1):
            for number, (name, way) in enumerate(ways.items()):
                turns = 1 if number else 10
                took = [milliseconds(lambda way=way, tile=tile: way(tile)) for _ in range(turns)]
                if round_:
                    times[name] += took
        for name in ways:
            medians[name].append(statistics.median(times[name]))
    return {name: statistics.median(each) for name, each in medians.items()}


def grids(repeats: int) -> None:
    from geolocation.services import tiles as service
    from geolocation.services.tiles import TileFilter, tile_made

    print("\ngrid against the same grid computed live, medians in ms", flush=True)
    for low, high, each in ((0, 3, 3), (4, 8, 4)):
        tiles = fullest(range(low, high + 1), each)
        for name, changes in CASES:
            wanted = TileFilter(investigations=(1,), **changes)

            def live(tile: Any, wanted: Any = wanted) -> bytes:
                statement = service._with_rows(LIVE.replace("(ROWS)", "(FOUND)"), wanted)
                given = {**service._scope(wanted), **service._numbers(tile)}
                return bytes(service._one(statement, given)[0])

            ways = {"grid": lambda tile, wanted=wanted: tile_made(tile, wanted), "live": live}
            took = in_turn(ways, tiles, repeats if low else max(1, repeats // 2))
            largest = max(len(tile_made(tile, wanted)) for tile in tiles)
            print(
                f"  zoom {low}-{high}  {name:10}  grid {took['grid']:7.2f}  live {took['live']:9.2f}"
                f"  {took['live'] / took['grid']:7.1f} times  largest {largest / 1000:5.1f} kB",
                flush=True,
            )


def points(repeats: int) -> None:
    from geolocation.services import tiles as service
    from geolocation.services.tiles import TileFilter, tile_made

    def bare(tile: Any) -> bytes:
        return bytes(service._one(BARE, service._numbers(tile))[0])

    wanted = TileFilter(investigations=(1,))
    print("\npoints against a bare ST_AsMVT of at most 10,000, medians in ms", flush=True)
    for zoom in range(9, 15):
        tiles = fullest(range(zoom, zoom + 1), 1)
        took = in_turn({"ours": lambda tile: tile_made(tile, wanted), "bare": bare}, tiles, repeats * 3)
        size = len(tile_made(tiles[0], wanted))
        count = service._point_tile(tiles[0], wanted, described=-1)[0]
        held = "more than 10,000" if count > 10_000 else f"{count:,}"
        print(
            f"  zoom {zoom:2}  {held:>16} points  ours {took['ours']:7.2f}  bare {took['bare']:7.2f}"
            f"  {took['ours'] / took['bare']:5.2f} times  {size / 1000:6.1f} kB",
            flush=True,
        )


def building() -> None:
    from django.db import connection

    from geolocation.services.tiles import tile_cells_rebuild

    started = time.perf_counter()
    cells = tile_cells_rebuild()
    took = time.perf_counter() - started
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE geolocation_tilecell")
        cursor.execute(
            "SELECT pg_total_relation_size('geolocation_tilecell'),"
            " pg_total_relation_size('geolocation_verifiedpoint')"
        )
        grid, table = cursor.fetchone()
    print(
        f"\nthe whole grid: {cells:,} cells in {took:.0f} s, {grid / 1e6:.0f} MB"
        f" (the points themselves: {table / 1e6:.0f} MB)",
        flush=True,
    )


def approvals(repeats: int) -> None:
    """What a change of state does to the tables, a transaction each, with and without the triggers."""
    from django.db import connection, transaction

    moved = (
        "UPDATE geolocation_geolocation SET state = 'in_review' WHERE id = %(id)s",
        "DELETE FROM geolocation_verifiedpoint WHERE geolocation_id = %(id)s",
    )

    def act(cursor: Any, key: int) -> None:
        with transaction.atomic():
            for statement in moved:
                cursor.execute(statement, {"id": key})

    times: dict[str, list[float]] = {"with": [], "without": []}
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE geolocation_verifiedpoint DISABLE TRIGGER point_change")
        for round_ in range(repeats):
            for way in ("with", "without"):
                switch = "ENABLE" if way == "with" else "DISABLE"
                cursor.execute(f"ALTER TABLE geolocation_verifiedpoint {switch} TRIGGER tile_note")
                cursor.execute(f"ALTER TABLE geolocation_geolocation {switch} TRIGGER tile_note_changed")
                keys = [100_001 + (round_ * 2 + (way == "with")) * 1000 + 10 * n for n in range(50)]
                times[way] += [milliseconds(lambda key=key: act(cursor, key)) for key in keys]
        for table, trigger in (("verifiedpoint", "tile_note"), ("geolocation", "tile_note_changed")):
            cursor.execute(f"ALTER TABLE geolocation_{table} ENABLE TRIGGER {trigger}")
        cursor.execute("ALTER TABLE geolocation_verifiedpoint ENABLE TRIGGER point_change")
    took = {way: statistics.median(each) for way, each in times.items()}
    print(
        f"\na point that changes its state: {took['with']:.2f} ms with the triggers of the grid,"
        f" {took['without']:.2f} ms without ({took['with'] - took['without']:+.2f} ms)",
        flush=True,
    )


def right_again(port: int, rounds: int) -> None:
    """From the commit that takes a point out, or puts it back, to the first answer with another tag."""
    from django.db import connection, transaction

    from geolocation.tiles import Tile

    kept = "CREATE TEMPORARY TABLE taken AS SELECT * FROM geolocation_verifiedpoint WHERE id = %(id)s"
    columns = (
        "SELECT string_agg(quote_ident(attname), ',' ORDER BY attnum) FROM pg_attribute"
        " WHERE attrelid = 'geolocation_verifiedpoint'::regclass AND attnum > 0 AND attgenerated = ''"
        " AND NOT attisdropped"
    )
    place = "SELECT tile_place_x(longitude) >> 16, tile_place_y(latitude) >> 16 FROM taken"
    times: list[float] = []
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE geolocation_verifiedpoint DISABLE TRIGGER verified_point_gate")
        cursor.execute(columns)
        names = cursor.fetchone()[0]
        for number in range(rounds):
            cursor.execute("DROP TABLE IF EXISTS taken")
            cursor.execute("SELECT min(id) FROM geolocation_verifiedpoint WHERE id > %s", [number * 100])
            cursor.execute(kept, {"id": cursor.fetchone()[0]})
            cursor.execute(place)
            tile = Tile(16, *cursor.fetchone())
            path = f"/tiles/{tile.zoom}/{tile.x}/{tile.y}.mvt"
            link = connected(port)
            for statement in (
                "DELETE FROM geolocation_verifiedpoint WHERE id = (SELECT id FROM taken)",
                f"INSERT INTO geolocation_verifiedpoint ({names}) SELECT {names} FROM taken",
            ):
                _status, before, tag = asked(link, path)
                with transaction.atomic():
                    cursor.execute(statement)
                committed = time.perf_counter()
                while (answer := asked(link, path))[2] == tag:
                    pass
                times.append((time.perf_counter() - committed) * 1000)
                assert answer[1] != before, "a new tag, and the same tile"
        cursor.execute("ALTER TABLE geolocation_verifiedpoint ENABLE TRIGGER verified_point_gate")
    print(
        f"\nright again after a commit, {len(times)} changes: median {statistics.median(times):.1f} ms,"
        f" longest {max(times):.1f} ms",
        flush=True,
    )


def over_http(tipg: str, seconds: float) -> None:
    kinds = {
        "zoom 0-3": fullest(range(4), 4),
        "zoom 4-8": fullest(range(4, 9), 8),
        "zoom 9-12": fullest(range(9, 13), 8),
    }
    print(f"\nthrough HTTP, {CLIENTS} clients, tiles/s", flush=True)
    ours: dict[str, float] = {}
    with catalogue() as port:
        right_again(port, 20)
        for name, tiles in kinds.items():
            paths = [f"/tiles/{tile.zoom}/{tile.x}/{tile.y}.mvt" for tile in tiles]
            rate(port, paths, 1)
            ours[name] = rate(port, paths, seconds)
            held = rate(port, paths, seconds, tag=asked(connected(port), paths[0])[2])
            # Each asks for a time of its own that leaves nothing out, so that no tile is there already.
            days = [date(2030, 1, 1) + timedelta(days=number) for number in range(700)]
            anew = rate(port, [f"{path}?to={day}" for path in paths for day in days], seconds)
            print(
                f"  {name:10} ours {ours[name]:7.1f}  with the ETag held {held:7.1f}  made anew {anew:7.1f}",
                flush=True,
            )
    if not tipg:
        print("  tipg is not compared: name the Python of its environment with --tipg.", flush=True)
        return
    against_tipg(tipg, kinds, ours, seconds)


def against_tipg(tipg: str, kinds: dict[str, list[Any]], ours: dict[str, float], seconds: float) -> None:
    from django.db import connection

    host, number, user, name = database()
    url = f"postgresql://{user}@{quote(host, safe='')}:{number}/{name}"
    port = free_port()
    command = [
        tipg,
        "-m",
        "uvicorn",
        "tipg.main:app",
        "--port",
        str(port),
        "--workers",
        "2",
        "--log-level",
        "error",
    ]
    collection = "public.tipg_points"
    with connection.cursor() as cursor:
        for statement in FOR_TIPG:
            cursor.execute(statement)
    with served(
        command,
        port,
        "/healthz",
        DATABASE_URL=url,
        TIPG_DB_SCHEMAS='["public"]',
        TIPG_DB_TABLES=f'["{collection}"]',
    ):
        for name, tiles in kinds.items():
            paths = [
                f"/collections/{collection}/tiles/WebMercatorQuad/{each.zoom}/{each.x}/{each.y}"
                for each in tiles
            ]
            theirs = rate(port, paths, seconds)
            print(
                f"  {name:10} tipg {theirs:7.1f}  ours {ours[name]:7.1f}  {ours[name] / theirs:6.1f} times",
                flush=True,
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--points", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=8, help="for each kind of tile over HTTP")
    parser.add_argument("--tipg", default="", help="the Python of an environment with tipg and uvicorn")
    options = parser.parse_args()
    dense = DENSE % {"dense": options.points * 6 // 100}
    with scratch_database(SCRATCH, options.points, then=tuple(dense.split(";\n"))):
        building()
        grids(options.repeats)
        points(options.repeats)
        over_http(options.tipg, options.seconds)
        approvals(options.repeats)


if __name__ == "__main__":
    main()
