"""Recordings of dashcams with known places, in the layouts that exiftool's QuickTimeStream.pl describes.

exiftool 13.59 with ``-ee`` reads the same places out of each of them but those that no table names.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence

from . import builders as b
from . import track_builders as t

GARMIN = bytes.fromhex("9b630f8d637440ec8204bc5ff5091728")


def _minutes(degrees: float) -> float:
    """Degrees and minutes in one number, DDDMM.MMMM."""
    return int(abs(degrees)) * 100 + abs(degrees) % 1 * 60


def _letters(latitude: float, longitude: float) -> tuple[bytes, bytes]:
    return b"S" if latitude < 0 else b"N", b"W" if longitude < 0 else b"E"


def rmc(latitude: float, longitude: float, status: bytes = b"A") -> bytes:
    north, east = _letters(latitude, longitude)
    return b"$GPRMC,100311.000,%s,%09.4f,%s,%010.4f,%s,55.11,125.58,250923,,,A*59\r\n" % (
        status, _minutes(latitude), north, _minutes(longitude), east,
    )  # fmt: skip


def block(*parts: tuple[int, bytes], head: bytes = b"\0\0\x80\0") -> bytes:
    content = bytearray(512)
    content[:12] = head + b"freeGPS "
    for at, value in parts:
        content[at : at + len(value)] = value
    return bytes(content)


def blocks(latitude: float, longitude: float) -> Iterator[tuple[str, bytes]]:
    north, east = _letters(latitude, longitude)
    status = b"A" + north + east + b"\0"
    pair = _minutes(latitude), _minutes(longitude)
    floats = struct.pack("<4f", *pair, 10, 90)
    yield "novatek", block((72, status), (76, floats))
    yield "viofo", block((40, status), (44, floats), head=b"\0\0\x40\0")
    yield "innovv", block((16, status), (20, floats))
    yield "vantrue-s1", block((64, status), (0x5C, struct.pack("<3f", *pair[::-1], 10)))
    short = [(at, struct.pack("<f", value)) for at, value in zip((0x40, 0x48), pair, strict=True)]
    yield "akaso", block((60, b"A"), *short, (0x44, north), (0x4C, east))
    long = [(at, struct.pack("<d", value)) for at, value in zip((0x40, 0x50), pair, strict=True)]
    yield "long", block((60, b"A"), *long, (0x48, north), (0x58, east))
    long = [(at, struct.pack("<d", value)) for at, value in zip((32, 48), pair, strict=True)]
    yield "vantrue-n4", block((28, b"A"), *long, (40, north), (56, east))
    yield "nmea", block((52, b"20230925140311"), (80, b" " + rmc(latitude, longitude)))
    digits = north + b"%08d" % round(pair[0] * 1e4) + east + b"%09d" % round(pair[1] * 1e4)
    clear = b"\0\0XKZD\xfe\xfe20230925140311\x0c" + b"5567GP".ljust(15) + digits + b"00000007"
    yield "azdome", block((18, bytes(byte ^ 0xAA for byte in clear)))
    words = north + b":%.6f " % abs(latitude) + east + b":%.6f 12.3 km/h" % abs(longitude)
    yield "xgody", block((23, b"2023/09/25 10:03:11 " + words))
    row = struct.pack(
        ">HhH4BHBii", 1000, 9000, 2023, 9, 25, 10, 3, 110, 2, round(latitude * 1e7), round(longitude * 1e7)
    )
    yield "nextbase", block((50, row))


def novatek(content: Sequence[bytes], *, listed: bool = True, count: int | None = None) -> bytes:
    """A recording between whose frames the blocks lie; ``count`` is what the table claims."""
    head = b.box(b"ftyp", b"isom\0\0\0\0isom")
    at, places, media = len(head) + 8, [], b""
    for each in content:
        media += b"\1" * 50
        places.append((at + len(media), len(each)))
        media += each
    rows = b"".join(struct.pack(">II", *place) for place in places)
    table = b.box(b"gps ", struct.pack(">II", 0x101, len(places) if count is None else count), rows)
    mvhd = b.full_box(b"mvhd", struct.pack(">IIII", 0, 0, 1_000, 3_000), bytes(80))
    return head + b.box(b"mdat", media) + b.box(b"moov", mvhd, table if listed else b"")


def _texts(latitude: float, longitude: float) -> Iterator[tuple[str, bytes]]:
    north, east = _letters(latitude, longitude)
    pair = _minutes(latitude), _minutes(longitude)
    sentence = rmc(latitude, longitude)
    yield "rmc", sentence
    yield "thinkware", b"gsensori,4,512,-67,-12,100;" + sentence[1:].rstrip() + b";\nCAR,0,0"
    yield "dji", b"F/3.5, SS 1000, ISO 100, EV 0, GPS (%.6f, %.6f, 18), D 24.26m" % (longitude, latitude)
    words = (east, abs(longitude), north, abs(latitude))
    yield "autel", b"HOME(W: 109.318642, N: 40.769371)\nGPS(%s: %.6f, %s: %.6f, 2371.76m)\n" % words
    written = (pair[0], north, pair[1], east)
    yield "mini", b"A,250923,100311.000,%09.4f,%s,%010.4f,%s,000.0,331.0M,+01.84;\n" % written
    yield "gga", b"$GPGGA,100311.000,%09.4f,%s,%010.4f,%s,1,08,0.9,100.0,M,,,,*47\r\n" % written


def recordings(latitude: float, longitude: float) -> Iterator[tuple[str, bytes]]:
    """Name and content of every kind of recording, at one place."""
    found = dict(blocks(latitude, longitude))
    for name, content in found.items():
        yield name, novatek([content] * 3)
    yield "unlisted", novatek([found["novatek"]] * 3, listed=False)
    for name, text in _texts(latitude, longitude):
        yield f"text-{name}", t.timed(b"text", [struct.pack(">H", len(text)) + text] * 3)
    movie = b.movie(brand=b"isom")
    north, east = _letters(latitude, longitude)
    pair = _minutes(latitude), _minutes(longitude)
    signed = [
        -part if degrees < 0 else part for part, degrees in zip(pair, (latitude, longitude), strict=True)
    ]
    row = struct.pack("<2diH", *signed, 100, 36) + bytes((23, 9, 25, 10, 3, 11, 45, 1, 1, 0))
    yield "gps0", movie + b.box(b"gps0", row * 3)
    row = struct.pack("<4IcIcI10x", 1, 1, 5, 1000, north, round(pair[0] * 1e3), east, round(pair[1] * 1e3))
    yield "70mai", movie + b.box(b"GPS ", row * 3 + bytes(36))
    halves = [round(degrees / 180 * 2**31) for degrees in (latitude, longitude)]
    row = struct.pack(">IH6xii", 3_778_000_000, 30, *halves)
    yield "garmin", b.movie(extra=b.box(b"uuid", GARMIN, bytes(17), row * 3), brand=b"isom")
    yield "log", movie + b.box(b"udat", rmc(latitude, longitude) * 3)
