"""Cameras with containers of their own: a header whose date stands at a known place, and little else."""

from __future__ import annotations

import re
import struct
from datetime import UTC, datetime

from .bounds import Data, FileFault, take
from .findings import Findings
from .jpeg import read_jpeg
from .tiff import decode_text
from .times import camera_time, utc_after, utc_text

_UNIX_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LYTRO_MOST_BYTES = 2_000_000
_LYTRO_TIME = re.compile(rb'"zuluTime"\s{0,9}:\s{0,9}"([^"]{10,40})"')
_DV_HEAD = 12_000
_DV_PACKS = 15  # in each of the blocks that describe the picture
_RED_TEXTS = {0x1071: "camera_model", 0x1070: "lens"}


def read_kyocera(data: Data, findings: Findings) -> None:
    """Contax N Digital: a header whose texts are written backwards."""
    with findings.guard("the header"):
        head = take(data, 0, 156, "its header")
        findings.offer("camera_make", _backwards(head[0x19:0x20]), 10)
        findings.offer("camera_model", _backwards(head[0x0C:0x18]), 10)
        findings.offer("lens", decode_text(head[0x7C:0x9C].partition(b"\0")[0]), 10)
        time = camera_time(_backwards(head[0x21:0x35]), "", "", "Kyocera DateTimeOriginal")
        findings.time(time, "capture", 10)


def _backwards(text: bytes) -> str:
    return decode_text(text[::-1].lstrip(b"\0").partition(b"\0")[0])


def read_pmp(data: Data, findings: Findings) -> None:
    """Sony's DSC-F1: 124 bytes before a JPEG."""
    with findings.guard("the header"):
        head = take(data, 0, 124, "its header")
        year, *rest = head[76:82]
        text = f"{year + (2000 if year < 70 else 1900)}:" + "{:02d}:{:02d} {:02d}:{:02d}:{:02d}".format(*rest)
        findings.offer("camera_make", "Sony")
        findings.offer("camera_model", "DSC-F1")
        findings.time(camera_time(text, "", "", "PMP DateTimeOriginal"), "capture", 10)
    read_jpeg(data, findings, 124, is_file=False)


def read_photo_cd(data: Data, findings: Findings) -> None:
    """Kodak's Photo CD: when the negative was scanned, in seconds."""
    with findings.guard("the header"):
        (seconds,) = struct.unpack_from(">I", data, 2048 + 13)
        if seconds not in (0, 0xFFFFFFFF):
            time = utc_after(_UNIX_EPOCH, seconds, "PhotoCD CreateDate", str(seconds))
            findings.time(time, "capture", 42)


def read_fpf(data: Data, findings: Findings) -> None:
    """FLIR's public image format: seven numbers of the date."""
    with findings.guard("the header"):
        width, height = struct.unpack_from("<HH", data, 0x2C)
        findings.offer("width", width or None)
        findings.offer("height", height or None)
        parts = struct.unpack_from("<7I", data, 0x248)
        if all(part < 10_000 for part in parts):
            text = "{:04d}:{:02d}:{:02d} {:02d}:{:02d}:{:02d}".format(*parts)
            time = camera_time(text, f"{parts[6]:03d}", "", "FLIR DateTimeOriginal")
            findings.time(time, "capture", 10)


def read_lytro(data: Data, findings: Findings) -> None:
    """Light field pictures: segments, of which those with JSON describe the camera."""
    with findings.guard("the light field"):
        at = 16
        while at + 96 <= len(data):
            findings.budget.spend()
            if data[at : at + 3] != b"\x89LF":
                raise FileFault("The light field picture holds a segment of an unknown kind.")
            (size,) = struct.unpack_from(">I", data, at + 12)
            body = at + 96
            if data[body : body + 1] == b"{" and size <= _LYTRO_MOST_BYTES:
                findings.budget.copy(size)
                found = _LYTRO_TIME.search(data[body : body + size])
                if found:
                    text = decode_text(found[1])
                    findings.time(utc_text(text, "Lytro zuluTime"), "capture", 10)
            at = body + size + -size % 16


def read_red(data: Data, findings: Findings) -> None:
    """Redcode: a directory of numbered texts behind the header."""
    with findings.guard("the header"):
        (size,) = struct.unpack_from(">I", data)
        if data[4:8] == b"RED1":
            at, end = size + 0x22, min(len(data), size + 0x10000)
        else:
            width, height = struct.unpack_from(">II", data, 0x4C)
            findings.offer("width", width if 0 < width < 100_000 else None)
            findings.offer("height", height if 0 < height < 100_000 else None)
            at = 0x44 + data[0x40] * 0x18 + data[0x41] * 0x14 + data[0x42] * 0x10
            end = min(len(data), size)
        at += 2
        texts: dict[int, str] = {}
        while at + 4 <= end:
            findings.budget.spend()
            length, tag = struct.unpack_from(">HH", data, at)
            if length < 4 or at + length > end:
                break
            if tag >> 12 == 1:
                texts.setdefault(tag, decode_text(data[at + 4 : at + min(length, 500)]))
            at += length
        for tag, text in texts.items():
            _red_text(tag, text, findings)
        _red_time(texts.get(0x1005, ""), 10, findings)
        _red_time(texts.get(0x1023, "") + texts.get(0x1024, ""), 12, findings)


def _red_time(digits: str, rank: int, findings: Findings) -> None:
    """Fourteen digits of date and time in one text, or in two."""
    if len(digits) >= 14 and digits[:14].isdigit():
        day = f"{digits[:4]}:{digits[4:6]}:{digits[6:8]}"
        text = f"{day} {digits[8:10]}:{digits[10:12]}:{digits[12:14]}"
        findings.time(camera_time(text, "", "", "RED DateTimeOriginal"), "capture", rank)


def _red_text(tag: int, text: str, findings: Findings) -> None:
    findings.tag("RED", f"0x{tag:04x}", text)
    if tag == 0x1006:
        findings.serial(text)
    elif tag in _RED_TEXTS:
        findings.offer(_RED_TEXTS[tag], text, 10)


def read_dv(data: Data, findings: Findings) -> None:
    """A stream of a DV camcorder: date and time of the first frame, in decimal digits."""
    with findings.guard("the DV stream"):
        date = ""
        head = data[:_DV_HEAD]
        for block in range(1, 6):
            start = 80 * block
            if head[start] & 0xF0 != 0x50:
                continue
            for pack in range(_DV_PACKS):
                kind, *digits = head[start + 3 + 5 * pack : start + 8 + 5 * pack]
                if kind == 0x62:
                    year, month, day = digits[3], digits[2] & 0x1F, digits[1] & 0x3F
                    date = f"{'20' if year < 0x90 else '19'}{year:02x}:{month:02x}:{day:02x}"
                elif kind == 0x63 and date:
                    clock = f"{digits[3] & 0x3F:02x}:{digits[2] & 0x7F:02x}:{digits[1] & 0x7F:02x}"
                    findings.time(camera_time(f"{date} {clock}", "", "", "DV date"), "capture", 10)
                    return
                else:
                    date = ""
