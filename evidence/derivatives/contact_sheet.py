"""A sheet of frames in a grid, each with its time: one a second, or evenly thinned if that is too many."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from evidence.derivatives.base import MAX_PIXELS, DerivativeReport, NotOpened, fitted, write_jpeg
from evidence.derivatives.frames import first_frames, frames_at
from evidence.derivatives.opening import NO_FRAME, duration_seconds, opened, picture_track
from evidence.progress import Progress
from evidence.sheet_layout import GAP_PX as GAP_PX
from evidence.sheet_layout import LABEL_STRIP_PX, MOST_FRAMES, layout
from evidence.sheet_layout import grid as grid
from evidence.sheet_layout import sheet_times as sheet_times

BUDGET_S = 1800.0
NO_DURATION = "The file does not say how long it lasts; the sheet shows its first frames only."
SOME_FRAMES = "Only {shown} of {wanted} frames could be decoded; the video may be damaged or cut short."
OUT_OF_TIME = "Decoding was slow, so the sheet has {shown} frames instead of {wanted}."

BACKGROUND = (24, 27, 31)
LABEL_INK = (226, 230, 235)
LABEL_SIZE_PX = 14


def make_contact_sheet(
    path: Path, outdir: Path, *, max_pixels: int = MAX_PIXELS, budget_s: float = BUDGET_S
) -> DerivativeReport:
    """Write ``contact_sheet.jpg`` into ``outdir``. Raises NotOpened when no frame can be decoded."""
    progress, deadline = Progress(), time.monotonic() + budget_s
    cells: list[tuple[Image.Image, float]] = []
    with opened(path) as container:
        stream = picture_track(container, max_pixels=max_pixels)
        lasts_s = duration_seconds(container, stream)
        times_s = sheet_times(lasts_s) if lasts_s is not None else []
        wanted = len(times_s) or MOST_FRAMES
        side_px = layout(wanted)[1]
        found = (
            frames_at(container, stream, times_s, side_px=side_px, deadline=deadline)
            if times_s
            else first_frames(container, stream, wanted, side_px=side_px)
        )
        for frame in found:
            cells.append((fitted(frame.image, side_px), frame.at_s))
            progress.say(len(cells) / wanted)
    if not cells:
        raise NotOpened(NO_FRAME)
    outdir.mkdir(parents=True, exist_ok=True)
    sheet = write_jpeg(contact_sheet(cells), outdir, "contact_sheet", quality=80)
    warnings = _warnings(len(cells), wanted, lasts_s, time.monotonic() > deadline)
    step_s = times_s[1] if len(times_s) > 1 else None
    return DerivativeReport(
        (sheet,), None, None, lasts_s, frames=len(cells), step_s=step_s, warnings=tuple(warnings)
    )


def _warnings(shown: int, wanted: int, lasts_s: float | None, slow: bool) -> list[str]:
    if lasts_s is None:
        return [NO_DURATION]
    # The last second may hold no frame of its own.
    if shown >= wanted - 1 and shown > 0:
        return []
    return [(OUT_OF_TIME if slow else SOME_FRAMES).format(shown=shown, wanted=wanted)]


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


def timecode(at_s: float) -> str:
    """Seconds after the start as ``m:ss.s`` or ``h:mm:ss.s``, cut off and not rounded up."""
    tenths = int(at_s * 10 + 1e-6)
    minutes, tenths = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    seconds = f"{tenths // 10:02d}.{tenths % 10}"
    return f"{hours}:{minutes:02d}:{seconds}" if hours else f"{minutes}:{seconds}"
