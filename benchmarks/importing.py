"""Staging of a CSV of points beside a bare COPY of the same file; bringing in, in pieces and row by row.

    scripts/with-env python benchmarks/importing.py [--rows 100000] [--repeats 3] [--apply 20000]

Makes a scratch database on the server of DATABASE_URL (see _points.py) and drops it again.
Alternating in the same run:

  copy    psycopg COPY of the file, byte for byte, into a table of text columns: the server's own rate
  keyed   the same into a table with a primary key, which the staging table has too
  stage   `import_stage`: kept in the storage, read, checked, hashed, copied, judged, written, reported

Then, in an investigation of its own, once:

  alone   300 rows, each by itself, before and after the others: as rows come in that cannot go with others
  apply   `pieces_apply` of a file of so many rows: the first and the last thousand, and all

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


def file_made(path: Path, rows: int, name: str = "") -> None:
    """A file of made-up points, one line a row."""
    with path.open("w") as stream:
        stream.write("id,lat,lon,date,title,link\n")
        for number in range(rows):
            latitude, longitude = number % 170 - 85 + 0.123456, number % 359 - 179 + 0.654321
            stream.write(
                f"p{name}{number},{latitude:.6f},{longitude:.6f},2023-09-20,"
                f"Made-up place {number},https://example.org/{name}{number}\n"
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


class _Rate:
    """Rows a second between two counts of rows, from the moments at which each count was passed."""

    def __init__(self) -> None:
        self.passed = [(0, time.perf_counter())]

    def note(self, rows: int) -> None:
        self.passed.append((self.passed[-1][0] + rows, time.perf_counter()))

    def between(self, first: int, last: int) -> float:
        (begun, start), (ended, end) = (
            next(each for each in self.passed if each[0] >= count) for count in (first, last)
        )
        return (ended - begun) / (end - start)


def _staged(actor: Any, investigation: Any, path: Path) -> Any:
    from geolocation.services.importing import import_stage

    return import_stage(actor=actor, investigation=investigation, path=path, name=path.name)


def alone(batch: Any, actor: Any, rows: int) -> float:
    """Rows a second, each by itself, as rows come in that cannot go with others."""
    from geolocation.services.importing_row import row_apply

    rate = _Rate()
    for number in range(1, rows + 1):
        assert row_apply(actor, batch, number)
        rate.note(1)
    return rate.between(0, rows)


def in_pieces(batch: Any, actor: Any) -> _Rate:
    """How the rows of a batch come in."""
    from geolocation.services.importing_pieces import pieces_apply

    rate = _Rate()
    for brought in pieces_apply(actor=actor, batch=batch):
        rate.note(brought)
    return rate


def measure_apply(rows: int, ends: int, single: int, folder: Path) -> None:
    """Bring a file into an empty investigation, with some rows one by one before and after it."""
    from evidence.services.custody import custody_verify
    from evidence.services.investigations import investigation_open
    from osint_catalogue.accounts.models import User

    actor = User.objects.get(email="importer@catalogue.invalid")
    investigation = investigation_open(actor=actor, code="APPLIED", title="Benchmark")
    batches = []
    for number, count in enumerate((single, rows, single)):
        path = folder / f"apply{number}.csv"
        file_made(path, count, name=f"{number}-")
        batches.append(_staged(actor, investigation, path))
    before = alone(batches[0], actor, single)
    rate = in_pieces(batches[1], actor)
    after = alone(batches[2], actor, single)
    assert custody_verify(investigation=investigation).ok
    first, last = rate.between(0, ends), rate.between(rows - ends, rows)
    print(f"{rows} rows brought in, {ends} at each end; {single} one by one before and after")
    print(f"alone  {before:7.1f} rows/s before  {after:7.1f} rows/s after")
    print(f"apply  {first:7.1f} rows/s first   {last:7.1f} rows/s last   {last / first:.2f} of the first")
    print(f"ratio  {first / before:7.1f} first          {last / after:7.1f} last")
    print(f"all    {rate.between(0, rows):7.1f} rows/s, {rate.passed[-1][1] - rate.passed[0][1]:.1f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--apply", type=int, default=20_000, help="rows that are brought in; 0 for none")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["MEDIA_ROOT"] = folder
        with scratch_database(SCRATCH, 0, then=(_MOVE_ON,)):
            measure(options.rows, options.repeats, Path(folder))
            if options.apply:
                measure_apply(options.apply, min(1000, options.apply), 300, Path(folder))


if __name__ == "__main__":
    main()
