"""Tags of MP4 and MOV: QuickTime user data, Keys, iTunes lists and 3GPP location boxes."""

from __future__ import annotations

import struct

from .base import FilePosition, TimeBasis
from .bounds import MAX_TEXT_BYTES, MAX_XMP_BYTES, PARTS_OF_A_TEXT, Data
from .boxes import Box, boxes, name_of
from .findings import Findings
from .gps import iso_6709, join, signed_axis
from .tiff import decode_text
from .times import camera_time, utc_text
from .xmp import read_xmp

XYZ_RANK, KEYS_RANK, ILST_RANK, LOCI_RANK = 10, 12, 15, 60
_APPLE = "com.apple.quicktime."
_MAX_KEYS = 1_000
# User data without QuickTime's length and language: Canon, Samsung, Sony and dashcams.
_PLAIN_TEXTS = {
    b"date": "date", b"IDIT": "date", b"manu": "make", b"modl": "model", b"cmnm": "model",
}  # fmt: skip


def read_user_data(data: Data, box: Box, findings: Findings) -> None:
    """One box of udta: ©xyz, ©day and their like, loci, XMP_."""
    with findings.guard("the user data of the video"):
        if box.kind == b"loci":
            findings.position(_loci(data[box.start : min(box.end, box.start + 4096)]), LOCI_RANK)
        elif box.kind == b"XMP_":
            read_xmp(data[box.start : min(box.end, box.start + MAX_XMP_BYTES + 1)], findings)
        elif box.kind in _PLAIN_TEXTS:
            text = _plain_text(data[box.start : min(box.end, box.start + MAX_TEXT_BYTES)])
            _tag(_PLAIN_TEXTS[box.kind], text, "QuickTime", XYZ_RANK, findings)
        elif box.kind[:1] == b"\xa9" or box.kind == b"@xyz":
            text = _international_text(data[box.start : min(box.end, box.start + MAX_TEXT_BYTES)])
            if text:
                _tag(name_of(box.kind).replace("@", "©"), text, "QuickTime", XYZ_RANK, findings)


def _plain_text(body: bytes) -> str:
    """Text up to the first NUL; some writers put four NULs and a language before it."""
    if body.startswith(b"\0\0\0\0"):
        body = body[6:]
    return decode_text(body.partition(b"\0")[0])


def _international_text(body: bytes) -> str:
    """QuickTime's length, language and text; some writers leave the first two out or wrap a data box."""
    if body[4:8] == b"data":
        return decode_text(body[16:])
    if len(body) >= 4:
        length = int.from_bytes(body[:2], "big")
        if 0 < length <= len(body) - 4:
            return decode_text(body[4 : 4 + length])
    return decode_text(body) if body[:1] in (b"+", b"-") else decode_text(body[4:])


def _loci(body: bytes) -> FilePosition | None:
    """3GPP TS 26.244: name, role, then longitude, latitude and altitude as 16.16 fixed point."""
    wide = body[6:8] in (b"\xfe\xff", b"\xff\xfe")
    if wide:
        stop = next((at for at in range(6, len(body) - 1, 2) if body[at : at + 2] == b"\0\0"), -2) + 2
    else:
        stop = body.find(b"\0", 6) + 1
    if stop <= 0:
        return None
    longitude, latitude, altitude = (part / 65_536 for part in struct.unpack_from(">iii", body, stop + 1))
    return join(
        signed_axis(latitude, 90),
        signed_axis(longitude, 180),
        "3GPP loci",
        f"{latitude:.5f} {longitude:.5f} {altitude:.2f}",
        altitude_m=altitude,
    )


def read_keys(data: Data, box: Box, findings: Findings) -> list[str]:
    """The names that an item list refers to by number, from 1."""
    names = []
    for key in boxes(data, box.start + 8, box.end, findings):
        names.append(decode_text(data[key.start : min(key.end, key.start + 300)]))
        if len(names) >= _MAX_KEYS:
            break
    return names


def read_item_list(data: Data, box: Box, names: list[str], findings: Findings) -> None:
    """The values of Keys (``names`` given) or of an iTunes list."""
    for item in boxes(data, box.start, box.end, findings):
        with findings.guard("the item list of the video"):
            number = int.from_bytes(item.kind, "big")
            name = names[number - 1] if 0 < number <= len(names) else name_of(item.kind)
            for child in boxes(data, item.start, item.end, findings):
                if child.kind == b"data":
                    text = _data_text(data[child.start : min(child.end, child.start + MAX_TEXT_BYTES)])
                    group = "QuickTime Keys" if names else "QuickTime ilst"
                    _tag(name, text, group, KEYS_RANK if names else ILST_RANK, findings)
                elif child.kind in (b"mean", b"name") and not names:
                    name = decode_text(data[child.start + 4 : min(child.end, child.start + 300)])


def _data_text(body: bytes) -> str:
    """A data box: type, locale, value."""
    if len(body) < 8:
        return ""
    kind, value = int.from_bytes(body[:4], "big"), body[8:]
    if kind == 23 and len(value) == 4:
        return str(struct.unpack(">f", value)[0])
    if kind == 24 and len(value) == 8:
        return str(struct.unpack(">d", value)[0])
    if kind in (21, 22) and len(value) <= 8:
        return str(int.from_bytes(value, "big", signed=kind == 21))
    if kind == 2:
        return value.decode("utf-16-be", "replace").replace("\0", " ").strip()
    return decode_text(value) if kind in (0, 1) else f"({len(value)} bytes)"


def _tag(name: str, text: str, group: str, rank: int, findings: Findings) -> None:
    """One named text, whatever the list it stood in."""
    findings.budget.spend(PARTS_OF_A_TEXT)
    findings.tag(group, name, text)
    short = name.removeprefix(_APPLE).removeprefix("com.android.")
    if short in ("©xyz", "location.ISO6709", "location"):
        label = "QuickTime ©xyz" if group == "QuickTime" else group
        findings.position(iso_6709(text, label), rank)
    elif short in ("creationdate", "©day", "date", "creation_time"):
        _date(short, text, group, findings)
    elif short == "location.accuracy.horizontal":
        _accuracy(text, findings)
    else:
        _plain(short, text, findings)


def _date(short: str, text: str, group: str, findings: Findings) -> None:
    source = f"{group} {short}"
    if text.rstrip("\0 ").endswith("Z"):
        findings.time(utc_text(text, source), "capture", 25)
    else:
        rank = {"date": 7, "creationdate": 8}.get(short, 12)
        time = camera_time(text, "", "", source)
        findings.time(time, "capture", rank if time and time.basis is TimeBasis.OFFSET_TAG else rank + 8)


def _accuracy(text: str, findings: Findings) -> None:
    """Metres around the position in Keys, which may stand before or after it in the list."""
    try:
        metres = float(text)
    except ValueError:
        return
    if 0 < metres < 1e6:
        findings.keys_error_m = metres


_FIELDS = {
    "make": "camera_make", "©mak": "camera_make", "manufacturer": "camera_make", "model": "camera_model",
    "©mod": "camera_model", "content.identifier": "content_identifier", "camera.lens_model": "lens",
}  # fmt: skip


def _plain(short: str, text: str, findings: Findings) -> None:
    if short in _FIELDS:
        findings.offer(_FIELDS[short], text.strip(), 15)
    elif short in ("software", "©swr", "©too", "©enc"):
        findings.program(text.strip(), f"The field {short}", 15 if short in ("software", "©swr") else 40)
    elif short == "direction.facing":
        degrees = text.strip()
        if degrees.replace(".", "", 1).isdigit() and degrees.isascii() and float(degrees) <= 360:
            findings.offer("heading_deg", float(degrees) % 360, 15)
