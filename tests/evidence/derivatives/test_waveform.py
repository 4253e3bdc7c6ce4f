"""The picture of the sound is loud where the sound is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from evidence.derivatives import make_waveform
from evidence.derivatives.waveform import HEIGHT_PX, INK, WIDTH_PX, draw
from tests.evidence.derivatives.clips import write_clip
from tests.evidence.derivatives.test_proxy import write_with_sound


def _heights(image: Image.Image) -> np.ndarray:
    """How many pixels are drawn in each column."""
    return (np.asarray(image)[:, :, 1] > 0).sum(axis=0)


def test_silence_is_a_line_and_the_tone_that_follows_fills_the_height(tmp_path: Path) -> None:
    report = make_waveform(write_with_sound(tmp_path / "clip.mp4"), tmp_path / "out")
    (made,) = report.derivatives
    assert (made.role, made.mime_type, made.width, made.height) == (
        "waveform",
        "image/png",
        WIDTH_PX,
        HEIGHT_PX,
    )
    with Image.open(made.path) as image:
        heights = _heights(image)
    assert heights[: WIDTH_PX // 2 - 20].max() <= 3
    assert heights[WIDTH_PX // 2 + 20 : -20].min() > HEIGHT_PX * 0.7


def test_a_video_without_sound_gives_none_and_says_so(tmp_path: Path) -> None:
    report = make_waveform(write_clip(tmp_path / "clip.mp4"), tmp_path / "out")
    assert report.derivatives == ()
    assert report.warnings == ("The video has no sound track.",)


def test_the_loudest_sound_of_a_quiet_recording_is_drawn_in_full() -> None:
    levels = np.full(5000, 0.001)
    levels[2500] = 0.01
    heights = _heights(draw(levels))
    assert heights.max() > HEIGHT_PX * 0.9
    assert 8 < np.median(heights) < 16


def _contrast(ink: int, paper: int) -> float:
    """WCAG 2.2, relative luminance of two greys."""

    def luminance(grey: int) -> float:
        share = grey / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    light, dark = sorted((luminance(ink), luminance(paper)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_its_ink_reads_on_light_and_on_dark_surfaces() -> None:
    assert _contrast(INK, 255) > 3
    assert _contrast(INK, 24) > 3
