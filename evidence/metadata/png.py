"""PNG chunks: eXIf, raw profiles in text chunks, XMP in iTXt, and the textual keywords."""

from __future__ import annotations

import re
import struct

from .bounds import MAX_EXIF_BYTES, MAX_INFLATED_BYTES, MAX_TEXT_BYTES, Data, FileFault, inflate, take
from .exif import read_exif
from .findings import Findings
from .iptc import read_iptc, read_photoshop
from .tiff import decode_text
from .times import camera_time
from .xmp import read_xmp

_TEXT_CHUNKS = (b"tEXt", b"zTXt", b"iTXt")
_PROFILE = re.compile(rb"\s*[^\n]{1,60}\n\s*(\d{1,9})\s+")


def read_png(data: Data, findings: Findings) -> None:
    """Read all chunks up to IEND; text may stand after the picture."""
    at = 8
    with findings.guard("the PNG"):
        while at + 12 <= len(data):
            findings.budget.spend()
            length, kind = struct.unpack_from(">I4s", data, at)
            if kind == b"IEND":
                return
            if kind in _TEXT_CHUNKS or kind in (b"IHDR", b"eXIf", b"zxIf", b"tIME"):
                if length > MAX_EXIF_BYTES:
                    raise FileFault(
                        "A metadata chunk of the PNG is larger than real ones; the rest is unread."
                    )
                what = f"the chunk {kind.decode()} of the PNG"
                with findings.guard(what):
                    _chunk(kind, take(data, at + 8, length, what), at + 8, findings)
            at += 12 + length
        findings.warn("The file ends in the middle of the picture; a part of it is missing.")


def _chunk(kind: bytes, body: bytes, at: int, findings: Findings) -> None:
    if kind == b"IHDR":
        width, height = struct.unpack_from(">II", body)
        findings.offer("width", width or None, 5)
        findings.offer("height", height or None, 5)
    elif kind == b"eXIf":
        read_exif(body, findings, file_offset=at)
    elif kind == b"zxIf":
        read_exif(inflate(body[5:], "the EXIF chunk of the PNG", findings.budget), findings)
    elif kind == b"tIME":
        year, *rest = struct.unpack_from(">HBBBBB", body)
        text = f"{year:04d}:{rest[0]:02d}:{rest[1]:02d} {rest[2]:02d}:{rest[3]:02d}:{rest[4]:02d}"
        findings.tag("PNG", "ModifyDate", text)
        findings.time(camera_time(text, "", "Z", "PNG tIME"), "change", 94)
    else:
        _text(kind, body, findings)


def _text(kind: bytes, body: bytes, findings: Findings) -> None:
    keyword, _, rest = body.partition(b"\0")
    name = decode_text(keyword[:80])
    if kind == b"zTXt":
        rest = inflate(rest[1:], f"the text {name} of the PNG", findings.budget)
    elif kind == b"iTXt":
        packed, rest = rest[:1], rest[2:]
        rest = rest.partition(b"\0")[2].partition(b"\0")[2]
        if packed == b"\1":
            rest = inflate(rest, f"the text {name} of the PNG", findings.budget)
    if name == "XML:com.adobe.xmp":
        read_xmp(rest, findings)
    elif name.lower().startswith("raw profile type "):
        _profile(name[17:].lower(), rest, findings)
    else:
        _keyword(name, decode_text(rest[:MAX_TEXT_BYTES]), findings)


def _keyword(name: str, text: str, findings: Findings) -> None:
    findings.tag("PNG", name, text)
    if name.lower() in ("creation time", "create-date"):
        findings.time(camera_time(text, "", "", f"PNG {name}"), "capture", 60)
    elif name == "Software":
        findings.program(text, "The PNG text Software", 40)


def _profile(kind: str, text: bytes, findings: Findings) -> None:
    """ImageMagick's raw profiles: a name, a length and hexadecimal digits."""
    if len(text) > MAX_INFLATED_BYTES:
        raise FileFault(f"The raw profile {kind[:40]} of the PNG is larger than a real one; it was not read.")
    head = _PROFILE.match(text[:200])
    if not head:
        raise FileFault(f"The raw profile {kind} of the PNG has no length; it was not read.")
    body = bytes.fromhex(text[head.end() :].rstrip(b"\0").decode("ascii", "replace"))
    if kind in ("exif", "app1"):
        if body.startswith(b"http://ns.adobe.com/xap/1.0/\0"):
            read_xmp(body[29:], findings)
        else:
            read_exif(body, findings)
    elif kind == "xmp":
        read_xmp(body, findings)
    elif kind in ("iptc", "8bim"):
        read_photoshop(body, findings) if body.startswith(b"8BIM") else read_iptc(body, findings)
