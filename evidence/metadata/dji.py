"""DJI's telemetry of newer drones and cameras: protobuf records, whose layout the first of them names.

The places of the fields are those that exiftool's DJI.pm lists by protocol; of another, nothing is guessed.
"""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Iterator

from .base import TrackPoint
from .bounds import Data
from .timed_text import place

_PROTOCOL = re.compile(rb"(dvtm_[A-Za-z0-9_-]{1,20})\.proto")
_PATHS = {
    (3, 4, 2, 1): ("dvtm_ac203", "dvtm_ac204", "dvtm_ac206", "dvtm_oq101"),
    (3, 4, 4, 1): ("dvtm_AVATA2", "dvtm_dji_neo"),
    (3, 3, 4, 1): (
        "dvtm_wm265e", "dvtm_pm320", "dvtm_Mini4_Pro", "dvtm_Air3", "dvtm_Air3s", "dvtm_wa345e",
        "dvtm_wm261", "dvtm_Mavic4", "dvtm_Mini5Pro",
    ),
}  # fmt: skip
_PATH_OF = {protocol.encode(): path for path, protocols in _PATHS.items() for protocol in protocols}
_MAX_SAMPLE_BYTES, _MAX_RECORDS = 16_384, 300


class DjiReader:
    """Reads the samples of one track in their order; the first names the protocol of all."""

    def __init__(self) -> None:
        self._path: tuple[int, ...] | None = None

    def __call__(self, data: Data, start: int, length: int, time_s: float) -> tuple[bool, TrackPoint | None]:
        """Whether the sample holds a position, and the position."""
        sample = data[start : start + min(length, _MAX_SAMPLE_BYTES)]
        named = _PROTOCOL.search(sample[:300])
        if named:
            self._path = _PATH_OF.get(named[1])
        if self._path is None:
            return False, None
        for number in self._path:
            inner = next((value for key, value in _records(sample) if key == number), None)
            if not isinstance(inner, bytes):
                return False, None
            sample = inner
        values = dict(_records(sample))
        north, east = values.get(2), values.get(3)
        if not isinstance(north, float) or not isinstance(east, float):
            return False, None
        if not values.get(1):  # the unit: nought, which is left out, is radians
            north, east = math.degrees(north), math.degrees(east)
        return True, place(north, east, time_s)


def _records(body: bytes) -> Iterator[tuple[int, int | float | bytes]]:
    """Number and value of the fields of one message; it ends where something does not fit."""
    at = 0
    for _ in range(_MAX_RECORDS):
        if at >= len(body):
            return
        key, at = _varint(body, at)
        kind = key & 7
        if kind == 0:
            value, at = _varint(body, at)
            yield key >> 3, value
        elif kind == 1 and at + 8 <= len(body):
            yield key >> 3, float(struct.unpack_from("<d", body, at)[0])
            at += 8
        elif kind == 2:
            length, at = _varint(body, at)
            yield key >> 3, body[at : at + length]
            at += length
        elif kind == 5:
            at += 4
        else:
            return


def _varint(body: bytes, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        byte = body[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if not byte & 0x80:
            break
    return value, at
