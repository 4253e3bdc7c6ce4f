"""JPEG segments: EXIF and XMP in APP1, IPTC in APP13, size in SOF."""

from __future__ import annotations

import struct

from .bounds import MAX_EXIF_BYTES, MAX_XMP_BYTES, Data, FileFault
from .exif import read_exif
from .findings import Findings
from .iptc import EXIF_RESOURCE, IPTC_RESOURCE, XMP_RESOURCE, photoshop_resources, read_iptc
from .jpeg_records import read_casio, read_thermal
from .motion import find_motion_video
from .tiff import decode_text
from .xmp import XmpProperties, read_xmp

_XMP = b"http://ns.adobe.com/xap/1.0/\0"
_EXTENDED = b"http://ns.adobe.com/xmp/extension/\0"
_PHOTOSHOP = b"Photoshop 3.0\0"
_SIZES = (0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF)
_WHOLE = 0x10000
# How much of a segment is looked at: all of EXIF, XMP and Photoshop's, the beginning of frame and text.
_LONGEST = {0xE1: _WHOLE, 0xED: _WHOLE, 0xE0: 32, 0xFE: 2_000} | dict.fromkeys(_SIZES, 32)
_THERMAL = b"FLIR\0"
_MAX_THERMAL_BYTES = 2 * 1024 * 1024
_ALONE = (0x01, *range(0xD0, 0xD8))
_TAIL_BYTES = 8 * 1024 * 1024  # how far back the end marker is looked for: a video may follow it


class _Parts:
    """What may be spread over several segments, put together before it is read."""

    def __init__(self) -> None:
        self.exif: list[bytearray] = []
        self.exif_offsets: list[int | None] = []  # None when the block was spread over several segments
        self.xmp: list[bytes] = []
        self.extended: dict[bytes, list[tuple[int, bytes]]] = {}
        self.photoshop: list[bytes] = []
        self.thermal = bytearray()
        self.casio = b""
        self.bytes = 0

    def add(self, kind: int, body: bytes, at: int) -> None:
        """Take in a segment whose content begins at ``at``."""
        if kind == 0xE1 and body.startswith(_THERMAL):
            if len(self.thermal) < _MAX_THERMAL_BYTES:
                self.thermal += body[8:]
            return
        self.bytes += len(body)
        if self.bytes > MAX_EXIF_BYTES:
            raise FileFault(
                "The metadata segments of the picture are larger than real ones; the rest is unread."
            )
        if kind == 0xED and body.startswith(_PHOTOSHOP):
            self.photoshop.append(body[len(_PHOTOSHOP) :])
        elif kind != 0xE1:
            return
        elif body.startswith(b"Exif\0"):
            if self.exif and body[6:8] not in (b"II", b"MM"):
                self.exif[-1] += body[6:]
                self.exif_offsets[-1] = None
            else:
                self.exif.append(bytearray(body[6:]))
                self.exif_offsets.append(at + 6)
        elif body.startswith(_EXTENDED):
            at = len(_EXTENDED)
            (offset,) = struct.unpack_from(">I", body, at + 36)
            self.extended.setdefault(body[at : at + 32], []).append((offset, body[at + 40 :]))
        elif body.startswith(_XMP):
            self.xmp.append(body[len(_XMP) :])
        elif body.startswith(b"QVCI\0"):
            self.casio = body
        else:
            root = body.find(b"<", 0, 100)  # some writers get the signature before the packet wrong
            if root >= 0 and body[root:].startswith((b"<?xpacket", b"<x:xmpmeta", b"<rdf:RDF")):
                self.xmp.append(body[root:])


def read_jpeg(data: Data, findings: Findings, start: int = 0, *, is_file: bool = True) -> None:
    """Read the JPEG that begins at ``start``; of a whole file, also what is missing or appended."""
    parts = _Parts()
    with findings.guard("the JPEG"):
        scan = _segments(data, start + 2, parts, findings)
        tail = max(scan, len(data) - _TAIL_BYTES)
        if is_file and scan and data[-2:] != b"\xff\xd9" and data.rfind(b"\xff\xd9", tail) < 0:
            findings.warn("The file ends in the middle of the picture; a part of it is missing.")
    for block, offset in zip(parts.exif, parts.exif_offsets, strict=True):
        read_exif(bytes(block), findings, file_offset=offset)
    for packet in parts.xmp:
        properties = read_xmp(packet, findings)
        _extended(properties, parts, findings)
    read_thermal(bytes(parts.thermal), findings)
    read_casio(parts.casio, findings)
    if is_file:
        find_motion_video(data, findings)
    if parts.photoshop:
        with findings.guard("the Photoshop segment"):
            _photoshop(b"".join(parts.photoshop), findings)


def _segments(data: Data, at: int, parts: _Parts, findings: Findings) -> int:
    """Walk the segments; where the compressed picture begins, or 0."""
    end = len(data)
    while at + 2 <= end:
        findings.budget.spend()
        if data[at] != 0xFF:
            at = data.find(b"\xff", at, at + 65_536)
            findings.warn("The JPEG holds bytes between its segments that do not belong there.")
            if at < 0:
                return 0
            continue
        kind = data[at + 1]
        if kind == 0xFF or kind in _ALONE or kind == 0:
            at += 1 if kind == 0xFF else 2
            continue
        if kind == 0xD9:
            return 0
        if at + 4 > end:
            break
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        if length < 2:
            raise FileFault("The JPEG holds a segment of an impossible length; the rest was not read.")
        if kind == 0xDA:
            return at + 2 + length
        longest = _LONGEST.get(kind, 0)
        if longest and not (longest == _WHOLE and parts.bytes > MAX_EXIF_BYTES):
            body = data[at + 4 : at + 2 + min(length, longest)]
            _segment(kind, body, at + 4, parts, findings)
        at += 2 + length
    findings.warn("The file ends in the middle of its metadata segments; the picture is missing.")
    return 0


def _segment(kind: int, body: bytes, at: int, parts: _Parts, findings: Findings) -> None:
    if kind in (0xE1, 0xED):
        with findings.guard("a metadata segment"):
            parts.add(kind, body, at)
    elif kind in _SIZES and len(body) >= 5:
        height, width = struct.unpack_from(">HH", body, 1)
        findings.offer("width", width or None, 5)
        findings.offer("height", height or None, 5)
    elif kind == 0xFE:
        findings.tag("JPEG", "Comment", decode_text(body))
    elif kind == 0xE0 and body.startswith(b"JFIF\0") and len(body) >= 7:
        findings.tag("JPEG", "JFIFVersion", f"{body[5]}.{body[6]:02d}")


def _extended(properties: XmpProperties, parts: _Parts, findings: Findings) -> None:
    """The extended packet that the main one names; others are not the picture's."""
    name = properties.top.get("xmpNote:HasExtendedXMP", "").encode("ascii", "replace")
    chunks = parts.extended.pop(name, [])
    if not chunks:
        return
    packet = bytearray()
    for offset, chunk in sorted(chunks):
        if offset != len(packet) or len(packet) + len(chunk) > MAX_XMP_BYTES:
            findings.warn("The extended XMP packet is incomplete or too large; it was read in part.")
            break
        packet += chunk
    read_xmp(bytes(packet), findings)


def _photoshop(data: bytes, findings: Findings) -> None:
    resources = photoshop_resources(data, findings)
    if IPTC_RESOURCE in resources:
        read_iptc(resources[IPTC_RESOURCE], findings)
    if EXIF_RESOURCE in resources:
        read_exif(resources[EXIF_RESOURCE], findings, rank=20)
    if XMP_RESOURCE in resources:
        read_xmp(resources[XMP_RESOURCE], findings)
