"""PDQ of a video's keyframes, each with the time for which it stands."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.container import InputContainer
from av.video.stream import VideoStream
from PIL import Image, ImageOps

from evidence.derivatives.base import MAX_PIXELS, NotOpened, refuse_if_too_large
from evidence.derivatives.opening import (
    DAMAGE,
    NO_FRAME,
    NO_PICTURE,
    NOT_A_VIDEO,
    container_format,
    duration_seconds,
)
from evidence.fingerprints.base import Algorithm, Fingerprint, FingerprintReport, distance
from evidence.fingerprints.pdq import pdq
from evidence.progress import Progress

HASHED_SIDE_PX = 256
MOST_KEYFRAMES = 600
# Keyframes closer together than this add nothing: some codecs have nothing but keyframes.
SHORTEST_STEP_S = 0.5
BUDGET_S = 40.0
# A keyframe this near to the one before it shows the same: the first stands for both.
SAME_SHOT_BITS = 8
OUT_OF_TIME = "Decoding was slow; the likeness is looked for in the first {until:.0f} s only."


def keyframe_fingerprints(
    path: Path, *, max_pixels: int = MAX_PIXELS, budget_s: float = BUDGET_S
) -> FingerprintReport:
    """PDQ of at most 600 keyframes, evenly chosen, and of their mirror images.

    Only keyframes are decoded. Neighbours that look the same become one fingerprint, which stands from the
    time of the first to that of the next one that differs. Raises NotOpened, with a sentence, when no frame
    can be decoded.
    """
    try:
        container = av.open(str(path), format=container_format(path), options={"protocol_whitelist": "file"})
    except DAMAGE as error:
        raise NotOpened(NOT_A_VIDEO) from error
    with container:
        stream = _picture_track(container, max_pixels)
        duration_s = duration_seconds(container, stream)
        progress, deadline = Progress(), time.monotonic() + budget_s
        plain: list[Fingerprint] = []
        mirrored: list[Fingerprint] = []
        keyframes, last_s, is_cut = 0, 0.0, False
        with suppress(*DAMAGE):
            for at_s, image in _keyframes(container, stream, duration_s):
                keyframes, last_s = keyframes + 1, at_s
                _add(plain, mirrored, image, at_s)
                progress.say(at_s / duration_s if duration_s else keyframes / MOST_KEYFRAMES)
                if keyframes >= MOST_KEYFRAMES or time.monotonic() > deadline:
                    is_cut = keyframes < MOST_KEYFRAMES
                    break
    if not plain:
        raise NotOpened(NO_FRAME)
    until_s = max(last_s, duration_s or 0.0) if not is_cut else last_s
    found = (*_lasting(plain, until_s), *_lasting(mirrored, until_s))
    warnings = (OUT_OF_TIME.format(until=last_s),) if is_cut else ()
    return FingerprintReport(found, duration_s, keyframes, warnings)


def _picture_track(container: InputContainer, max_pixels: int) -> VideoStream:
    stream = container.streams.video[0] if container.streams.video else None
    context = stream.codec_context if stream is not None else None
    if stream is None or context is None or not context.width or not context.height:
        raise NotOpened(NO_PICTURE)
    refuse_if_too_large(context.width, context.height, max_pixels=max_pixels // 2, thing="video")
    # One thread: each more costs address space, which the sandbox limits.
    context.thread_count = 1
    context.skip_frame = "NONKEY"
    return stream


def _keyframes(
    container: InputContainer, stream: VideoStream, duration_s: float | None
) -> Iterator[tuple[float, Image.Image]]:
    """Decode keyframes in order; those nearer to the last one than an even spread needs are left out."""
    time_base = stream.time_base or Fraction(1, av.time_base)
    start_s = float((stream.start_time or 0) * time_base)
    step_s = max(SHORTEST_STEP_S, (duration_s or 0.0) / MOST_KEYFRAMES)
    fed_s: float | None = None
    for packet in container.demux(stream):
        is_end = packet.size == 0
        if not is_end:
            if not packet.is_keyframe or packet.pts is None:
                continue
            packet_s = float(packet.pts * time_base)
            if fed_s is not None and packet_s - fed_s < step_s:
                continue
            fed_s = packet_s
        for frame in packet.decode():
            if isinstance(frame, av.VideoFrame) and frame.pts is not None:
                yield max(0.0, frame.time - start_s), _small(frame, stream)


def _small(frame: av.VideoFrame, stream: VideoStream) -> Image.Image:
    """The frame with square pixels, turned as the file asks, at most 256 pixels on its long side."""
    ratio = stream.sample_aspect_ratio or Fraction(1)
    width = max(1, round(frame.width * ratio)) if ratio > 0 else frame.width
    scale = min(1.0, HASHED_SIDE_PX / max(width, frame.height))
    size = {"width": max(2, round(width * scale)), "height": max(2, round(frame.height * scale))}
    # Averaged over the area, as a picture's hash is; PyAV leaves this one method without types.
    image: Image.Image = frame.to_image(**size, interpolation="AREA")  # type: ignore[no-untyped-call]
    return image.rotate(frame.rotation, expand=True) if frame.rotation else image


def _add(plain: list[Fingerprint], mirrored: list[Fingerprint], image: Image.Image, at_s: float) -> None:
    hashed = pdq(np.asarray(image))
    if plain and distance(plain[-1].hash_bytes, hashed.hash_bytes) <= SAME_SHOT_BITS:
        return
    turned = pdq(np.asarray(ImageOps.mirror(image)))
    at_s = round(at_s, 3)
    plain.append(Fingerprint(Algorithm.PDQ, False, hashed.quality, hashed.hash_bytes, at_s))
    mirrored.append(Fingerprint(Algorithm.PDQ, True, hashed.quality, turned.hash_bytes, at_s))


def _lasting(found: list[Fingerprint], end_s: float) -> Iterator[Fingerprint]:
    """Each fingerprint until the next one begins, the last until the end."""
    ends = [each.time_s for each in found[1:]] + [round(end_s, 3)]
    for each, until_s in zip(found, ends, strict=True):
        yield replace(each, until_s=until_s)
