"""A photo's thumbnail and its preview in a form that every browser shows."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from PIL import ExifTags, Image, ImageFile

from evidence.derivatives.bands import read_bands
from evidence.derivatives.base import (
    MAX_PIXELS,
    PREVIEW_SIDE_PX,
    THUMBNAIL_SIDE_PX,
    DerivativeReport,
    NotOpened,
    fitted,
    pillow_for_evidence,
    refuse_if_too_large,
    write_jpeg,
)
from evidence.derivatives.heic import heic_frame, is_heic
from evidence.derivatives.thumbnails import thumbnail_finding
from evidence.derivatives.tones import small_rgb

try:
    import pillow_heif
except ImportError:  # an optional extra, `heic` in pyproject.toml
    HAS_HEIC_READER = False
else:
    pillow_heif.register_heif_opener()
    HAS_HEIC_READER = True

# Formats that are pictures and nothing else: no PostScript, no PDF, no Windows metafiles.
WELCOME_FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "HEIF", "AVIF", "GIF", "BMP", "JPEG2000")
Image.init()
FORMATS = tuple(name for name in WELCOME_FORMATS if name in Image.OPEN)
# A JPEG is shrunk while it is decoded, so a genuine 200-megapixel photo fits in memory.
MAX_JPEG_PIXELS = 300_000_000
# What Pillow and its decoders raise on damaged files, beside OSError.
DAMAGE = (OSError, ValueError, SyntaxError, TypeError, LookupError, EOFError, ArithmeticError, struct.error)
# EXIF orientation -> what brings the picture upright (EXIF 3.0, 4.6.5, tag 0x0112).
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
QUARTER_TURNS = {TURNS[5], TURNS[6], TURNS[7], TURNS[8]}
PARTLY_DAMAGED = "The picture is damaged or cut short; what could be decoded is shown."
NEW_SUBFILE_TYPE, REDUCED_COPY, MOST_PAGES = 254, 1, 16
REDUCED = "The picture is {width:,} x {height:,} pixels; a reduced copy inside the file is shown instead."
NOT_A_PICTURE = "This is not a picture that can be opened here, or it is damaged; the original is kept."
EMPTY = "The file is empty; the original is kept."


def make_photo_derivatives(path: Path, outdir: Path, *, max_pixels: int = MAX_PIXELS) -> DerivativeReport:
    """Write ``preview.jpg`` (at most 2048 px) and ``thumbnail.jpg`` (at most 480 px) into ``outdir``.

    Orientation is applied and all metadata left behind. A damaged file gives what could be decoded, with a
    warning. Raises NotOpened, with a sentence, when there is nothing to show.
    """
    if path.stat().st_size == 0:
        raise NotOpened(EMPTY)
    with pillow_for_evidence():
        picture = picture_upright(path, max_pixels=max_pixels)
        outdir.mkdir(parents=True, exist_ok=True)
        derivatives = (
            write_jpeg(fitted(picture.rgb, THUMBNAIL_SIDE_PX), outdir, "thumbnail", quality=80),
            write_jpeg(picture.rgb, outdir, "preview"),
        )
        warnings = picture.warnings + thumbnail_finding(path, picture.rgb)
    return DerivativeReport(
        derivatives, picture.width, picture.height, codec=picture.format_name, warnings=warnings
    )


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as a person sees it, shrunk to the side asked for, and the size of the whole in pixels."""

    rgb: Image.Image
    width: int
    height: int
    format_name: str
    warnings: tuple[str, ...] = ()


def picture_upright(path: Path, *, max_pixels: int = MAX_PIXELS, side_px: int = PREVIEW_SIDE_PX) -> Picture:
    """Decode a picture no larger than needed. Call it inside `pillow_for_evidence`; raises NotOpened."""
    if not HAS_HEIC_READER and is_heic(path):
        frame = heic_frame(path, max_pixels=max_pixels)
        return Picture(fitted(frame, side_px), frame.width, frame.height, "HEIF")
    bands = read_bands(path, max_pixels=max_pixels)
    if bands is not None:
        rgb = fitted(bands.rgb, side_px)
        return Picture(rgb, bands.width, bands.height, "TIFF", (bands.warning,))
    return _picture_by_pillow(path, max_pixels, side_px)


def _picture_by_pillow(path: Path, max_pixels: int, side_px: int) -> Picture:
    try:
        image: Image.Image = Image.open(path, formats=FORMATS)
    except DAMAGE as error:
        raise NotOpened(NOT_A_PICTURE) from error
    with image:
        format_name, (width, height) = image.format or "", image.size
        reduced = _go_to_reduced_page(image, max_pixels)
        _shrink_while_decoding(image, max_pixels, side_px)
        warnings = reduced + _decode(image)
        turn = _turn(image)
        try:
            rgb = small_rgb(image, side_px)
        except DAMAGE as error:
            raise NotOpened(NOT_A_PICTURE) from error
    if turn is not None:
        rgb = rgb.transpose(turn)
        if turn in QUARTER_TURNS:
            width, height = height, width
    return Picture(rgb, width, height, format_name, warnings)


def _go_to_reduced_page(image: Image.Image, max_pixels: int) -> tuple[str, ...]:
    """In a TIFF too large to open, go to the largest of the reduced copies that may stand behind it."""
    width, height = image.size
    if image.format != "TIFF" or width * height <= max_pixels:
        return ()
    try:
        for page in range(1, MOST_PAGES):
            image.seek(page)
            tags: Mapping[int, object] = getattr(image, "tag_v2", {})
            is_reduced = tags.get(NEW_SUBFILE_TYPE) == REDUCED_COPY
            if is_reduced and image.width * image.height <= max_pixels:
                return (REDUCED.format(width=width, height=height),)
    except DAMAGE:  # the end of the pages, or damage on the way
        pass
    image.seek(0)
    return ()


def _shrink_while_decoding(image: Image.Image, max_pixels: int, side_px: int) -> None:
    """Refuse what would not fit in memory; ask a JPEG for no more pixels than are needed."""
    is_jpeg = image.format in ("JPEG", "MPO")
    refuse_if_too_large(*image.size, max_pixels=MAX_JPEG_PIXELS if is_jpeg else max_pixels)
    if is_jpeg:
        scale = side_px / max(image.size)
        if scale < 1:
            width, height = (max(1, round(length * scale)) for length in image.size)
            image.draft(None, (width, height))
        refuse_if_too_large(*image.size, max_pixels=max_pixels)


def _decode(image: Image.Image) -> tuple[str, ...]:
    """Decode the pixels; a file that breaks off keeps what came before. Returns the warnings."""
    try:
        image.load()
    except DAMAGE as error:
        ImageFile.LOAD_TRUNCATED_IMAGES = True  # put back by pillow_for_evidence
        try:
            image.load()
        except DAMAGE:
            raise NotOpened(NOT_A_PICTURE) from error
        return (PARTLY_DAMAGED,)
    return ()


def _turn(image: Image.Image) -> Image.Transpose | None:
    """What brings the decoded picture upright. Pillow has already done it for TIFF, pillow-heif for HEIC."""
    try:
        return TURNS.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    except DAMAGE:
        return None
