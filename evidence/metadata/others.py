"""Smaller walkers: JPEG XL, JPEG 2000, GIF and Photoshop documents."""

from __future__ import annotations

import struct

from .bounds import MAX_EXIF_BYTES, MAX_TABLE_BYTES, MAX_TEXT_BYTES, MAX_XMP_BYTES, Data, FileFault
from .boxes import boxes
from .exif import read_exif
from .findings import Findings
from .iptc import EXIF_RESOURCE, IPTC_RESOURCE, XMP_RESOURCE, photoshop_resources, read_iptc
from .tiff import decode_text
from .xmp import read_xmp

_MAX_GIF_BLOCKS = 200_000  # of 255 bytes each, in one picture
_XMP_UUID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_IPTC_UUID = bytes.fromhex("33c7a4d2b81d4723a0baf1a3e097ad38")
_EXIF_UUIDS = (bytes.fromhex("0537cdab9d0c4431a72afa561f2a113e"), b"JpgTiffExif->JP2")


def read_jxl(data: Data, findings: Findings) -> None:
    """JPEG XL: a bare codestream holds no metadata, the boxed form does."""
    with findings.guard("the JPEG XL"):
        if data[:2] == b"\xff\x0a":
            _jxl_size(data[:16], findings)
            return
        for box in boxes(data, 0, len(data), findings):
            body = data[box.start : min(box.end, box.start + MAX_XMP_BYTES + 1)]
            if box.kind == b"Exif":
                (skip,) = struct.unpack_from(">I", body)
                read_exif(body, findings, start=4 + skip)
            elif box.kind == b"xml ":
                read_xmp(body, findings)
            elif box.kind == b"brob" and body[:4] in (b"Exif", b"xml "):
                findings.warn("The file holds Brotli-compressed metadata, which this reader does not unpack.")
            elif box.kind in (b"jxlc", b"jxlp"):
                _jxl_size(body[4:20] if box.kind == b"jxlp" else body[:16], findings)


def _jxl_size(head: bytes, findings: Findings) -> None:
    """The size header: bits from the lowest on (ISO/IEC 18181-1, annex D)."""
    if head[:2] != b"\xff\x0a":
        return
    bits = int.from_bytes(head[2:], "little")

    def take_bits(count: int) -> int:
        nonlocal bits
        value = bits & ((1 << count) - 1)
        bits >>= count
        return value

    def side(small: bool) -> int:
        return (take_bits(5) + 1) * 8 if small else take_bits((9, 13, 18, 30)[take_bits(2)]) + 1

    small = bool(take_bits(1))
    height = side(small)
    ratio = take_bits(3)
    parts = ((1, 1), (12, 10), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1))
    width = height * parts[ratio - 1][0] // parts[ratio - 1][1] if ratio else side(small)
    findings.offer("width", width)
    findings.offer("height", height)


def read_jp2(data: Data, findings: Findings) -> None:
    """JPEG 2000: size in the header box, EXIF and XMP in uuid boxes."""
    with findings.guard("the JPEG 2000"):
        for box in boxes(data, 0, len(data), findings):
            length = box.end - box.start
            if box.kind == b"jp2h" and data[box.start + 4 : box.start + 8] == b"ihdr":
                height, width = struct.unpack_from(">II", data, box.start + 8)
                findings.offer("height", height)
                findings.offer("width", width)
            elif box.uuid == _XMP_UUID or (
                box.kind == b"xml " and _is_xmp(data[box.start : box.start + 512])
            ):
                read_xmp(data[box.start : box.start + min(length, MAX_XMP_BYTES + 1)], findings)
            elif box.uuid == _IPTC_UUID and length <= MAX_TABLE_BYTES:
                read_iptc(data[box.start : box.end], findings)
            elif box.uuid in _EXIF_UUIDS and length <= MAX_EXIF_BYTES:
                read_exif(data[box.start : box.end], findings)


def _is_xmp(head: bytes) -> bool:
    """JPEG 2000 keeps any XML in its xml boxes; only XMP is read as such."""
    return b"<x:xmpmeta" in head or b"<rdf:RDF" in head


def read_psd(data: Data, findings: Findings) -> None:
    """Photoshop documents: the image resources after the colour table."""
    with findings.guard("the Photoshop document"):
        height, width = struct.unpack_from(">II", data, 14)
        findings.offer("height", height)
        findings.offer("width", width)
        (colours,) = struct.unpack_from(">I", data, 26)
        (length,) = struct.unpack_from(">I", data, 30 + colours)
        start = 34 + colours
        if start + length > len(data):
            findings.warn("The file ends in the middle of the image resources.")
        resources = photoshop_resources(data, findings, start, min(start + length, len(data)))
        if EXIF_RESOURCE in resources:
            read_exif(resources[EXIF_RESOURCE], findings)
        if XMP_RESOURCE in resources:
            read_xmp(resources[XMP_RESOURCE], findings)
        if IPTC_RESOURCE in resources:
            read_iptc(resources[IPTC_RESOURCE], findings)


def read_gif(data: Data, findings: Findings) -> None:
    """GIF: size, comments, XMP and how long an animation runs."""
    frames = hundredths = 0
    with findings.guard("the GIF"):
        width, height, flags = struct.unpack_from("<HHB", data, 6)
        findings.offer("width", width or None)
        findings.offer("height", height or None)
        at = 13 + (3 << (flags & 7) + 1 if flags & 0x80 else 0)
        while data[at] != 0x3B:
            findings.budget.spend()
            if data[at] == 0x2C:
                frames += 1
                local = data[at + 9]
                at = _skip_blocks(data, at + 11 + (3 << (local & 7) + 1 if local & 0x80 else 0), findings)
            elif data[at] == 0x21:
                if data[at + 1] == 0xF9:
                    hundredths += int.from_bytes(data[at + 4 : at + 6], "little")
                at = _gif_extension(data, at, findings)
            else:
                raise FileFault("The GIF holds a block of an unknown kind; the rest was not read.")
        if frames > 1:
            findings.offer("duration_s", hundredths / 100 or None)


def _gif_extension(data: Data, at: int, findings: Findings) -> int:
    kind = data[at + 1]
    if kind == 0xFF and data[at + 3 : at + 14] == b"XMP DataXMP":
        end = data.find(b"\x01\xff\xfe", at, at + MAX_XMP_BYTES)
        if end < 0:
            raise FileFault("The file ends in the middle of the XMP packet.")
        read_xmp(data[at + 14 : end], findings)
        return end + 258
    if kind == 0xFE:
        length = data[at + 2]
        findings.tag("GIF", "Comment", decode_text(data[at + 3 : at + 3 + min(length, MAX_TEXT_BYTES)]))
    return _skip_blocks(data, at + 2, findings)


def _skip_blocks(data: Data, at: int, findings: Findings) -> int:
    """Past a chain of sub-blocks, each a length and so many bytes."""
    for number in range(_MAX_GIF_BLOCKS):
        if number % 10_000 == 9_999:
            findings.budget.release()
        length = data[at]
        at += 1 + length
        if length == 0:
            findings.budget.spend(number // 100)
            return at
    raise FileFault("A picture of the GIF is larger than a real one; the rest was not read.")
