"""A video's poster and thumbnail: one frame that shows something, found without decoding the whole."""

from __future__ import annotations

import time
from itertools import islice
from pathlib import Path

from av.container import InputContainer
from av.video.stream import VideoStream
from PIL import Image, ImageStat

from evidence.derivatives.base import (
    MAX_PIXELS,
    THUMBNAIL_SIDE_PX,
    DerivativeReport,
    NotOpened,
    fitted,
    write_jpeg,
)
from evidence.derivatives.frames import SampledFrame, first_frames, frames_at
from evidence.derivatives.opening import NO_FRAME, duration_seconds, opened, picture_track

MOST_FRAMES_TRIED = 8
BUDGET_S = 15.0
# Below this standard deviation of grey a frame is a fade or a blank, and no poster.
BLANK_DEVIATION = 6.0


def make_video_derivatives(
    path: Path, outdir: Path, *, max_pixels: int = MAX_PIXELS, budget_s: float = BUDGET_S
) -> DerivativeReport:
    """Write ``poster.jpg`` and ``thumbnail.jpg`` into ``outdir``. Raises NotOpened if there is no frame."""
    with opened(path) as container:
        stream = picture_track(container, max_pixels=max_pixels)
        lasts_s = duration_seconds(container, stream)
        poster = _poster(container, stream, lasts_s, time.monotonic() + budget_s)
        codec, rate = stream.codec_context.name, stream.average_rate
        width, height = _shown_size(stream, poster)
    outdir.mkdir(parents=True, exist_ok=True)
    derivatives = (
        write_jpeg(fitted(poster, THUMBNAIL_SIDE_PX), outdir, "thumbnail", quality=80),
        write_jpeg(poster, outdir, "poster"),
    )
    return DerivativeReport(derivatives, width, height, lasts_s, codec, float(rate) if rate else None)


def _poster(
    container: InputContainer, stream: VideoStream, lasts_s: float | None, deadline: float
) -> Image.Image:
    """The first of a few frames that is not blank, or the first of all."""
    first: SampledFrame | None = None
    for frame in _tried(container, stream, lasts_s):
        first = first or frame
        if not _is_blank(frame.image):
            return frame.image
        if time.monotonic() > deadline:
            break
    if first is None:
        raise NotOpened(NO_FRAME)
    return first.image


def _tried(container: InputContainer, stream: VideoStream, lasts_s: float | None) -> islice[SampledFrame]:
    if lasts_s is None:
        return islice(first_frames(container, stream, MOST_FRAMES_TRIED), MOST_FRAMES_TRIED)
    part_s = lasts_s / MOST_FRAMES_TRIED
    times_s = [(part + 0.5) * part_s for part in range(MOST_FRAMES_TRIED)]
    return islice(frames_at(container, stream, times_s), MOST_FRAMES_TRIED)


def _shown_size(stream: VideoStream, poster: Image.Image) -> tuple[int, int]:
    """The video's size in pixels as it is shown: turned when its frames are."""
    width, height = stream.codec_context.width, stream.codec_context.height
    turned = (poster.width > poster.height) != (width > height)
    return (height, width) if turned else (width, height)


def _is_blank(image: Image.Image) -> bool:
    return ImageStat.Stat(image.convert("L")).stddev[0] < BLANK_DEVIATION
