"""GeoJSON export of verified points: points a second and memory, beside what PostgreSQL alone can do.

    scripts/with-env python benchmarks/export.py [--points 200000] [--repeats 3]

Makes a scratch database on the server of DATABASE_URL, fills it with verified points, and drops it again. The
points go in by SQL with triggers off (`session_replication_role = replica`), which the role of the local
cluster may do: the gate is not what is measured here. Then, alternating in the same run:

  floor   psycopg COPY of the same JSON, thrown away: the server's own work
  view    the streaming view /api/v1/verified-points.geojson through Django's request handling
  rows    the same file from `iterator()` and orjson, row by row: what the view would do without COPY

Prints medians, ratios to the floor, and how far the peak memory of this process grew over each. Compare
ratios, not seconds, between machines.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

SCRATCH = "benchmark_export"
ADDRESS = "/api/v1/verified-points.geojson"

FILL = """
SET session_replication_role = replica;
INSERT INTO accounts_user (id, password, is_superuser, is_staff, is_active, date_joined, email, name, is_demo,
        is_import)
    VALUES (1, '', false, false, true, now(), 'benchmark@catalogue.invalid', 'Benchmark', false, true);
INSERT INTO evidence_investigation (id, code, title, summary, published_by, researchers, timezones, area_note,
        licence, attribution, is_training, visibility, required_approvals, created_by_id, created_at)
    VALUES (1, 'BENCH', 'Benchmark', '', '', '[]', '[]', '', 'CC BY 4.0', 'Benchmark', false, 'published', 1,
        1, now());
INSERT INTO evidence_mediaitem (id, investigation_id, reference, kind, title, description, finding, note,
        licence, attribution, is_sensitive, created_by_id, created_at)
    SELECT n, 1, 'M' || n, 'video', 'Column on the road, part ' || n, '', '', '', '', '', false, 1, now()
    FROM generate_series(1, %(points)s) AS n;
INSERT INTO geolocation_geolocation (id, uid, investigation_id, media_item_id, reference, author_id, state,
        state_reason, current_revision_id, created_at, updated_at)
    SELECT n, gen_random_uuid(), 1, n, 'G' || n, 1, 'verified', '', n, now(), now()
    FROM generate_series(1, %(points)s) AS n;
INSERT INTO geolocation_geolocationrevision (id, geolocation_id, number, author_id, camera_latitude,
        camera_longitude, camera_uncertainty_m, camera_as_typed, subject_as_typed, captured_on,
        captured_basis, method, reasoning, "references", created_at)
    SELECT n, n, 1, 1, random() * 170 - 85, random() * 359 - 179.5, 15, '', '', '2023-09-20', '', 'landmarks',
        'Made by a benchmark.', '', now()
    FROM generate_series(1, %(points)s) AS n;
INSERT INTO geolocation_verifiedpoint (geolocation_id, revision_id, investigation_id, media_item_id, uid,
        position_role, latitude, longitude, uncertainty_m, media_reference, media_kind, title, place_name,
        source_url, licence, attribution, claim_references, captured_on, verified_by, verified_at, updated_at)
    SELECT g.id, g.id, 1, g.id, g.uid, 'camera', r.camera_latitude, r.camera_longitude, 15, 'M' || g.id,
        'video', 'Column, part ' || g.id, 'Stepanakert / Xankəndi', 'https://example.org/' || g.id,
        'CC BY 4.0', 'Benchmark', ARRAY['C01', 'C02'], '2023-09-20', ARRAY['A Reviewer'], now(), now()
    FROM geolocation_geolocation AS g JOIN geolocation_geolocationrevision AS r ON r.id = g.id;
SET session_replication_role = origin;
"""


def scratch_url() -> tuple[str, str]:
    """The addresses of the server's maintenance database and of the scratch database."""
    given = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(given._replace(path="/postgres")), urlunsplit(given._replace(path=f"/{SCRATCH}"))


def administer(url: str, *statements: str) -> None:
    """Run statements that no transaction may hold."""
    import psycopg

    with psycopg.connect(url.replace("postgis://", "postgresql://", 1), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


def peak_bytes_reset() -> None:
    Path("/proc/self/clear_refs").write_text("5")


def status_bytes(name: str) -> int:
    """A line of /proc/self/status, such as VmHWM or VmRSS, in bytes."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) * 1024
    raise LookupError(name)


def measured(run: Callable[[], int]) -> tuple[float, int, int]:
    """Seconds, growth of the peak memory in bytes, and the bytes that came out."""
    before = status_bytes("VmRSS")
    peak_bytes_reset()
    started = time.perf_counter()
    size = run()
    return time.perf_counter() - started, status_bytes("VmHWM") - before, size


def floor() -> int:
    """The statement of the view, without the view."""
    from django.db import connection

    from geolocation.models import VerifiedPoint
    from geolocation.services.exporting import features_statement

    statement, params = features_statement(VerifiedPoint.objects.all())
    with connection.cursor() as cursor, cursor.copy(statement, params) as lines:
        return sum(len(line) for line in lines)


def view() -> int:
    """The whole way through middleware, filter, permission and stream."""
    from django.test import Client

    return sum(len(chunk) for chunk in Client().get(ADDRESS).streaming_content)


def rows() -> int:
    """The pure writer over the database's rows."""
    from geolocation.exports.geojson import feature_collection_chunks
    from geolocation.models import VerifiedPoint
    from geolocation.services.exporting import export_context, point_rows_stream

    context = export_context(investigation=None, filter_text="all", now=datetime.now(UTC))
    stream: Iterator[bytes] = feature_collection_chunks(
        point_rows_stream(VerifiedPoint.objects.all()), context
    )
    return sum(len(chunk) for chunk in stream)


def compare(points: int, repeats: int) -> None:
    """Run each way in turn, so that a busy minute of the machine meets all of them."""
    ways: dict[str, Callable[[], int]] = {"floor": floor, "view": view, "rows": rows}
    # The first round warms the server's cache. Its memory counts, its time does not.
    first_growth = {name: measured(way)[1] for name, way in ways.items()}
    results: dict[str, list[tuple[float, int, int]]] = {name: [] for name in ways}
    for _round in range(repeats):
        for name, way in ways.items():
            results[name].append(measured(way))
    at_floor = statistics.median(seconds for seconds, _growth, _size in results["floor"])
    print(f"{points:,} points, {results['view'][0][2] / 1e6:.0f} MB of GeoJSON, median of {repeats}")
    for name, runs in results.items():
        seconds = statistics.median(run[0] for run in runs)
        growth = max(first_growth[name], *(run[1] for run in runs))
        print(
            f"{name:6} {seconds:7.2f} s  {points / seconds:9,.0f} points/s  "
            f"{seconds / at_floor:5.2f} x floor  peak memory +{growth / 1e6:.1f} MB"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--points", type=int, default=200_000)
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    maintenance, scratch = scratch_url()
    administer(maintenance, f"DROP DATABASE IF EXISTS {SCRATCH}", f"CREATE DATABASE {SCRATCH}")
    # Before Django reads its settings: nothing here may touch the database of the application.
    os.environ.update(DATABASE_URL=scratch, DJANGO_SETTINGS_MODULE="osint_catalogue.settings", DEBUG="false")
    os.environ.update(SECRET_KEY="benchmark", ALLOWED_HOSTS="testserver", HTTPS="false", LOG_LEVEL="ERROR")
    import django
    from django.core.management import call_command
    from django.db import connection

    django.setup()
    try:
        call_command("migrate", verbosity=0)
        with connection.cursor() as cursor:
            cursor.execute(FILL % {"points": options.points})
            cursor.execute("ANALYZE")
        compare(options.points, options.repeats)
    finally:
        connection.close()
        administer(maintenance, f"DROP DATABASE {SCRATCH}")


if __name__ == "__main__":
    main()
