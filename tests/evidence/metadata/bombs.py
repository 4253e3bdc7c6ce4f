"""Files made to hurt a reader: loops, nesting, floods of parts and data that grows when unpacked."""

from __future__ import annotations

import struct
import zlib

from . import builders as b
from . import dashcam_builders as d
from . import track_builders as t
from .camcorder_builders import record, stream


def looping_directories() -> bytes:
    """IFD0 names itself as its Exif, GPS and following directory."""
    block = bytearray(b.tiff({0x8769: b.longs(8), 0x8825: b.longs(8), 0x014A: b.longs(8, 8, 8)}))
    block[8 + 2 + 36 : 8 + 2 + 40] = struct.pack("<I", 8)
    return b.jpeg(b.exif_segment(bytes(block)))


def overlapping_values() -> bytes:
    """2,000 entries that all claim the same megabyte."""
    entries = b"".join(struct.pack("<HHII", 0x9000 + n, 7, 1_000_000, 30_000) for n in range(2_000))
    return b"II*\0\x08\0\0\0" + struct.pack("<H", 2_000) + entries + b"\0" * 1_100_000


def padded_texts() -> bytes:
    """2,000 texts that are the same megabyte of spaces and NULs."""
    entries = b"".join(struct.pack("<HHII", 0x9000 + n, 2, 1_000_000, 30_000) for n in range(2_000))
    return b"II*\0\x08\0\0\0" + struct.pack("<H", 2_000) + entries + b" \0" * 550_000


def many_directories() -> bytes:
    """Directories with as many entries as a count can say, all at neighbouring offsets."""
    pointers = b.longs(*range(200, 1_200, 2))
    return b.tiff({0x014A: pointers}) + b"\xff\xff\x01\x01\x03\0" * 60_000


def deep_boxes(kind: bytes) -> bytes:
    body = b""
    for _ in range(20_000):
        body = struct.pack(">I", len(body) + 8) + kind + body
        if len(body) > 200_000:
            break
    return b.box(b"ftyp", b"isom\0\0\0\0isom") + body


def inflating_png() -> bytes:
    packed = zlib.compress(b"\0" * 4_000_000, 9)
    return b.png(*[b.chunk(b"zTXt", b"Comment\0\0" + packed)] * 2_000)


def endless_exif_items() -> bytes:
    """5,000 EXIF items of a HEIC that all name the same ten megabytes."""
    count = 5_000
    infos = b"".join(
        b.full_box(b"infe", struct.pack(">HH4s", n, 0, b"Exif") + b"\0", version=2) for n in range(count)
    )
    rows = b"".join(struct.pack(">HHHII", n, 0, 1, 0, 10_000_000) for n in range(count))
    iloc = b.full_box(b"iloc", b"\x44\x00", struct.pack(">H", count), rows)
    meta = b.full_box(b"meta", iloc, b.full_box(b"iinf", struct.pack(">H", count), infos))
    return b.box(b"ftyp", b"heic\0\0\0\0heic") + meta + b"\0" * 10_000_000


def deep_xmp() -> bytes:
    return b.jpeg(*[b.xmp_segment(b.xmp(children="<a>" * 15_000 + "</a>" * 4_000)[:65_000])] * 40)


def wide_xmp() -> bytes:
    return b.png(b.png_xmp(b.xmp(children="<exif:x>1</exif:x>" * 200_000)))


def billion_laughs() -> bytes:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    doctype = f'<!DOCTYPE x [<!ENTITY a0 "laugh">{entities}]>'.encode()
    return b.png(b.png_xmp(doctype + b.xmp('tiff:Make="&a11;"')))


def nested_matroska() -> bytes:
    body = b""
    for _ in range(4_000):
        body = b.element(0x67C8, body)
    return b.element(0x1A45DFA3, b.element(0x4282, b"webm")) + b.element(
        0x18538067, b.element(0x1254C367, body)
    )


def tiny_boxes() -> bytes:
    moov = b.box(b"moov", b.box(b"udta", b.box(b"\xa9xyz", b"\0\5\0\0+1+1/") * 200_000))
    return b.box(b"ftyp", b"qt  \0\0\0\0qt  ") + moov


def tiny_clusters() -> bytes:
    head = b.element(0x1A45DFA3, b.element(0x4282, b"webm"))
    return head + b.element(0x18538067, b.element(0x1F43B675) * 300_000)


def many_segments() -> bytes:
    return b.jpeg(*[b.segment(0xE1, b"Exif\0\0II*\0\x08\0\0\0\0\0")] * 100_000)


def endless_gif() -> bytes:
    return b"GIF89a" + struct.pack("<HHBBB", 9, 9, 0, 0, 0) + (b"\x21\xfe" + b"\x01A" * 100_000 + b"\0") * 20


def sample_tables() -> bytes:
    """Forty tracks whose tables claim four thousand million samples each, in one chunk."""
    count = 0xFFFFFFFF
    stbl = b.box(
        b"stbl",
        b.full_box(b"stsd", struct.pack(">I", 1), b.box(b"camm", b"\0" * 8)),
        b.full_box(b"stts", struct.pack(">III", count, count, 1)),
        b.full_box(b"stsz", struct.pack(">II", 28, count)),
        b.full_box(b"stsc", struct.pack(">IIII", count, 1, count, 1)),
        b.full_box(b"stco", struct.pack(">II", count, 40)),
    )
    mdhd = b.full_box(b"mdhd", struct.pack(">IIIIHH", 0, 0, 1, 1, 0, 0))
    trak = b.box(b"trak", b.box(b"mdia", mdhd, b.box(b"minf", stbl)))
    return b.box(b"ftyp", b"isom\0\0\0\0isom") + b.box(b"mdat", b"\0" * 200) + b.box(b"moov", trak * 40)


def many_real_tracks() -> bytes:
    """A track of 50,000 fixes, and the same track thirty times."""
    content = t.timed(b"camm", [t.camm_6(10, 20)] * 50_000)
    at = content.index(b"moov") - 4
    moov = content[at:]
    place = moov.index(b"trak") - 4
    track = moov[place:]
    return content[:at] + b.box(b"moov", moov[8:place], track * 30)


def telemetry_of_keys() -> bytes:
    """Samples of a quarter of a megabyte that hold nothing but empty keys."""
    return t.timed(b"gpmd", [b"DEVC\0\1\xfa\0" + b"STRM\0\1\0\x08GPS5\0\0\0\0" * 4_000] * 240)


def sony_xml_entities() -> bytes:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    document = f'<!DOCTYPE x [<!ENTITY a0 "laugh">{entities}]><NonRealTimeMeta>&a11;</NonRealTimeMeta>'
    return b.movie(meta=b.full_box(b"meta", b.full_box(b"xml ", document.encode())))


def raster_items() -> bytes:
    keys = b.shorts(1, 1, 0, 0)
    items = "<GDALMetadata>" + '<Item name="a">' * 4_000
    return b.tiff({0x87AF: keys, 0xA480: b.text(items)})


def endless_history() -> bytes:
    step = '<rdf:li stEvt:action="saved" stEvt:when="2023"/>'
    return b.png(
        b.png_xmp(b.xmp(children=f"<xmpMM:History><rdf:Seq>{step * 60_000}</rdf:Seq></xmpMM:History>"))
    )


def heaps_in_a_heap() -> bytes:
    """A CRW whose directory holds 500 heaps, each of which is the whole file."""
    entries = b"".join(struct.pack("<HII", 0x300A, 5_026 + 6 * n, 0) for n in range(500))
    body = b"\0" * 20 + struct.pack("<H", 500) + entries + struct.pack("<I", 20) * 800
    return b"II\x1a\0\0\0HEAPCCDR" + b"\0" * 12 + body


def samsung_blocks() -> bytes:
    entries = struct.pack("<HHII", 0, 0x0A30, 0x7FFFFFFF, 0xFFFFFFFF) * 60_000
    directory = b"SEFH" + struct.pack("<II", 106, 0xFFFFFFFF) + entries
    return b.jpeg() + directory + struct.pack("<I", len(directory)) + b"SEFT"


def silent_stream() -> bytes:
    """Twenty megabytes of packets without a record, and one with a record that claims 255 tags."""
    return stream(record(10, 20)[:60] + b"\xff" * 300) + stream(b"") * 2_000


def many_thumbnails() -> bytes:
    """A hundred directories that name the same large JPEG of empty segments."""
    jpeg = b"\xff\xd8" + b"\xff\xe2\0\2" * 200_000
    parts, at = [], 8
    for number in range(100):
        following = at + 30 if number < 99 else 0
        parts.append(struct.pack("<HHHIIHHIII", 2, 0x201, 4, 1, 3_100, 0x202, 4, 1, 800_000, following))
        at += 30
    return b"II*\0\x08\0\0\0" + b"".join(parts).ljust(3_092, b"\0") + jpeg


def text_bombs() -> bytes:
    packed = zlib.compress(b"<" * 4_000_000, 9)
    return b.png(*[b.chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + packed)] * 500)


def digits() -> bytes:
    """Text that makes careless patterns go back and forth."""
    words = {"com.apple.quicktime.location.ISO6709": "+" + "1" * 60_000, "com.android.x": "9" * 60_000}
    captions = [b"\xff\xff$GPRMC," + b"1" * 60_000, b"\xff\xff[latitude: " + b"1" * 60_000] * 600
    return t.timed(b"text", captions) + b.box(b"moov", b.keys_meta(words))


def compressed_jxl() -> bytes:
    parts = b.box(b"brob", b"Exif" + b"\xff" * 1_000) * 25_000
    return b.box(b"JXL ", b"\r\n\x87\n") + b.box(b"ftyp", b"jxl \0\0\0\0jxl ") + parts


def large_block(length: int) -> bytes:
    """As large an EXIF block as is read, whose 2,000 values all lie at its beginning."""
    entries = b"".join(struct.pack("<HHII", 0x9000 + n, 7, 65_000, 30_000) for n in range(2_000))
    head = b"II*\0\x08\0\0\0" + struct.pack("<H", 2_000) + entries
    return head.ljust(length, b"\0")


def large_blocks_of_a_jpeg() -> bytes:
    block = large_block(8 * 1024 * 1024)
    return b.jpeg(
        *[b.segment(0xE1, b"Exif\0\0" + block[at : at + 65_000]) for at in range(0, len(block), 65_000)]
    )


def large_profile() -> bytes:
    digits = b"00" * (2 * 1024 * 1024 - 100)
    return b.png(b.chunk(b"tEXt", b"Raw profile type exif\0\nexif\n%8d\n" % (len(digits) // 2) + digits))


def large_resources() -> bytes:
    resource = b"8BIM" + struct.pack(">HHI", 0x0422, 0, 7_000_000) + large_block(7_000_000)
    head = b"8BPS\0\1" + b"\0" * 6 + struct.pack(">HIIHHI", 3, 10, 10, 8, 3, 0)
    return head + struct.pack(">I", 3 * len(resource)) + resource * 3


def blocks_of_a_dashcam() -> bytes:
    return d.novatek([d.block((80, b"RMC," * 100))] * 20_000)


def rows_of_garmin() -> bytes:
    return b.movie(extra=b.box(b"uuid", d.GARMIN, bytes(17), b"\1" * 8_000_000), brand=b"isom")


def packets_of_an_eps() -> bytes:
    packet = b"<?xpacket begin='' ?><x:xmpmeta xmlns:x='a'>" + b"<a/>" * 900_000 + b"</x:xmpmeta>"
    return b"%!PS-Adobe-3.0 EPSF-3.0\n" + (packet + b"<?xpacket end='w'?>") * 2


def sets_of_an_mxf() -> bytes:
    partition = bytes.fromhex("060e2b34020501010d01020101020400") + b"\0"
    package = bytes.fromhex("060e2b34025301010d01010101013600") + b"\x83\x3f\xff\xff"
    return partition + package + bytes(4_194_303)


BOMBS = {
    "directories in a circle": looping_directories,
    "values on top of each other": overlapping_values,
    "texts of padding": padded_texts,
    "as many directories as offsets": many_directories,
    "boxes in boxes": lambda: deep_boxes(b"moov"),
    "tracks in tracks": lambda: deep_boxes(b"trak"),
    "zlib bombs": inflating_png,
    "one block for many items": endless_exif_items,
    "deep XMP": deep_xmp,
    "wide XMP": wide_xmp,
    "entities": billion_laughs,
    "tags in tags": nested_matroska,
    "many user data": tiny_boxes,
    "many clusters": tiny_clusters,
    "many segments": many_segments,
    "many GIF blocks": endless_gif,
    "sample tables": sample_tables,
    "many real tracks": many_real_tracks,
    "empty telemetry": telemetry_of_keys,
    "entities in Sony's XML": sony_xml_entities,
    "items of a raster": raster_items,
    "a long history": endless_history,
    "heaps in a heap": heaps_in_a_heap,
    "Samsung's blocks": samsung_blocks,
    "a stream without a record": silent_stream,
    "many thumbnails": many_thumbnails,
    "packed text": text_bombs,
    "long numbers": digits,
    "packed boxes": compressed_jxl,
    "a large EXIF of many segments": large_blocks_of_a_jpeg,
    "a large EXIF in a PNG": lambda: b.png(b.chunk(b"eXIf", large_block(8_000_000))),
    "a large EXIF in a HEIC": lambda: b.heif(large_block(8_000_000)),
    "a large profile": large_profile,
    "large resources": large_resources,
    "blocks of a dashcam": blocks_of_a_dashcam,
    "rows of a dashcam": rows_of_garmin,
    "packets of an EPS": packets_of_an_eps,
    "values of an MIE": lambda: b"~\x10\x04\xfe0MIE" + bytes(4) + b"~\x20\x01\x00A" * 500_000,
    "sets of an MXF": sets_of_an_mxf,
    "blocks of a PSP": lambda: (
        b"Paint Shop Pro Image File\n\x1a" + bytes(5) + b"\x0a\0\0\0" + b"~BK\0\1\0\0\0\0\0" * 500_000
    ),
}
