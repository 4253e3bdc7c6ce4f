"""The colours of tokens.css can be told apart: WCAG 2.2, 1.4.3 (text, 4.5:1) and 1.4.11 (meaning, 3:1).

The luminance is WCAG's own formula; the anchor is its definition: black on white is 21:1.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TOKENS = (Path(__file__).resolve().parents[2] / "static" / "css" / "tokens.css").read_text()
PAIRS = {
    name: (light, dark)
    for name, light, dark in re.findall(
        r"--([\w-]+):\s*light-dark\((#[0-9a-f]{6}),\s*(#[0-9a-f]{6})\)", TOKENS
    )
}
TONES = ("neutral", "amber", "teal", "red", "magenta")
SURFACES = ("page", "surface", "sunken", "raised", "hover", "selected")
THEMES = ("light", "dark")

TEXT = [
    *[("text", surface) for surface in SURFACES],
    *[("text-quiet", surface) for surface in SURFACES],
    ("text-on-ink", "ink"),
    ("text-on-ink", "ink-hover"),
    *[(f"{tone}-text", f"{tone}-soft") for tone in TONES],
    *[(f"{tone}-text", surface) for tone in TONES for surface in ("page", "surface", "raised")],
    ("map-text", "map-land"),
    ("map-text", "map-water"),
    ("map-text", "map-halo"),
]
MARKS = [
    *[(f"{tone}-mark", surface) for tone in TONES for surface in ("page", "surface", f"{tone}-soft")],
    *[(f"{tone}-mark", surface) for tone in TONES for surface in ("map-land", "map-water", "map-halo")],
    *[("line-strong", surface) for surface in ("page", "surface", "sunken", "raised")],
    *[("focus", surface) for surface in SURFACES],
    *[(end, surface) for end in ("camera", "subject") for surface in ("map-land", "map-water")],
]


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb, as WCAG 2.2 defines it."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two colours, 1 to 21."""
    darker, lighter = sorted((luminance(first), luminance(second)))
    return (lighter + 0.05) / (darker + 0.05)


def test_black_on_white_is_twenty_one_to_one() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("ink", "paper"), TEXT)
def test_text_can_be_read(ink: str, paper: str, theme: str) -> None:
    at = THEMES.index(theme)
    assert contrast(PAIRS[ink][at], PAIRS[paper][at]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("mark", "paper"), MARKS)
def test_what_carries_meaning_stands_out(mark: str, paper: str, theme: str) -> None:
    at = THEMES.index(theme)
    assert contrast(PAIRS[mark][at], PAIRS[paper][at]) >= 3
