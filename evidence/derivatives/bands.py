"""TIFFs that Pillow alone shows wrongly or not at all: several bands of 16 or 32 bits, or more than four.

Pillow keeps 8 of 16 bits of a coloured TIFF, which turns a satellite scene black, and knows no picture of
eight bands. Its decoders do know every compression. So each such file is handed to it relabelled: one band,
as many times as wide as there are bands side by side, and the bands are taken apart afterwards.
"""

from __future__ import annotations

import io
import struct
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

from PIL import Image, TiffImagePlugin

from evidence.derivatives.base import NotOpened, refuse_if_too_large
from evidence.derivatives.tones import WIDE_SIDE_PX, stretched

WIDTH, HEIGHT, BITS, COMPRESSION, PHOTOMETRIC = 256, 257, 258, 259, 262
STRIP_OFFSETS, SAMPLES, ROWS_PER_STRIP, STRIP_COUNTS, PLANAR = 273, 277, 278, 279, 284
PREDICTOR, TILE_WIDTH, TILE_LENGTH, TILE_OFFSETS, TILE_COUNTS, SAMPLE_FORMAT = 317, 322, 323, 324, 325, 339
NODATA = 42113
MAX_PIECES = 200_000
MAX_SUMMED_PIXELS = 12_000_000
HORIZONTAL_DIFFERENCES = 2
JPEG_COMPRESSIONS = {6, 7, 34712, 50001}
DAMAGE = (OSError, ValueError, SyntaxError, TypeError, LookupError, EOFError, ArithmeticError, struct.error)
NOT_SHOWN = "This TIFF keeps its bands in a way that is not shown here; the original is kept."


@dataclass(frozen=True, slots=True)
class Bands:
    """The picture made of a file's first bands, the size of the whole in pixels, and what to say of it."""

    rgb: Image.Image
    width: int
    height: int
    warning: str


@dataclass(frozen=True, slots=True)
class _Layout:
    """How one TIFF keeps its values."""

    big_endian: bool
    tags: dict[int, tuple[Any, ...]]
    width: int
    height: int
    samples: int
    bits: int
    separate: bool
    tiled: bool

    @property
    def predictor(self) -> int:
        """1 when values are kept as they are."""
        return int(self.tags.get(PREDICTOR, (1,))[0])

    @property
    def side_by_side(self) -> int:
        """Values of different bands that follow each other in a row."""
        return 1 if self.separate else self.samples


def read_bands(path: Path, *, max_pixels: int) -> Bands | None:
    """The first three bands as red, green and blue (or the first, as grey); None when Pillow should read it.

    Raises NotOpened, with a sentence, for such a file that cannot be shown.
    """
    try:
        layout = _layout(path)
    except DAMAGE:
        return None
    if layout is None:
        return None
    refuse_if_too_large(layout.width, layout.height * layout.side_by_side, max_pixels=2 * max_pixels)
    shown = 3 if layout.samples >= 3 else 1
    try:
        greys = _bands(path, layout, shown)
    except DAMAGE as error:
        raise NotOpened(NOT_SHOWN) from error
    rgb = Image.merge("RGB", greys) if shown == 3 else greys[0].convert("RGB")
    which = "the first three are shown as red, green and blue" if shown == 3 else "the first is shown"
    contrast = ", stretched for contrast" if layout.bits > 8 else ""
    said = f"The picture has {layout.samples} bands of {layout.bits} bits; {which}{contrast}."
    return Bands(rgb, layout.width, layout.height, said)


def _layout(path: Path) -> _Layout | None:
    """How the file's first page is kept, when it is one that this module is for."""
    with path.open("rb") as file:
        header = file.read(8)
        if header[:4] not in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
            return None
        if header[2:4] in (b"+\0", b"\0+"):
            header += file.read(8)
        directory = TiffImagePlugin.ImageFileDirectory_v2(header)
        file.seek(directory.next)
        directory.load(file)
        tags = {tag: _as_tuple(directory[tag]) for tag in list(directory)}
    samples, bits = tags.get(SAMPLES, (1,))[0], max(tags.get(BITS, (1,)))
    if samples < 2 or (bits <= 8 and samples <= 4) or tags.get(COMPRESSION, (1,))[0] in JPEG_COMPRESSIONS:
        return None
    return _Layout(
        big_endian=header[:2] == b"MM",
        tags=tags,
        width=tags[WIDTH][0],
        height=tags[HEIGHT][0],
        samples=samples,
        bits=bits,
        separate=tags.get(PLANAR, (1,))[0] == 2,
        tiled=TILE_OFFSETS in tags,
    )


def _as_tuple(value: object) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)


def _bands(path: Path, layout: _Layout, shown: int) -> list[Image.Image]:
    """The first ``shown`` bands, 8-bit, at most 4,096 px a side."""
    differences = layout.predictor != 1 and not layout.separate
    if differences and not _can_be_summed(layout):
        raise NotOpened(NOT_SHOWN)
    if layout.separate:
        wide = [_relabelled(path, layout, band) for band in range(shown)]
    else:
        together = _relabelled(path, layout, 0)
        wide = [_taken_apart(together, layout, band, whole=differences) for band in range(shown)]
    if differences:
        wide = [_summed(band, layout) for band in wide]
    if layout.bits <= 8:
        return wide
    return stretched(wide, nodata=_nodata(layout))


def _nodata(layout: _Layout) -> float | None:
    try:
        return float(str(layout.tags[NODATA][0]).strip("\0 "))
    except (KeyError, ValueError):
        return None


def _can_be_summed(layout: _Layout) -> bool:
    """Differences between neighbours are summed in Python: whole numbers only, and not too many."""
    small = layout.width * layout.height <= MAX_SUMMED_PIXELS
    return small and layout.predictor == HORIZONTAL_DIFFERENCES and layout.bits in (8, 16)


def _summed(band: Image.Image, layout: _Layout) -> Image.Image:
    """Undo horizontal differencing (TIFF 6.0, section 14), which starts anew in each tile."""
    run = layout.tags[TILE_WIDTH][0] if layout.tiled else layout.width
    largest = (1 << layout.bits) - 1
    values = array("i", band.convert("I").tobytes())
    sums = array("i")
    for row in range(0, len(values), layout.width):
        for start in range(row, row + layout.width, run):
            end = min(start + run, row + layout.width)
            sums.extend(total & largest for total in accumulate(values[start:end]))
    whole = Image.frombytes("I", band.size, sums.tobytes())
    return whole.convert("L") if layout.bits <= 8 else whole


def _taken_apart(together: Image.Image, layout: _Layout, band: int, *, whole: bool) -> Image.Image:
    """Every n-th value of each row; of a large picture only every second, third … pixel."""
    step = 1 if whole else -(-max(layout.width, layout.height) // WIDE_SIDE_PX)
    size = (max(1, layout.width // step), max(1, layout.height // step))
    across, down = layout.samples * step, step
    # Pillow maps pixel centres: half a pixel of the target is half a step of the source.
    first_x = layout.samples * (step // 2) + band + 0.5 - across / 2
    first_y = step // 2 + 0.5 - down / 2
    return together.transform(
        size, Image.Transform.AFFINE, (across, 0, first_x, 0, down, first_y), Image.Resampling.NEAREST
    )


def _relabelled(path: Path, layout: _Layout, band: int) -> Image.Image:
    """One band (or all side by side) as a picture of one band, decoded by Pillow."""
    offsets = layout.tags[TILE_OFFSETS if layout.tiled else STRIP_OFFSETS]
    counts = layout.tags[TILE_COUNTS if layout.tiled else STRIP_COUNTS]
    pieces = len(offsets) // (layout.samples if layout.separate else 1)
    if len(offsets) != len(counts) or not 0 < pieces <= MAX_PIECES:
        raise NotOpened(NOT_SHOWN)
    first = band * pieces if layout.separate else 0
    with path.open("rb") as file:
        data = [_piece(file, offsets[i], counts[i]) for i in range(first, first + pieces)]
    with Image.open(io.BytesIO(_one_band_tiff(layout, data)), formats=("TIFF",)) as image:
        image.load()
        return image.copy()


def _piece(file: io.BufferedReader, offset: int, count: int) -> bytes:
    file.seek(offset)
    return file.read(min(count, 1 << 28))


def _one_band_tiff(layout: _Layout, pieces: Sequence[bytes]) -> bytes:
    """A classic TIFF of one band (TIFF 6.0, section 2) around compressed pieces taken over as they are."""
    endian = ">" if layout.big_endian else "<"
    times = layout.side_by_side
    positions, at = [], 8
    for piece in pieces:
        positions.append(at)
        at += len(piece)
    entries: dict[int, tuple[int, ...]] = {
        WIDTH: (layout.width * times,),
        HEIGHT: (layout.height,),
        BITS: (layout.bits,),
        COMPRESSION: (layout.tags.get(COMPRESSION, (1,))[0],),
        PHOTOMETRIC: (1,),
        SAMPLES: (1,),
        # Side by side, differences are between neighbours of one band: not what the decoder would undo.
        PREDICTOR: (layout.predictor if layout.separate else 1,),
        SAMPLE_FORMAT: (layout.tags.get(SAMPLE_FORMAT, (1,))[0],),
        TILE_OFFSETS if layout.tiled else STRIP_OFFSETS: tuple(positions),
        TILE_COUNTS if layout.tiled else STRIP_COUNTS: tuple(map(len, pieces)),
    }
    if layout.tiled:
        entries[TILE_WIDTH] = (layout.tags[TILE_WIDTH][0] * times,)
        entries[TILE_LENGTH] = layout.tags[TILE_LENGTH]
    else:
        entries[ROWS_PER_STRIP] = layout.tags.get(ROWS_PER_STRIP, (layout.height,))
    body = b"".join(pieces)
    header = struct.pack(f"{endian}2sHI", b"MM" if layout.big_endian else b"II", 42, 8 + len(body))
    return header + body + _directory(entries, endian, 8 + len(body))


def _directory(entries: dict[int, tuple[int, ...]], endian: str, at: int) -> bytes:
    """An image file directory of LONG values, with its longer values behind it."""
    long_type, long_bytes = 4, 4
    behind = at + 2 + 12 * len(entries) + 4
    table, values = struct.pack(f"{endian}H", len(entries)), b""
    for tag, numbers in sorted(entries.items()):
        packed = struct.pack(f"{endian}{len(numbers)}I", *numbers)
        table += struct.pack(f"{endian}HHI", tag, long_type, len(numbers))
        if len(packed) <= long_bytes:
            table += packed
        else:
            table += struct.pack(f"{endian}I", behind + len(values))
            values += packed
    return table + struct.pack(f"{endian}I", 0) + values
