"""A picture is known again after what happens to pictures, and another one is not taken for it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import ExifTags, Image

from evidence.derivatives import NotOpened
from evidence.fingerprints import Algorithm, distance
from evidence.fingerprints.pictures import TOO_PLAIN, picture_fingerprints
from tests.evidence.fingerprints import scenes

SEEDS = range(12)


def hashes(picture: Image.Image, folder: Path, *, is_mirrored: bool = False) -> dict[Algorithm, bytes]:
    path = folder / "picture.png"
    picture.save(path, compress_level=1)
    report = picture_fingerprints(path)
    return {
        each.algorithm: each.hash_bytes for each in report.fingerprints if each.is_mirrored is is_mirrored
    }


def share(
    change: Callable[[Image.Image], Image.Image], folder: Path, algorithms: tuple[Algorithm, ...]
) -> float:
    """Of the scenes, the share that is known again by one of these algorithms."""
    known = 0
    for seed in SEEDS:
        picture = scenes.scene(seed)
        before, after = hashes(picture, folder), hashes(change(picture), folder)
        known += any(distance(before[each], after[each]) <= each.threshold for each in algorithms)
    return known / len(SEEDS)


@pytest.mark.parametrize(
    "change",
    [scenes.jpeg_30, scenes.quarter_size, scenes.blurred, scenes.grey],
    ids=lambda each: each.__name__,
)
def test_each_hash_survives_what_platforms_do(
    change: Callable[[Image.Image], Image.Image], tmp_path: Path
) -> None:
    for algorithm in Algorithm:
        assert share(change, tmp_path, (algorithm,)) == 1.0


def test_a_banner_is_survived_by_dhash_where_pdq_fails(tmp_path: Path) -> None:
    assert share(scenes.with_banner, tmp_path, (Algorithm.DHASH,)) >= 0.9
    assert share(scenes.with_banner, tmp_path, (Algorithm.PDQ,)) < 0.9


def test_half_of_the_pictures_survive_a_crop_of_a_tenth(tmp_path: Path) -> None:
    assert share(scenes.cropped, tmp_path, tuple(Algorithm)) >= 0.5


def test_no_hash_survives_mirroring_so_the_mirror_image_is_hashed_too(tmp_path: Path) -> None:
    assert share(scenes.mirrored, tmp_path, tuple(Algorithm)) == 0.0
    for seed in SEEDS:
        picture = scenes.scene(seed)
        turned = hashes(picture, tmp_path, is_mirrored=True)
        assert turned == hashes(scenes.mirrored(picture), tmp_path)


def test_different_pictures_are_not_taken_for_each_other(tmp_path: Path) -> None:
    known = [hashes(scenes.scene(seed), tmp_path) for seed in range(24)]
    for index, one in enumerate(known):
        for other in known[:index]:
            for algorithm in Algorithm:
                assert distance(one[algorithm], other[algorithm]) > algorithm.threshold


def test_a_turned_photo_is_hashed_upright(tmp_path: Path) -> None:
    picture = scenes.scene(3)
    upright = hashes(picture, tmp_path)
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    path = tmp_path / "turned.png"
    picture.transpose(Image.Transpose.ROTATE_90).save(path, exif=exif)
    found = {each.algorithm: each.hash_bytes for each in picture_fingerprints(path).fingerprints[:3]}
    assert found == upright


def test_a_large_jpeg_decoded_roughly_has_the_hash_of_the_whole(tmp_path: Path) -> None:
    picture = scenes.scene(4, width=4000, height=3000)
    path = tmp_path / "large.jpg"
    picture.save(path, quality=92)
    rough = picture_fingerprints(path).fingerprints[0]
    assert distance(rough.hash_bytes, hashes(picture, tmp_path)[Algorithm.PDQ]) <= 6


def test_a_plain_picture_is_not_searched_for_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "plain.png"
    Image.new("RGB", (300, 200), "grey").save(path)
    report = picture_fingerprints(path)
    assert report.warnings == (TOO_PLAIN,)
    assert not any(each.is_searchable for each in report.fingerprints)


@pytest.mark.parametrize("content", [b"", b"not a picture", b"\xff\xd8\xff\xe0 broken"])
def test_what_is_no_picture_is_refused_with_a_sentence(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "file.jpg"
    path.write_bytes(content)
    with pytest.raises(NotOpened, match="original is kept"):
        picture_fingerprints(path)
