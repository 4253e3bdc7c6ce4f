"""Viewing copies keep the time, play in browsers, and are made only of what browsers do not play."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from evidence.derivatives import make_proxy
from evidence.derivatives.proxy import fitted_size
from tests.evidence.derivatives.clips import rotate_in_header, write_clip


def write_with_sound(path: Path, *, seconds: float = 4.0, codec: str = "mpeg4", sound: str = "aac") -> Path:
    """Frames as of `write_clip`, and a tone that begins in the middle."""
    rate_hz, step = 48_000, 960
    with av.open(str(path), "w") as container:
        picture: Any = container.add_stream(codec, rate=10)
        picture.width, picture.height, picture.pix_fmt = 160, 90, "yuv420p"
        track: Any = container.add_stream(sound, rate=rate_hz)
        track.layout = "stereo"
        for number in range(round(seconds * 10)):
            image = np.full((90, 160, 3), 16 + number, dtype=np.uint8)
            container.mux(picture.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
        container.mux(picture.encode(None))
        for at in range(0, round(seconds * rate_hz), step):
            is_loud = at >= seconds / 2 * rate_hz
            wave = np.sin(2 * np.pi * 440 * np.arange(at, at + step) / rate_hz) * (0.8 if is_loud else 0.0)
            frame = av.AudioFrame.from_ndarray(np.stack([wave, wave]).astype("float32"), "fltp", "stereo")
            frame.sample_rate, frame.pts, frame.time_base = rate_hz, at, Fraction(1, rate_hz)
            container.mux(track.encode(frame))
        container.mux(track.encode(None))
    return path


def test_a_video_that_browsers_do_not_play_gets_a_copy_that_they_do(tmp_path: Path) -> None:
    report = make_proxy(write_with_sound(tmp_path / "clip.avi"), tmp_path / "out")
    assert report.unplayable_why == "Browsers do not play AVI files."
    (made,) = report.derivatives
    assert (made.role, made.mime_type, made.width, made.height) == ("proxy", "video/webm", 160, 90)
    with av.open(str(made.path)) as copy:
        assert copy.format.name == "matroska,webm"
        assert copy.streams.video[0].codec_context.name in ("vp9", "libvpx-vp9")
        assert copy.streams.audio[0].codec_context.name in ("opus", "libopus")


def test_the_copy_keeps_the_time_of_each_frame(tmp_path: Path) -> None:
    report = make_proxy(write_clip(tmp_path / "clip.avi"), tmp_path / "out")
    with av.open(str(report.derivatives[0].path)) as copy:
        frames = [
            (frame.time, int(frame.to_ndarray(format="gray")[45, 150])) for frame in copy.decode(video=0)
        ]
    assert [at_s for at_s, _grey in frames] == pytest.approx([n / 10 for n in range(40)], abs=0.002)
    # The frame at a time is the one of that time: its grey is 16 + its number.
    assert [grey for _at, grey in frames] == pytest.approx([16 + n for n in range(40)], abs=4)


def test_the_sound_of_the_copy_begins_when_that_of_the_original_does(tmp_path: Path) -> None:
    report = make_proxy(write_with_sound(tmp_path / "clip.avi"), tmp_path / "out")
    with av.open(str(report.derivatives[0].path)) as copy:
        loud = [
            frame.time
            for frame in copy.decode(audio=0)
            if np.abs(frame.to_ndarray()).max() > 0.3 and frame.time is not None
        ]
    assert loud[0] == pytest.approx(2.0, abs=0.05)
    assert loud[-1] == pytest.approx(4.0, abs=0.1)


def test_its_index_stands_before_its_pictures(tmp_path: Path) -> None:
    report = make_proxy(write_clip(tmp_path / "clip.avi", seconds=8), tmp_path / "out")
    content = report.derivatives[0].path.read_bytes()
    # Cues and Cluster (RFC 9559, 5.1.5 and 5.1.3).
    assert 0 < content.find(b"\x1c\x53\xbb\x6b") < content.find(b"\x1f\x43\xb6\x75")


@pytest.mark.parametrize(
    ("name", "codec", "why"),
    [
        ("clip.mp4", "libx264", ""),
        ("clip.mov", "libx264", ""),
        ("clip.webm", "libvpx-vp9", ""),
        ("clip.mp4", "mpeg4", "Not all browsers play MPEG-4 Part 2 video."),
        ("clip.mp4", "libx265", "Not all browsers play HEVC (H.265) video."),
        ("clip.mkv", "libx264", "Browsers do not play Matroska files."),
        ("clip.ts", "libx264", "Browsers do not play MPEG transport stream files."),
    ],
)
def test_container_and_codec_decide_and_not_the_name(tmp_path: Path, name: str, codec: str, why: str) -> None:
    clip = write_clip(tmp_path / name, seconds=1, codec=codec).rename(tmp_path / "upload.bin")
    report = make_proxy(clip, tmp_path / "out")
    assert report.unplayable_why == why
    assert len(report.derivatives) == bool(why)


def test_sound_that_browsers_do_not_play_is_reason_enough(tmp_path: Path) -> None:
    report = make_proxy(
        write_with_sound(tmp_path / "clip.mp4", codec="libx264", sound="ac3"), tmp_path / "out"
    )
    assert report.unplayable_why == "Browsers do not play ac3 sound in this kind of file."


def test_a_video_turned_by_its_header_is_upright_in_the_copy(tmp_path: Path) -> None:
    clip = rotate_in_header(write_clip(tmp_path / "turned.mp4"))
    (made,) = make_proxy(clip, tmp_path / "out").derivatives
    assert (made.width, made.height) == (90, 160)
    with av.open(str(made.path)) as copy:
        frame = next(copy.decode(video=0)).to_ndarray(format="gray")
    # The white left half, turned clockwise by a quarter, is the upper half.
    assert frame[20, 45] > 230
    assert frame[140, 45] < 60


def test_a_file_cut_short_gives_a_copy_of_what_is_left_and_says_so(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "clip.avi", seconds=8)
    clip.write_bytes(clip.read_bytes()[: clip.stat().st_size // 2])
    report = make_proxy(clip, tmp_path / "out")
    with av.open(str(report.derivatives[0].path)) as copy:
        count = sum(1 for _frame in copy.decode(video=0))
    assert 20 < count < 60


@pytest.mark.parametrize(
    ("given", "fits"),
    [
        ((1920, 1080), (1280, 720)),
        ((3840, 2160), (1280, 720)),
        ((1080, 1920), (720, 1280)),
        ((640, 480), (640, 480)),
        ((1440, 1440), (720, 720)),
        ((2560, 1080), (1280, 540)),
        ((101, 51), (100, 52)),
    ],
)
def test_a_copy_is_at_most_720p_and_never_enlarged(given: tuple[int, int], fits: tuple[int, int]) -> None:
    assert fitted_size(*given) == fits
