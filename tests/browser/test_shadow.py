"""The workbench in a real browser: a picture whose moment is known is marked by mouse and keys, and kept."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files import File
from playwright.sync_api import Page, expect

from evidence.models import Investigation, MediaItem, MetadataReading, ReadingState
from evidence.services.ingest import original_store
from evidence.services.media import media_log_file
from evidence.services.reading import reading_run
from evidence.training import shots
from geolocation.models import Geolocation
from geolocation.services.checks import checks_run
from geolocation.services.geolocations import geolocation_submit
from geolocation.shadows.in_picture import Pixel
from tests.geolocation.shadows.test_in_picture import seen_whole
from tests.training_files import copy_training_files

pytestmark = pytest.mark.django_db(transaction=True)

PageAs = Callable[..., Page]
VIEW = shots.T01_VIEW
TRUE = datetime.fromisoformat("2025-06-14T18:35:12+00:00")


def logged(folder: Path, key: str, investigation: Investigation, person: Any) -> MediaItem:
    made = next(each for each in copy_training_files(folder) if each.key == key)
    with (folder / made.filename).open("rb") as file:
        stored = original_store(File(file, made.filename))
    found = media_log_file(actor=person, investigation=investigation, stored=stored)
    for reading in MetadataReading.objects.filter(state=ReadingState.WAITING):
        reading_run(reading_id=reading.pk)
    return found.item


def _shot(page: Page, name: str) -> None:
    """Keep a picture where a person asked for one; no part of the test."""
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"))


def _open(page: Page, item: MediaItem) -> None:
    page.goto(f"/{item.investigation.code}/media/{item.reference}/shadow/")
    expect(page.locator("form[data-shadow][data-ready]")).to_be_visible()


def _value(page: Page, name: str) -> float:
    return float(page.locator(f"form[data-shadow] [name={name}]").input_value())


def _click(page: Page, pixel: Pixel) -> None:
    box = page.locator(".pane-media .viewer img").bounding_box()
    assert box is not None
    scale = min(box["width"] / VIEW.width_px, box["height"] / VIEW.height_px)
    left = box["x"] + (box["width"] - VIEW.width_px * scale) / 2
    top = box["y"] + (box["height"] - VIEW.height_px * scale) / 2
    page.mouse.click(left + pixel.x * scale, top + pixel.y * scale)


def _move_by_keys(page: Page, name: str, axis: str, wanted: float, keys: tuple[str, str]) -> None:
    """Ten pixels at a time with Shift, then one by one, as somebody without a mouse does."""
    off = round(wanted - _value(page, f"{name}_{axis}"))
    key = keys[0] if off < 0 else keys[1]
    for _press in range(abs(off) // 10):
        page.keyboard.press(f"Shift+{key}")
    for _press in range(abs(off) % 10):
        page.keyboard.press(key)
    assert _value(page, f"{name}_{axis}") == pytest.approx(wanted, abs=0.6)


def test_a_shadow_is_marked_by_mouse_and_keys_answered_and_kept_in_a_draft(
    page_as: PageAs, investigation: Investigation, investigator: Any, viewer: Any, axe: Any, tmp_path: Path
) -> None:
    item = logged(tmp_path, "T01", investigation, investigator)
    marks = seen_whole(VIEW, shots.T01_LIGHT)[0]
    page = page_as(investigator)
    _open(page, item)
    # The file says where, when and which way; the lens is what the person knows.
    expect(page.locator("[name=day_from]")).to_have_value("2025-06-14")
    assert _value(page, "heading_deg") == 296.0
    _shot(page, "shadow-empty")

    page.get_by_role("button", name="Foot").click()
    _click(page, marks.foot)
    # The next one is in hand by itself.
    expect(page.get_by_role("button", name="Tip", exact=True)).to_have_attribute("aria-pressed", "true")
    _click(page, marks.tip)
    assert _value(page, "tip_x") == pytest.approx(marks.tip.x, abs=3)
    page.get_by_role("button", name="Top", exact=True).click()  # puts the tool away
    top = page.get_by_role("button", name="Top", exact=True)
    top.focus()
    page.keyboard.press("Enter")
    assert marks.top is not None
    expect(page.locator(".number-mark", has_text="3")).to_be_focused()
    _move_by_keys(page, "top", "x", marks.top.x, ("ArrowLeft", "ArrowRight"))
    _move_by_keys(page, "top", "y", marks.top.y, ("ArrowUp", "ArrowDown"))
    page.locator("[name=horizon_y]").fill(f"{marks.horizon_y:.1f}")
    expect(page.locator(".number-mark")).to_have_count(4)
    expect(page.locator(".shadow-lines line")).to_have_count(3)
    page.locator("[name=field_of_view_deg]").fill("60")
    page.locator("[name=field_of_view_error_deg]").fill("1")
    page.locator("[name=heading_error_deg]").fill("1")
    assert axe(page) == []

    # Bad input is said at its field, and nothing is lost.
    foot_y = page.locator("[name=foot_y]").input_value()
    page.locator("[name=foot_y]").fill("300")
    page.expected_statuses.add(422)  # type: ignore[attr-defined]
    page.get_by_role("button", name="Compute").click()
    expect(page.locator("[data-error-summary]")).to_contain_text("at or above the horizon")
    assert _value(page, "tip_x") == pytest.approx(marks.tip.x, abs=3)
    _shot(page, "shadow-refused")
    page.locator("[name=foot_y]").fill(foot_y)
    page.get_by_role("button", name="Compute").click()

    row = page.locator("[data-fits] tbody tr")
    expect(row).to_have_count(1)
    start, end = (
        datetime.fromisoformat(f"2025-06-14T{at}:00+00:00")
        for at in row.locator("td").nth(2).inner_text().split("–")
    )
    assert start < TRUE < end
    expect(page.locator("svg.chart--path .fit")).to_be_attached()
    expect(page.locator("svg.chart--year .fit")).to_be_attached()
    expect(page.locator(".number-mark")).to_have_count(4)
    assert axe(page) == []
    _shot(page, "shadow-answer")
    page.emulate_media(color_scheme="dark")
    _shot(page, "shadow-answer-dark")
    page.emulate_media(color_scheme="light")
    page.locator("svg.chart--year").scroll_into_view_if_needed()
    _shot(page, "shadow-charts")
    answer = page.url
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.locator("[data-fits]")).to_be_visible()
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
    _shot(page, "shadow-answer-390")
    page.locator("svg.chart--year").scroll_into_view_if_needed()
    _shot(page, "shadow-charts-390")
    page.get_by_role("tab", name="Measure").click()
    _shot(page, "shadow-form-390")
    page.get_by_role("tab", name="Frame").click()
    _shot(page, "shadow-frame-390")
    page.set_viewport_size({"width": 1440, "height": 900})

    page.get_by_label("Take over as the time of capture").select_option("1")
    page.get_by_role("button", name="Save to a new geolocation").click()
    expect(page.locator("[name=shadow_azimuth_deg]")).not_to_have_value("")
    _shot(page, "shadow-taken")
    page.locator("[name=camera_uncertainty_m]").fill("10")
    page.get_by_label("Method").select_option("file_position")
    page.get_by_label("Reasoning").fill("The tree and its shadow on the meadow.")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("Saved as a draft.")).to_be_visible()
    expect(page.get_by_text("measured in the picture")).to_be_visible()
    expect(page.locator(".dossier__media .number-mark")).to_have_count(3)
    _shot(page, "shadow-kept")
    made = Geolocation.objects.get()
    revision = made.current_revision
    assert revision is not None
    assert revision.captured_from is not None
    assert revision.captured_to is not None
    assert revision.captured_from < TRUE < revision.captured_to
    # And the check uses it.
    checks_run(geolocation_id=geolocation_submit(actor=investigator, geolocation=made).pk)
    page.reload()
    expect(page.get_by_text("fits the sun at the camera")).to_be_visible()

    looking = page_as(viewer)
    looking.goto(answer)
    expect(looking.locator("[data-fits] tbody tr")).to_have_count(1)
    expect(looking.get_by_role("button", name="Save to a new geolocation")).to_have_count(0)


def test_in_a_video_a_mark_keeps_the_time_of_its_frame_and_without_a_place_the_earth_is_searched(
    page_as: PageAs, investigation: Investigation, investigator: Any, axe: Any, tmp_path: Path
) -> None:
    item = logged(tmp_path, "T10", investigation, investigator)
    page = page_as(investigator)
    _open(page, item)
    page.wait_for_function("() => document.querySelector('.viewer video').readyState >= 2")
    page.get_by_text("Choose a frame").click()
    page.get_by_role("link", name="Frame at 2 s").click()
    page.wait_for_function(
        "() => { const v = document.querySelector('video'); return v.currentTime === 2 && !v.seeking; }"
    )
    _shot(page, "shadow-frames")
    page.get_by_role("button", name="Foot").click()
    box = page.locator(".viewer video").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.7)
    expect(page.locator("[name=foot_x]")).not_to_have_value("")
    assert _value(page, "frame_time_s") == pytest.approx(2.0, abs=0.05)
    page.locator("[name=foot_x]").fill("")
    page.locator("[name=foot_y]").fill("")

    page.get_by_text("State the shadow instead of marking it").click()
    for name, value in {
        "azimuth_deg": "40",
        "azimuth_error_deg": "2",
        "length_ratio": "1",
        "length_ratio_error": "0.05",
    }.items():
        page.locator(f"form[data-shadow] [name={name}]").fill(value)
    page.locator("[name=moment]").fill("2023-09-20T10:36:00")
    page.get_by_role("button", name="Compute").click()
    expect(page.locator("[data-band-sentence]")).to_contain_text("of the earth's surface")
    expect(page.locator("svg.chart--world .possible")).to_be_attached()
    assert axe(page) == []
    _shot(page, "shadow-world")
    page.set_viewport_size({"width": 390, "height": 844})
    _shot(page, "shadow-world-390")
