"""Looking a picture up among a million: what is found, how fast, and beside what; and making fingerprints.

    scripts/with-env python benchmarks/likeness.py [--hashes 1000000] [--asked 200] [--scans 10]

Makes a scratch database on the server of DATABASE_URL, fills it with PDQ hashes made on the spot, and drops
it again. Beside random ones stand, for each hash that will be asked for, planted ones at every distance from
0 to 31, which have to be found, and from 32 to 47, which must not be. One in two hundred of the random ones
shares one band with the others of its kind, as skies and dark rooms do, and one in ten of those asked for has
that band too: it is hot, and skipped.

Look-ups go through `likeness_lookup`, one hash at a time, the way a worker asks; among them, in the same run,
a sequential scan with `bit_count` answers some of the same questions, and the answers have to be the same.
Then fingerprints are made of generated pictures and of generated films. Compare ratios, not milliseconds,
between machines.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from _points import administer, scratch_url

SCRATCH = "benchmark_likeness"
THRESHOLD = 31
FARTHEST = 47
HOT_ONE_IN = 200
HOT_BAND = b"\x00\x00"

PEOPLE = """
SET session_replication_role = replica;
INSERT INTO accounts_user (id, password, is_superuser, is_staff, is_active, date_joined, email, name, is_demo,
        is_import)
    VALUES (1, '', false, false, true, now(), 'benchmark@catalogue.invalid', 'Benchmark', false, true);
INSERT INTO evidence_investigation (id, code, title, summary, published_by, researchers, timezones, area_note,
        licence, attribution, is_training, visibility, required_approvals, created_by_id, created_at)
    VALUES (1, 'BENCH', 'Benchmark', '', '', '[]', '[]', '', 'CC BY 4.0', 'Benchmark', false, 'published', 1,
        1, now());
"""

SCAN = """
SELECT media_file_id, bit_count(bits # %(bits)s::bit varying) FROM evidence_mediafingerprint
WHERE algorithm = 'pdq256' AND NOT is_mirrored AND investigation_id = 1
    AND bit_count(bits # %(bits)s::bit varying) <= 31
"""


def near(value: bytes, apart: int, rng: random.Random) -> bytes:
    """Another hash that differs in exactly so many bits."""
    number = int.from_bytes(value)
    for bit in rng.sample(range(256), apart):
        number ^= 1 << bit
    return number.to_bytes(32)


def hashes(count: int, asked: list[bytes], rng: random.Random) -> Iterator[tuple[int, bytes]]:
    """Numbered hashes: first the planted ones, `FARTHEST + 1` for each asked for, then random ones."""
    number = 0
    for value in asked:
        for apart in range(FARTHEST + 1):
            number += 1
            yield number, near(value, apart, rng)
    while number < count:
        number += 1
        value = rng.randbytes(32)
        yield number, (HOT_BAND + value[2:] if number % HOT_ONE_IN == 0 else value)


def fill(count: int, asked: list[bytes], rng: random.Random) -> dict[str, float]:
    """Store them with triggers off, then make the index. Returns the seconds of each."""
    from django.db import connection

    from evidence.fingerprints import Algorithm, bands_of
    from evidence.models.bits import bits_text

    with connection.cursor() as cursor:
        cursor.execute(PEOPLE)
        cursor.execute("SELECT pg_get_indexdef('fingerprint_bands'::regclass)")
        (definition,) = cursor.fetchone()
        cursor.execute("DROP INDEX fingerprint_bands")
        started = time.perf_counter()
        columns = "investigation_id, media_file_id, algorithm, is_mirrored, quality, bits, bands"
        with cursor.copy(f"COPY evidence_mediafingerprint ({columns}) FROM STDIN") as copy:
            for number, value in hashes(count, asked, rng):
                bands = ",".join(map(str, bands_of(Algorithm.PDQ, value)))
                copy.write(f"1\t{number}\tpdq256\tf\t100\t{bits_text(value)}\t{{{bands}}}\n")
        copied = time.perf_counter()
        cursor.execute(definition)
        indexed = time.perf_counter()
        cursor.execute("ANALYZE evidence_mediafingerprint")
    return {"copied": copied - started, "indexed": indexed - copied}


def compare(asked: list[bytes], scans: int) -> None:
    """Ask for each; let the scan answer some of the same questions in between."""
    from django.db import connection, transaction

    from evidence.fingerprints import Algorithm, Fingerprint
    from evidence.models.bits import bits_text
    from evidence.services.likeness_lookup import likeness_lookup

    def look_up(value: bytes) -> tuple[float, set[tuple[int, int]], int]:
        question = Fingerprint(Algorithm.PDQ, False, 100, value)
        started = time.perf_counter()
        found = likeness_lookup(asked=[question], investigation_ids=[1])
        seconds = time.perf_counter() - started
        return seconds, {(hit.media_file_id, hit.distance) for hit in found.hits}, found.skipped_probes

    def scan(value: bytes) -> tuple[float, set[tuple[int, int]]]:
        with transaction.atomic(), connection.cursor() as cursor:
            # A fair floor: one process, as the look-up has.
            cursor.execute("SET LOCAL max_parallel_workers_per_gather = 0")
            started = time.perf_counter()
            cursor.execute(SCAN, {"bits": bits_text(value)})
            return time.perf_counter() - started, set(cursor.fetchall())

    for value in asked[:5]:  # warm
        look_up(value)
    lookups, scanned, missing, strangers, unlike, skipped = [], [], 0, 0, 0, 0
    every = max(1, len(asked) // scans)
    for index, value in enumerate(asked):
        seconds, found, left_out = look_up(value)
        lookups.append(seconds * 1000)
        skipped += left_out
        first = index * (FARTHEST + 1) + 1
        planted = {(first + apart, apart) for apart in range(THRESHOLD + 1)}
        missing += len(planted - found)
        strangers += sum(distance > THRESHOLD for _number, distance in found)
        if index % every == 0:
            seconds, expected = scan(value)
            scanned.append(seconds * 1000)
            unlike += found != expected
    wanted = len(asked) * (THRESHOLD + 1)
    lookups.sort()
    p50, p99 = statistics.median(lookups), lookups[min(len(lookups) - 1, round(len(lookups) * 0.99))]
    floor = statistics.median(scanned)
    print(f"recall within {THRESHOLD} bits: {wanted - missing:,} of {wanted:,} ({1 - missing / wanted:.4%})")
    print(
        f"found beyond {THRESHOLD} bits: {strangers}; answers unlike the scan's: {unlike} of {len(scanned)}"
    )
    print(f"look-up: p50 {p50:.1f} ms, p99 {p99:.1f} ms, slowest {lookups[-1]:.1f} ms; skipped: {skipped}")
    print(f"sequential bit_count: p50 {floor:.1f} ms; a look-up takes {p50 / floor:.3f} of it")


def sizes() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_relation_size('fingerprint_bands'), pg_table_size('evidence_mediafingerprint')"
        )
        index, table = cursor.fetchone()
    print(f"index {index / 1e6:.0f} MB, table {table / 1e6:.0f} MB")


def fingerprinting() -> None:
    """In this process, without the start of the child process that a worker pays for."""
    from evidence.fingerprints.keyframes import keyframe_fingerprints
    from evidence.fingerprints.pictures import picture_fingerprints
    from tests.evidence.fingerprints.scenes import film, scene

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for seed in range(20):
            scene(seed, width=2304, height=1536).save(folder / f"{seed}.jpg", quality=88)
        started = time.process_time()
        for seed in range(20):
            picture_fingerprints(folder / f"{seed}.jpg")
        seconds = time.process_time() - started
        print(f"photos of 3.5 megapixels: {20 / seconds:.0f} files/s (six fingerprints each)")
        for size in ((640, 480), (1280, 720)):
            path = film(folder / f"{size[0]}.mp4", range(12), size=size, rate=25, keyframe_every=250)
            started = time.process_time()
            report = keyframe_fingerprints(path)
            seconds = time.process_time() - started
            shape = f"{size[0]} x {size[1]}, 60 s, {report.keyframes} keyframes"
            print(f"film {shape}: {60 / seconds:.0f} times real time")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--hashes", type=int, default=1_000_000)
    parser.add_argument("--asked", type=int, default=200)
    parser.add_argument("--scans", type=int, default=10)
    options = parser.parse_args()
    maintenance, scratch = scratch_url(SCRATCH)
    administer(maintenance, f"DROP DATABASE IF EXISTS {SCRATCH}", f"CREATE DATABASE {SCRATCH}")
    # Before Django reads its settings: nothing here may touch the database of the application.
    os.environ.update(DATABASE_URL=scratch, DJANGO_SETTINGS_MODULE="osint_catalogue.settings", DEBUG="false")
    os.environ.update(SECRET_KEY="benchmark", ALLOWED_HOSTS="testserver", HTTPS="false", LOG_LEVEL="ERROR")
    import django
    from django.core.management import call_command
    from django.db import connection

    django.setup()
    rng = random.Random(2023)
    try:
        call_command("migrate", verbosity=0)
        # One in ten asks with the band that is hot.
        asked = [
            rng.randbytes(32) if number % 10 else HOT_BAND + rng.randbytes(30)
            for number in range(options.asked)
        ]
        seconds = fill(options.hashes, asked, rng)
        print(
            f"{options.hashes:,} PDQ hashes of 256 bits: stored in {seconds['copied']:.0f} s, "
            f"indexed in {seconds['indexed']:.0f} s"
        )
        compare(asked, options.scans)
        sizes()
    finally:
        connection.close()
        administer(maintenance, f"DROP DATABASE {SCRATCH}")
    fingerprinting()


if __name__ == "__main__":
    main()
