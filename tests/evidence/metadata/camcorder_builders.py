"""AVCHD streams and WMV files, built from the formats' descriptions."""

from __future__ import annotations

import struct
from datetime import UTC, datetime

from . import builders as b


def record(
    latitude: float, longitude: float, *, zone: int = 4 << 1, letters: bool = True, status: str = "A"
) -> bytes:
    """The MDPM message: tags of four bytes; degrees, minutes and seconds as 16-bit fractions."""

    def degrees(first: int, value: float) -> list[tuple[int, bytes]]:
        hundredths = round(abs(value) * 360_000)
        minutes, rest = divmod(hundredths, 6_000)
        parts = ((minutes // 60, 1), (minutes % 60, 1), (rest, 100))
        return [(first + n, struct.pack(">HH", *part)) for n, part in enumerate(parts)]

    tags = [(0x18, bytes([zone, 0x20, 0x23, 0x09])), (0x19, bytes([0x25, 0x14, 0x03, 0x11]))]
    if letters:
        tags.append((0xB1, (b"S" if latitude < 0 else b"N") + b"\0\0\0"))
    tags += degrees(0xB2, latitude)
    tags.append((0xB5, (b"W" if longitude < 0 else b"E") + b"\0\0\0"))
    tags += degrees(0xB6, longitude)
    tags += [(0xBE, status.encode() + b"\0\0\0"), (0xE0, b"\x01\x08\0\0"), (0xE4, b"HDR-"), (0xE5, b"CX7\0")]
    body = b"".join(bytes([tag]) + value for tag, value in tags)
    identifier = bytes.fromhex("17ee8c60f84d11d98cd60800200c9a66")
    message = identifier + b"MDPM" + bytes([len(tags)]) + body
    escaped, zeros = bytearray(), 0
    for byte in message:  # as H.264 asks: never two zeros and a byte below four
        if zeros >= 2 and byte < 4:
            escaped.append(3)
            zeros = 0
        escaped.append(byte)
        zeros = zeros + 1 if byte == 0 else 0
    return b"\0\0\1\x06\x05" + bytes(escaped) + b"\x80"


def stream(message: bytes, *, step: int = 192) -> bytes:
    """Packets of 188 bytes (192 with the time that AVCHD puts before each), other streams between."""
    picture = b"\0\0\1\xe0\0\0\x80\0\0" + b"\0\0\1\x09\x10" + message + b"\0\0\1\x65" + b"\x55" * 4_000
    packets, first = [], True
    for at in range(0, len(picture), 184):
        part = picture[at : at + 184]
        head = bytes([0x47, 0x50 if first else 0x10, 0x11])
        if len(part) < 184:
            stuffing = 183 - len(part)
            field = bytes([stuffing]) + (b"\0" + b"\xff" * (stuffing - 1) if stuffing else b"")
            packets.append(head + b"\x30" + field + part)
        else:
            packets.append(head + b"\x10" + part)
        packets.append(b"\x47\x11\x00\x10" + b"\xaa" * 184)
        first = False
    return b"".join(b"\0" * (step - 188) + packet for packet in packets)


def asf() -> bytes:
    def item(kind: str, body: bytes) -> bytes:
        return bytes.fromhex(kind) + struct.pack("<Q", len(body) + 24) + body

    created = int((datetime(2023, 9, 25, 10, 3, 11, tzinfo=UTC).timestamp() + 11_644_473_600) * 1e7)
    numbers = struct.pack("<5Q", created, 10, 155_000_000, 125_000_000, 3_000)
    properties = item("a1dcab8c47a9cf118ee400c00c205365", b"\0" * 16 + struct.pack("<Q", 0) + numbers)
    picture = (
        bytes.fromhex("c0ef19bc4d5bcf11a8fd00805f5c442b") + b"\0" * 38 + struct.pack("<II", 1_920, 1_080)
    )
    sound = bytes.fromhex("409e69f84d5bcf11a8fd00805f5c442b") + b"\0" * 38
    kind = "9107dcb7b7a9cf118ee600c00c205365"
    body = properties + item(kind, picture) + item(kind, sound)
    head = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
    return head + struct.pack("<QIH", len(body) + 30, 3, 0x0201) + body


def nikon(latitude: float, longitude: float) -> bytes:
    """The NCDT box of a Nikon video: records in big endian, those of the receiver with EXIF's numbers."""

    def record(tag: int, kind: int, count: int, body: bytes) -> bytes:
        return struct.pack(">IHH", tag, kind, count) + body

    def text(tag: int, value: str) -> bytes:
        return record(tag, 2, len(value) + 1, value.encode() + b"\0")

    def degrees(tag: int, value: float) -> bytes:
        seconds = round(abs(value) * 3_600 * 10_000)
        parts = (seconds // 36_000_000, 1, seconds // 600_000 % 60, 1, seconds % 600_000, 10_000)
        return record(tag, 5, 3, struct.pack(">6I", *parts))

    records = (
        text(0x01, "NIKON CORPORATION")
        + text(0x02, "NIKON Z 6")
        + text(0x12, "2023:09:25 14:03:11")
        + text(0x19, "+04:00")
        + record(0x13, 4, 2, bytes(8))
        + text(0x120_0001, "S" if latitude < 0 else "N")
        + degrees(0x120_0002, latitude)
        + text(0x120_0003, "W" if longitude < 0 else "E")
        + degrees(0x120_0004, longitude)
    )
    return b.box(b"NCDT", b.box(b"NCHD", b"NIKON"), b.box(b"NCTG", records))


def panasonic(block_of_exif: bytes) -> bytes:
    """The PANA box of a Lumix: something like a JPEG behind sixteen bytes."""
    head = b"\xff\xd8\xff\xe1" + struct.pack(">H", len(block_of_exif) + 8) + b"Exif\0\0"
    return b.box(b"PANA", bytes(16), head, block_of_exif)
