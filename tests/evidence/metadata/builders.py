"""Files with known values, built byte by byte from the formats' specifications, independent of the reader."""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple


class Field(NamedTuple):
    kind: int
    values: bytes | tuple[float, ...] | tuple[int, ...]


_CODES = {1: "B", 2: "s", 3: "H", 4: "I", 5: "I", 7: "s", 10: "i", 11: "f", 12: "d", 13: "I", 16: "Q"}


def text(value: str) -> Field:
    return Field(2, value.encode() + b"\0")


def shorts(*values: int) -> Field:
    return Field(3, values)


def longs(*values: int) -> Field:
    return Field(4, values)


def doubles(*values: float) -> Field:
    return Field(12, values)


def raw(value: bytes) -> Field:
    return Field(7, value)


def byte(*values: int) -> Field:
    return Field(1, values)


def rationals(*values: tuple[int, int]) -> Field:
    return Field(5, tuple(part for value in values for part in value))


def dms(degrees: float) -> Field:
    """Degrees, minutes and seconds to 1/10,000 of a second, which is 3 mm."""
    ten_thousandths = round(abs(degrees) * 3600 * 10_000)
    minutes, seconds = divmod(ten_thousandths, 60 * 10_000)
    return rationals((minutes // 60, 1), (minutes % 60, 1), (seconds, 10_000))


def gps_fields(latitude: float, longitude: float, **more: Field) -> dict[int, Field]:
    names = {
        "direction_ref": 0x10,
        "direction": 0x11,
        "date": 0x1D,
        "clock": 0x07,
        "altitude_ref": 5,
        "altitude": 6,
    }
    names |= {"error": 0x1F, "dop": 0x0B, "speed_ref": 0x0C, "speed": 0x0D, "datum": 0x12, "status": 0x09}
    fields = {
        0: byte(2, 3, 0, 0),
        1: text("S" if latitude < 0 else "N"),
        2: dms(latitude),
        3: text("W" if longitude < 0 else "E"),
        4: dms(longitude),
    }
    return fields | {names[name]: field for name, field in more.items()}


def tiff(
    image: Mapping[int, Field],
    exif: Mapping[int, Field] | None = None,
    gps: Mapping[int, Field] | None = None,
    *,
    order: str = "<",
    big: bool = False,
) -> bytes:
    """A TIFF block with IFD0 and, when given, the Exif and GPS directories."""
    head = 16 if big else 8
    block = bytearray((b"II" if order == "<" else b"MM") + struct.pack(order + "H", 43 if big else 42))
    block += struct.pack(order + ("HHQ" if big else "I"), *((8, 0, 16) if big else (8,)))
    image = dict(image)
    if exif is not None:
        image[0x8769] = longs(0)
    if gps is not None:
        image[0x8825] = longs(0)
    sizes = _directory(image, head, order, big)
    at = head + len(sizes)
    for tag, fields in ((0x8769, exif), (0x8825, gps)):
        if fields is not None:
            image[tag] = longs(at)
            at += len(_directory(fields, at, order, big))
    block += _directory(image, head, order, big)
    for fields in (exif, gps):
        if fields is not None:
            block += _directory(fields, len(block), order, big)
    return bytes(block)


def _directory(fields: Mapping[int, Field], at: int, order: str, big: bool) -> bytes:
    count_code, entry_code, inline = ("Q", "HHQ", 8) if big else ("H", "HHI", 4)
    entry_length = 20 if big else 12
    count_length = 8 if big else 2
    values_at = at + count_length + entry_length * len(fields) + inline
    entries, values = bytearray(struct.pack(order + count_code, len(fields))), bytearray()
    for tag, field in sorted(fields.items()):
        packed = _packed(field, order)
        count = len(field.values) // (2 if field.kind in (5, 10) else 1)
        entries += struct.pack(order + entry_code, tag, field.kind, count)
        if len(packed) <= inline:
            entries += packed.ljust(inline, b"\0")
        else:
            entries += struct.pack(order + ("Q" if big else "I"), values_at + len(values))
            values += packed + b"\0" * (len(packed) % 2)
    return bytes(entries + b"\0" * inline + values)


def _packed(field: Field, order: str) -> bytes:
    if isinstance(field.values, bytes):
        return field.values
    return struct.pack(f"{order}{len(field.values)}{_CODES[field.kind]}", *field.values)


def with_thumbnail(block: bytes, thumbnail: bytes) -> bytes:
    """The TIFF block with a second directory that names a JPEG behind it."""
    (count,) = struct.unpack_from("<H", block, 8)
    at = 10 + 12 * count
    directory = struct.pack("<H", 2)
    place = len(block) + 2 + 24 + 4
    directory += struct.pack("<HHIIHHII", 0x201, 4, 1, place, 0x202, 4, 1, len(thumbnail)) + b"\0" * 4
    return block[:at] + struct.pack("<I", len(block)) + block[at + 4 :] + directory + thumbnail


def camera_fields(make: str = "Apple", model: str = "iPhone 12") -> dict[int, Field]:
    return {0x010F: text(make), 0x0110: text(model), 0x0112: shorts(6), 0x0131: text("17.0.1")}


def time_fields(local: str = "2023:09:25 14:03:11", offset: str | None = "+04:00") -> dict[int, Field]:
    fields = {0x9003: text(local)}
    if offset is not None:
        fields[0x9011] = text(offset)
    return fields


# --- pictures ---


def segment(kind: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, kind, len(body) + 2) + body


def jpeg(*segments: bytes, width: int = 64, height: int = 48) -> bytes:
    """A JPEG whose segments are right and whose picture is only a marker."""
    frame = segment(0xC0, struct.pack(">BHHB", 8, height, width, 1) + b"\1\x11\0")
    scan = segment(0xDA, b"\1\1\0\0\x3f\0") + b"\0" * 40
    return b"\xff\xd8" + b"".join(segments) + frame + scan + b"\xff\xd9"


def exif_segment(block: bytes) -> bytes:
    return segment(0xE1, b"Exif\0\0" + block)


def xmp_segment(packet: bytes) -> bytes:
    return segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + packet)


def extended_xmp_segments(packet: bytes, step: int = 200) -> tuple[str, list[bytes]]:
    """The packet's name (its MD5) and its segments."""
    name = hashlib.md5(packet).hexdigest().upper()
    head = b"http://ns.adobe.com/xmp/extension/\0" + name.encode()
    parts = [
        segment(0xE1, head + struct.pack(">II", len(packet), at) + packet[at : at + step])
        for at in range(0, len(packet), step)
    ]
    return name, parts


def iptc_segment(records: Sequence[tuple[int, bytes]]) -> bytes:
    record = b"".join(struct.pack(">BBBH", 0x1C, 2, number, len(body)) + body for number, body in records)
    resource = b"8BIM" + struct.pack(">H", 0x0404) + b"\0\0" + struct.pack(">I", len(record)) + record
    return segment(0xED, b"Photoshop 3.0\0" + resource + b"\0" * (len(record) % 2))


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(*chunks: bytes, width: int = 64, height: int = 48) -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(b"\0" * (width + 1) * height))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + pixels + chunk(b"IEND", b"")


def raw_profile(kind: str, body: bytes) -> bytes:
    digits = body.hex()
    lines = "\n".join(digits[at : at + 72] for at in range(0, len(digits), 72))
    profile = f"\n{kind}\n{len(body):8d}\n{lines}\n".encode()
    return chunk(b"zTXt", f"Raw profile type {kind}".encode() + b"\0\0" + zlib.compress(profile))


def png_xmp(packet: bytes) -> bytes:
    return chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + packet)


def webp(*chunks: tuple[bytes, bytes], width: int = 64, height: int = 48) -> bytes:
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    parts = [
        (b"VP8X", b"\x0c\0\0\0" + size),
        (b"VP8L", b"\x2f" + struct.pack("<I", width - 1 | height - 1 << 14)),
        *chunks,
    ]
    body = b"".join(
        kind + struct.pack("<I", len(each)) + each + b"\0" * (len(each) % 2) for kind, each in parts
    )
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def gif(packet: bytes) -> bytes:
    magic_trailer = b"\x01" + bytes(range(255, -1, -1)) + b"\0"
    extension = b"\x21\xff\x0bXMP DataXMP" + packet + magic_trailer
    return b"GIF89a" + struct.pack("<HHBBB", 64, 48, 0, 0, 0) + extension + b"\x3b"


# --- boxes ---


def box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I", len(body) + 8) + kind + body


def full_box(kind: bytes, *parts: bytes, version: int = 0, flags: int = 0) -> bytes:
    return box(kind, struct.pack(">I", version << 24 | flags), *parts)


def heif(
    exif: bytes | None = None, xmp: bytes | None = None, *, brand: bytes = b"heic", in_idat: bool = False
) -> bytes:
    """A picture of 4032 x 3024 with a coded item and, when given, an EXIF and an XMP item."""
    contents = [b"\0" * 100]
    infos = [full_box(b"infe", struct.pack(">HH4s", 1, 0, b"hvc1") + b"\0", version=2)]
    if exif is not None:
        contents.append(struct.pack(">I", 6) + b"Exif\0\0" + exif)
        infos.append(full_box(b"infe", struct.pack(">HH4s", 2, 0, b"Exif") + b"\0", version=2))
    if xmp is not None:
        contents.append(xmp)
        info = struct.pack(">HH4s", len(contents), 0, b"mime") + b"\0application/rdf+xml\0"
        infos.append(full_box(b"infe", info, version=2))
    ftyp = box(b"ftyp", brand + struct.pack(">I", 0) + b"mif1" + brand)
    size = full_box(b"ispe", struct.pack(">II", 4032, 3024))
    thumbnail = full_box(b"ispe", struct.pack(">II", 8000, 8000))
    links = full_box(b"ipma", struct.pack(">IHBB", 1, 1, 1, 0x82))
    properties = box(b"iprp", box(b"ipco", thumbnail, size), links)

    def meta(base: int) -> bytes:
        rows, at = b"", base
        for number, content in enumerate(contents, 1):
            rows += struct.pack(">HHHHII", number, int(in_idat), 0, 1, at, len(content))
            at += len(content)
        iloc = full_box(b"iloc", b"\x44\x00", struct.pack(">H", len(contents)), rows, version=1)
        return full_box(
            b"meta",
            full_box(b"hdlr", b"\0\0\0\0pict" + b"\0" * 13),
            full_box(b"pitm", struct.pack(">H", 1)),
            iloc,
            full_box(b"iinf", struct.pack(">H", len(infos)), *infos),
            properties,
            *([box(b"idat", *contents)] if in_idat else []),
        )

    if in_idat:
        return ftyp + meta(0)
    return ftyp + meta(len(ftyp) + len(meta(0)) + 8) + box(b"mdat", *contents)


def cr3(image: bytes, exif: bytes, gps: bytes) -> bytes:
    uuid = bytes.fromhex("85c0b687820f11e08111f4ce462b6a48")
    canon = box(
        b"uuid", uuid, box(b"CNCV", b"CanonCR3"), box(b"CMT1", image), box(b"CMT2", exif), box(b"CMT4", gps)
    )
    return box(b"ftyp", b"crx \0\0\0\1crx isom") + box(b"moov", canon) + box(b"mdat", b"\0" * 64)


def jxl(exif: bytes | None = None, xmp: bytes | None = None) -> bytes:
    parts = [box(b"JXL ", b"\r\n\x87\n"), box(b"ftyp", b"jxl \0\0\0\0jxl ")]
    if exif is not None:
        parts.append(box(b"Exif", b"\0\0\0\0" + exif))
    if xmp is not None:
        parts.append(box(b"xml ", xmp))
    # small: 1, height 48 = (5 + 1) * 8, ratio 3 = 4:3
    return b"".join(parts) + box(b"jxlc", b"\xff\x0a" + struct.pack("<I", 1 | 5 << 1 | 3 << 6) + b"\0" * 8)


def mac_seconds(moment: datetime) -> int:
    """Seconds since 1904 in UTC."""
    return int(moment.timestamp()) + 2_082_844_800


def movie(
    *,
    created: int = 0,
    user_data: bytes = b"",
    meta: bytes = b"",
    extra: bytes = b"",
    brand: bytes = b"qt  ",
    rotated: bool = False,
    wide: bool = False,
    mdat_first: bool = False,
) -> bytes:
    """12.5 s of 1920 x 1080 H.264 at 30 frames a second with AAC sound."""
    times = struct.pack(">QQIQ" if wide else ">IIII", created, created, 600, 7_500)
    mvhd = full_box(b"mvhd", times, b"\0" * 80, version=int(wide))
    parts = [mvhd, _track(b"vide", b"avc1", created, rotated), _track(b"soun", b"mp4a", created, False)]
    if user_data:
        parts.append(box(b"udta", user_data))
    moov = box(b"moov", *parts, meta, extra)
    ftyp = box(b"ftyp", brand, b"\0\0\0\0", brand)
    mdat = box(b"mdat", b"\0" * 200)
    return ftyp + (mdat + moov if mdat_first else moov + mdat)


def _track(handler: bytes, codec: bytes, created: int, rotated: bool) -> bytes:
    turned = (0, 0x10000, 0, -0x10000, 0, 0, 0, 0, 0x40000000)
    upright = (0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
    matrix = struct.pack(">9i", *(turned if rotated else upright))
    size = (1920 << 16, 1080 << 16) if handler == b"vide" else (0, 0)
    tkhd = full_box(
        b"tkhd",
        struct.pack(">IIIII", created, created, 1, 0, 7_500),
        b"\0" * 16,
        matrix,
        struct.pack(">II", *size),
    )
    mdhd = full_box(b"mdhd", struct.pack(">IIIIHH", created, created, 600, 7_500, 0x55C4, 0))
    hdlr = full_box(b"hdlr", b"\0\0\0\0" + handler + b"\0" * 13)
    entry = b"\0" * 6 + b"\0\1"
    if handler == b"vide":
        entry += b"\0" * 16 + struct.pack(">HH", 1920, 1080) + b"\0" * 50
    stsd = full_box(b"stsd", struct.pack(">I", 1), box(codec, entry))
    dinf = box(b"dinf", full_box(b"dref", struct.pack(">I", 1), full_box(b"url ", flags=1)))
    stts = full_box(b"stts", struct.pack(">III", 1, 375, 20))
    return box(b"trak", tkhd, box(b"mdia", mdhd, hdlr, box(b"minf", dinf, box(b"stbl", stsd, stts))))


def quicktime_text(kind: bytes, value: str) -> bytes:
    encoded = value.encode()
    return box(kind, struct.pack(">HH", len(encoded), 0x15C7), encoded)


def keys_meta(values: Mapping[str, str], *, full: bool = False) -> bytes:
    """A meta box of keys and values; QuickTime's has no version, ISO's has."""
    names = b"".join(box(b"mdta", name.encode()) for name in values)
    items = b"".join(
        box(struct.pack(">I", number), box(b"data", struct.pack(">II", 1, 0), value.encode()))
        for number, value in enumerate(values.values(), 1)
    )
    parts = (
        full_box(b"hdlr", b"\0\0\0\0mdta" + b"\0" * 13),
        full_box(b"keys", struct.pack(">I", len(values)), names),
        box(b"ilst", items),
    )
    return full_box(b"meta", *parts) if full else box(b"meta", *parts)


def loci(latitude: float, longitude: float, altitude: float = 0, name: bytes = b"\0") -> bytes:
    fixed = [round(value * 65_536) for value in (longitude, latitude, altitude)]
    return full_box(b"loci", b"\x15\xc7", name, b"\0", struct.pack(">iii", *fixed), b"earth\0\0")


def ilst_meta(kind: bytes, value: str) -> bytes:
    item = box(kind, box(b"data", struct.pack(">II", 1, 0), value.encode()))
    return full_box(b"meta", full_box(b"hdlr", b"\0\0\0\0mdirappl" + b"\0" * 9), box(b"ilst", item))


def xmp_uuid_box(packet: bytes) -> bytes:
    return box(b"uuid", bytes.fromhex("be7acfcb97a942e89c71999491e3afac"), packet)


# --- Matroska ---


def element(ident: int, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return (
        ident.to_bytes((ident.bit_length() + 7) // 8, "big") + (1 << 56 | len(body)).to_bytes(8, "big") + body
    )


def matroska(
    tags: Mapping[str, str], *, date_ns: int = 0, doc_type: bytes = b"matroska", tags_last: bool = False
) -> bytes:
    """12.5 s of 1920 x 1080 VP9 with Opus; tags stand before or after the clusters."""
    head = element(0x1A45DFA3, element(0x4286, b"\1"), element(0x4282, doc_type))
    info = element(
        0x1549A966,
        element(0x2AD7B1, (1_000_000).to_bytes(3, "big")),
        element(0x4489, struct.pack(">d", 12_500.0)),
        *([element(0x4461, date_ns.to_bytes(8, "big", signed=True))] if date_ns else []),
        element(0x5741, b"Test writer"),
    )
    video = element(0xE0, element(0xB0, (1920).to_bytes(2, "big")), element(0xBA, (1080).to_bytes(2, "big")))
    frame = element(0x23E383, (40_000_000).to_bytes(4, "big"))
    tracks = element(
        0x1654AE6B,
        element(0xAE, element(0x83, b"\1"), element(0x86, b"V_VP9"), frame, video),
        element(0xAE, element(0x83, b"\2"), element(0x86, b"A_OPUS")),
    )
    simple = [
        element(0x67C8, element(0x45A3, name.encode()), element(0x4487, value.encode()))
        for name, value in tags.items()
    ]
    tag = element(0x1254C367, element(0x7373, *simple))
    clusters = element(0x1F43B675, b"\0" * 200) * 3
    if not tags_last:
        return head + element(0x18538067, info, tracks, tag, clusters)
    seek_length = len(_seek(0))
    place = seek_length + len(info) + len(tracks) + len(clusters)
    return head + element(0x18538067, _seek(place), info, tracks, clusters, tag)


def _seek(place: int) -> bytes:
    ident = element(0x53AB, (0x1254C367).to_bytes(4, "big"))
    return element(0x114D9B74, element(0x4DBB, ident, element(0x53AC, place.to_bytes(8, "big"))))


# --- XMP ---


def xmp(attributes: str = "", children: str = "", *, history: str = "") -> bytes:
    namespaces = (
        'xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" '
        'xmlns:tiff="http://ns.adobe.com/tiff/1.0/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" '
        'xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/" '
        'xmlns:stEvt="http://ns.adobe.com/xap/1.0/sType/ResourceEvent#" '
        'xmlns:xmpNote="http://ns.adobe.com/xmp/note/" '
        'xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" '
        'xmlns:drone-dji="http://www.dji.com/drone-dji/1.0/" '
        'xmlns:GCamera="http://ns.google.com/photos/1.0/camera/"'
    )
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about="" {namespaces} {attributes}>{children}{history}</rdf:Description>'
        "</rdf:RDF></x:xmpmeta>" + " " * 100 + '<?xpacket end="w"?>'
    ).encode()


def xmp_position(latitude: float, longitude: float) -> str:
    """XMP's degrees and decimal minutes, six decimals: about 2 mm."""

    def half(degrees: float, letters: str) -> str:
        whole = int(abs(degrees))
        return f"{whole},{(abs(degrees) - whole) * 60:.6f}{letters[degrees < 0]}"

    return f'exif:GPSLatitude="{half(latitude, "NS")}" exif:GPSLongitude="{half(longitude, "EW")}"'
