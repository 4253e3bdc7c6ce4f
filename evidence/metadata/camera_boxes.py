"""User data that makers of cameras put into videos: Nikon's records, EXIF of Panasonic, Leica and Ricoh."""

from __future__ import annotations

import struct

from .bounds import Data
from .boxes import Box, boxes
from .exif import read_exif
from .exif_gps import Tags, normalise_gps
from .findings import Findings
from .tiff import Rational, decode_text
from .times import camera_time

KINDS = (b"NCDT", b"PANA", b"LEIC", b"RICO", b"RMKN")
_SEARCHED_BYTES = 64 * 1024
_EXIF_BYTES = 64 * 1024
_EXIF_HEAD = b"Exif\0\0"
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}
_NIKON_GPS = 0x120_0000  # and the tag of EXIF's GPS directory
_MAX_RECORDS = 500
_RANK = 16


def read_camera_box(data: Data, box: Box, findings: Findings) -> None:
    """One box of a maker; what is not its kind of content is left alone."""
    if box.kind == b"NCDT":
        for part in boxes(data, box.start, box.end, findings):
            if part.kind == b"NCTG":
                _nikon(data, part, findings)
        return
    end = min(box.end, box.start + _SEARCHED_BYTES)
    if box.kind == b"RMKN":
        at = box.start if data[box.start : box.start + 2] in (b"II", b"MM") else -1
    else:
        found = data.find(_EXIF_HEAD, box.start, end)
        at = found + len(_EXIF_HEAD) if found >= 0 else -1
    if at >= 0 and data[at : at + 2] in (b"II", b"MM"):
        findings.budget.copy(_EXIF_BYTES)
        read_exif(data[at : min(box.end, at + _EXIF_BYTES)], findings, rank=_RANK)


def _nikon(data: Data, box: Box, findings: Findings) -> None:
    """Records of a number, a type and a count as EXIF has them; each value follows its head."""
    tags: Tags = {}
    texts: dict[int, str] = {}
    at = box.start
    for _ in range(_MAX_RECORDS):
        if at + 8 > box.end:
            break
        findings.budget.spend()
        tag, kind, count = struct.unpack_from(">IHH", data, at)
        size = _SIZES.get(kind)
        at += 8
        if size is None or at + size * count > box.end:
            break
        body = data[at : at + size * count]
        if tag & ~0xFFFF == _NIKON_GPS:
            _gps_value(tag & 0xFFFF, kind, count, body, tags)
        elif kind == 2:
            texts[tag] = decode_text(body[:200])
            findings.tag("Nikon", f"0x{tag:x}", texts[tag])
        at += size * count
    findings.offer("camera_make", texts.get(0x01), 16)
    findings.offer("camera_model", texts.get(0x02), 16)
    findings.program(texts.get(0x03), "The field Software of the camera", 16)
    offset = texts.get(0x19, "")
    findings.time(camera_time(texts.get(0x12, ""), "", offset, "Nikon DateTimeOriginal"), "capture", 10)
    findings.time(camera_time(texts.get(0x11, ""), "", offset, "Nikon CreateDate"), "capture", 22)
    if tags:
        normalise_gps(tags, findings, _RANK, "Nikon GPS")


def _gps_value(tag: int, kind: int, count: int, body: bytes, tags: Tags) -> None:
    if kind == 2:
        tags[tag] = decode_text(body)
    elif kind == 5:
        numbers = struct.unpack(f">{2 * count}I", body)
        tags[tag] = tuple(Rational(*pair) for pair in zip(numbers[::2], numbers[1::2], strict=True))
    elif kind == 1:
        tags[tag] = tuple(body)
