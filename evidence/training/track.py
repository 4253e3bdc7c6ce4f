"""A timed track of positions in an MP4, as cameras with a satellite receiver write it.

The samples are CAMM's type 6 (Google, "Camera Motion Metadata Spec"): a fix with its height, its accuracy and
its velocity, little-endian.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

from evidence.training.clips import box, last_box
from evidence.training.place import Spot

_SCALE = 1000  # ticks a second
_IDENTITY = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)


def along(start: Spot, end: Spot, count: int) -> list[Spot]:
    """So many spots on the straight way from one to the other, both among them."""
    shares = [number / (count - 1) for number in range(count)]
    return [
        Spot(
            start.east_m + share * (end.east_m - start.east_m),
            start.north_m + share * (end.north_m - start.north_m),
        )
        for share in shares
    ]


def with_track(data: bytes, spots: Sequence[Spot], *, step_s: float, altitude_m: float) -> bytes:
    """The MP4 with one fix every ``step_s`` seconds. Raises ValueError unless ``moov`` is its last box."""
    at, size = last_box(data)
    if data[at + 4 : at + 8] != b"moov" or at + size != len(data):
        raise ValueError("The movie box is not the last one of the file.")
    samples = _samples(spots, step_s, altitude_m)
    # The samples go where the movie box was, which moves behind them; nothing else moves.
    track = _track(samples, at + 8, round(step_s * _SCALE))
    return data[:at] + box(b"mdat", b"".join(samples)) + box(b"moov", data[at + 8 :] + track)


def _samples(spots: Sequence[Spot], step_s: float, altitude_m: float) -> list[bytes]:
    first, last = spots[0], spots[-1]
    seconds = step_s * (len(spots) - 1)
    velocity = ((last.east_m - first.east_m) / seconds, (last.north_m - first.north_m) / seconds, 0.0)
    return [
        struct.pack("<HHdiddf", 0, 6, 0.0, 3, spot.latitude, spot.longitude, altitude_m)
        + struct.pack("<6f", 4.0, 6.0, *velocity, 0.5)
        for spot in spots
    ]


def _full(kind: bytes, content: bytes, flags: int = 0) -> bytes:
    return box(kind, struct.pack(">I", flags) + content)


def _track(samples: Sequence[bytes], offset: int, step: int) -> bytes:
    """A `trak` of one chunk (ISO 14496-12)."""
    duration, count = step * len(samples), len(samples)
    head = struct.pack(">IIIII", 0, 0, 99, 0, duration) + bytes(16) + _IDENTITY + bytes(8)
    handler = struct.pack(">I4s", 0, b"camm") + bytes(12) + b"CameraMetadataMotionHandler\0"
    table = box(
        b"stbl",
        _full(b"stsd", struct.pack(">I", 1) + box(b"camm", bytes(6) + b"\0\1"))
        + _full(b"stts", struct.pack(">III", 1, count, step))
        + _full(b"stsc", struct.pack(">IIII", 1, 1, count, 1))
        + _full(b"stsz", struct.pack(">II", len(samples[0]), count))
        + _full(b"stco", struct.pack(">II", 1, offset)),
    )
    here = box(b"dinf", _full(b"dref", struct.pack(">I", 1) + _full(b"url ", b"", 1)))
    media = (
        _full(b"mdhd", struct.pack(">IIIIHH", 0, 0, _SCALE, duration, 0x55C4, 0))
        + _full(b"hdlr", handler)
        + box(b"minf", _full(b"nmhd", b"") + here + table)
    )
    return box(b"trak", _full(b"tkhd", head, 1) + box(b"mdia", media))
