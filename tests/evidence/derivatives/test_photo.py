"""Every kind of picture becomes one that a browser shows; damage gives a sentence."""

import hashlib
import io
import math
import random
from pathlib import Path

import pytest
from PIL import ExifTags, Image, ImageCms, ImageFile

from evidence.derivatives import DerivativeReport, NotOpened, make_photo_derivatives
from evidence.derivatives import photo as photo_module
from evidence.derivatives.photo import PARTLY_DAMAGED
from tests.evidence.derivatives.tiffs import write_tiff

RED, BLUE = (200, 30, 30), (30, 30, 200)


def picture(report: DerivativeReport, role: str) -> Image.Image:
    (path,) = [derivative.path for derivative in report.derivatives if derivative.role == role]
    with Image.open(path) as image:
        return image.copy()


def pixel(image: Image.Image, x: int, y: int) -> tuple[int, ...]:
    value = image.getpixel((x, y))
    assert isinstance(value, tuple)
    return value


def outcome(source: Path, outdir: Path) -> DerivativeReport | str:
    """The report, or the sentence with which the file was refused."""
    try:
        return make_photo_derivatives(source, outdir)
    except NotOpened as refusal:
        return refusal.sentence


def half_red_half_blue() -> Image.Image:
    """60 x 40, left half red, right half blue."""
    image = Image.new("RGB", (60, 40), BLUE)
    image.paste(RED, (0, 0, 30, 40))
    return image


def test_a_large_photo_gives_a_preview_of_2048_and_a_thumbnail_of_480_pixels(tmp_path: Path) -> None:
    source = tmp_path / "large.jpg"
    Image.linear_gradient("L").resize((3000, 2000)).convert("RGB").save(source)
    report = make_photo_derivatives(source, tmp_path / "out")
    assert (report.width, report.height, report.codec) == (3000, 2000, "JPEG")
    assert picture(report, "preview").size == (2048, 1365)
    assert picture(report, "thumbnail").size == (480, 320)
    assert report.warnings == ()


def test_a_small_photo_is_not_enlarged(tmp_path: Path) -> None:
    source = tmp_path / "small.png"
    half_red_half_blue().save(source)
    assert picture(make_photo_derivatives(source, tmp_path / "out"), "preview").size == (60, 40)


@pytest.mark.parametrize("suffix", ["jpg", "tif", "webp", "png"])
@pytest.mark.parametrize(
    # Where the red half of the stored picture is shown (EXIF 3.0, 4.6.5, tag 0x0112).
    ("orientation", "size", "red_at"),
    [
        (1, (60, 40), (10, 20)),
        (2, (60, 40), (50, 20)),
        (3, (60, 40), (50, 20)),
        (4, (60, 40), (10, 20)),
        (5, (40, 60), (20, 10)),
        (6, (40, 60), (20, 10)),
        (7, (40, 60), (20, 50)),
        (8, (40, 60), (20, 50)),
    ],
)
def test_a_turned_photo_comes_out_upright(
    tmp_path: Path, suffix: str, orientation: int, size: tuple[int, int], red_at: tuple[int, int]
) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    source = tmp_path / f"turned.{suffix}"
    half_red_half_blue().save(source, exif=exif)
    report = make_photo_derivatives(source, tmp_path / "out")
    preview = picture(report, "preview")
    assert (report.width, report.height) == size
    assert preview.size == size
    red, _, blue = pixel(preview, *red_at)
    assert red > blue


def test_no_metadata_reaches_a_derivative(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Camera of a witness"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] = "N"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    source = tmp_path / "private.jpg"
    half_red_half_blue().save(source, exif=exif, comment=b"by a witness", icc_profile=profile, xmp=b"<x/>")
    for derivative in make_photo_derivatives(source, tmp_path / "out").derivatives:
        with Image.open(derivative.path) as image:
            assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive"} | {
                "progression"
            }
        assert b"witness" not in derivative.path.read_bytes()


def test_the_digest_is_that_of_the_file(tmp_path: Path) -> None:
    source = tmp_path / "a.png"
    half_red_half_blue().save(source)
    for derivative in make_photo_derivatives(source, tmp_path / "out").derivatives:
        assert derivative.sha256 == hashlib.sha256(derivative.path.read_bytes()).hexdigest()


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "YCbCr", "I;16", "I", "F", "LAB"])
def test_every_pixel_format_becomes_an_rgb_preview(tmp_path: Path, mode: str) -> None:
    image = Image.linear_gradient("L")
    if mode == "I;16":
        image = image.convert("I").convert("I;16")
    elif mode == "LAB":
        image = Image.new("LAB", (256, 256), (128, 128, 128))
    else:
        image = image.convert(mode)
    source = tmp_path / "any.tif"
    image.save(source)
    preview = picture(make_photo_derivatives(source, tmp_path / "out"), "preview")
    assert (preview.mode, preview.size) == ("RGB", (256, 256))


@pytest.mark.parametrize("kind", ["H", "f"])
def test_values_of_more_than_8_bits_are_stretched_between_their_percentiles(
    tmp_path: Path, kind: str
) -> None:
    # Values 1000..1039 in columns, and one hot pixel that must not darken all others.
    source = write_tiff(tmp_path / "w.tif", lambda x, y, _: 60_000 if x == y == 0 else 1000 + x, kind=kind)
    preview = picture(make_photo_derivatives(source, tmp_path / "out"), "preview").convert("L")
    assert preview.getpixel((2, 20)) == pytest.approx(10, abs=10)
    assert preview.getpixel((20, 20)) == pytest.approx(128, abs=14)
    assert preview.getpixel((37, 20)) == pytest.approx(245, abs=10)


@pytest.mark.parametrize("hole", [math.nan, math.inf, -9999.0])
def test_holes_in_the_data_do_not_spoil_the_contrast(tmp_path: Path, hole: float) -> None:
    source = write_tiff(
        tmp_path / "holes.tif", lambda x, y, _: hole if y < 10 else 1.0 + x / 40, kind="f", nodata="-9999"
    )
    preview = picture(make_photo_derivatives(source, tmp_path / "out"), "preview").convert("L")
    dark, bright = preview.getpixel((2, 20)), preview.getpixel((37, 20))
    assert dark < 30
    assert bright > 225


@pytest.mark.parametrize("separate", [False, True])
@pytest.mark.parametrize("big_endian", [False, True])
@pytest.mark.parametrize(("bands", "kind"), [(3, "H"), (4, "H"), (8, "H"), (5, "B"), (3, "f")])
def test_several_bands_show_the_first_three_as_colours(
    tmp_path: Path, bands: int, kind: str, separate: bool, big_endian: bool
) -> None:
    # Red grows to the right, green grows downwards, blue is low, the other bands are all high.
    def value(x: int, y: int, band: int) -> int:
        return (6 * x, 8 * y, 0)[band] if band < 3 else 250

    source = write_tiff(
        tmp_path / "bands.tif", value, bands=bands, kind=kind, separate=separate, big_endian=big_endian
    )
    report = make_photo_derivatives(source, tmp_path / "out")
    preview = picture(report, "preview")
    assert preview.size == (40, 30)
    assert report.warnings[0].startswith(f"The picture has {bands} bands of ")
    red, green, blue = pixel(preview, 37, 2)
    assert red > 200
    assert green < 70
    assert blue < 70
    red, green, blue = pixel(preview, 2, 27)
    assert green > 200
    assert red < 70
    assert blue < 70


@pytest.mark.parametrize("separate", [False, True])
@pytest.mark.parametrize("big_endian", [False, True])
@pytest.mark.parametrize("kind", ["B", "H"])
def test_bands_kept_as_differences_look_the_same(
    tmp_path: Path, kind: str, big_endian: bool, separate: bool
) -> None:
    def value(x: int, y: int, band: int) -> int:
        return (240 - 6 * x, 8 * y, (97 * x) % 256, 9, 200)[band]

    digests = set()
    for differences in (False, True):
        source = write_tiff(
            tmp_path / "bands.tif",
            value,
            bands=5,
            kind=kind,
            separate=separate,
            big_endian=big_endian,
            differences=differences,
        )
        digests.add(make_photo_derivatives(source, tmp_path / "out").derivatives[1].sha256)
    assert len(digests) == 1


def test_a_map_too_large_to_open_is_shown_by_its_reduced_copy(tmp_path: Path) -> None:
    small = half_red_half_blue().resize((30, 20))
    small.encoderinfo = {"tiffinfo": {254: 1}}  # NewSubfileType: reduced copy (TIFF 6.0)
    source = tmp_path / "map.tif"
    half_red_half_blue().save(source, save_all=True, append_images=[small])
    report = make_photo_derivatives(source, tmp_path / "out", max_pixels=1000)
    assert (report.width, report.height) == (60, 40)
    assert picture(report, "preview").size == (30, 20)
    assert report.warnings == (
        "The picture is 60 x 40 pixels; a reduced copy inside the file is shown instead.",
    )


def test_another_page_is_not_taken_for_a_reduced_copy(tmp_path: Path) -> None:
    source = tmp_path / "pages.tif"
    half_red_half_blue().save(source, save_all=True, append_images=[Image.new("RGB", (30, 20))])
    with pytest.raises(NotOpened, match="60 x 40 pixels"):
        make_photo_derivatives(source, tmp_path / "out", max_pixels=1000)


def test_transparent_parts_are_shown_on_white(tmp_path: Path) -> None:
    source = tmp_path / "clear.png"
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(source)
    preview = picture(make_photo_derivatives(source, tmp_path / "out"), "preview")
    assert min(pixel(preview, 10, 10)) > 250


def test_colours_go_through_the_profile_of_the_file(tmp_path: Path) -> None:
    # In a profile whose red and green are exchanged, what is stored as red is green.
    swapped = _profile_with_red_and_green_exchanged()
    source = tmp_path / "profile.png"
    Image.new("RGB", (20, 20), (220, 20, 20)).save(source, icc_profile=swapped)
    red, green, _ = pixel(picture(make_photo_derivatives(source, tmp_path / "out"), "preview"), 10, 10)
    assert green > 180 > 60 > red


def _profile_with_red_and_green_exchanged() -> bytes:
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    table = {bytes(data[at : at + 4]): at for at in range(132, 132 + 12 * data[131], 12)}
    red, green = table[b"rXYZ"], table[b"gXYZ"]
    data[red : red + 4], data[green : green + 4] = b"gXYZ", b"rXYZ"
    return bytes(data)


@pytest.mark.parametrize("profile", [b"", b"not a profile", bytes(200)])
def test_an_unreadable_profile_is_passed_over(tmp_path: Path, profile: bytes) -> None:
    source = tmp_path / "profile.png"
    half_red_half_blue().save(source, icc_profile=profile)
    assert make_photo_derivatives(source, tmp_path / "out").warnings == ()


def test_a_jpeg_cut_in_half_shows_its_upper_half_with_a_warning(tmp_path: Path) -> None:
    source = tmp_path / "cut.jpg"
    Image.effect_noise((400, 400), 80).convert("RGB").save(source)
    source.write_bytes(source.read_bytes()[: source.stat().st_size // 2])
    report = make_photo_derivatives(source, tmp_path / "out")
    assert report.warnings == (PARTLY_DAMAGED,)
    preview = picture(report, "preview").convert("L")
    assert len(preview.crop((0, 0, 400, 150)).getcolors() or []) > 50
    assert len(preview.crop((0, 250, 400, 400)).getcolors() or []) < 5


def test_more_pixels_than_fit_in_memory_are_refused_before_they_are_decoded(tmp_path: Path) -> None:
    source = tmp_path / "bomb.png"
    Image.new("1", (20_000, 20_000)).save(source)
    assert source.stat().st_size < 100_000
    with pytest.raises(NotOpened) as refusal:
        make_photo_derivatives(source, tmp_path / "out")
    assert refusal.value.sentence == (
        "The picture is 20,000 x 20,000 pixels, more than is opened here; the original is kept."
    )


def test_a_jpeg_of_200_megapixels_is_shrunk_while_it_is_decoded(tmp_path: Path) -> None:
    source = tmp_path / "phone.jpg"
    Image.new("L", (16_320, 12_240), 90).save(source)
    report = make_photo_derivatives(source, tmp_path / "out")
    assert (report.width, report.height) == (16_320, 12_240)
    assert picture(report, "preview").size == (2048, 1536)


def test_pillows_own_settings_are_as_before_afterwards(tmp_path: Path) -> None:
    before = Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES
    source = tmp_path / "cut.jpg"
    Image.effect_noise((200, 200), 80).save(source)
    source.write_bytes(source.read_bytes()[:3000])
    make_photo_derivatives(source, tmp_path / "out")
    assert before == (Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"plain text",
        b"\xff\xd8\xff\xe0",
        b"\x89PNG\r\n\x1a\n",
        b"II*\0\x08\0\0\0\xff\xff",
        b"MM\0*\0\0\0\0",
        b"RIFF\x10\0\0\0WEBPVP8 ",
        b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n",
    ],
)
def test_what_is_no_picture_is_refused_with_a_sentence(tmp_path: Path, content: bytes) -> None:
    source = tmp_path / "upload.jpg"
    source.write_bytes(content)
    with pytest.raises(NotOpened, match="the original is kept"):
        make_photo_derivatives(source, tmp_path / "out")


@pytest.mark.parametrize("seed", range(40))
def test_a_file_with_broken_bytes_gives_a_picture_or_a_sentence_and_nothing_else(
    tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    made = io.BytesIO()
    format_name = ("JPEG", "PNG", "TIFF", "WEBP", "GIF", "BMP", "AVIF", "JPEG2000")[seed % 8]
    half_red_half_blue().save(made, format_name)
    data = bytearray(made.getvalue())
    for _ in range(12):
        data[chance.randrange(len(data))] = chance.randrange(256)
    source = tmp_path / "broken"
    source.write_bytes(data)
    result = outcome(source, tmp_path / "out")
    if isinstance(result, str):
        assert result.endswith("the original is kept.")
    else:
        assert len(result.derivatives) == 2


def test_a_heic_photo_is_shown_by_its_optional_reader(tmp_path: Path) -> None:
    heif = pytest.importorskip("pillow_heif")
    source = tmp_path / "phone.heic"
    heif.from_pillow(half_red_half_blue()).save(source)
    report = make_photo_derivatives(source, tmp_path / "out")
    assert (report.codec, report.width, report.height) == ("HEIF", 60, 40)
    red, _, blue = pixel(picture(report, "preview"), 10, 20)
    assert red > blue


def test_a_heic_photo_without_its_reader_is_decoded_whole_or_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heif = pytest.importorskip("pillow_heif")
    source = tmp_path / "phone.heic"
    heif.from_pillow(half_red_half_blue().resize((120, 80))).save(source)
    monkeypatch.setattr(photo_module, "HAS_HEIC_READER", False)
    result = outcome(source, tmp_path / "out")
    if isinstance(result, str):
        assert "HEIC reader is not installed" in result
    else:
        assert picture(result, "preview").size == (120, 80)
