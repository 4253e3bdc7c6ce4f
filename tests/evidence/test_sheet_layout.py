"""Frames found again on a contact sheet that was really made."""

import pytest
from PIL import Image

from evidence.derivatives.contact_sheet import contact_sheet
from evidence.sheet_layout import frames_on, sheet_times


@pytest.mark.parametrize("lasts_s", [0.5, 3.0, 6.2, 40.0, 500.0])
def test_every_frame_of_a_sheet_is_found_where_it_was_put(lasts_s: float) -> None:
    times_s = sheet_times(lasts_s)
    colours = [
        (index % 7 * 30 + 60, index % 11 * 20 + 20, index % 13 * 15 + 10) for index in range(len(times_s))
    ]
    cells = [(Image.new("RGB", (64, 36), each), at_s) for each, at_s in zip(colours, times_s, strict=True)]
    sheet = contact_sheet(cells)
    found = frames_on(sheet.width, sheet.height, lasts_s)
    assert [each.at_s for each in found] == times_s
    for each, colour in zip(found, colours, strict=True):
        assert sheet.getpixel((each.x + each.width // 2, each.y + 10)) == colour


def test_a_sheet_of_another_size_is_not_guessed_at() -> None:
    assert frames_on(1000, 333, 12.0) == []
    assert frames_on(8, 8, 12.0) == []
