"""Frames of a video at the times that are asked for: upright, with square pixels, each with its own time."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction

import av
from av.container import InputContainer
from av.video.stream import VideoStream
from PIL import Image

from evidence.derivatives.opening import DAMAGE, start_s

POSTER_SIDE_PX = 1280
# Times closer together than this are reached by decoding on; to others one seeks.
DECODED_THROUGH_S = 4.0
MOST_FRAMES_DECODED_A_SEEK = 300
# A frame that is early by less than this is the one that was asked for: containers round.
SLACK_S = 0.002


@dataclass(frozen=True, slots=True)
class SampledFrame:
    """A decoded frame, upright, and its time in seconds after the video's start."""

    image: Image.Image
    at_s: float


def frames_at(
    container: InputContainer,
    stream: VideoStream,
    times_s: Sequence[float],
    *,
    side_px: int = POSTER_SIDE_PX,
    deadline: float = float("inf"),
) -> Iterator[SampledFrame]:
    """The first frame at or after each of the rising times; what cannot be decoded is left out.

    Ends at ``deadline`` (of ``time.monotonic``).
    """
    left = list(times_s)
    step_s = (left[-1] - left[0]) / (len(left) - 1) if len(left) > 1 else 0.0
    if step_s <= DECODED_THROUGH_S:
        with suppress(*DAMAGE):
            for frame in _decoded_through(container, stream, left):
                yield _upright(frame, stream, side_px)
                if time.monotonic() > deadline:
                    return
            return
    # Far apart, or behind a damaged place.
    shown_s = -1.0
    for wanted_s in left:
        with suppress(*DAMAGE):
            found = _sought(container, stream, wanted_s)
            if found is not None and (at_s := found.time - start_s(stream)) > shown_s:
                shown_s = at_s
                yield _upright(found, stream, side_px)
        if time.monotonic() > deadline:
            return


def first_frames(
    container: InputContainer, stream: VideoStream, most: int, *, side_px: int = POSTER_SIDE_PX
) -> Iterator[SampledFrame]:
    """Without a duration there is nothing to seek by: the keyframes as they come."""
    stream.codec_context.skip_frame = "NONKEY"
    with suppress(*DAMAGE):
        for count, frame in enumerate(container.decode(stream)):
            if count >= most:
                return
            yield _upright(frame, stream, side_px)


def _decoded_through(
    container: InputContainer, stream: VideoStream, left: list[float]
) -> Iterator[av.VideoFrame]:
    """Decode from the first time on; takes from ``left`` what it has been past."""
    first_s = start_s(stream)
    if left and left[0] > DECODED_THROUGH_S:
        _seek(container, stream, left[0])
    for frame in container.decode(stream):
        if not left:
            return
        if frame.pts is None or frame.time - first_s < left[0] - SLACK_S:  # without a time it has no place
            continue
        while left and left[0] - SLACK_S <= frame.time - first_s:
            left.pop(0)
        yield frame


def _sought(container: InputContainer, stream: VideoStream, wanted_s: float) -> av.VideoFrame | None:
    """The frame at or after a time, or the last one that a bounded number of decoded frames led to."""
    _seek(container, stream, wanted_s)
    found: av.VideoFrame | None = None
    first_s = start_s(stream)
    for count, frame in enumerate(container.decode(stream)):
        if frame.pts is None:
            continue
        found = frame
        if frame.time - first_s >= wanted_s - SLACK_S or count >= MOST_FRAMES_DECODED_A_SEEK:
            break
    return found


def _seek(container: InputContainer, stream: VideoStream, wanted_s: float) -> None:
    time_base = stream.time_base or Fraction(1, av.time_base)
    container.seek(int((wanted_s + start_s(stream)) / time_base), stream=stream, backward=True)


def _upright(frame: av.VideoFrame, stream: VideoStream, side_px: int) -> SampledFrame:
    """The frame with square pixels, turned as the file asks, at most ``side_px`` on its long side."""
    width, height = square_size(frame, stream)
    scale = min(1.0, side_px / max(width, height))
    size = {"width": max(2, round(width * scale)), "height": max(2, round(height * scale))}
    # PyAV leaves this one method without types.
    image: Image.Image = frame.to_image(**size)  # type: ignore[no-untyped-call]
    if frame.rotation:
        image = image.rotate(frame.rotation, expand=True)
    return SampledFrame(image, max(0.0, (frame.time or 0.0) - start_s(stream)))


def square_size(frame: av.VideoFrame, stream: VideoStream) -> tuple[int, int]:
    """Width and height in square pixels, before it is turned."""
    ratio = stream.sample_aspect_ratio or Fraction(1)
    width = max(1, round(frame.width * ratio)) if ratio > 0 else frame.width
    return width, frame.height
