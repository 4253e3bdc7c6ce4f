"""Staging of a CSV of points: rows a second, beside a bare COPY of the same file.

    scripts/with-env python benchmarks/importing.py [--rows 100000] [--repeats 3]

Makes a scratch database on the server of DATABASE_URL and drops it again. Alternating in the same run:

  copy    psycopg COPY of the file, byte for byte, into a table of text columns: the server's own rate
  stage   `import_stage`: kept in the storage, read, checked, hashed, copied, judged, written, reported

Prints medians and the ratio. Compare ratios, not seconds, between machines.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.export import administer
from benchmarks.export import scratch_url as export_url

SCRATCH = "benchmark_importing"
TABLE = "CREATE TABLE bare (id text, lat text, lon text, date text, title text, link text)"


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


def copied_s(path: Path) -> float:
    """Seconds of a bare COPY, committed."""
    from django.db import connection, transaction

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE bare")
        start = time.perf_counter()
        copying = cursor.cursor.copy("COPY bare FROM STDIN (FORMAT csv, HEADER)")
        with transaction.atomic(), copying as copy, path.open("rb") as stream:
            while piece := stream.read(1 << 16):
                copy.write(piece)
        return time.perf_counter() - start


def staged_s(path: Path, actor: object, investigation: object) -> float:
    """Seconds of staging the file as a batch that was not there, with its report."""
    from geolocation.models import ImportBatch, StagedRow
    from geolocation.services.importing import import_counts, import_stage

    StagedRow.objects.all()._raw_delete("default")
    ImportBatch.objects.all()._raw_delete("default")
    start = time.perf_counter()
    batch = import_stage(actor=actor, investigation=investigation, path=path, name=path.name)  # type: ignore[arg-type]
    counts = import_counts(batch)
    took = time.perf_counter() - start
    assert counts["new"] == batch.row_count, counts
    return took


def measure(rows: int, repeats: int, folder: Path) -> None:
    """Fill the scratch database and print what was measured."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from evidence.services.investigations import investigation_open
    from osint_catalogue.accounts.models import User

    call_command("migrate", verbosity=0)
    actor = User.objects.create(email="benchmark@catalogue.invalid")
    investigation = investigation_open(actor=actor, code="BENCH", title="Benchmark")
    with connection.cursor() as cursor:
        cursor.execute(TABLE)
    path = folder / "points.csv"
    file_made(path, rows)
    copies, stagings = [], []
    for _turn in range(repeats):
        copies.append(copied_s(path))
        stagings.append(staged_s(path, actor, investigation))
    copy_s, stage_s = statistics.median(copies), statistics.median(stagings)
    print(f"{rows} rows, {repeats} times, medians")
    print(f"copy   {copy_s:7.2f} s  {rows / copy_s:10.0f} rows/s")
    print(f"stage  {stage_s:7.2f} s  {rows / stage_s:10.0f} rows/s  {copy_s / stage_s:.3f} of copy's rate")
    connection.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    maintenance, exported = export_url()
    scratch = exported.rsplit("/", 1)[0] + f"/{SCRATCH}"
    administer(maintenance, f"DROP DATABASE IF EXISTS {SCRATCH}", f"CREATE DATABASE {SCRATCH}")
    os.environ["DATABASE_URL"] = scratch
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "osint_catalogue.settings")
    try:
        with tempfile.TemporaryDirectory() as folder:
            os.environ["MEDIA_ROOT"] = folder
            measure(options.rows, options.repeats, Path(folder))
    finally:
        administer(maintenance, f"DROP DATABASE IF EXISTS {SCRATCH} WITH (FORCE)")


if __name__ == "__main__":
    main()
