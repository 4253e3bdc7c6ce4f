"""TIFFs of any number of bands, written from the specification (TIFF 6.0) without any library."""

import struct
import zlib
from collections.abc import Callable
from pathlib import Path


def write_tiff(
    path: Path,
    value: Callable[[int, int, int], float],
    *,
    size: tuple[int, int] = (40, 30),
    bands: int = 1,
    kind: str = "H",
    separate: bool = False,
    big_endian: bool = False,
    nodata: str | None = None,
    differences: bool = False,
) -> Path:
    """One strip a plane; ``value(x, y, band)`` is packed as struct's ``kind`` (B, H, f).

    Uncompressed, or with ``differences`` the horizontal differences, deflated.
    """
    endian = ">" if big_endian else "<"
    width, height = size
    planes = [[band] for band in range(bands)] if separate else [list(range(bands))]
    largest = (1 << 8 * struct.calcsize(kind)) - 1

    def stored(x: int, y: int, band: int) -> float:
        """The value, or its difference from its left neighbour in the same band (TIFF 6.0, section 14)."""
        if not differences or x == 0:
            return value(x, y, band)
        return int(value(x, y, band) - value(x - 1, y, band)) & largest

    strips = [
        struct.pack(
            f"{endian}{width * height * len(plane)}{kind}",
            *(stored(x, y, band) for y in range(height) for x in range(width) for band in plane),
        )
        for plane in planes
    ]
    item_bits = struct.calcsize(kind) * 8
    offsets = [8 + sum(map(len, strips[:index])) for index in range(len(strips))]
    tags: dict[int, tuple[str, list[int]]] = {
        256: ("I", [width]),
        257: ("I", [height]),
        258: ("H", [item_bits] * bands),
        259: ("H", [1]),
        262: ("H", [2 if bands >= 3 else 1]),
        273: ("I", offsets),
        277: ("H", [bands]),
        278: ("I", [height]),
        279: ("I", [len(strip) for strip in strips]),
        284: ("H", [2 if separate else 1]),
        339: ("H", [3 if kind == "f" else 1] * bands),
    }
    if differences:
        # Only compressed pictures have a predictor: Deflate.
        strips = [zlib.compress(strip) for strip in strips]
        tags[259], tags[317] = ("H", [8]), ("H", [2])
        tags[273] = ("I", [8 + sum(map(len, strips[:index])) for index in range(len(strips))])
        tags[279] = ("I", [len(strip) for strip in strips])
    if bands > 3:
        tags[338] = ("H", [0] * (bands - 3))
    if nodata is not None:
        tags[42113] = ("B", list(nodata.encode() + b"\0"))
    path.write_bytes(_file(tags, b"".join(strips), endian))
    return path


def _file(tags: dict[int, tuple[str, list[int]]], body: bytes, endian: str) -> bytes:
    directory_at = 8 + len(body)
    behind = directory_at + 2 + 12 * len(tags) + 4
    table, values = struct.pack(f"{endian}H", len(tags)), b""
    for tag, (code, numbers) in sorted(tags.items()):
        packed = struct.pack(f"{endian}{len(numbers)}{code}", *numbers)
        type_number = {"B": 2, "H": 3, "I": 4}[code]
        table += struct.pack(f"{endian}HHI", tag, type_number, len(numbers))
        if len(packed) <= 4:
            table += packed.ljust(4, b"\0")
        else:
            table += struct.pack(f"{endian}I", behind + len(values))
            values += packed + b"\0" * (len(packed) % 2)
    header = struct.pack(f"{endian}2sHI", b"MM" if endian == ">" else b"II", 42, directory_at)
    return header + body + table + bytes(4) + values
