"""How fast an upload comes in: through the real handler into the storage, against `cp` and `sha256sum`.

    scripts/with-env .venv/bin/python benchmarks/intake.py [--gigabytes 1] [--rounds 3]

The body of a multipart request is generated while it is read, as a video that cannot be compressed. The
handler finds its boundaries, hashes it and writes it to MEDIA_ROOT's disk; keeping it is an fsync and one
link. The same bytes are then copied by `cp` (and synced) and hashed by `sha256sum`: what a copy and a digest
cost by themselves. Prints megabytes a second, the ratios, and the growth of this process's peak memory.
"""

from __future__ import annotations

import argparse
import io
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "osint_catalogue.settings")

BOUNDARY = "a-boundary-of-this-benchmark"
PIECE_BYTES = 1 << 20
# The head of an MP4, so that the file is of a kind that is kept.
HEAD = b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2avc1mp41"


class Generated(io.RawIOBase):
    """A multipart body of one file of `size_bytes`, made while it is read; no piece of it comes twice."""

    def __init__(self, size_bytes: int) -> None:
        disposition = 'Content-Disposition: form-data; name="file"; filename="long.mp4"'
        before = f"--{BOUNDARY}\r\n{disposition}\r\nContent-Type: video/mp4\r\n\r\n".encode()
        after = f"\r\n--{BOUNDARY}--\r\n".encode()
        self.length = len(before) + size_bytes + len(after)
        self._noise = os.urandom(PIECE_BYTES - 8)
        self._pieces = self._made(before, size_bytes, after)
        self._left = b""

    def _made(self, before: bytes, size_bytes: int, after: bytes) -> Any:
        yield before
        yield HEAD[:size_bytes]
        left = size_bytes - min(len(HEAD), size_bytes)
        number = 0
        while left > 0:
            piece = number.to_bytes(8, "big") + self._noise
            yield piece[:left]
            left -= len(piece)
            number += 1
        yield after

    def read(self, size: int | None = -1, /) -> bytes:
        assert size is not None
        assert size >= 0
        while not self._left:
            self._left = next(self._pieces, b"")
            if not self._left:
                return b""
        piece, self._left = self._left[:size], self._left[size:]
        return piece


def stream_in(body: Generated, media_root: str) -> Any:
    """Take one file out of the request and keep it; returns what is known of it."""
    from django.conf import settings
    from django.test import RequestFactory

    from evidence.services.ingest import original_store
    from evidence.upload import IncomingUploadHandler

    settings.MEDIA_ROOT = media_root
    request = RequestFactory().generic(
        "POST",
        "/",
        **{
            "CONTENT_TYPE": f"multipart/form-data; boundary={BOUNDARY}",
            "CONTENT_LENGTH": str(body.length),
            "wsgi.input": body,
        },
    )
    request.upload_handlers = [IncomingUploadHandler(request)]
    stored = original_store(request.FILES["file"])
    request.close()
    return stored


def timed(command: list[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def one_round(size_bytes: int, folder: Path) -> dict[str, float]:
    """Seconds for each way, on the same disk and the same bytes."""
    body = Generated(size_bytes)
    started = time.perf_counter()
    stored = stream_in(body, str(folder / "media"))
    seconds = {"upload": time.perf_counter() - started}
    kept = folder / "media" / "sha256" / stored.sha256[:2] / stored.sha256[2:4] / stored.sha256
    seconds["cp and sync"] = timed(["cp", str(kept), str(folder / "copy")]) + timed(
        ["sync", str(folder / "copy")]
    )
    seconds["sha256sum"] = timed(["sha256sum", str(kept)])
    shutil.rmtree(folder / "media")
    (folder / "copy").unlink()
    return seconds


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--gigabytes", type=float, default=1.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path, default=None, help="on the disk that is to be measured")
    options = parser.parse_args()
    import django

    django.setup()
    size_bytes = int(options.gigabytes * 1e9)
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        folder = Path(name)
        one_round(1_000_000, folder)  # what is loaded once is not counted
        before_mb = peak_mb()
        rounds = [one_round(size_bytes, folder) for _ in range(options.rounds)]
    grown_mb = peak_mb() - before_mb
    median = {way: statistics.median(each[way] for each in rounds) for way in rounds[0]}
    print(f"{options.gigabytes:g} GB, median of {options.rounds}")
    for way, seconds in median.items():
        print(f"{way:<12} {size_bytes / 1e6 / seconds:8.0f} MB/s  {seconds:7.2f} s")
    both = median["cp and sync"] + median["sha256sum"]
    print(f"upload / cp and sync: {median['upload'] / median['cp and sync']:.2f} times its time")
    print(f"upload / (cp and sync, then sha256sum): {median['upload'] / both:.2f} times their time")
    print(f"peak memory grew by {grown_mb:.1f} MB")


if __name__ == "__main__":
    main()
