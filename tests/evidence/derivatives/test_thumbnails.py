"""The thumbnail inside a file is compared with the picture; only a clear difference is a finding."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageOps

from evidence.derivatives import make_photo_derivatives
from evidence.derivatives.thumbnails import compare
from tests.evidence.metadata import builders as b

LARGE, SMALL = (800, 600), (160, 120)


def scene(*, other: bool = False) -> Image.Image:
    """Sky, ground, a tower left of the middle and a sun; the other scene has none of these."""
    image = Image.new("L", LARGE, 210)
    draw = ImageDraw.Draw(image)
    if other:
        draw.ellipse((100, 50, 700, 580), fill=40)
        draw.rectangle((350, 0, 450, 600), fill=250)
        return image
    draw.rectangle((0, 380, 800, 600), fill=70)
    draw.rectangle((220, 120, 320, 430), fill=30)
    draw.ellipse((600, 40, 700, 140), fill=255)
    return image


def small(image: Image.Image) -> Image.Image:
    return image.resize(SMALL, Image.Resampling.BILINEAR)


def letterboxed(image: Image.Image) -> Image.Image:
    """As cameras do: the 16:9 picture between black bars in a 4:3 thumbnail."""
    bars = Image.new("L", SMALL, 0)
    bars.paste(image.resize((160, 90)), (0, 15))
    return bars


def test_its_own_thumbnail_is_the_same() -> None:
    assert compare(small(scene()), scene()).verdict == "same"


@pytest.mark.parametrize(
    "change",
    [
        lambda image: ImageEnhance.Brightness(image).enhance(0.6),
        lambda image: ImageEnhance.Contrast(image).enhance(1.4),
        lambda image: image.filter(ImageFilter.GaussianBlur(6)),
        lambda image: image.transpose(Image.Transpose.ROTATE_90),
    ],
)
def test_developing_and_turning_are_no_finding(change) -> None:  # type: ignore[no-untyped-def]
    assert compare(small(scene()), change(scene())).verdict == "same"


def test_bars_of_a_camera_are_no_finding() -> None:
    wide = scene().crop((0, 75, 800, 525))
    assert compare(letterboxed(wide), wide).verdict == "same"


@pytest.mark.parametrize(
    "picture", [scene(other=True), scene().crop((400, 0, 800, 300)), ImageOps.invert(scene())]
)
def test_another_picture_a_crop_and_a_negative_are_different(picture: Image.Image) -> None:
    assert compare(small(scene()), picture).verdict == "different"


def test_a_mirrored_picture_is_told_apart() -> None:
    assert compare(small(scene()), ImageOps.mirror(scene())).verdict == "mirrored"
    assert compare(small(scene()), ImageOps.mirror(scene()), flipped=True).verdict == "same"


def test_an_even_picture_gives_no_verdict() -> None:
    assert compare(small(scene()), Image.new("L", LARGE, 90)).verdict == "unsure"
    assert compare(Image.new("L", SMALL, 90), scene()).verdict == "unsure"


def written(tmp_path: Path, picture: Image.Image, thumbnail: Image.Image, orientation: int = 1) -> Path:
    inner, outer = io.BytesIO(), io.BytesIO()
    thumbnail.save(inner, "JPEG")
    picture.convert("RGB").save(outer, "JPEG", quality=90)
    block = b.with_thumbnail(b.tiff({0x0112: b.shorts(orientation)}), inner.getvalue())
    content = outer.getvalue()
    path = tmp_path / "a.jpg"
    path.write_bytes(content[:2] + b.exif_segment(block) + content[2:])
    return path


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_report_says_nothing_of_a_true_thumbnail(tmp_path: Path, orientation: int) -> None:
    path = written(tmp_path, scene(), small(scene()), orientation)
    assert make_photo_derivatives(path, tmp_path / "out").warnings == ()


def test_a_report_tells_of_a_thumbnail_that_shows_something_else(tmp_path: Path) -> None:
    path = written(tmp_path, scene(other=True), small(scene()))
    (warning,) = make_photo_derivatives(path, tmp_path / "out").warnings
    assert warning.startswith("The thumbnail inside the file does not look like the picture (likeness ")


def test_a_report_tells_of_a_picture_that_was_mirrored(tmp_path: Path) -> None:
    path = written(tmp_path, ImageOps.mirror(scene()), small(scene()))
    (warning,) = make_photo_derivatives(path, tmp_path / "out").warnings
    assert "mirrored" in warning


def test_a_damaged_thumbnail_does_no_harm(tmp_path: Path) -> None:
    path = written(tmp_path, scene(), small(scene()))
    content = bytearray(path.read_bytes())
    at = content.index(b"\xff\xd8\xff", 10)
    content[at + 30 : at + 200] = b"\x55" * 170
    path.write_bytes(content)
    assert make_photo_derivatives(path, tmp_path / "out").warnings == ()
