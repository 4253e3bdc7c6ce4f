"""How fast metadata is read: this project's walker, Pillow and, when installed, exiftool, in the same run.

    python benchmarks/metadata.py [--files 1000] [--rounds 5] [--exiftool PATH] [--folder FOLDER]

Writes a corpus of generated pictures and videos to a temporary directory (or takes the files of a folder of
your own), warms the disk cache, then reads all of it in every round with every reader. Prints files a second
of processor time (median of the rounds), ratios, the walker's latencies and how many positions and capture
times each reader found. ``manage.py read_metadata -`` is measured as a whole: its start, its reading, the
SHA-256 of every file and the lines it prints. Pillow opens no videos, and not the pictures here whose pixels
it wants to see first. At the end, a process reads the tests' hostile files and says what the worst cost.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PIL import Image

sys.path.insert(0, str(Path(__file__).parent.parent))

from evidence.metadata import read_file  # the repository's root is only now on the path
from tests.evidence.metadata import corpus
from tests.evidence.metadata.bombs import BOMBS

ROOT = Path(__file__).parent.parent
TARGET_FILES_A_SECOND = 1_000
TARGET_RATIO_TO_EXIFTOOL = 10
TARGET_P99_MS = 10.0
TARGET_HOSTILE_S, TARGET_HOSTILE_MB = 0.5, 50


def write_corpus(folder: Path, count: int) -> list[Path]:
    """``count`` files: every container, places spread over the globe; a third carries a body of 200 kB."""
    paths: list[Path] = []
    for number in range(count):
        latitude, longitude = (number * 37.7) % 178 - 89, (number * 91.3) % 358 - 179
        kinds = [*corpus.pictures(latitude, longitude), *corpus.videos(latitude, longitude)]
        name, content = kinds[number % len(kinds)]
        path = folder / f"{number:05d}-{name}"
        path.write_bytes(content + (b"\0" * 200_000 if number % 3 == 0 and name.endswith(".jpg") else b""))
        paths.append(path)
    return paths


def by_walker(paths: Sequence[Path]) -> tuple[int, int]:
    """Positions and capture times found."""
    readings = [read_file(path) for path in paths]
    return sum(r.preferred_position is not None for r in readings), sum(
        r.captured is not None for r in readings
    )


def by_pillow(paths: Sequence[Path]) -> tuple[int, int]:
    """Positions and capture times found; Pillow opens no videos."""
    positions = times = 0
    for path in paths:
        try:
            with Image.open(path) as picture:
                exif = picture.getexif()
                positions += {2, 4} <= exif.get_ifd(0x8825).keys()
                times += 0x9003 in exif.get_ifd(0x8769)
        except (OSError, SyntaxError, ValueError, RuntimeError, Image.DecompressionBombError):
            continue
    return positions, times


def by_command(paths: Sequence[Path]) -> tuple[int, int]:
    """Positions and capture times in the lines of the command."""
    done = subprocess.run(
        [sys.executable, "manage.py", "read_metadata", "-"],
        input="\n".join(map(str, paths)), capture_output=True, text=True, check=True, cwd=ROOT,
    )  # fmt: skip
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return sum(line["preferred"] is not None for line in lines), sum(
        line["captured"] is not None for line in lines
    )


def by_exiftool(program: str, paths: Sequence[Path]) -> tuple[int, int]:
    """Positions and capture times found by one batch call for all files."""
    tags = ["-GPSLatitude", "-GPSLongitude", "-DateTimeOriginal", "-CreateDate", "-CreationDate"]
    command = [program, "-n", "-j", "-fast", *tags, "-@", "-"]
    done = subprocess.run(
        command, input="\n".join(map(str, paths)), capture_output=True, text=True, check=False
    )
    rows = json.loads(done.stdout)
    return sum("GPSLatitude" in row for row in rows), sum(
        len(row.keys() & {tag[1:] for tag in tags[2:]}) > 0 for row in rows
    )


HOSTILE_CHILD = """
import sys, time
from evidence.metadata.batch import line_of

def peak_kb():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))

paths = sys.stdin.read().splitlines()
line_of(paths[0])
with open("/proc/self/clear_refs", "w") as reset:
    reset.write("5")  # the peak of the process that started this one is inherited
start = peak_kb()
worst = 0
for path in paths[1:]:
    before = time.process_time()
    line_of(path)
    worst = max(worst, time.process_time() - before)
print(worst, (peak_kb() - start) / 1024)
"""


def hostile(folder: Path, harmless: Path) -> tuple[float, float]:
    """Seconds of the slowest hostile file, and megabytes by which all of them made a process grow."""
    paths = [harmless]
    for number, make in enumerate(BOMBS.values()):
        paths.append(folder / f"hostile-{number}")
        paths[-1].write_bytes(make())
    done = subprocess.run(
        [sys.executable, "-c", HOSTILE_CHILD],
        input="\n".join(map(str, paths)), capture_output=True, text=True, check=True, cwd=ROOT,
    )  # fmt: skip
    worst_s, grown_mb = map(float, done.stdout.split())
    return worst_s, grown_mb


def latencies_ms(paths: Sequence[Path]) -> list[float]:
    """How long the walker takes for each file, sorted."""
    spent = []
    for path in paths:
        start = time.process_time()
        read_file(path)
        spent.append((time.process_time() - start) * 1000)
    return sorted(spent)


def measure(
    read: Callable[[Sequence[Path]], tuple[int, int]], paths: Sequence[Path]
) -> tuple[float, tuple[int, int]]:
    """Files a second of one core's time in one pass, and what was found."""
    start = core_seconds()
    found = read(paths)
    return len(paths) / (core_seconds() - start), found


def core_seconds() -> float:
    """Processor time of this process and its children: what others do on the machine does not count."""
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def run(paths: Sequence[Path], rounds: int, exiftool: str | None) -> dict[str, float]:
    """Median files a second of each reader; rounds take turns, so that a busy machine slows all alike."""
    readers = {"walker": by_walker, "read_metadata": by_command, "Pillow getexif": by_pillow}
    if exiftool:
        readers["exiftool batch"] = partial(by_exiftool, exiftool)
    rates: dict[str, list[float]] = {name: [] for name in readers}
    found: dict[str, tuple[int, int]] = {}
    by_walker(paths)
    for _ in range(rounds):
        for name, read in readers.items():
            rate, found[name] = measure(read, paths)
            rates[name].append(rate)
    print(f"{len(paths)} files, {rounds} rounds")
    medians = {name: statistics.median(values) for name, values in rates.items()}
    for name, median in medians.items():
        low, high = min(rates[name]), max(rates[name])
        ratio = medians["walker"] / median
        print(
            f"  {name:15} {median:8,.0f} files/s (from {low:,.0f} to {high:,.0f}); "
            f"the walker is {ratio:5.1f} times as fast; positions {found[name][0]}, times {found[name][1]}"
        )
    return medians


def main() -> int:
    """Exit status 1 when a target is missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--files", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--exiftool", default=shutil.which("exiftool"))
    parser.add_argument("--folder", type=Path, help="read these files instead of made ones")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        paths = write_corpus(folder, options.files)
        harmless = paths[0]
        if options.folder:
            paths = sorted(path for path in options.folder.rglob("*") if path.is_file())
        medians = run(paths, options.rounds, options.exiftool)
        spent = latencies_ms(paths)
        worst_s, grown_mb = hostile(folder, harmless)
    p99 = spent[int(len(spent) * 0.99)]
    median = statistics.median(spent)
    print(f"  walker, one file: median {median:.2f} ms, p99 {p99:.2f} ms, worst {spent[-1]:.2f} ms")
    print(
        f"  {len(BOMBS)} hostile files: the worst {worst_s:.2f} s, all of them {grown_mb:.0f} MB more memory"
    )
    good = all(medians[name] >= TARGET_FILES_A_SECOND for name in ("walker", "read_metadata"))
    good = good and p99 < TARGET_P99_MS
    good = good and worst_s < TARGET_HOSTILE_S and grown_mb < TARGET_HOSTILE_MB
    if "exiftool batch" in medians:
        good = good and medians["walker"] >= TARGET_RATIO_TO_EXIFTOOL * medians["exiftool batch"]
    print("targets met" if good else "TARGETS MISSED", f"({TARGET_FILES_A_SECOND:,} files/s,", end=" ")
    print(f"{TARGET_RATIO_TO_EXIFTOOL} times exiftool, p99 under {TARGET_P99_MS:.0f} ms)")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
