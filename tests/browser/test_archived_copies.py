"""Adding an archived copy to a posting and seeing what was checked, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import Page, expect

from evidence.models import Appearance, ArchivedCopy, Investigation, MediaItem
from evidence.services.appearances import appearance_add
from evidence.services.archived_copies import archived_copy_add, archived_copy_read, archived_copy_store
from tests.browser.looking import VIEWS, faults, keep_picture
from tests.evidence.archives.made import LINK, SAVED_PAGE, report, usual_parts, wacz
from tests.evidence.archives.test_wacz_signature import anonymous
from tests.evidence.services.conftest import picture

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def appearance(media_item: MediaItem, investigator: Any) -> Appearance:
    return appearance_add(actor=investigator, item=media_item, url=LINK)


def _address(item: MediaItem) -> str:
    return f"/{item.investigation.code}/media/{item.reference}/"


def _read_all() -> None:
    """What the workers would do."""
    for copy in ArchivedCopy.objects.filter(state="waiting"):
        archived_copy_read(copy_id=copy.pk)


def test_an_investigator_adds_a_copy_and_watches_what_is_found_in_it(
    page_as: Callable[..., Page], investigator: Any, media_item: MediaItem, appearance: Appearance, axe: Any
) -> None:
    page = page_as(investigator)
    page.goto(_address(media_item))
    page.get_by_text("Add an archived copy").click()
    page.get_by_label("Files of the copy").set_input_files(
        {"name": "post.wacz", "mimeType": "application/zip", "buffer": wacz()}
    )
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text("The copy is kept. A worker reads it now.")).to_be_visible()
    copy = page.locator(".copy-of")
    expect(copy).to_contain_text("Waiting")
    _read_all()
    # Nobody touches the page: it asks again by itself and then stops asking.
    expect(copy).to_contain_text("from the record in the archive")
    expect(copy).to_contain_text("The payload digest of the post's record was computed again and is right.")
    assert copy.get_attribute("hx-get") is None
    assert axe(page) == []
    with page.expect_download() as download:
        copy.get_by_role("link", name="Download").click()
    assert download.value.suggested_filename == "post.wacz"
    assert Path(download.value.path()).read_bytes() == wacz()


def test_a_file_that_is_no_copy_is_refused_at_its_field(
    page_as: Callable[..., Page], investigator: Any, media_item: MediaItem, appearance: Appearance, axe: Any
) -> None:
    page = page_as(investigator)
    page.goto(_address(media_item))
    page.get_by_text("Add an archived copy").click()
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text("Choose the file of the copy.").first).to_be_visible()
    page.get_by_label("Files of the copy").set_input_files(
        {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"plain words"}
    )
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text("is not a copy of a kind that is read here").first).to_be_visible()
    assert axe(page) == []
    keep_picture(page, "copies-refused")
    assert not ArchivedCopy.objects.exists()


@pytest.fixture
def copies(appearance: Appearance, investigator: Any) -> MediaItem:
    """One of each kind, one changed and one made to do harm; read."""
    shot = picture("olive", "PNG", (320, 200))
    changed = {**usual_parts(), "pages/pages.jsonl": b"{}"}
    for name, content in (
        ("post.wacz", wacz(sign=anonymous)),
        ("changed.wacz", wacz(changed, listed=usual_parts())),
        ("harm.wacz", wacz(extra={"../../x": b"x"})),
        ("page.html", SAVED_PAGE),
        ("metadata.json", report()),
        ("screenshot.png", shot),
    ):
        stored = archived_copy_store(SimpleUploadedFile(name, content))
        archived_copy_add(actor=investigator, appearance=appearance, stored=stored)
    _read_all()
    item = appearance.media_item
    MediaItem.objects.filter(pk=item.pk).update(is_sensitive=True)
    return item


@pytest.mark.parametrize(("width", "height"), VIEWS)
def test_all_kinds_of_copies_fit_the_page(
    page_as: Callable[..., Page],
    copies: MediaItem,
    investigator: Any,
    axe: Callable[[Page], list[str]],
    width: int,
    height: int,
) -> None:
    page = page_as(investigator, width=width, height=height)
    page.goto(_address(copies))
    if width < 1000:
        page.get_by_role("tab", name="What is said of it").click()
    expect(page.locator(".copy-of")).to_have_count(6)
    expect(page.locator(".copy-of", has_text="post.wacz")).to_contain_text("Who signed is not known")
    expect(page.locator(".copy-of", has_text="harm.wacz")).to_contain_text("leads out of its folder")
    page.get_by_text("2 files named in the report").click()
    page.locator("#appearances").scroll_into_view_if_needed()
    assert faults(page, axe, "copies") == []


def test_a_screenshot_is_covered_until_somebody_asks(
    page_as: Callable[..., Page], copies: MediaItem, investigator: Any
) -> None:
    page = page_as(investigator)
    page.goto(_address(copies))
    shot = page.locator(".copy-of__picture")
    expect(shot.get_by_role("button", name="Marked sensitive. Show")).to_be_visible()
    shot.get_by_role("button").click()
    expect(shot).to_have_attribute("data-shown", "")
    assert shot.locator("img").evaluate("image => image.naturalWidth") == 320


def test_who_may_not_log_media_sees_copies_and_no_form(
    page_as: Callable[..., Page], copies: MediaItem, viewer: Any, investigation: Investigation
) -> None:
    page = page_as(viewer)
    page.goto(_address(copies))
    expect(page.locator(".copy-of")).to_have_count(6)
    expect(page.get_by_text("Add an archived copy")).to_have_count(0)
    expect(page.get_by_role("button", name="Try again")).to_have_count(0)
    page.expected_statuses.add(403)  # type: ignore[attr-defined]
    token = page.context.cookies()
    answer = page.request.post(
        f"{_address(copies)}appearances/{copies.appearances.get().pk}/copies/",
        headers={"Referer": page.url},
        form={"csrfmiddlewaretoken": next((c["value"] for c in token if c["name"] == "csrftoken"), "")},
    )
    assert answer.status == 403
