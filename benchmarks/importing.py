"""Staging of a CSV of points: rows a second, beside a bare COPY of the same file.

    scripts/with-env python benchmarks/importing.py [--rows 100000] [--repeats 3]

Makes a scratch database on the server of DATABASE_URL (see _points.py) and drops it again.
Alternating in the same run:

  copy    psycopg COPY of the file, byte for byte, into a table of text columns: the server's own rate
  keyed   the same into a table with a primary key, which the staging table has too
  stage   `import_stage`: kept in the storage, read, checked, hashed, copied, judged, written, reported

Prints medians and the ratios. Compare ratios, not seconds, between machines.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from _points import scratch_database

SCRATCH = "benchmark_importing"
TABLES = (
    "CREATE TABLE bare (id text, lat text, lon text, date text, title text, link text)",
    "CREATE TABLE keyed (LIKE bare, PRIMARY KEY (id))",
)


# The scratch database's own rows have numbers that no sequence gave.
_MOVE_ON = (
    "SELECT setval(pg_get_serial_sequence(name, 'id'), 1000)"
    " FROM unnest(ARRAY['accounts_user', 'evidence_investigation', 'evidence_membership',"
    " 'evidence_custodyevent']) AS name"
)


def file_made(path: Path, rows: int) -> None:
    """A file of made-up points, one line a row."""
    with path.open("w") as stream:
        stream.write("id,lat,lon,date,title,link\n")
        for number in range(rows):
            latitude, longitude = number % 170 - 85 + 0.123456, number % 359 - 179 + 0.654321
            stream.write(
                f"p{number},{latitude:.6f},{longitude:.6f},2023-09-20,"
                f"Made-up place {number},https://example.org/{number}\n"
            )


def copied_s(path: Path, table: str) -> float:
    """Seconds of a bare COPY into a table, committed."""
    from django.db import connection, transaction

    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {table}")
        start = time.perf_counter()
        copying = cursor.cursor.copy(f"COPY {table} FROM STDIN (FORMAT csv, HEADER)")
        with transaction.atomic(), copying as copy, path.open("rb") as stream:
            while piece := stream.read(1 << 16):
                copy.write(piece)
        return time.perf_counter() - start


def staged_s(path: Path, actor: Any, investigation: Any) -> float:
    """Seconds of staging the file as a batch that was not there, with its report."""
    from geolocation.models import ImportBatch, StagedRow
    from geolocation.services.importing import import_counts, import_stage

    StagedRow.objects.all()._raw_delete("default")
    ImportBatch.objects.all()._raw_delete("default")
    start = time.perf_counter()
    batch = import_stage(actor=actor, investigation=investigation, path=path, name=path.name)
    counts = import_counts(batch)
    took = time.perf_counter() - start
    assert counts["new"] == batch.row_count, counts
    return took


def measure(rows: int, repeats: int, folder: Path) -> None:
    """Stage a file in the scratch database and print what was measured."""
    from django.db import connection

    from evidence.services.investigations import investigation_open
    from osint_catalogue.accounts.models import User

    actor = User.objects.create(email="importer@catalogue.invalid")
    investigation = investigation_open(actor=actor, code="IMPORTS", title="Benchmark")
    with connection.cursor() as cursor:
        for statement in TABLES:
            cursor.execute(statement)
    path = folder / "points.csv"
    file_made(path, rows)
    times: dict[str, list[float]] = {"copy": [], "keyed": [], "stage": []}
    for _turn in range(repeats):
        times["copy"].append(copied_s(path, "bare"))
        times["keyed"].append(copied_s(path, "keyed"))
        times["stage"].append(staged_s(path, actor, investigation))
    took = {name: statistics.median(each) for name, each in times.items()}
    print(f"{rows} rows, {repeats} times, medians")
    for name, seconds in took.items():
        print(f"{name:6} {seconds:7.2f} s  {rows / seconds:10.0f} rows/s")
    for name in ("copy", "keyed"):
        print(f"staging has {took[name] / took['stage']:.3f} of {name}'s rate")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["MEDIA_ROOT"] = folder
        with scratch_database(SCRATCH, 0, then=(_MOVE_ON,)):
            measure(options.rows, options.repeats, Path(folder))


if __name__ == "__main__":
    main()
