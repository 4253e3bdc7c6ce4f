"""Raw photos that are no TIFF files, XMP sidecars and exiv2's container of segments."""

from __future__ import annotations

import struct
from datetime import UTC, datetime, timedelta

from .base import FileTime, TimeBasis
from .bounds import MAX_DEPTH, MAX_EXIF_BYTES, MAX_XMP_BYTES, Data, FileFault, take
from .exif import ExifWalk, read_exif
from .findings import Findings
from .jpeg import read_jpeg
from .tiff import TiffBlock, decode_text
from .xmp import read_xmp

_UNIX_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MAX_CIFF_ENTRIES = 500
_X3F_TIME, _X3F_FIELDS = "TIME", {"CAMMANUF": "camera_make", "CAMMODEL": "camera_model"}


def read_raf(data: Data, findings: Findings) -> None:
    """Fujifilm's raw photos hold a JPEG that carries the metadata."""
    with findings.guard("the RAF"):
        offset, length = struct.unpack_from(">II", data, 84)
        if offset + length > len(data):
            raise FileFault("The file ends in the middle of the embedded JPEG.")
        if data[offset : offset + 2] == b"\xff\xd8":
            read_jpeg(data, findings, offset, is_file=False)


def read_exv(data: Data, findings: Findings) -> None:
    """exiv2's container: the segments of a JPEG behind a signature of seven bytes."""
    read_jpeg(data, findings, start=5)


def read_sidecar(data: Data, findings: Findings) -> None:
    """An XMP file that stands beside a picture."""
    read_xmp(data[: MAX_XMP_BYTES + 1], findings)


def read_mrw(data: Data, findings: Findings) -> None:
    """Minolta's raw photos: blocks of a name and a length, one of which (TTW) is a TIFF."""
    with findings.guard("the MRW"):
        order = ">" if data[:4] == b"\0MRM" else "<"
        end = min(8 + int(struct.unpack_from(order + "I", data, 4)[0]), len(data))
        at = 8
        while at + 8 <= end:
            findings.budget.spend()
            kind, length = struct.unpack_from(order + "4sI", data, at)
            at += 8
            if kind[1:] == b"TTW" and length <= MAX_EXIF_BYTES:
                read_exif(take(data, at, length, "the TIFF block of the MRW"), findings)
            elif kind[1:] == b"PRD" and length >= 16:
                height, width = struct.unpack_from(order + "HH", data, at + 12)
                findings.offer("width", width or None, 5)
                findings.offer("height", height or None, 5)
            at += length


def read_crw(data: Data, findings: Findings) -> None:
    """Canon's first raw format (CIFF): a heap whose directory stands at its end."""
    with findings.guard("the CRW"):
        order = "<" if data[:2] == b"II" else ">"
        (start,) = struct.unpack_from(order + "I", data, 2)
        _heap(data, start, len(data), order, findings, 0)


def _heap(data: Data, start: int, end: int, order: str, findings: Findings, depth: int) -> None:
    if depth > MAX_DEPTH or end - start < 6:
        raise FileFault("The CRW is nested deeper than a real one; the rest was not read.")
    at = start + int(struct.unpack_from(order + "I", data, end - 4)[0])
    if at + 2 > end:
        raise FileFault("The directory of the CRW lies outside of the file.")
    (count,) = struct.unpack_from(order + "H", data, at)
    for index in range(min(count, _MAX_CIFF_ENTRIES)):
        findings.budget.spend()
        tag, size, offset = struct.unpack_from(order + "HII", data, at + 2 + 10 * index)
        place = start + offset
        inline = tag & 0xC000 == 0x4000
        if not inline and place + size > end:
            findings.warn("A value of the CRW lies outside of the file.")
        elif not inline and tag & 0x3800 in (0x2800, 0x3000):
            _heap(data, place, place + size, order, findings, depth + 1)
        elif not inline:
            _heap_value(tag & 0x3FFF, data[place : place + min(size, 1_000)], order, findings)


def _heap_value(tag: int, body: bytes, order: str, findings: Findings) -> None:
    if tag == 0x080A:
        make, _, model = body.partition(b"\0")
        findings.offer("camera_make", decode_text(make), 10)
        findings.offer("camera_model", decode_text(model.partition(b"\0")[0]), 10)
    elif tag == 0x180E and len(body) >= 4:
        _clock(struct.unpack_from(order + "I", body)[0], "CRW TimeStamp", findings)
    elif tag == 0x1810 and len(body) >= 8:
        width, height = struct.unpack_from(order + "II", body)
        findings.offer("width", width or None, 5)
        findings.offer("height", height or None, 5)


def _clock(seconds: int, source: str, findings: Findings) -> None:
    """Seconds since 1970 of the camera's own clock, whose zone is not recorded."""
    findings.tag(source.partition(" ")[0], source.partition(" ")[2], str(seconds))
    if 0 < seconds < 4_294_967_295:
        local = (_UNIX_EPOCH + timedelta(seconds=seconds)).replace(tzinfo=None)
        time = FileTime(local, None, None, TimeBasis.NAIVE_LOCAL, source, str(seconds))
        findings.time(time, "capture", 10)


def read_x3f(data: Data, findings: Findings) -> None:
    """Sigma's raw photos: properties as text, and in later ones a JPEG with EXIF."""
    with findings.guard("the X3F"):
        (at,) = struct.unpack_from("<I", data, len(data) - 4)
        if data[at : at + 4] != b"SECd":
            raise FileFault("The X3F has no directory; it was not read.")
        (count,) = struct.unpack_from("<I", data, at + 8)
        for index in range(min(count, 100)):
            findings.budget.spend()
            offset, length, kind = struct.unpack_from("<II4s", data, at + 12 + 12 * index)
            if kind == b"PROP":
                _properties(take(data, offset, min(length, 1_000_000), "the properties"), findings)
            elif kind == b"IMA2" and length <= MAX_EXIF_BYTES:
                _preview(take(data, offset + 28, max(0, length - 28), "the JPEG of the X3F"), findings)


def _preview(body: bytes, findings: Findings) -> None:
    """Later cameras keep the EXIF in the preview, whose size is not that of the photo."""
    if body.startswith(b"\xff\xd8"):
        jpeg = Findings(findings.budget)
        read_jpeg(body, jpeg)
        findings.take_over(jpeg)


def _properties(body: bytes, findings: Findings) -> None:
    """Pairs of offsets, in characters of UTF-16, of a name and a value."""
    if body[:4] != b"SECp":
        return
    (count,) = struct.unpack_from("<I", body, 8)
    count = min(count, 500)
    text = body[24 + 8 * count :]

    def word(offset: int) -> str:
        return text[2 * offset : 2 * offset + 200].decode("utf-16-le", "replace").partition("\0")[0]

    for index in range(count):
        name, value = map(word, struct.unpack_from("<II", body, 24 + 8 * index))
        findings.tag("X3F", name, value)
        if name == _X3F_TIME and value.isascii() and value.isdigit() and len(value) < 12:
            _clock(int(value), "X3F TIME", findings)
        elif name in _X3F_FIELDS:
            findings.offer(_X3F_FIELDS[name], value, 20)


def read_tiff(data: Data, findings: Findings) -> None:
    """TIFF, BigTIFF and the raw formats that are TIFF inside."""
    with findings.guard("the TIFF"):
        ExifWalk(TiffBlock(data), findings, 10, is_file=True).walk("IFD0")
