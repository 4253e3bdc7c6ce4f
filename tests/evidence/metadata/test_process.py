"""A process that reads every hostile file, one after the other, stays small and quick."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from . import corpus
from .bombs import BOMBS

ROOT = Path(__file__).parents[3]
LIMIT_S = 0.5  # of processor time for one file
LIMIT_BYTES = 50 * 1024 * 1024
# Reads a small file first, so that what the program itself needs is there; then notes the peak after each.
CHILD = """
import sys, time
from evidence.metadata.batch import line_of

def peak():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM"))

paths = sys.stdin.read().splitlines()
line_of(paths[0])
with open("/proc/self/clear_refs", "w") as reset:
    reset.write("5")  # otherwise the peak of the process that started this one counts
start = peak()
for path in paths[1:]:
    before = time.process_time()
    line_of(path)
    print(f"{time.process_time() - before:.4f} {peak() - start} {path}")
"""


def test_no_hostile_file_makes_a_process_large_or_slow(tmp_path: Path) -> None:
    first = tmp_path / "first.jpg"
    first.write_bytes(dict(corpus.pictures(*corpus.PLACES[0]))["exif.jpg"])
    paths = [first]
    for number, make in enumerate(BOMBS.values()):
        path = tmp_path / f"{number:02d}"
        path.write_bytes(make())
        paths.append(path)
    done = subprocess.run(
        [sys.executable, "-c", CHILD], input="\n".join(map(str, paths)), capture_output=True, text=True,
        check=True, timeout=120, cwd=ROOT,
    )  # fmt: skip
    rows = [line.split(" ") for line in done.stdout.splitlines()]
    assert len(rows) == len(BOMBS)
    names = list(BOMBS)
    worst = max(rows, key=lambda row: float(row[0]))
    assert float(worst[0]) < LIMIT_S, (names[int(worst[2][-2:])], worst)
    assert int(rows[-1][1]) < LIMIT_BYTES, [(names[int(row[2][-2:])], row[1]) for row in rows]


def test_the_reader_of_one_file_ends_by_itself(tmp_path: Path) -> None:
    """As the application runs it: the whole reading as one line, whatever the file holds."""
    path = tmp_path / "bomb.mp4"
    path.write_bytes(BOMBS["many real tracks"]())
    command = [sys.executable, "-m", "evidence.metadata", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=30, cwd=ROOT)
    assert len(json.loads(done.stdout)["track"]["points"]) == 2_000


SPARSE_CHILD = CHILD.replace("line_of(path)", "read_file(Path(path))").replace(
    "from evidence.metadata.batch import line_of",
    "from pathlib import Path\nfrom evidence.metadata import read_file\n"
    "from evidence.metadata.batch import line_of",
)


def test_parts_spread_over_gigabytes_are_not_held(tmp_path: Path) -> None:
    """Pages of a mapped file count as memory of the process until it gives them back."""
    first, boxes, segments = (tmp_path / name for name in ("first.jpg", "00", "01"))
    first.write_bytes(dict(corpus.pictures(*corpus.PLACES[0]))["exif.jpg"])
    with boxes.open("wb") as file:
        file.write((16).to_bytes(4, "big") + b"ftypisom\0\0\0\0")
        for number in range(6_000):
            file.seek(16 + 100_000 * number)
            file.write((100_000).to_bytes(4, "big") + b"free")
        file.truncate(16 + 100_000 * 6_000)
    for kind, path in ((0xE2, segments), (0xE1, tmp_path / "02"), (0xFE, tmp_path / "03")):
        with path.open("wb") as file:
            file.write(b"\xff\xd8")
            for number in range(6_000):
                file.seek(2 + 65_537 * number)
                file.write(bytes([0xFF, kind]) + b"\xff\xff")
    paths = [first, boxes, segments, tmp_path / "02", tmp_path / "03"]
    done = subprocess.run(
        [sys.executable, "-c", SPARSE_CHILD], input="\n".join(map(str, paths)), capture_output=True,
        text=True, check=True, timeout=120, cwd=ROOT,
    )  # fmt: skip
    rows = [line.split(" ") for line in done.stdout.splitlines()]
    assert len(rows) == 4
    assert max(float(row[0]) for row in rows) < LIMIT_S, rows
    assert int(rows[-1][1]) < LIMIT_BYTES, rows
