"""AVCHD and other MPEG transport streams: what camcorders write into the first pictures of an H.264 stream.

The record (MDPM) sits in a message of its own kind inside the video: date with zone, make, and a copy of the
EXIF GPS tags whose fractions have 16 bits.
"""

from __future__ import annotations

import struct

from .bounds import Data, FileFault
from .exif_gps import Tags, normalise_gps
from .findings import Findings
from .tiff import Rational
from .times import camera_time

_MDPM = bytes.fromhex("17ee8c60f84d11d98cd60800200c9a66") + b"MDPM"
_SYNC = 0x47
_SEARCHED_PACKETS = 12_000  # about 2 MB
_PACKETS_A_PART = 20
_MAKES = {0x0103: "Panasonic", 0x0108: "Sony", 0x1011: "Canon", 0x1104: "JVC"}
_LETTERS = {0xB1: 0x01, 0xB5: 0x03, 0xBE: 0x09, 0xBF: 0x0A, 0xC1: 0x0C, 0xC3: 0x0E, 0xC5: 0x10}
_FRACTIONS = {
    0xB2: (0x02, 3), 0xB6: (0x04, 3), 0xBA: (0x06, 1), 0xBB: (0x07, 3), 0xC0: (0x0B, 1), 0xC2: (0x0D, 1),
    0xC4: (0x0F, 1), 0xC6: (0x11, 1),
}  # fmt: skip
_RANK = 14


def packet_layout(head: bytes) -> tuple[int, int] | None:
    """Offset of the first packet and the distance between two, or None when it is no transport stream."""
    for start, step in ((0, 188), (4, 192)):
        places = range(start, min(len(head), start + 8 * step), step)
        if len(places) >= 3 and all(head[place] == _SYNC for place in places):
            return start, step
    return None


def read_transport_stream(data: Data, findings: Findings) -> None:
    """Read the record of the camera from the beginning of the stream."""
    with findings.guard("the transport stream"):
        record = _record(_video(data, findings))
        if record:
            _normalise(record, findings)


def _video(data: Data, findings: Findings) -> bytes:
    """The first video stream's bytes, put together from its packets, up to the record and a little more."""
    layout = packet_layout(data[: 8 * 192])
    if layout is None:
        raise FileFault("The transport stream is out of step; it was not read.")
    at, step = layout
    chosen: int | None = None
    stream = bytearray()
    for number in range(_SEARCHED_PACKETS):
        if at + 188 > len(data) or data[at] != _SYNC:
            break
        if number % _PACKETS_A_PART == 0:
            findings.budget.spend()
        flags, pid, control = (
            data[at + 1],
            int.from_bytes(data[at + 1 : at + 3], "big") & 0x1FFF,
            data[at + 3],
        )
        payload = at + 4 + (1 + data[at + 4] if control & 0x20 else 0)
        if control & 0x10 and payload < at + 188:
            if chosen is None and flags & 0x40 and data[payload : payload + 3] == b"\0\0\1":
                chosen = pid if 0xE0 <= data[payload + 3] <= 0xEF else None
            if pid == chosen:
                before = max(0, len(stream) - len(_MDPM))
                stream += data[payload : at + 188]
                found = stream.find(_MDPM, before)
                if 0 <= found < len(stream) - 1_500:
                    break
                if len(stream) > 400_000 and found < 0:
                    break
        at += step
    findings.budget.copy(len(stream))
    return bytes(stream)


def _record(stream: bytes) -> dict[int, bytes]:
    """Tags of four bytes each; three bytes 0, 0, 3 in the stream stand for two zeros."""
    place = stream.find(_MDPM)
    if place < 0:
        return {}
    body = stream[place + len(_MDPM) : place + len(_MDPM) + 1_400].replace(b"\0\0\3", b"\0\0")
    if not body:
        return {}
    tags: dict[int, bytes] = {}
    for index in range(body[0]):
        entry = body[1 + 5 * index : 6 + 5 * index]
        if len(entry) < 5 or (tags and entry[0] <= max(tags)):  # they ascend; what follows is something else
            break
        tags[entry[0]] = entry[1:]
    return tags


def _normalise(record: dict[int, bytes], findings: Findings) -> None:
    for tag, value in record.items():
        findings.tag("AVCHD", f"0x{tag:02x}", value.hex())
    if 0x18 in record and 0x19 in record:
        _date(record[0x18] + record[0x19], findings)
    if 0xE0 in record:
        findings.offer("camera_make", _MAKES.get(int.from_bytes(record[0xE0][:2], "big")), 20)
    model = b"".join(record.get(tag, b"") for tag in (0xE4, 0xE5, 0xE6))
    if findings.get("camera_make") == "Sony":
        findings.offer("camera_model", model.partition(b"\0")[0].decode("latin-1"), 20)
    tags: Tags = {}
    for tag, exif_tag in _LETTERS.items():
        if tag in record:
            tags[exif_tag] = record[tag].partition(b"\0")[0].decode("latin-1")
    for tag, (exif_tag, count) in _FRACTIONS.items():
        if all(tag + part in record for part in range(count)):
            pairs = (struct.unpack(">HH", record[tag + part]) for part in range(count))
            tags[exif_tag] = tuple(Rational(*pair) for pair in pairs)
    if 0xB9 in record:
        tags[0x05] = (int(any(record[0xB9])),)
    day = b"".join(record.get(tag, b"") for tag in (0xCA, 0xCB, 0xCC))
    tags[0x1D] = day.partition(b"\0")[0].decode("latin-1")
    normalise_gps(tags, findings, _RANK, "AVCHD GPS")


def _date(packed: bytes, findings: Findings) -> None:
    """A zone byte and seven bytes of decimal digits. In summer time the zone's meaning differs: left out."""
    zone, digits = packed[0], packed[1:].hex()
    text = f"{digits[:4]}:{digits[4:6]}:{digits[6:8]} {digits[8:10]}:{digits[10:12]}:{digits[12:14]}"
    offset = ""
    if zone != 0xFF and not zone & 0xC0:
        offset = f"{'-' if zone & 0x20 else '+'}{zone >> 1 & 0x0F:02d}:{30 if zone & 1 else 0:02d}"
    findings.time(camera_time(text, "", offset, "AVCHD date"), "capture", 10)
