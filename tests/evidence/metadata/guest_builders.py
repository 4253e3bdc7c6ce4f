"""Containers in which metadata is a guest, and the headers of old cameras, with known values."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from . import builders as b


def kyocera(date: str) -> bytes:
    head = bytearray(160)
    for place, length, text in ((0x0C, 12, "N DIGITAL"), (0x19, 7, "KYOCERA"), (0x21, 20, date)):
        head[place : place + length] = text.encode().ljust(length, b"\0")[::-1]
    return bytes(head)


def pmp(year: int) -> bytes:
    head = bytearray(124)
    head[8:12] = b"\0\0\0\x7c"
    head[76:82] = bytes((year % 100, 9, 1, 20, 19, 57))
    return bytes(head) + b"\xff\xd8\xff\xdb" + b"\0\x04\0\0" + b.jpeg()[2:]


def photo_cd(seconds: int) -> bytes:
    return bytes(2048) + (b"PCD_IPI".ljust(13, b"\0") + struct.pack(">I", seconds)).ljust(2048, b"\0")


def fpf(parts: Sequence[int]) -> bytes:
    head = bytearray(892)
    head[:24] = b"FPF Public Image Format\0"
    struct.pack_into("<HH", head, 0x2C, 160, 120)
    struct.pack_into("<7I", head, 0x248, *parts)
    return bytes(head)


def lytro(zulu: str) -> bytes:
    body = b'{"devices": {"clock": {"zuluTime": "' + zulu.encode() + b'"}}}'
    segment = b"\x89LFM\r\n\x1a\n" + struct.pack(">II", 0, len(body)) + bytes(80) + body
    return b"\x89LFP\r\n\x1a\n" + struct.pack(">II", 1, 0) + segment + bytes(-len(body) % 16)


def red(*texts: tuple[int, str]) -> bytes:
    fields = b"".join(
        struct.pack(">HH", 4 + len(text) + 1, tag) + text.encode() + b"\0" for tag, text in texts
    )
    head = bytearray(0x44)
    head[4:8] = b"RED2"
    head[0x40] = 1
    rdi = struct.pack(">8sII8x", b"rdi\x01", 4096, 2160)
    size = len(head) + len(rdi) + 2 + len(fields)
    struct.pack_into(">I", head, 0, size)
    return bytes(head) + rdi + struct.pack(">H", len(fields)) + fields


def dv(date: bytes, clock: bytes) -> bytes:
    blocks = [bytearray(80) for _ in range(6)]
    blocks[0][:4] = b"\x1f\x07\0\xbf"
    blocks[3][:3] = b"\x56\x07\0"
    blocks[3][3 : 3 + 75] = b"\xff" * 75
    blocks[3][13:23] = b"\x62" + date + b"\x63" + clock
    return b"".join(blocks)


def eps(packet: bytes, resources: bytes = b"") -> bytes:
    lines = [
        b"%!PS-Adobe-3.0 EPSF-3.0",
        b"%%Creator: Adobe Photoshop",
        b"%%CreationDate: 2001:02:03 04:05:06",
    ]
    if resources:
        lines += [b"%BeginPhotoshop: 99"]
        text = resources.hex().encode()
        lines += [b"% " + text[at : at + 60] for at in range(0, len(text), 60)] + [b"%EndPhotoshop"]
    return b"\n".join([*lines, packet, b"%%EOF"])


def photoshop_exif(block: bytes) -> bytes:
    return b"8BIM" + struct.pack(">HHI", 0x0422, 0, len(block)) + block + bytes(len(block) % 2)


def pgf(guest: bytes) -> bytes:
    return b"PGF6" + struct.pack("<III8x", 16 + len(guest), 64, 48) + guest


def bpg(block: bytes, packet: bytes) -> bytes:
    parts = b"".join(
        bytes((kind, 0x80 | len(body) >> 7, len(body) & 0x7F)) + body
        for kind, body in ((1, block), (3, packet))
    )
    return b"BPG\xfb\0\x08\x40\x30\0" + bytes((0x80 | len(parts) >> 7, len(parts) & 0x7F)) + parts


def psp(seconds: int) -> bytes:
    size = struct.pack("<III", 12, 64, 48)
    creator = b"~FL\0" + struct.pack("<HII", 1, 4, seconds)
    blocks = b"".join(
        b"~BK\0" + struct.pack("<HI", kind, len(body)) + body for kind, body in ((0, size), (1, creator))
    )
    return b"Paint Shop Pro Image File\n\x1a\0\0\0\0\0" + struct.pack("<HH", 10, 0) + blocks


def mie(block: bytes, original: str) -> bytes:
    def value(kind: int, name: bytes, body: bytes) -> bytes:
        long = len(body) > 252
        size = struct.pack(">H", len(body)) if long else b""
        return bytes((0x7E, kind, len(name), 0xFF if long else len(body))) + name + size + body

    end = b"~\0\0\0"
    document = value(0x10, b"Document", b"") + value(0x20, b"OriginalDate", original.encode()) + end
    return (
        b"~\x10\x04\xfe0MIE"
        + bytes(4)
        + value(0x10, b"Meta", b"")
        + document
        + value(0, b"EXIF", block)
        + end
    )


def mxf(date: bytes, xml: bytes = b"") -> bytes:
    def klv(key: str, body: bytes) -> bytes:
        return bytes.fromhex(key) + b"\x83" + len(body).to_bytes(3, "big") + body

    partition = klv("060e2b34020501010d01020101020400", bytes(88))
    package = klv(
        "060e2b34025301010d01010101013600",
        struct.pack(">HH16s", 0x3C0A, 16, bytes(16)) + struct.pack(">HH", 0x4405, 8) + date,
    )
    picture = klv(
        "060e2b34025301010d01010101012800", struct.pack(">HHIHHI", 0x3203, 4, 1920, 0x3202, 4, 1080)
    )
    beside = klv("060e2b34010101010e06010103000000", xml) if xml else b""
    return partition + package + picture + beside


def thermal(seconds: int, thousandths: int, west_min: int, place: tuple[float, float] = (0, 0)) -> bytes:
    """FLIR's record in an APP1 segment: two entries, the camera's and the receiver's, in little endian."""
    camera = bytearray(0x390)
    camera[0:2] = b"\x02\0"
    struct.pack_into("<IIh", camera, 0x384, seconds, thousandths, west_min)
    letters = b"S" if place[0] < 0 else b"N", b"W" if place[1] < 0 else b"E"
    receiver = struct.pack("<I4xcxcx4xdd", int(any(place)), *letters, *place)
    head = b"FFF\0".ljust(0x14, b"\0") + struct.pack(">III", 101, 64, 2).ljust(44, b"\0")
    entries = b"".join(
        struct.pack(">H10xII", kind, at, len(body)).ljust(32, b"\0")
        for kind, at, body in ((0x20, 128, camera), (0x2B, 128 + len(camera), receiver))
    )
    return b.segment(0xE1, b"FLIR\0\x01\0\0" + head + entries + bytes(camera) + receiver)


def casio(date: str) -> bytes:
    return b.segment(0xE1, b"QVCI\0".ljust(0x4D, b"\0") + date.encode().ljust(20, b"\0") + bytes(40))
