"""A video's poster, its thumbnail and a sheet of its frames with their times."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
from av.container import InputContainer
from av.video.stream import VideoStream
from PIL import Image, ImageStat

from evidence.derivatives.base import (
    MAX_PIXELS,
    THUMBNAIL_SIDE_PX,
    DerivativeReport,
    NotOpened,
    fitted,
    refuse_if_too_large,
    write_jpeg,
)
from evidence.derivatives.contact_sheet import contact_sheet

POSTER_SIDE_PX = 1280
CELL_SIDE_PX = 320
MOST_FRAMES = 24
SHORTEST_STEP_S = 0.5
# Between samples further apart than this a keyframe near by will do: the sheet shows its own time.
EXACT_STEP_S = 2.0
MOST_FRAMES_DECODED_A_SEEK = 150
BUDGET_S = 20.0
# Below this standard deviation of grey a frame is a fade or a blank, and no poster.
BLANK_DEVIATION = 6.0

DAMAGE = (av.FFmpegError, ValueError, OverflowError)
NOT_A_VIDEO = "This is not a video that can be opened here, or it is damaged; the original is kept."
NO_PICTURE = "The file has no picture track that can be opened here; the original is kept."
NO_FRAME = "No frame of the video could be decoded; the original is kept."
NO_DURATION = "The file does not say how long it lasts; the sheet shows its first frames only."
SOME_FRAMES = "Only {shown} of {wanted} frames could be decoded; the video may be damaged or cut short."
OUT_OF_TIME = "Decoding was slow, so the sheet has {shown} frames instead of {wanted}."


@dataclass(frozen=True, slots=True)
class SampledFrame:
    """A decoded frame, upright, at most poster size, and its time in seconds after the video's start."""

    image: Image.Image
    at_s: float


def make_video_derivatives(
    path: Path, outdir: Path, *, max_pixels: int = MAX_PIXELS, budget_s: float = BUDGET_S
) -> DerivativeReport:
    """Write ``poster.jpg``, ``thumbnail.jpg`` and ``contact_sheet.jpg`` (at most 24 frames) into ``outdir``.

    Frames are sought, never reached by decoding the whole video; after ``budget_s`` seconds the sheet is made
    of what there is. Raises NotOpened, with a sentence, when no frame can be decoded.
    """
    try:
        container = av.open(str(path), format=container_format(path), options={"protocol_whitelist": "file"})
    except DAMAGE as error:
        raise NotOpened(NOT_A_VIDEO) from error
    with container:
        if not container.streams.video:
            raise NotOpened(NO_PICTURE)
        stream = container.streams.video[0]
        context = stream.codec_context
        if context is None or not context.width or not context.height:
            raise NotOpened(NO_PICTURE)
        refuse_if_too_large(context.width, context.height, max_pixels=max_pixels // 2, thing="video")
        # One thread: each more costs address space, which the sandbox limits.
        context.thread_count = 1
        duration_s = duration_seconds(container, stream)
        wanted = _wanted(duration_s)
        frames, slow = _sampled(container, stream, duration_s, wanted, time.monotonic() + budget_s)
        width, height = _shown_size(stream, frames)
        codec, rate = context.name, stream.average_rate
    if not frames:
        raise NotOpened(NO_FRAME)
    warnings = _warnings(len(frames), wanted, duration_s, slow)
    poster = next((frame for frame in frames if not _is_blank(frame.image)), frames[0]).image
    outdir.mkdir(parents=True, exist_ok=True)
    cells = [(fitted(frame.image, CELL_SIDE_PX), frame.at_s) for frame in frames]
    derivatives = (
        write_jpeg(fitted(poster, THUMBNAIL_SIDE_PX), outdir, "thumbnail", quality=80),
        write_jpeg(poster, outdir, "poster"),
        write_jpeg(contact_sheet(cells), outdir, "contact_sheet", quality=80),
    )
    return DerivativeReport(
        derivatives, width, height, duration_s, codec, float(rate) if rate else None, tuple(warnings)
    )


def container_format(path: Path) -> str:
    """The container by its first bytes. Never left to guessing: a playlist names other files or hosts."""
    with path.open("rb") as file:
        head = file.read(400)
    if not head:
        raise NotOpened("The file is empty; the original is kept.")
    if head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"):
        return "mov"
    starts = {b"\x1aE\xdf\xa3": "matroska", b"OggS": "ogg", b"FLV\x01": "flv", b"\x00\x00\x01\xba": "mpeg"}
    for start, name in starts.items():
        if head.startswith(start):
            return name
    if head.startswith(b"RIFF") and head[8:12] == b"AVI ":
        return "avi"
    if head[0:1] == b"G" and head[188:189] == b"G":
        return "mpegts"
    raise NotOpened(NOT_A_VIDEO)


def duration_seconds(container: InputContainer, stream: VideoStream) -> float | None:
    """How long the video lasts, or None where neither its track nor its container says."""
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    return container.duration / av.time_base if container.duration else None


def _wanted(duration_s: float | None) -> int:
    """How many frames the sheet should have: one every half second of a short video, never more than 24."""
    if duration_s is None:
        return MOST_FRAMES
    return max(1, min(MOST_FRAMES, round(duration_s / SHORTEST_STEP_S)))


def _sampled(
    container: InputContainer, stream: VideoStream, duration_s: float | None, wanted: int, deadline: float
) -> tuple[list[SampledFrame], bool]:
    """Up to ``wanted`` frames in order of time, and whether the deadline cut the work short."""
    frames: list[SampledFrame] = []
    with suppress(*DAMAGE):
        for frame in _sought(container, stream, duration_s, wanted):
            if not frames or frame.at_s > frames[-1].at_s:
                frames.append(frame)
            if time.monotonic() > deadline:
                return frames, True
    return frames, False


def _sought(
    container: InputContainer, stream: VideoStream, duration_s: float | None, wanted: int
) -> Iterator[SampledFrame]:
    """Seek to the middle of each of ``wanted`` equal parts; a part that cannot be decoded is left out."""
    if duration_s is None:
        yield from _first_frames(container, stream, wanted)
        return
    step_s = duration_s / wanted
    for part in range(wanted):
        with suppress(*DAMAGE):
            frame = _frame_at(container, stream, (part + 0.5) * step_s, exactly=step_s < EXACT_STEP_S)
            if frame is not None:
                yield frame


def _frame_at(
    container: InputContainer, stream: VideoStream, at_s: float, *, exactly: bool
) -> SampledFrame | None:
    """The frame shown at a time, or the keyframe before it; decodes a bounded number of frames."""
    time_base = stream.time_base or Fraction(1, av.time_base)
    start_s = float((stream.start_time or 0) * time_base)
    container.seek(int((at_s + start_s) / time_base), stream=stream, backward=True)
    found: av.VideoFrame | None = None
    for count, frame in enumerate(container.decode(stream)):
        if frame.pts is None:  # a frame without a time cannot be placed
            continue
        if found is not None and frame.time - start_s > at_s:
            break
        found = frame
        if not exactly or count >= MOST_FRAMES_DECODED_A_SEEK:
            break
    return _upright(found, stream, start_s) if found is not None else None


def _first_frames(container: InputContainer, stream: VideoStream, wanted: int) -> Iterator[SampledFrame]:
    """Without a duration there is nothing to seek by: the keyframes as they come."""
    start_s = float((stream.start_time or 0) * (stream.time_base or 0))
    stream.codec_context.skip_frame = "NONKEY"
    for count, frame in enumerate(container.decode(stream)):
        if count >= wanted:
            return
        yield _upright(frame, stream, start_s)


def _upright(frame: av.VideoFrame, stream: VideoStream, start_s: float) -> SampledFrame:
    """The frame with square pixels, turned as the file asks, at most poster size."""
    ratio = stream.sample_aspect_ratio or Fraction(1)
    width, height = frame.width, frame.height
    if ratio > 0:
        width = max(1, round(frame.width * ratio))
    scale = min(1.0, POSTER_SIDE_PX / max(width, height))
    size = {"width": max(2, round(width * scale)), "height": max(2, round(height * scale))}
    # PyAV leaves this one method without types.
    image: Image.Image = frame.to_image(**size)  # type: ignore[no-untyped-call]
    if frame.rotation:
        image = image.rotate(frame.rotation, expand=True)
    return SampledFrame(image, max(0.0, (frame.time or 0.0) - start_s))


def _shown_size(stream: VideoStream, frames: list[SampledFrame]) -> tuple[int, int]:
    """The video's size in pixels as it is shown: turned when its frames are."""
    width, height = stream.codec_context.width, stream.codec_context.height
    turned = bool(frames) and (frames[0].image.width > frames[0].image.height) != (width > height)
    return (height, width) if turned else (width, height)


def _is_blank(image: Image.Image) -> bool:
    return ImageStat.Stat(image.convert("L")).stddev[0] < BLANK_DEVIATION


def _warnings(shown: int, wanted: int, duration_s: float | None, slow: bool) -> list[str]:
    if duration_s is None:
        return [NO_DURATION]
    if shown >= wanted:
        return []
    return [(OUT_OF_TIME if slow else SOME_FRAMES).format(shown=shown, wanted=wanted)]
