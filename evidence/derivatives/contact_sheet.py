"""A sheet of frames in a grid, each with its time."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont

GAP_PX = 8
BACKGROUND = (24, 27, 31)
LABEL_INK = (226, 230, 235)
LABEL_SIZE_PX = 14
LABEL_STRIP_PX = 20


def contact_sheet(cells: Sequence[tuple[Image.Image, float]]) -> Image.Image:
    """Frames with their times in seconds, left to right and top to bottom, as one RGB picture.

    The cells are as large as the largest frame. Times stand below the frames, as ``m:ss.s`` or ``h:mm:ss.s``,
    where they hide nothing.
    """
    columns, rows = grid(len(cells))
    width = max(image.width for image, _ in cells)
    height = max(image.height for image, _ in cells) + LABEL_STRIP_PX
    size = (GAP_PX + columns * (width + GAP_PX), GAP_PX + rows * (height + GAP_PX))
    sheet = Image.new("RGB", size, BACKGROUND)
    draw = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(LABEL_SIZE_PX)
    for index, (image, at_s) in enumerate(cells):
        x = GAP_PX + (index % columns) * (width + GAP_PX)
        y = GAP_PX + (index // columns) * (height + GAP_PX)
        space = height - LABEL_STRIP_PX - image.height
        sheet.paste(image, (x + (width - image.width) // 2, y + space // 2))
        draw.text((x + width // 2, y + height - 5), timecode(at_s), LABEL_INK, font, anchor="ms")
    return sheet


def grid(count: int) -> tuple[int, int]:
    """Columns and rows for so many cells: 24 make 6 x 4, 12 make 4 x 3."""
    columns = count if count <= 3 else 3 if count <= 6 else 4 if count <= 12 else 6
    return columns, -(-count // columns)


def timecode(at_s: float) -> str:
    """Seconds after the start as ``m:ss.s`` or ``h:mm:ss.s``, cut off and not rounded up."""
    tenths = int(at_s * 10 + 1e-6)
    minutes, tenths = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    seconds = f"{tenths // 10:02d}.{tenths % 10}"
    return f"{hours}:{minutes:02d}:{seconds}" if hours else f"{minutes}:{seconds}"
