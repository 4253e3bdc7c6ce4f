"""Raw photos that are no TIFF, and exiv2's container, built from the formats' descriptions."""

from __future__ import annotations

import struct

from . import builders as b

UNIX_1970_LOCAL = 1_695_650_591  # 2023-09-25 14:03:11 of the camera's clock


def mrw(block_of_exif: bytes, order: str = ">") -> bytes:
    """Minolta's blocks: the picture's size and a TIFF; the sign of the byte order is the last letter."""

    def block(kind: bytes, body: bytes) -> bytes:
        return struct.pack(order + "4sI", b"\0" + kind, len(body)) + body

    size = b"27820001" + struct.pack(order + "4H", 1_544, 2_048, 1_530, 2_040) + b"\0" * 8
    body = block(b"PRD", size) + block(b"TTW", block_of_exif)
    return (b"\0MRM" if order == ">" else b"\0MRI") + struct.pack(order + "I", len(body)) + body + b"\0" * 50


def crw() -> bytes:
    """A heap with a value and a heap inside it, which holds the camera and the clock."""

    def heap(entries: list[tuple[int, bytes]]) -> bytes:
        body, directory = b"", struct.pack("<H", len(entries))
        for tag, value in entries:
            directory += struct.pack("<HII", tag, len(value), len(body))
            body += value
        return body + directory + struct.pack("<I", len(body))

    camera = heap([(0x080A, b"Canon\0Canon EOS 300D\0")])
    clock = (0x180E, struct.pack("<III", UNIX_1970_LOCAL, 0, 0))
    size = (0x1810, struct.pack("<IIII", 3_088, 2_056, 1, 0))
    return b"II\x1a\0\0\0HEAPCCDR" + b"\0" * 12 + heap([(0x300A, heap([clock, size, (0x2807, camera)]))])


def x3f() -> bytes:
    words = {"CAMMANUF": "SIGMA", "CAMMODEL": "SIGMA SD10", "TIME": str(UNIX_1970_LOCAL)}
    text, table, at = b"", b"", 0
    for pair in words.items():
        for word in pair:
            table += struct.pack("<I", at)
            text += (word + "\0").encode("utf-16-le")
            at += len(word) + 1
    properties = b"SECp" + struct.pack("<IIIII", 0x20000, len(words), 0, 0, at) + table + text
    head = b"FOVb" + struct.pack("<I", 0x20002) + b"\0" * 32
    directory = b"SECd" + struct.pack("<II", 0x20000, 1) + struct.pack("<II4s", 40, len(properties), b"PROP")
    return head + properties + directory + struct.pack("<I", len(head) + len(properties))


def preview_x3f(block_of_exif: bytes) -> bytes:
    """A later one, whose preview carries the EXIF."""
    image = b"SECi" + b"\0" * 24 + b.jpeg(b.exif_segment(block_of_exif))
    directory = b"SECd" + struct.pack("<II", 0x20000, 1) + struct.pack("<II4s", 40, len(image), b"IMA2")
    return b"FOVb" + b"\0" * 36 + image + directory + struct.pack("<I", 40 + len(image))


def exv(block_of_exif: bytes) -> bytes:
    return b"\xff\x01Exiv2" + b.exif_segment(block_of_exif) + b"\xff\xd9"
