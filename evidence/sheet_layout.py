"""Where the frames of a video lie on its contact sheet, and which moments they are."""

from __future__ import annotations

from dataclasses import dataclass

MOST_FRAMES = 240
STEP_S = 1.0
# Up to so many frames: columns, and the long side of a frame in pixels.
GRIDS = {3: (0, 320), 6: (3, 320), 12: (4, 320), 24: (6, 320), 96: (8, 240), MOST_FRAMES: (12, 176)}
GAP_PX = 8
LABEL_STRIP_PX = 20


@dataclass(frozen=True, slots=True)
class SheetFrame:
    """One frame on the sheet, in its pixels, and its time in seconds after the start."""

    x: int
    y: int
    width: int
    height: int
    at_s: float


def sheet_times(lasts_s: float) -> list[float]:
    """The whole seconds from the start; of more than ``MOST_FRAMES`` seconds, so many at even distances."""
    count = max(1, int(lasts_s / STEP_S + 0.999))
    if count <= MOST_FRAMES:
        return [number * STEP_S for number in range(count)]
    return [number * lasts_s / MOST_FRAMES for number in range(MOST_FRAMES)]


def layout(count: int) -> tuple[int, int]:
    """Columns for so many cells, and the long side of each in pixels."""
    columns, side_px = next(found for most, found in GRIDS.items() if count <= most)
    return columns or count, side_px


def grid(count: int) -> tuple[int, int]:
    """Columns and rows for so many cells: 24 make 6 x 4, 12 make 4 x 3, 240 make 12 x 20."""
    columns = layout(count)[0]
    return columns, -(-count // columns)


def frames_on(width: int, height: int, lasts_s: float) -> list[SheetFrame]:
    """The frames of a sheet of this size; none where no whole sheet of such a video has it."""
    times_s = sheet_times(lasts_s)
    columns, rows = grid(len(times_s))
    across, over_x = divmod(width - GAP_PX, columns)
    down, over_y = divmod(height - GAP_PX, rows)
    if over_x or over_y or min(across, down) <= GAP_PX + LABEL_STRIP_PX:
        return []
    return [
        SheetFrame(
            x=GAP_PX + index % columns * across,
            y=GAP_PX + index // columns * down,
            width=across - GAP_PX,
            height=down - GAP_PX,
            at_s=at_s,
        )
        for index, at_s in enumerate(times_s)
    ]
