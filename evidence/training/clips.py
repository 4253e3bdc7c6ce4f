"""Short videos of the invented place, and the position box that phones write into theirs."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import av
from av.container import OutputContainer
from PIL import Image, ImageDraw

from evidence.training.light import Light, lit
from evidence.training.place import Spot
from evidence.training.scene import SEA_LEVEL_M, draw_scene
from evidence.training.stamps import BANNER, with_banner
from evidence.training.structures import boat_at
from evidence.training.view import View

FRAMES_A_SECOND = 24
AVFMT_FLAG_BITEXACT = 0x400  # avformat.h; PyAV's enumeration does not combine with its own attribute
# ISO 639-2 "und" in the five-bit letters of QuickTime and MP4.
LANGUAGE_UNDETERMINED = 0x55C4


def pan(
    view: View, light: Light, *, key: str, seed: int, width_px: int, seconds: float, boat: Spot
) -> Iterator[Image.Image]:
    """Frames of a camera that turns slowly from left to right over ``view``; a boat sails by."""
    wide = draw_scene(view, light, seed=seed)
    count = round(seconds * FRAMES_A_SECOND)
    stamp = with_banner(Image.new("RGB", (width_px, view.height_px)), key)
    for number in range(count):
        share = number / max(1, count - 1)
        eased = share * share * (3 - 2 * share)
        frame = wide.copy()
        draw = ImageDraw.Draw(frame)
        _sailing(draw, view, light, boat, number)
        _gulls(draw, view, light, number)
        left = round(eased * (view.width_px - width_px))
        frame = frame.crop((left, 0, left + width_px, view.height_px))
        yield _stamped(frame, stamp, number)


def _sailing(draw: ImageDraw.ImageDraw, view: View, light: Light, boat: Spot, number: int) -> None:
    """A boat on its way south, at three metres a second, rocking a little."""
    spot = Spot(boat.east_m, boat.north_m - 3 * number / FRAMES_A_SECOND)
    at = view.point(spot, SEA_LEVEL_M)
    if at is not None:
        rocking = (at[0], at[1] + math.sin(number / 9) * 0.6)
        boat_at(draw, light, rocking, view.scale_px_m(spot), sails=True)


def _gulls(draw: ImageDraw.ImageDraw, view: View, light: Light, number: int) -> None:
    size = view.height_px / 60
    for bird in range(5):
        x = (0.2 + 0.13 * bird) * view.width_px + number * (1.3 + 0.2 * bird)
        y = (0.16 + 0.05 * ((bird * 7) % 4)) * view.height_px + math.sin(number / 11 + bird) * size
        up = math.sin(number / 2.6 + bird * 2) * size * 0.7
        wings = [(x - size, y - up), (x, y), (x + size, y - up)]
        draw.line(wings, fill=lit((70, 74, 84), light), width=max(1, view.height_px // 240), joint="curve")


def _stamped(frame: Image.Image, stamp: Image.Image, number: int) -> Image.Image:
    """The frame with the marking and a counter of frames, so that a frame can be told from the next."""
    height = stamp.height
    box = (0, round(height * 0.8), round(stamp.width * 0.62), height)
    mark = stamp.crop(box)
    frame.paste(mark, box[:2], mark.convert("L").point(lambda value: 225 if value else 0))
    draw = ImageDraw.Draw(frame, "RGBA")
    draw.text((frame.width - 8, frame.height - 8), f"{BANNER} · frame {number:03d}", "white", anchor="rs")
    return frame


def write_mp4(
    path: Path, frames: Iterator[Image.Image], *, at: Spot, altitude_m: float, created: str
) -> None:
    """H.264 in MP4 with a creation time (UTC, ISO 8601) and a position as Apple's cameras write it."""
    metadata = {"creation_time": created, "title": "Training exercise"}
    # The encoder's vectorised look-ahead does not always choose alike. Without it the same frames give the
    # same file (25 of 25 on a loaded machine, where 5 different ones came before).
    options = {"preset": "veryfast", "crf": "24", "threads": "1", "x264-params": "asm=0:mbtree=0"}
    _encode(path, "mp4", "libx264", frames, options, metadata)
    iso6709 = f"{at.latitude:+08.4f}{at.longitude:+09.4f}{altitude_m:+08.3f}/"
    path.write_bytes(with_position(path.read_bytes(), iso6709))


def write_webm(path: Path, frames: Iterator[Image.Image]) -> None:
    """VP8 in WebM without position or time."""
    options = {"deadline": "good", "cpu-used": "5", "crf": "24", "b": "700k", "threads": "1"}
    _encode(path, "webm", "libvpx", frames, options, {})


def _encode(
    path: Path,
    container_format: str,
    codec: str,
    frames: Iterator[Image.Image],
    options: dict[str, str],
    metadata: dict[str, str],
) -> None:
    with av.open(str(path), "w", format=container_format) as container:
        # No version of the writer and no random identifiers: the same frames give the same file.
        container.flags |= AVFMT_FLAG_BITEXACT
        container.metadata.update(metadata)
        put: Callable[[Image.Image | None], None] | None = None
        for image in frames:
            put = put or _encoder(container, codec, image.size, options)
            put(image)
        if put is not None:
            put(None)


def _encoder(
    container: OutputContainer, codec: str, size: tuple[int, int], options: dict[str, str]
) -> Callable[[Image.Image | None], None]:
    stream = container.add_stream(codec, rate=FRAMES_A_SECOND, options=options)
    if not isinstance(stream, av.VideoStream):
        raise TypeError(f"{codec} is not a codec for video")
    stream.width, stream.height = size
    stream.pix_fmt = "yuv420p"
    stream.codec_context.time_base = Fraction(1, FRAMES_A_SECOND)

    def put(image: Image.Image | None) -> None:
        # PyAV leaves this one method without types.
        frame = av.VideoFrame.from_image(image) if image else None  # type: ignore[no-untyped-call]
        container.mux(stream.encode(frame))

    return put


def with_position(data: bytes, iso6709: str) -> bytes:
    """An MP4 with ``moov/udta/©xyz`` added (QuickTime File Format, user data text).

    ``moov`` must be the last box, so that nothing behind it moves. Raises ValueError when it is not.
    """
    at, size = last_box(data)
    if data[at + 4 : at + 8] != b"moov" or at + size != len(data):
        raise ValueError("The movie box is not the last one of the file.")
    text = iso6709.encode("ascii")
    position = box(b"\xa9xyz", struct.pack(">HH", len(text), LANGUAGE_UNDETERMINED) + text)
    inside = data[at + 8 :]
    existing = _child(inside, b"udta")
    if existing is None:
        inside += box(b"udta", position)
    else:
        start, length = existing
        user_data = inside[start + 8 : start + length]
        inside = inside[:start] + box(b"udta", position + user_data) + inside[start + length :]
    return data[:at] + box(b"moov", inside)


def box(kind: bytes, content: bytes) -> bytes:
    """One box of ISO base media: its size, its kind, its content."""
    return struct.pack(">I4s", 8 + len(content), kind) + content


def last_box(data: bytes) -> tuple[int, int]:
    """Where the last box of a file begins, and its size in bytes."""
    at, size = 0, 0
    while at < len(data):
        start, size = at, struct.unpack_from(">I", data, at)[0]
        if size < 8:
            raise ValueError("A box of 64-bit or open size is not expected here.")
        at = start + size
    return start, size


def _child(inside: bytes, kind: bytes) -> tuple[int, int] | None:
    at = 0
    while at + 8 <= len(inside):
        size = struct.unpack_from(">I", inside, at)[0]
        if inside[at + 4 : at + 8] == kind:
            return at, size
        at += max(8, size)
    return None
