"""A scratch database of up to millions of geolocations, for the benchmarks of what goes out.

Geolocations lie in 200 clusters over two years, as conflicts are; seven in ten are verified points, the
others in review or sent back. The rows go in by SQL with triggers off (`session_replication_role = replica`),
which the role of the local cluster may do: the gate is not what is measured. What triggers derive from the
rows is therefore missing until a benchmark asks for it.

    scripts/with-env python benchmarks/_points.py 1000000    makes the points that benchmarks copy
    scripts/with-env python benchmarks/_points.py drop
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

TEMPLATE = "benchmark_points"

_FILL = """
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
        state_reason, current_revision_id, is_sealed, created_at, updated_at)
    SELECT n, gen_random_uuid(), 1, n, 'G' || n, 1,
        CASE WHEN n %% 10 < 7 THEN 'verified' WHEN n %% 10 < 9 THEN 'in_review' ELSE 'changes_requested' END,
        '', n, false, now(), now()
    FROM generate_series(1, %(points)s) AS n;
INSERT INTO geolocation_geolocationrevision (id, geolocation_id, number, author_id, camera_latitude,
        camera_longitude, camera_uncertainty_m, camera_as_typed, subject_as_typed, captured_on,
        captured_basis, method, reasoning, "references", created_at)
    SELECT n, n, 1, 1, (n %% 200) * 37 %% 140 - 70 + (random() + random() + random() - 1.5) / 2,
        (n %% 200) * 73 %% 340 - 170 + (random() + random() + random() - 1.5) / 2, 5 + n %% 7 * 5, '', '',
        date '2022-03-01' + n %% 730, '', 'landmarks',
        'Made by a benchmark.', '', now()
    FROM generate_series(1, %(points)s) AS n;
INSERT INTO geolocation_verifiedpoint (geolocation_id, revision_id, investigation_id, media_item_id, uid,
        position_role, latitude, longitude, uncertainty_m, disclosure, camera_latitude, camera_longitude,
        media_reference, media_kind, title, place_name,
        source_url, licence, attribution, claim_references, captured_on, verified_by, verified_at, updated_at)
    SELECT g.id, g.id, 1, g.id, g.uid, 'camera', r.camera_latitude, r.camera_longitude,
        r.camera_uncertainty_m, 'exact', r.camera_latitude, r.camera_longitude, 'M' || g.id,
        'video', 'Column, part ' || g.id, 'Stepanakert / Xankəndi', 'https://example.org/' || g.id,
        'CC BY 4.0', 'Benchmark', ARRAY['C01', 'C02'], r.captured_on, ARRAY['A Reviewer'], now(), now()
    FROM geolocation_geolocation AS g JOIN geolocation_geolocationrevision AS r ON r.id = g.id
    WHERE g.id %% 10 < 7;
SET session_replication_role = origin;
"""
# Columns that came after `_FILL` was written: what is empty for their type.
_EMPTY = """
DO $$
DECLARE wanted record;
BEGIN
    FOR wanted IN
        SELECT table_name, column_name, data_type FROM information_schema.columns
        WHERE table_schema = 'public' AND is_nullable = 'NO' AND column_default IS NULL
            AND is_identity = 'NO' AND is_generated = 'NEVER'
            AND table_name IN ('evidence_mediaitem', 'evidence_investigation', 'geolocation_geolocation',
                'geolocation_geolocationrevision', 'geolocation_verifiedpoint')
    LOOP
        EXECUTE format('ALTER TABLE %I ALTER COLUMN %I SET DEFAULT %s', wanted.table_name,
            wanted.column_name,
            CASE wanted.data_type WHEN 'boolean' THEN 'false' WHEN 'jsonb' THEN quote_literal('[]')
                WHEN 'ARRAY' THEN quote_literal('{}') WHEN 'character varying' THEN quote_literal('')
                WHEN 'text' THEN quote_literal('') WHEN 'timestamp with time zone' THEN 'now()'
                WHEN 'uuid' THEN 'gen_random_uuid()' ELSE '0' END);
    END LOOP;
END
$$
"""


def scratch_url(name: str) -> tuple[str, str]:
    """The addresses of the server's maintenance database and of the scratch database."""
    given = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(given._replace(path="/postgres")), urlunsplit(given._replace(path=f"/{name}"))


def administer(url: str, *statements: str) -> None:
    """Run statements that no transaction may hold."""
    import psycopg

    with psycopg.connect(url.replace("postgis://", "postgresql://", 1), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


def environment() -> None:
    """Set what Django reads, before it reads it: nothing here may touch the database of the application."""
    os.environ.update(DJANGO_SETTINGS_MODULE="osint_catalogue.settings", DEBUG="false", HTTPS="false")
    os.environ.update(SECRET_KEY="benchmark", ALLOWED_HOSTS="testserver,127.0.0.1", LOG_LEVEL="ERROR")


def _fill(cursor: Any, points: int) -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    cursor.execute(_EMPTY)
    cursor.execute(_FILL % {"points": points})


@contextmanager
def scratch_database(name: str, points: int, *, then: tuple[str, ...] = ()) -> Iterator[None]:
    """Django on a new database `name` with `points` geolocations, dropped at the end.

    `then` are statements that run after the rows are in and before VACUUM ANALYZE, with triggers on.
    Sets DATABASE_URL, so that processes started inside find the same database. A run of all benchmarks has
    made so many points once, under TEMPLATE, and each copies them.
    """
    environment()
    maintenance, scratch = scratch_url(name)
    is_copied = os.environ.get("BENCHMARK_POINTS") == str(points)
    create = f"CREATE DATABASE {name}" + (f" TEMPLATE {TEMPLATE} STRATEGY FILE_COPY" if is_copied else "")
    administer(maintenance, f"DROP DATABASE IF EXISTS {name}", create)
    os.environ.update(DATABASE_URL=scratch)
    import django
    from django.db import connection

    django.setup()
    try:
        with connection.cursor() as cursor:
            if not is_copied:
                _fill(cursor, points)
            for statement in then:
                cursor.execute(statement)
            cursor.execute("VACUUM ANALYZE")
            cursor.execute("SELECT count(*) FROM geolocation_verifiedpoint")
            print(f"{points:,} geolocations, {cursor.fetchone()[0]:,} verified points", flush=True)
        yield
    finally:
        # The scratch database can only be dropped once nobody uses it.
        connection.close()
        administer(maintenance, f"DROP DATABASE {name} WITH (FORCE)")


def main(asked: str) -> None:
    environment()
    maintenance, made = scratch_url(TEMPLATE)
    administer(maintenance, f"DROP DATABASE IF EXISTS {TEMPLATE} WITH (FORCE)")
    if asked == "drop":
        return
    administer(maintenance, f"CREATE DATABASE {TEMPLATE}")
    os.environ.update(DATABASE_URL=made)
    import django
    from django.db import connection

    django.setup()
    with connection.cursor() as cursor:
        _fill(cursor, int(asked))
        cursor.execute("VACUUM ANALYZE")


if __name__ == "__main__":
    main(sys.argv[1])
