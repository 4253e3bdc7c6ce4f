"""Videos with timed tracks of positions, built from the formats' specifications."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from . import builders as b


def timed(codec: bytes, samples: Sequence[bytes], *, scale: int = 1_000, step: int = 1_000) -> bytes:
    """A video whose metadata track holds one sample a second, two samples a chunk, in front of its boxes."""
    head = b.box(b"ftyp", b"mp41\0\0\0\0mp41")
    at, offsets = len(head) + 8, []
    for index, sample in enumerate(samples):
        if index % 2 == 0:
            offsets.append(at)
        at += len(sample)
    chunks = len(offsets)
    runs = [(1, 2, 1)] if len(samples) % 2 == 0 else [(1, 2, 1), (chunks, 1, 1)][chunks == 1 :]
    sizes = struct.pack(f">{len(samples)}I", *map(len, samples))
    stbl = b.box(
        b"stbl",
        b.full_box(b"stsd", struct.pack(">I", 1), b.box(codec, b"\0" * 6 + b"\0\1")),
        b.full_box(b"stts", struct.pack(">III", 1, len(samples), step)),
        b.full_box(b"stsz", struct.pack(">II", 0, len(samples)), sizes),
        b.full_box(b"stsc", struct.pack(">I", len(runs)), *(struct.pack(">III", *run) for run in runs)),
        b.full_box(b"stco", struct.pack(f">I{chunks}I", chunks, *offsets)),
    )
    mdhd = b.full_box(b"mdhd", struct.pack(">IIIIHH", 0, 0, scale, step * len(samples), 0, 0))
    hdlr = b.full_box(b"hdlr", b"\0\0\0\0meta" + b"\0" * 13)
    trak = b.box(b"trak", b.box(b"mdia", mdhd, hdlr, b.box(b"minf", stbl)))
    mvhd = b.full_box(b"mvhd", struct.pack(">IIII", 0, 0, scale, step * len(samples)), b"\0" * 80)
    return head + b.box(b"mdat", *samples) + b.box(b"moov", mvhd, trak)


def klv(key: bytes, kind: str, size: int, values: bytes) -> bytes:
    head = key + struct.pack(">BBH", ord(kind) if kind else 0, size, len(values) // size)
    return head + values + b"\0" * (-len(values) % 4)


def gopro(
    latitude: float, longitude: float, *, fix: int = 3, count: int = 18, utc: str = "230925100311.000"
) -> bytes:
    """One sample of a HERO5 to HERO10, moving north by a millionth of a degree a fix."""
    rows = b"".join(
        struct.pack(">5i", round(latitude * 1e7) + 10 * n, round(longitude * 1e7), 812_500, 1_500, 160)
        for n in range(count)
    )
    stream = (
        klv(b"STNM", "c", 1, b"GPS (Lat., Long., Alt., 2D speed, 3D speed)")
        + klv(b"GPSF", "L", 4, struct.pack(">I", fix))
        + klv(b"GPSU", "U", 16, utc.encode())
        + klv(b"GPSP", "S", 2, struct.pack(">H", 250))
        + klv(b"SCAL", "l", 4, struct.pack(">5i", 10_000_000, 10_000_000, 1_000, 1_000, 100))
        + klv(b"GPS5", "l", 20, rows)
    )
    other = klv(b"STRM", "", 1, klv(b"STNM", "c", 1, b"Gyroscope") + klv(b"GYRO", "s", 6, b"\0" * 600))
    return klv(b"DEVC", "", 1, klv(b"DVID", "L", 4, b"\0\0\0\1") + other + klv(b"STRM", "", 1, stream))


def gopro_9(latitude: float, longitude: float, *, fix: int = 3) -> bytes:
    """One sample of a HERO11 or later: 25 September 2023, 10:03:11 UTC."""
    row = struct.pack(
        ">7i2H",
        round(latitude * 1e7),
        round(longitude * 1e7),
        812_500,
        1_500,
        160,
        8_668,
        36_191_000,
        250,
        fix,
    )
    scales = (10_000_000, 10_000_000, 1_000, 1_000, 100, 1, 1_000, 100, 1)
    stream = (
        klv(b"TYPE", "c", 1, b"lllllllSS")
        + klv(b"SCAL", "l", 4, struct.pack(">9i", *scales))
        + klv(b"GPS9", "?", 32, row * 10)
    )
    return klv(b"DEVC", "", 1, klv(b"STRM", "", 1, stream))


def camm_5(latitude: float, longitude: float) -> bytes:
    return struct.pack("<HH3d", 0, 5, latitude, longitude, 812.5)


def camm_6(latitude: float, longitude: float, *, fix: int = 3) -> bytes:
    position = struct.pack("<diddf", 1_379_671_409.0, fix, latitude, longitude, 812.5)
    return struct.pack("<HH", 0, 6) + position + struct.pack("<6f", 3.0, 4.0, 3.0, 4.0, 0.0, 0.5)


def camm_gyroscope() -> bytes:
    return struct.pack("<HH3f", 0, 2, 0.1, 0.2, 0.3)


def sony(latitude: float, longitude: float, status: bytes = b"A") -> bytes:
    """A sample of Sony's rtmd: a header, a label, a container and the GPS tags of EXIF."""

    def tag(number: int, body: bytes) -> bytes:
        return struct.pack(">HH", number, len(body)) + body

    def degrees(value: float) -> bytes:
        thousandths = round(abs(value) * 3_600_000)
        minutes, rest = divmod(thousandths, 60_000)
        return struct.pack(">6I", minutes // 60, 1, minutes % 60, 1, rest, 1_000)

    label = bytes.fromhex("060e2b340253") + b"\0" * 10
    gps = (
        tag(0x8500, b"\2\2\0\0")
        + tag(0x8501, b"S" if latitude < 0 else b"N")
        + tag(0x8502, degrees(latitude))
        + tag(0x8503, b"W" if longitude < 0 else b"E")
        + tag(0x8504, degrees(longitude))
        + tag(0x8509, status)
    )
    return struct.pack(">H", 0x1C) + b"\0" * 26 + label + struct.pack(">HH", 0x8300, len(gps)) + gps


def nmea(latitude: float, longitude: float, status: str = "A") -> bytes:
    north, east = abs(latitude), abs(longitude)
    sentence = (
        f"$GPRMC,100311.000,{status},{int(north):02d}{north % 1 * 60:07.4f},{'S' if latitude < 0 else 'N'},"
        f"{int(east):03d}{east % 1 * 60:07.4f},{'W' if longitude < 0 else 'E'},10.0,90.5,250923,,,A*00\r\n"
    )
    return _caption(sentence)


def dji(latitude: float, longitude: float) -> bytes:
    return _caption(f"[iso: 100] [latitude: {latitude:.6f}] [longitude: {longitude:.6f}] [rel_alt: 20.1]")


def _caption(line: str) -> bytes:
    return struct.pack(">H", len(line)) + line.encode()


def insta360(*fixes: tuple[float, float], lock: bytes = b"A", letters: bytes = b"") -> bytes:
    """A video with Insta360's trailer: a record of fixes a second apart, and another behind it."""
    rows = b"".join(
        struct.pack("<IIH1s", 1_695_636_191 + n, 0, 500, lock)
        + struct.pack("<d1s", abs(north), letters[:1] or (b"S" if north < 0 else b"N"))
        + struct.pack("<d1s", abs(east), letters[1:] or (b"W" if east < 0 else b"E"))
        + struct.pack("<3d", 1.5, 90.0, 812.5)
        for n, (north, east) in enumerate(fixes)
    )
    records = rows + struct.pack("<HI", 0x700, len(rows)) + b"other" + struct.pack("<HI", 0x101, 5)
    length = len(records) - 6 + 78
    tail = records[-6:] + b"\0" * 32 + struct.pack("<II", length, 3) + b"8db42d694ccc418790edff439fe026bf"
    return b.movie(brand=b"mp42") + records[:-6] + tail


def dji_telemetry(
    latitude: float, longitude: float, protocol: str = "dvtm_Mini4_Pro", path: Sequence[int] = (3, 3, 4, 1)
) -> bytes:
    """One protobuf record; the place in degrees, which field 1 says."""

    def field(number: int, body: bytes) -> bytes:
        return bytes((number << 3 | 2, 0x80 | len(body) & 0x7F, len(body) >> 7)) + body

    body = b"\x08\x01\x11" + struct.pack("<d", latitude) + b"\x19" + struct.pack("<d", longitude)
    for number in reversed(path):
        body = b"\x3a\x02ab" + field(number, body)
    return field(1, field(1, f"{protocol}.proto".encode()) + b"\x10\x01") + body[4:]
