"""A video opened with care: its container by its first bytes, no network, one thread, no giants."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import av
from av.container import InputContainer
from av.video.stream import VideoStream

from evidence.derivatives.base import MAX_PIXELS, NotOpened, refuse_if_too_large

DAMAGE = (av.FFmpegError, ValueError, OverflowError)
NOT_A_VIDEO = "This is not a video that can be opened here, or it is damaged; the original is kept."
NO_PICTURE = "The file has no picture track that can be opened here; the original is kept."
NO_FRAME = "No frame of the video could be decoded; the original is kept."


@contextmanager
def opened(path: Path) -> Iterator[InputContainer]:
    """The container of a hostile file. Raises NotOpened, with a sentence."""
    try:
        container = av.open(str(path), format=container_format(path), options={"protocol_whitelist": "file"})
    except DAMAGE as error:
        raise NotOpened(NOT_A_VIDEO) from error
    with container:
        yield container


def picture_track(container: InputContainer, *, max_pixels: int = MAX_PIXELS) -> VideoStream:
    """The first video stream, to be decoded in one thread: each more costs address space."""
    if not container.streams.video:
        raise NotOpened(NO_PICTURE)
    stream = container.streams.video[0]
    context = stream.codec_context
    if context is None or not context.width or not context.height:
        raise NotOpened(NO_PICTURE)
    refuse_if_too_large(context.width, context.height, max_pixels=max_pixels // 2, thing="video")
    context.thread_count = 1
    return stream


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
    """How long it lasts in seconds; None where the file does not say."""
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    return container.duration / av.time_base if container.duration else None


def start_s(stream: VideoStream) -> float:
    """The time of its first frame, from which times are counted."""
    return float((stream.start_time or 0) * (stream.time_base or Fraction(1, av.time_base)))
