"""A copy of a video, and a clip of it, are found by keyframes, with the stretch that matches."""

from pathlib import Path

import pytest

from evidence.derivatives import NotOpened
from evidence.fingerprints import FingerprintReport, distance
from evidence.fingerprints import keyframes as keyframes_module
from evidence.fingerprints.keyframes import keyframe_fingerprints
from evidence.fingerprints.overlap import Stretch
from evidence.fingerprints.verdict import HashMatch, Kind, Verdict, verdict_of
from tests.evidence.fingerprints.scenes import film

SHOTS = tuple(range(100, 112))  # twelve shots of five seconds


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("films")


@pytest.fixture(scope="module")
def whole(folder: Path) -> FingerprintReport:
    return keyframe_fingerprints(film(folder / "whole.mp4", SHOTS))


def compare(one: FingerprintReport, other: FingerprintReport) -> Verdict | None:
    """Every hash with every hash, which is what the index has to find."""
    matches = []
    for a in one.fingerprints:
        for b in other.fingerprints:
            apart = distance(a.hash_bytes, b.hash_bytes)
            if not b.is_mirrored and apart <= a.algorithm.threshold and a.is_searchable and b.is_searchable:
                stretches = [Stretch(each.time_s or 0.0, each.until_s or 0.0) for each in (a, b)]
                matches.append(HashMatch(a.algorithm, apart, a.is_mirrored, *stretches))
    return verdict_of(matches, a_ends_s=one.duration_s, b_ends_s=other.duration_s)


def test_a_smaller_copy_in_another_codec_is_the_whole(whole: FingerprintReport, folder: Path) -> None:
    copy = film(
        folder / "copy.mp4", SHOTS, codec="mpeg4", bit_rate=250_000, keyframe_every=40, size=(240, 180)
    )
    found = compare(keyframe_fingerprints(copy), whole)
    assert found is not None
    assert (found.kind, found.a, found.b, found.shift_s) == (Kind.WHOLE, None, None, 0.0)
    assert found.score > 0.6


def test_a_clip_of_thirty_seconds_is_found_with_its_stretch(whole: FingerprintReport, folder: Path) -> None:
    clip = film(folder / "clip.mp4", SHOTS, from_s=17.5, to_s=47.5, bit_rate=200_000, keyframe_every=50)
    found = compare(keyframe_fingerprints(clip), whole)
    assert found is not None
    assert found.kind == Kind.CLIP
    assert found.a is not None
    assert found.b is not None
    assert found.a.length_s == pytest.approx(30, abs=2.5)
    assert (found.b.from_s, found.b.to_s) == (pytest.approx(17.5, abs=2.5), pytest.approx(47.5, abs=2.5))
    assert found.shift_s == pytest.approx(17.5, abs=2.5)
    assert found.score > 0.8


def test_a_mirrored_clip_is_found_as_mirrored(whole: FingerprintReport, folder: Path) -> None:
    clip = film(folder / "mirrored.mp4", SHOTS, from_s=20, to_s=40, is_mirrored=True, keyframe_every=33)
    found = compare(keyframe_fingerprints(clip), whole)
    assert found is not None
    assert (found.kind, found.is_mirrored) == (Kind.MIRRORED, True)
    assert found.b is not None
    assert found.b.from_s == pytest.approx(20, abs=2.5)


def test_another_video_is_not_found(whole: FingerprintReport, folder: Path) -> None:
    assert compare(keyframe_fingerprints(film(folder / "other.mp4", range(300, 304))), whole) is None


def test_keyframes_that_look_the_same_become_one_that_stands_longer(folder: Path) -> None:
    # One shot, twelve keyframes: the camera hardly moves.
    still = keyframe_fingerprints(film(folder / "still.mp4", [7], shot_s=30, keyframe_every=25, to_s=30))
    plain = [each for each in still.fingerprints if not each.is_mirrored]
    assert still.keyframes == 12
    assert len(plain) < 6
    assert plain[0].time_s == 0.0
    assert plain[-1].until_s == pytest.approx(30, abs=0.2)
    assert [each.until_s for each in plain[:-1]] == [each.time_s for each in plain[1:]]


def test_the_number_of_keyframes_is_bounded(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyframes_module, "MOST_KEYFRAMES", 8)
    # Nothing but keyframes: 600 of them.
    path = film(folder / "all.mp4", SHOTS, keyframe_every=1)
    report = keyframe_fingerprints(path)
    assert report.keyframes == 8
    assert report.fingerprints[7].time_s == pytest.approx(52.5, abs=1)


def test_a_slow_video_is_read_as_far_as_the_budget_reaches_and_says_so(folder: Path) -> None:
    report = keyframe_fingerprints(film(folder / "slow.mp4", SHOTS[:3]), budget_s=0.0)
    assert report.keyframes == 1
    assert "in the first 0 s only" in report.warnings[0]


@pytest.mark.parametrize("content", [b"", b"#EXTM3U\nhttp://example.org/a.ts\n", b"\x00\x00\x00\x18ftypisom"])
def test_what_is_no_video_is_refused_with_a_sentence(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "file.mp4"
    path.write_bytes(content)
    with pytest.raises(NotOpened, match="original is kept"):
        keyframe_fingerprints(path)


def test_half_a_video_gives_what_could_be_decoded(folder: Path, tmp_path: Path) -> None:
    data = film(folder / "cut.mkv", SHOTS[:4]).read_bytes()
    path = tmp_path / "half.mkv"
    path.write_bytes(data[: len(data) // 2])
    assert 1 <= keyframe_fingerprints(path).keyframes <= 6
