"""Containers in which EXIF and XMP travel as guests: EPS, PDF, PGF, BPG, MIE and Paint Shop Pro's."""

from __future__ import annotations

import re
import struct
from datetime import UTC, datetime

from .bounds import MAX_EXIF_BYTES, MAX_XMP_BYTES, Data, FileFault, take
from .exif import read_exif
from .findings import Findings
from .iptc import EXIF_RESOURCE, IPTC_RESOURCE, XMP_RESOURCE, photoshop_resources, read_iptc
from .png import read_png
from .tiff import decode_text
from .times import camera_time, utc_after
from .xmp import read_xmp

_UNIX_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SEARCHED_BYTES = 8 * 1024 * 1024  # of an EPS, from its beginning on
_TAIL_BYTES = 1024 * 1024
_MAX_PACKETS = 8
_NOT_HEX = re.compile(rb"[^0-9A-Fa-f]+")
_COMMENT = re.compile(rb"[\r\n]%%(CreationDate|Creator): ?\(?([^\r\n]{1,200})")
_PAINT_SHOP = b"Paint Shop Pro Image File\n\x1a\0\0\0\0\0"
_MIE_TIMES = {"OriginalDate": 10, "CreateDate": 30}


def read_eps(data: Data, findings: Findings) -> None:
    """Encapsulated PostScript: XMP packets, Photoshop's resources in hexadecimal digits, comments."""
    with findings.guard("the EPS"):
        start, end = 0, len(data)
        if data[:4] == b"\xc5\xd0\xd3\xc6":  # a table before it says where PostScript and preview lie
            start, length = struct.unpack_from("<II", data, 4)
            end = min(end, start + length)
        end = min(end, start + _SEARCHED_BYTES)
        for found in _COMMENT.finditer(data[start : min(end, start + 8_192)]):
            _eps_comment(found[1].decode(), decode_text(found[2]).rstrip(") "), findings)
        _photoshop_in_hex(data, start, end, findings)
        _packets(data, start, end, findings)


def read_pdf(data: Data, findings: Findings) -> None:
    """A PDF, which newer Illustrator files are: only the XMP packets that stand in it unpacked."""
    with findings.guard("the PDF"):
        _packets(data, 0, min(len(data), _SEARCHED_BYTES), findings)
        if len(data) > _SEARCHED_BYTES:
            _packets(data, max(_SEARCHED_BYTES, len(data) - _TAIL_BYTES), len(data), findings)


def _eps_comment(name: str, text: str, findings: Findings) -> None:
    findings.tag("PostScript", name, text)
    if name == "Creator":
        findings.program(text, "The comment Creator", 45)
    else:
        findings.time(camera_time(text, "", "", "PostScript CreationDate"), "capture", 62)


def _packets(data: Data, start: int, end: int, findings: Findings) -> None:
    at = start
    for _ in range(_MAX_PACKETS):
        at = data.find(b"<?xpacket begin", at, end)
        if at < 0:
            return
        stop = data.find(b"<?xpacket end", at, min(end, at + MAX_XMP_BYTES))
        if stop < 0:
            raise FileFault("The file holds an XMP packet without an end; it was not read.")
        read_xmp(data[at:stop], findings)
        at = stop
        findings.budget.release()


def _photoshop_in_hex(data: Data, start: int, end: int, findings: Findings) -> None:
    at = data.find(b"%BeginPhotoshop", start, end)
    stop = data.find(b"%EndPhotoshop", at, min(end, at + 3 * MAX_EXIF_BYTES)) if at >= 0 else -1
    if stop < 0:
        return
    findings.budget.copy(stop - at)
    digits = _NOT_HEX.sub(b"", data[at:stop].partition(b"\n" if b"\n" in data[at : at + 80] else b"\r")[2])
    resources = photoshop_resources(bytes.fromhex(digits[: len(digits) // 2 * 2].decode()), findings)
    if EXIF_RESOURCE in resources:
        read_exif(resources[EXIF_RESOURCE], findings)
    if IPTC_RESOURCE in resources:
        read_iptc(resources[IPTC_RESOURCE], findings)
    if XMP_RESOURCE in resources:
        read_xmp(resources[XMP_RESOURCE], findings)


def read_pgf(data: Data, findings: Findings) -> None:
    """Progressive Graphics File: behind the header stands a small PNG that carries the metadata."""
    with findings.guard("the PGF"):
        length, width, height = struct.unpack_from("<III", data, 4)
        start = 24 + (1_024 if data[18] == 2 else 0)
        length -= start - 8
        findings.offer("width", width or None, 5)
        findings.offer("height", height or None, 5)
        if 0 < length <= MAX_EXIF_BYTES and data[start : start + 4] == b"\x89PNG":
            guest = Findings(findings.budget, keeps_tags=findings.keeps_tags)
            read_png(take(data, start, min(length, len(data) - start), "the metadata of the PGF"), guest)
            findings.take_over(guest)


def read_bpg(data: Data, findings: Findings) -> None:
    """Better Portable Graphics: extensions behind the header, one of EXIF and one of XMP."""
    with findings.guard("the BPG"):
        has_extensions = data[5] & 8
        width, at = _seven_bits(data, 6)
        height, at = _seven_bits(data, at)
        _, at = _seven_bits(data, at)
        findings.offer("width", width or None)
        findings.offer("height", height or None)
        if not has_extensions:
            return
        length, at = _seven_bits(data, at)
        end = min(at + length, len(data))
        while at < end:
            findings.budget.spend()
            kind = data[at]
            size, at = _seven_bits(data, at + 1)
            if size > MAX_EXIF_BYTES:
                raise FileFault("An extension of the BPG is larger than a real one; it was not read.")
            body = take(data, at, size, "an extension of the BPG")
            if kind == 1:
                read_exif(body, findings, start=1 if body[1:3] in (b"II", b"MM") else 0)
            elif kind == 3:
                read_xmp(body, findings)
            at += size


def _seven_bits(data: Data, at: int) -> tuple[int, int]:
    """A number in bytes of seven bits, the highest first, and the offset behind it."""
    value = 0
    for place in range(at, at + 5):
        value = value << 7 | data[place] & 0x7F
        if not data[place] & 0x80:
            return value, place + 1
    raise FileFault("The BPG holds a number of an impossible length; the rest was not read.")


def read_psp(data: Data, findings: Findings) -> None:
    """Paint Shop Pro: blocks, one with the picture's size, one with its creator's dates."""
    with findings.guard("the PSP"):
        (version,) = struct.unpack_from("<H", data, 32)
        head = 10 if version > 3 else 14
        at = 36
        while data[at : at + 4] == b"~BK\0":
            findings.budget.spend()
            (kind,) = struct.unpack_from("<H", data, at + 4)
            (length,) = struct.unpack_from("<I", data, at + head - 4)
            start = at + head
            if kind == 0:
                place = start + (4 if version > 3 else 0)
                width, height = struct.unpack_from("<II", data, place)
                findings.offer("width", width if width < 1_000_000 else None)
                findings.offer("height", height if height < 1_000_000 else None)
            elif kind == 1:
                _psp_creator(data, start, min(start + length, len(data)), findings)
            at = start + length


def _psp_creator(data: Data, at: int, end: int, findings: Findings) -> None:
    while at + 10 <= end and data[at : at + 4] == b"~FL\0":
        findings.budget.spend()
        kind, length = struct.unpack_from("<HI", data, at + 4)
        if kind == 1 and length == 4:
            (seconds,) = struct.unpack_from("<I", data, at + 10)
            time = utc_after(_UNIX_EPOCH, seconds, "PSP CreateDate", str(seconds))
            findings.time(time, "capture", 42)
        at += 10 + length


def read_mie(data: Data, findings: Findings) -> None:
    """Meta Information Encapsulation: a flat run of named values; groups only open and close."""
    with findings.guard("the MIE"):
        groups: list[str] = []
        order, at = ">", 0
        while at + 4 <= len(data) and data[at] == 0x7E:
            findings.budget.spend()
            kind, name_length, size = data[at + 1], data[at + 2], data[at + 3]
            name = decode_text(data[at + 4 : at + 4 + name_length])
            at += 4 + name_length
            if size > 252:
                width = 1 << (256 - size)
                size = int.from_bytes(data[at : at + width], "big" if order == ">" else "little")
                at += width
            if kind & 0xF0 == 0x10:
                groups.append(name)
                order = "<" if kind & 8 else ">"
            elif not name_length:
                groups = groups[:-1]
            elif size <= MAX_EXIF_BYTES and not kind & 4 and kind != 0x80:  # neither packed nor free
                _mie_value(groups[-1:], name, data, at, size, findings)
            at += size


def _mie_value(group: list[str], name: str, data: Data, at: int, size: int, findings: Findings) -> None:
    if name == "EXIF":
        read_exif(take(data, at, size, "the EXIF block"), findings)
    elif name == "XMP":
        read_xmp(take(data, at, size, "the XMP packet"), findings)
    elif name == "IPTC":
        read_iptc(take(data, at, size, "the IPTC record"), findings)
    elif name in _MIE_TIMES and group == ["Document"]:
        text = decode_text(data[at : at + min(size, 100)])
        findings.time(camera_time(text, "", "", f"MIE {name}"), "capture", _MIE_TIMES[name])
