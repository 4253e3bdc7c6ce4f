"""Bringing in many files, watching long work, and playing a copy, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from playwright.sync_api import Page, expect

from evidence.models import IntakeBatch, Investigation, MediaItem, MetadataReading, ReadingState
from evidence.services.ingest import original_store
from evidence.services.intake_zip import batch_run
from evidence.services.media import media_log_file
from evidence.services.reading import reading_run
from tests.browser.looking import VIEWS, faults, keep_picture
from tests.evidence.derivatives.test_proxy import write_with_sound
from tests.evidence.services.conftest import picture
from tests.evidence.zips.hostile import packed

pytestmark = pytest.mark.django_db(transaction=True)
Pages = Callable[..., Page]
COLOURS = ("red", "green", "blue", "gold", "teal")


@pytest.fixture
def card(tmp_path: Path) -> Path:
    """A folder as a camera leaves it, with something that is no picture."""
    root = tmp_path / "card"
    (root / "DCIM").mkdir(parents=True)
    for number, colour in enumerate(COLOURS):
        (root / "DCIM" / f"{number}.jpg").write_bytes(picture(colour))
    (root / "notes.txt").write_text("hello")
    (root / ".DS_Store").write_text("x")
    return root


@pytest.fixture
def zipped(tmp_path: Path) -> Path:
    path = tmp_path / "card.zip"
    files = [(f"DCIM/{colour}.jpg", picture(colour)) for colour in COLOURS]
    path.write_bytes(packed([*files, ("DCIM/again.jpg", picture("red")), ("notes.txt", b"hello")]))
    return path


def test_a_zip_is_dropped_and_its_files_are_watched_as_they_come_in(
    page_as: Pages, investigation: Investigation, investigator: Any, zipped: Path, axe: Any
) -> None:
    page = page_as(investigator)
    page.goto(f"/{investigation.code}/log/")
    page.get_by_role("link", name="A folder or a ZIP").click()
    assert axe(page) == []
    keep_picture(page, "batches-empty")
    page.get_by_label("Drop a ZIP here").set_input_files(zipped)
    page.wait_for_url("**/batches/B01/", timeout=60_000)
    expect(page.locator("#batch")).to_contain_text("Waiting")
    batch_run(batch_id=IntakeBatch.objects.get().pk)
    # Nobody touches the page: it asks again by itself and then stops asking.
    expect(page.locator("#batch")).to_contain_text("7 files")
    expect(page.locator("#batch .chip")).to_contain_text("Done")
    assert page.locator("#batch").get_attribute("hx-get") is None
    expect(page.locator("tr", has_text="again.jpg")).to_contain_text("is here already, in M01")
    expect(page.locator("tr", has_text="notes.txt")).to_contain_text("is not a picture or video")
    assert axe(page) == []
    page.get_by_role("link", name="refused 1").click()
    expect(page.locator(".batch-table tbody tr")).to_have_count(1)
    with page.expect_download() as download:
        page.get_by_role("link", name="Report as CSV").click()
    assert download.value.suggested_filename == "TEST1_B01.csv"


def test_what_is_no_zip_is_refused_on_its_row(
    page_as: Pages, investigation: Investigation, investigator: Any, card: Path
) -> None:
    page = page_as(investigator)
    page.expected_statuses.add(415)  # type: ignore[attr-defined]
    page.goto(f"/{investigation.code}/batches/")
    page.get_by_label("Drop a ZIP here").set_input_files(card / "DCIM" / "0.jpg")
    expect(page.locator(".upload")).to_contain_text("“0.jpg” is not a ZIP.")
    assert not IntakeBatch.objects.exists()


def test_a_folder_is_chosen_and_sent_file_by_file_and_a_second_time_nothing_is_sent(
    page_as: Pages, investigation: Investigation, investigator: Any, card: Path
) -> None:
    page = page_as(investigator)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.url.endswith("/file/") else None)
    for expected in (6, 6):
        page.goto(f"/{investigation.code}/batches/")
        page.get_by_label("Drop a folder here").set_input_files(card)
        page.wait_for_url("**/batches/B01/", timeout=60_000)
        expect(page.locator("#batch .chip")).to_contain_text("Done")
        expect(page.locator("#batch")).to_contain_text("6 files")
        assert len(sent) == expected
    assert MediaItem.objects.count() == 5
    expect(page.locator("tr", has_text="notes.txt")).to_contain_text("refused")


def test_who_may_only_read_has_no_way_in_and_sees_the_report(
    page_as: Pages, investigation: Investigation, investigator: Any, viewer: Any, zipped: Path
) -> None:
    page = page_as(investigator)
    page.goto(f"/{investigation.code}/batches/")
    page.get_by_label("Drop a ZIP here").set_input_files(zipped)
    page.wait_for_url("**/batches/B01/", timeout=60_000)
    batch_run(batch_id=IntakeBatch.objects.get().pk)
    other = page_as(viewer)
    other.expected_statuses.add(403)  # type: ignore[attr-defined]
    answer = other.goto(f"/{investigation.code}/batches/")
    assert answer is not None
    assert answer.status == 403
    other.goto(f"/{investigation.code}/batches/B01/")
    expect(other.locator("#batch")).to_contain_text("7 files")


@pytest.fixture
def video(investigation: Investigation, investigator: Any, tmp_path: Path) -> MediaItem:
    """A video that browsers do not play, as it lies in the queue."""
    clip = write_with_sound(tmp_path / "clip.mkv", seconds=6)
    stored = original_store(SimpleUploadedFile("clip.mkv", clip.read_bytes()))
    return media_log_file(actor=investigator, investigation=investigation, stored=stored).item


def test_long_work_shows_how_far_it_is_and_then_the_copy_is_played(
    page_as: Pages, investigation: Investigation, investigator: Any, video: MediaItem, axe: Any
) -> None:
    for reader in ("walker", "pixels"):
        reading_run(reading_id=MetadataReading.objects.get(reader=reader).pk)
    proxy = MetadataReading.objects.filter(reader="proxy")
    until = timezone.now() + timedelta(minutes=5)
    proxy.update(state=ReadingState.READING, attempts=1, progress_pct=37, lease_until=until)
    page = page_as(investigator)
    page.goto(f"/{investigation.code}/media/{video.reference}/")
    line = page.locator(".readers__line", has_text="Copy for browsers")
    expect(line.get_by_role("progressbar")).to_have_attribute("value", "37")
    expect(line).to_contain_text("37 %")
    assert axe(page) == []
    keep_picture(page, "video-progress")
    proxy.update(progress_pct=62)
    expect(line.get_by_role("progressbar")).to_have_attribute("value", "62")
    proxy.update(state=ReadingState.WAITING, progress_pct=None)
    for reading in MetadataReading.objects.filter(state=ReadingState.WAITING):
        reading_run(reading_id=reading.pk)
    expect(page.locator("#viewer")).to_contain_text("This is a viewing copy")
    expect(line).to_contain_text("A viewing copy was made")
    page.wait_for_function("() => document.querySelector('#viewer video').readyState >= 1")
    shown = page.locator("#viewer video")
    assert shown.evaluate("video => Math.round(video.duration)") == 6
    assert shown.evaluate("video => video.error") is None
    expect(page.locator(".waveform img")).to_be_visible()
    assert axe(page) == []


def test_a_failed_reading_is_tried_again_by_keyboard_and_the_page_stays(
    page_as: Pages, investigation: Investigation, investigator: Any, viewer: Any, video: MediaItem
) -> None:
    MetadataReading.objects.update(state=ReadingState.DONE)
    MetadataReading.objects.filter(reader="waveform").update(state=ReadingState.FAILED, sentence="It broke.")
    address = f"/{investigation.code}/media/{video.reference}/"
    reader_only = page_as(viewer)
    reader_only.goto(address)
    line = reader_only.locator(".readers__line", has_text="Sound")
    expect(line).to_contain_text("It broke.")
    expect(line.get_by_role("button")).to_have_count(0)
    page = page_as(investigator)
    page.goto(address)
    page.evaluate("() => { window.stays = true; }")
    page.get_by_role("button", name="Try again: Sound").focus()
    page.keyboard.press("Enter")
    line = page.locator(".readers__line", has_text="Sound")
    expect(line).to_contain_text("Waiting")
    expect(page.locator("#reading-heading")).to_be_focused()
    assert page.evaluate("() => window.stays")
    reading_run(reading_id=MetadataReading.objects.get(reader="waveform").pk)
    expect(line).to_contain_text("Read")


@pytest.mark.parametrize(("width", "height"), VIEWS)
def test_the_pages_are_whole_and_without_axe_findings(
    page_as: Pages,
    investigation: Investigation,
    investigator: Any,
    zipped: Path,
    video: MediaItem,
    axe: Any,
    width: int,
    height: int,
) -> None:
    for reading in MetadataReading.objects.all():
        reading_run(reading_id=reading.pk)
    page = page_as(investigator, width=width, height=height)
    page.goto(f"/{investigation.code}/batches/")
    page.get_by_label("Drop a ZIP here").set_input_files(zipped)
    page.wait_for_url("**/batches/B01/", timeout=60_000)
    batch_run(batch_id=IntakeBatch.objects.get().pk)
    for name, path in (("batches", "batches/"), ("batch", "batches/B01/"), ("video", "media/M01/")):
        page.goto(f"/{investigation.code}/{path}")
        page.wait_for_load_state("networkidle")
        assert faults(page, axe, name) == []
