"""What the makers of derivatives share: their results, their refusals, and how a small picture is written."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from typing import Literal

from PIL import Image, ImageFile

Role = Literal["thumbnail", "preview", "contact_sheet", "poster", "proxy", "waveform"]

THUMBNAIL_SIDE_PX = 480
PREVIEW_SIDE_PX = 2048
# Four bytes a pixel and one copy while shrinking: about 1 GB at the limit.
MAX_PIXELS = 120_000_000
JPEG_QUALITY = 85
JPEG_MIME_TYPE = "image/jpeg"
PAPER = (255, 255, 255)

_PILLOW_GLOBALS = RLock()


class NotOpened(Exception):
    """A file that gives no derivative at all; ``sentence`` says why, for a person."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Derivative:
    """One small file made from an original, with the SHA-256 (hex) of its bytes."""

    role: Role
    path: Path
    mime_type: str
    width: int
    height: int
    sha256: str


@dataclass(frozen=True, slots=True)
class DerivativeReport:
    """What was made, and what the decoder saw.

    ``width`` and ``height`` are in pixels as the picture is shown, its orientation applied. ``duration_s``
    and ``frame_rate`` (frames a second) are None for photos and where the file doesn't say.
    """

    derivatives: tuple[Derivative, ...]
    width: int | None
    height: int | None
    duration_s: float | None = None
    codec: str | None = None
    frame_rate: float | None = None
    warnings: tuple[str, ...] = ()
    # Of a contact sheet: how many frames it has, and the seconds between them.
    frames: int | None = None
    step_s: float | None = None
    # Of a viewing copy: why browsers do not play the original. Empty where they do, and no copy was made.
    unplayable_why: str = ""


@contextmanager
def pillow_for_evidence() -> Iterator[None]:
    """Pillow as it is needed here: no guard of its own, and half a picture is better than none.

    Pillow's guard refuses while it opens, before the size can be told; here ``refuse_if_too_large`` guards
    instead, before any pixel is decoded. Both settings are global in Pillow, so one picture at a time.
    """
    with _PILLOW_GLOBALS:
        before = Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES
        Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES = None, False
        try:
            # What Pillow complains of while it reads a damaged file comes out as a sentence, or not at all.
            with warnings.catch_warnings(action="ignore"):
                yield
        finally:
            Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES = before


def refuse_if_too_large(width: int, height: int, *, max_pixels: int, thing: str = "picture") -> None:
    """Raise NotOpened when so many pixels would not fit in memory."""
    if width * height > max_pixels:
        raise NotOpened(
            f"The {thing} is {width:,} x {height:,} pixels, more than is opened here; the original is kept."
        )


def fitted(image: Image.Image, side_px: int) -> Image.Image:
    """The picture, shrunk to at most ``side_px`` on its long side; never enlarged."""
    longest = max(image.size)
    if longest <= side_px:
        return image
    width, height = (max(1, round(length * side_px / longest)) for length in image.size)
    return image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2.0)


def write_jpeg(image: Image.Image, outdir: Path, role: Role, *, quality: int = JPEG_QUALITY) -> Derivative:
    """Write an RGB picture as ``<role>.jpg`` with nothing in it but pixels."""
    path = outdir / f"{role}.jpg"
    # Pillow copies comments and packets from `info` into what it writes: a new picture has none.
    bare = Image.new("RGB", image.size)
    bare.paste(image)
    bare.save(path, "JPEG", quality=quality, optimize=True, progressive=role == "preview")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return Derivative(role, path, JPEG_MIME_TYPE, image.width, image.height, digest)
