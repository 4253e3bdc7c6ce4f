"""Any picture's values as 8-bit red, green and blue that a browser shows."""

from __future__ import annotations

import io
import math
from array import array
from collections.abc import Iterable, Sequence
from itertools import chain

from PIL import Image, ImageCms

from evidence.derivatives.base import PAPER, fitted

LOW_SHARE, HIGH_SHARE = 0.02, 0.98
SAMPLE_SIDE_PX = 512
WIDE_SIDE_PX = 4096
TIFF_NODATA_TAG = 42113
WIDE_MODES = frozenset({"I", "F", "I;16", "I;16B", "I;16L", "I;16N"})


def is_wide(image: Image.Image) -> bool:
    """More than 8 bits a value in one band."""
    return image.mode in WIDE_MODES


def small_rgb(image: Image.Image, side_px: int) -> Image.Image:
    """RGB of any mode, at most ``side_px`` long: wide values stretched, transparent parts white, in sRGB."""
    if is_wide(image):
        return fitted(stretched([image], nodata=nodata_of(image))[0], side_px).convert("RGB")
    if image.mode == "P":
        image = image.convert("RGBA" if "transparency" in image.info else "RGB")
    elif "transparency" in image.info or image.mode in ("La", "PA", "RGBa"):
        image = image.convert("RGBA")
    elif image.mode == "1":
        image = image.convert("L")
    profile = image.info.get("icc_profile")
    return _in_srgb(_on_paper(fitted(image, side_px)), profile)


def _on_paper(image: Image.Image) -> Image.Image:
    if image.mode not in ("RGBA", "LA"):
        return image
    paper = Image.new("RGB", image.size, PAPER)
    paper.paste(image.convert("RGB"), mask=image.getchannel("A"))
    return paper


def stretched(bands: Sequence[Image.Image], *, nodata: float | None = None) -> list[Image.Image]:
    """Wide one-band pictures as 8-bit grey: their common 2nd percentile black, their 98th white.

    One stretch for all bands keeps their balance of colour. Values that are not numbers and the file's own
    "no data" value count for nothing; they come out black or white.
    """
    values = [_as_float(band) for band in bands]
    low, high = percentiles(chain.from_iterable(_sample(band) for band in values), nodata=nodata)
    scale = 255.0 / (high - low) if high > low else 1.0
    # Pillow maps float pictures only through this linear form; convert() then clips to 0..255.
    return [band.point(lambda value: value * scale + (0.5 - low * scale)).convert("L") for band in values]


def percentiles(values: Iterable[float], *, nodata: float | None) -> tuple[float, float]:
    """The 2nd and 98th percentile of the finite values; (0, 255) when there are none."""
    usable = sorted(value for value in values if math.isfinite(value) and value != nodata)
    if not usable:
        return 0.0, 255.0
    last = len(usable) - 1
    return usable[round(last * LOW_SHARE)], usable[round(last * HIGH_SHARE)]


def nodata_of(image: Image.Image) -> float | None:
    """GDAL's "no data" value from a TIFF's own tag, if there is one."""
    tags = getattr(image, "tag_v2", None)
    text = str(tags.get(TIFF_NODATA_TAG, "")) if tags is not None else ""
    try:
        return float(text.strip("\x00 ")) if text else None
    except ValueError:
        return None


def _as_float(band: Image.Image) -> Image.Image:
    """At most 4,096 px a side: wide values cost four bytes a pixel in each of several copies."""
    longest = max(band.size)
    if longest > WIDE_SIDE_PX:
        width, height = (max(1, length * WIDE_SIDE_PX // longest) for length in band.size)
        band = band.resize((width, height), Image.Resampling.NEAREST)
    return band if band.mode == "F" else band.convert("I").convert("F")


def _sample(values: Image.Image) -> array[float]:
    width, height = (min(length, SAMPLE_SIDE_PX) for length in values.size)
    return array("f", values.resize((width, height), Image.Resampling.NEAREST).tobytes())


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Through the picture's own colour profile when it is readable: phones photograph in Display P3."""
    if profile and image.mode in ("RGB", "CMYK", "L"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(
                image, source, ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
        except (ImageCms.PyCMSError, OSError, ValueError):
            converted = None
        if converted is not None:
            return converted
    return image.convert("RGB")
