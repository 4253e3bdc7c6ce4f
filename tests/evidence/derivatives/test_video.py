"""Frames are the right ones, upright, and few; damage gives a sentence."""

import time
from fractions import Fraction
from pathlib import Path

import av
import pytest
from PIL import Image

from evidence.derivatives import DerivativeReport, NotOpened, make_contact_sheet, make_video_derivatives
from evidence.derivatives.contact_sheet import GAP_PX, contact_sheet, grid, sheet_times, timecode
from tests.evidence.derivatives.clips import rotate_in_header, write_clip


def picture(report: DerivativeReport, role: str) -> Image.Image:
    (path,) = [derivative.path for derivative in report.derivatives if derivative.role == role]
    with Image.open(path) as image:
        return image.copy()


def test_a_clip_gives_a_poster_and_a_thumbnail(tmp_path: Path) -> None:
    report = make_video_derivatives(write_clip(tmp_path / "clip.mp4"), tmp_path / "out")
    assert [derivative.role for derivative in report.derivatives] == ["thumbnail", "poster"]
    assert (report.width, report.height, report.codec, report.frame_rate) == (160, 90, "mpeg4", 10.0)
    assert report.duration_s == pytest.approx(4.0, abs=0.11)
    assert report.warnings == ()


def test_the_sheet_has_one_frame_a_second_and_shows_those_of_the_times_it_names(tmp_path: Path) -> None:
    report = make_contact_sheet(write_clip(tmp_path / "clip.mp4", seconds=8), tmp_path / "out")
    assert (report.frames, report.step_s, report.warnings) == (8, 1.0, ())
    sheet = picture(report, "contact_sheet").convert("L")
    # 8 frames = 4 x 2 cells of 160 x 90 with gaps of 8 and 20 for the time
    assert sheet.size == (4 * 168 + 8, 2 * 118 + 8)
    for cell in range(8):
        x = GAP_PX + (cell % 4) * 168 + 120
        y = GAP_PX + (cell // 4) * 118 + 40
        # Ten frames a second: second n is frame 10 n, whose grey is 16 + its number.
        assert sheet.getpixel((x, y)) == pytest.approx(16 + 10 * cell, abs=3)


def test_a_poster_is_found_without_decoding_a_long_video_whole(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "long.mp4", seconds=1200, rate=2, size=(64, 48))
    started = time.process_time()
    make_video_derivatives(clip, tmp_path / "out")
    assert time.process_time() - started < 2


def test_a_long_video_is_thinned_evenly_to_240_frames_from_end_to_end(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "long.mp4", seconds=1440, rate=2, size=(64, 48))
    report = make_contact_sheet(clip, tmp_path / "out")
    assert (report.frames, report.step_s) == (240, pytest.approx(6.0))
    assert picture(report, "contact_sheet").size == (12 * 72 + 8, 20 * 76 + 8)
    assert report.warnings == ()


@pytest.mark.parametrize(
    ("lasts_s", "count", "last_s"), [(0.4, 1, 0), (1.0, 1, 0), (4.0, 4, 3), (4.2, 5, 4), (240.0, 240, 239)]
)
def test_the_times_of_a_sheet_are_whole_seconds(lasts_s: float, count: int, last_s: float) -> None:
    times_s = sheet_times(lasts_s)
    assert (len(times_s), times_s[-1]) == (count, last_s)


def test_the_times_of_a_long_video_are_evenly_apart() -> None:
    times_s = sheet_times(3600.0)
    assert (len(times_s), times_s[0], times_s[1], times_s[-1]) == (240, 0.0, 15.0, 3585.0)


def test_a_video_turned_by_its_header_comes_out_upright(tmp_path: Path) -> None:
    clip = rotate_in_header(write_clip(tmp_path / "turned.mp4"))
    report = make_video_derivatives(clip, tmp_path / "out")
    poster = picture(report, "poster").convert("L")
    assert (report.width, report.height) == (90, 160)
    assert poster.size == (90, 160)
    # The white left half, turned clockwise by a quarter, is the upper half.
    assert poster.getpixel((45, 20)) > 240
    assert poster.getpixel((45, 140)) < 80


def test_pixels_that_are_not_square_are_stretched_for_the_eye(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "wide.mkv", sample_aspect_ratio=Fraction(4, 3))
    report = make_video_derivatives(clip, tmp_path / "out")
    assert picture(report, "poster").size == (213, 90)


@pytest.mark.parametrize("name", ["clip.mkv", "clip.avi", "clip.mov", "clip.ts"])
def test_other_containers_are_known_by_their_content(tmp_path: Path, name: str) -> None:
    clip = write_clip(tmp_path / name).rename(tmp_path / "upload")
    report = make_video_derivatives(clip, tmp_path / "out")
    assert len(report.derivatives) == 2
    assert report.duration_s == pytest.approx(4.0, abs=0.15)


def test_a_matroska_without_a_duration_shows_its_first_keyframes_and_says_so(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "live.mkv")
    data = bytearray(clip.read_bytes())
    at = data.index(b"\x44\x89\x88")  # Duration, a float of 8 bytes (RFC 9559, 5.1.2.10)
    data[at : at + 11] = b"\xec\x89" + bytes(9)  # Void of the same length
    per_track = data.find(b"DURATION")
    while per_track >= 0:
        data[per_track : per_track + 8] = b"UNKNOWN_"
        per_track = data.find(b"DURATION")
    clip.write_bytes(data)
    report = make_contact_sheet(clip, tmp_path / "out")
    assert report.duration_s is None
    assert report.warnings == (
        "The file does not say how long it lasts; the sheet shows its first frames only.",
    )


def test_a_clip_cut_short_shows_what_is_left_and_says_so(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "clip.mkv")
    clip.write_bytes(clip.read_bytes()[: clip.stat().st_size // 2])
    report = make_contact_sheet(clip, tmp_path / "out")
    assert len(report.derivatives) == 1
    assert any("could be decoded" in warning or "how long" in warning for warning in report.warnings)


def test_a_playlist_that_names_another_file_is_refused(tmp_path: Path) -> None:
    write_clip(tmp_path / "secret.ts")
    playlist = tmp_path / "innocent.mp4"
    playlist.write_text(f"#EXTM3U\n#EXTINF:4,\n{tmp_path}/secret.ts\n#EXT-X-ENDLIST\n")
    with pytest.raises(NotOpened, match="not a video that can be opened"):
        make_video_derivatives(playlist, tmp_path / "out")


@pytest.mark.parametrize("content", [b"", b"\0\0\0\x20ftypisom" + bytes(200), b"\x1aE\xdf\xa3" + bytes(99)])
def test_hollow_files_are_refused_with_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "hollow.mp4"
    path.write_bytes(content)
    with pytest.raises(NotOpened, match="the original is kept"):
        make_video_derivatives(path, tmp_path / "out")


def test_sound_alone_has_no_picture(tmp_path: Path) -> None:
    path = tmp_path / "sound.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=44_100)
        frame = av.AudioFrame(format="fltp", layout="stereo", samples=1024)
        frame.sample_rate = 44_100
        for plane in frame.planes:
            plane.update(bytes(plane.buffer_size))
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    with pytest.raises(NotOpened, match="no picture track"):
        make_video_derivatives(path, tmp_path / "out")


def test_a_poster_is_not_the_black_it_fades_in_from(tmp_path: Path) -> None:
    path = tmp_path / "fade.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 160, 90, "yuv420p"
        for number in range(40):
            image = Image.linear_gradient("L").resize((160, 90)) if number > 20 else Image.new("L", (160, 90))
            container.mux(stream.encode(av.VideoFrame.from_image(image.convert("RGB"))))
        container.mux(stream.encode(None))
    low, high = picture(make_video_derivatives(path, tmp_path / "out"), "poster").convert("L").getextrema()
    assert high - low > 150


@pytest.mark.parametrize(
    ("at_s", "text"), [(0.0, "0:00.0"), (5.96, "0:05.9"), (61.25, "1:01.2"), (3725.5, "1:02:05.5")]
)
def test_times_are_cut_off_and_not_rounded_up(at_s: float, text: str) -> None:
    assert timecode(at_s) == text


@pytest.mark.parametrize(
    ("count", "cells"), [(1, (1, 1)), (5, (3, 2)), (12, (4, 3)), (24, (6, 4)), (90, (8, 12)), (240, (12, 20))]
)
def test_the_grid_holds_all_frames_and_no_empty_row(count: int, cells: tuple[int, int]) -> None:
    assert grid(count) == cells


def test_frames_of_different_sizes_keep_their_shape() -> None:
    sheet = contact_sheet([(Image.new("RGB", (40, 20)), 0.0), (Image.new("RGB", (20, 40)), 1.0)])
    assert sheet.size == (2 * 48 + 8, 40 + 20 + 2 * 8)
