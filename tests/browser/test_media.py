"""Logging media, watching them being read, and looking at one, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import Page, expect

from evidence.models import Investigation, MetadataReading, ReadingState
from evidence.services.ingest import original_store
from evidence.services.media import MediaDetails, media_log_file, media_log_links
from evidence.services.naming import place_named
from evidence.services.reading import reading_run
from tests.browser.looking import VIEWS, faults, keep_picture
from tests.training_files import copy_training_files

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="session")
def training(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("training")
    copy_training_files(folder)
    return folder


def _read_all() -> None:
    """What the workers would do."""
    for reading in MetadataReading.objects.filter(state=ReadingState.WAITING):
        reading_run(reading_id=reading.pk)


def test_an_investigator_drops_files_and_watches_the_worker_read_them(
    page_as: Callable[..., Page], investigation: Investigation, investigator: Any, training: Path, axe: Any
) -> None:
    page = page_as(investigator)
    page.goto(f"/{investigation.code}/log/")
    assert axe(page) == []
    page.get_by_label("Drop videos and pictures here").set_input_files(
        [training / "T01_lighthouse_evening.jpg", training / "T04_panorama.mp4"]
    )
    expect(page.locator(".upload a.code, .upload .upload__name a")).to_have_count(2)
    keep_picture(page, "log-uploaded")
    # Two go at a time, so either may have come first.
    page.locator(".upload__name", has_text="T01_lighthouse").get_by_role("link").click()
    expect(page.locator("#reading")).to_contain_text("Waiting for a worker")
    keep_picture(page, "detail-waiting")
    _read_all()
    # Nobody touches the page: it asks again by itself and then stops asking.
    expect(page.locator("#reading")).to_contain_text("camera clock, offset written beside it")
    expect(page.locator("#reading")).to_contain_text("from true north")
    expect(page.locator("#viewer img.viewer__media")).to_be_visible()
    assert page.locator("#reading").get_attribute("hx-get") is None
    assert axe(page) == []
    keep_picture(page, "detail-read")
    page.get_by_text("tags as the file holds them").click()
    page.get_by_label("Find in the tags").fill("GPSImgDirection")
    shown = page.locator("#raw-tags tbody tr:visible")
    assert 0 < shown.count() < 5


@pytest.fixture
def collection(investigation: Investigation, investigator: Any, training: Path) -> Investigation:
    """A handful of real files, read, and two posts known by their links."""
    for name, details in (
        ("T04_panorama.mp4", {"title": "A turn along the shore", "is_sensitive": True}),
        ("T07_cut_short.jpg", {"title": "A photo cut short"}),
        ("T03_wrong_clock.jpg", {"title": "A camera whose clock is wrong"}),
        ("T05_from_above.tif", {"title": "The place from above", "kind": "satellite"}),
    ):
        stored = original_store(SimpleUploadedFile(name, (training / name).read_bytes()))
        media_log_file(
            actor=investigator, investigation=investigation, stored=stored, details=MediaDetails(**details)
        )
    media_log_links(
        actor=investigator,
        investigation=investigation,
        text="https://twitter.com/someone/status/1704732297014460758\nhttps://t.me/channel/12",
        details=MediaDetails(
            description="People wait beside their cars.",
            place=place_named(actor=investigator, investigation=investigation, name="Stepanakert / Xankəndi"),
        ),
    )
    _read_all()
    return investigation


@pytest.mark.parametrize(("width", "height"), VIEWS)
def test_every_media_page_is_whole_and_without_axe_findings(
    page_as: Callable[..., Page],
    collection: Investigation,
    investigator: Any,
    axe: Callable[[Page], list[str]],
    width: int,
    height: int,
) -> None:
    page = page_as(investigator, width=width, height=height)
    for name, path in {
        "log": "log/",
        "list": "media/",
        "video": "media/M01/",
        "broken": "media/M02/",
        "clock": "media/M03/",
        "raster": "media/M04/",
        "link": "media/M05/",
        "edit": "media/M05/edit/",
    }.items():
        page.goto(f"/{collection.code}/{path}")
        page.wait_for_load_state("networkidle")
        assert faults(page, axe, name) == []
        if name in ("video", "broken", "clock", "link") and width < 700:
            page.get_by_role("tab", name="What is said of it").click()
            assert faults(page, axe, f"{name}-2") == []


def test_sensitive_media_stay_covered_until_somebody_asks(
    page_as: Callable[..., Page], collection: Investigation, viewer: Any
) -> None:
    page = page_as(viewer)
    page.goto(f"/{collection.code}/media/M01/")
    frame = page.locator(".viewer__frame")
    expect(frame.get_by_role("button", name="Marked sensitive. Show")).to_be_visible()
    assert "blur" in page.locator("video").evaluate("video => getComputedStyle(video).filter")
    assert page.locator("video").evaluate("video => video.controls") is False
    frame.get_by_role("button", name="Marked sensitive. Show").click()
    assert page.locator("video").evaluate("video => getComputedStyle(video).filter") == "none"
    page.wait_for_function("() => document.querySelector('video').readyState >= 1")
    assert page.locator("video").evaluate("video => Math.round(video.duration)") == 6


def test_a_file_refused_says_why_on_its_own_row_and_the_others_go_on(
    page_as: Callable[..., Page],
    investigation: Investigation,
    investigator: Any,
    training: Path,
    tmp_path: Path,
) -> None:
    page = page_as(investigator)
    page.expected_statuses.update({400, 413, 415})  # type: ignore[attr-defined]
    (tmp_path / "letter.jpg").write_bytes(b"Dear all")
    page.goto(f"/{investigation.code}/log/")
    page.get_by_label("Title").fill("Evening")
    page.get_by_label("Drop videos and pictures here").set_input_files(
        [tmp_path / "letter.jpg", training / "T01_lighthouse_evening.jpg"]
    )
    expect(page.locator(".upload", has_text="letter.jpg")).to_contain_text("is not a picture or video")
    expect(page.locator(".upload", has_text="T01_lighthouse")).to_contain_text("Stored as M01.")
    expect(page.get_by_label("Title")).to_have_value("Evening")
    keep_picture(page, "log-refused")


def test_links_refused_keep_the_whole_form_and_links_taken_are_listed(
    page_as: Callable[..., Page], investigation: Investigation, investigator: Any
) -> None:
    page = page_as(investigator)
    page.goto(f"/{investigation.code}/log/")
    links = page.get_by_label("Links (optional)")
    links.fill("https://t.me/channel/12\nno link")
    page.get_by_label("Named place").fill("Quay 3")
    page.get_by_role("button", name="Log", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Line 2, “no link”")
    expect(links).to_have_value("https://t.me/channel/12\nno link")
    expect(page.get_by_label("Named place")).to_have_value("Quay 3")
    keep_picture(page, "log-links-refused")
    links.fill("https://t.me/channel/12")
    page.get_by_role("button", name="Log", exact=True).click()
    expect(page.get_by_role("heading", name="Just now")).to_be_visible()
    expect(page.get_by_text("Logged as M01.")).to_be_visible()
    keep_picture(page, "log-done")


def test_without_a_script_a_file_and_a_link_are_logged_all_the_same(
    page_as: Callable[..., Page], investigation: Investigation, investigator: Any, training: Path
) -> None:
    page = page_as(investigator, java_script_enabled=False)
    page.goto(f"/{investigation.code}/log/")
    page.get_by_label("Links (optional)").fill("https://t.me/channel/12")
    page.get_by_label("Drop videos and pictures here").set_input_files(training / "T10_harbour.webm")
    page.get_by_role("button", name="Log", exact=True).click()
    expect(page.get_by_text("Stored as M01.")).to_be_visible()
    expect(page.get_by_text("Logged as M02.")).to_be_visible()


def test_the_list_is_filtered_as_one_types_and_walked_by_keyboard(
    page_as: Callable[..., Page], collection: Investigation, viewer: Any
) -> None:
    page = page_as(viewer)
    page.goto(f"/{collection.code}/media/")
    expect(page.locator(".media-table tbody tr")).to_have_count(6)
    page.get_by_label("Kind").select_option("satellite")
    expect(page.locator(".media-table tbody tr")).to_have_count(1)
    assert "kind=satellite" in page.url
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/media/M04/")


def test_a_file_is_added_to_a_post_on_its_page(
    page_as: Callable[..., Page], collection: Investigation, investigator: Any, training: Path
) -> None:
    page = page_as(investigator)
    page.goto(f"/{collection.code}/media/M06/")
    expect(page.locator("#viewer")).to_contain_text("Known by its link only")
    page.get_by_label("Drop a file here").set_input_files(training / "T02_from_the_pier.jpg")
    expect(page.get_by_role("heading", name="Original as collected")).to_be_visible()
    expect(page.locator("#reading")).to_contain_text("Waiting for a worker")
    page.get_by_text("Add an appearance").click()
    page.get_by_label("Link", exact=False).first.fill("https://example.org/story")
    page.get_by_label("Posted (optional)").fill("2023-09-20 14:00")
    page.get_by_role("button", name="Add it").click()
    expect(page.locator("#appearances")).to_contain_text("A time needs its offset from UTC")
    page.get_by_label("Posted (optional)").fill("2023-09-20 14:00 +04:00")
    page.get_by_role("button", name="Add it").click()
    expect(page.locator("#appearances")).to_contain_text("20 Sep 2023, 14:00 +04:00")
    expect(page.locator("#appearances")).to_contain_text("earliest known")
