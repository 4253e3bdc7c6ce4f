"""A reviewer at work in a real browser: queue, workbench, decision, with the keyboard alone too."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from evidence.models import Investigation, MediaItem, MetadataReading, ReadingState
from evidence.services.appearances import PostedTime, appearance_add
from evidence.services.ingest import original_store
from evidence.services.media import MediaDetails, media_log_file
from evidence.services.reading import reading_run
from geolocation.coordinates.position import Position
from geolocation.models import Geolocation, Review, VerifiedPoint
from geolocation.services.checks import checks_run
from geolocation.services.geolocations import Placed, Proposal, geolocation_propose, geolocation_revise
from tests.browser.looking import VIEWS, faults, keep_picture
from tests.training_files import copy_training_files

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="session")
def training(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("training")
    copy_training_files(folder)
    return folder


class _Upload:
    """A file on disk as an upload."""

    def __init__(self, path: Path) -> None:
        self.name, self.size, self._path = path.name, path.stat().st_size, path

    def chunks(self, chunk_size: int | None = None) -> Any:
        yield self._path.read_bytes()


def _proposal(camera: Position, subject: Position, **changes: Any) -> Proposal:
    values: dict[str, Any] = {
        "camera": Placed(position=camera, uncertainty_m=40),
        "subject": Placed(position=subject, uncertainty_m=60),
        "field_of_view_deg": 55,
        "method": "landmarks",
        "reasoning": (
            "The lighthouse stands left of the two cranes, and the mole's end covers the third one. From the "
            "quay north of the bridge this order does not occur."
        ),
        "references": "Satellite image of 2 October 2023\nhttps://example.org/harbour-plan",
        **changes,
    }
    return Proposal(**values)


@pytest.fixture
def item(investigation: Investigation, investigator: Any, training: Path) -> MediaItem:
    """A photo with a file that was read, and a post."""
    logged = media_log_file(
        actor=investigator,
        investigation=investigation,
        stored=original_store(_Upload(training / "T01_lighthouse_evening.jpg")),
        details=MediaDetails(title="Lighthouse in the evening", is_sensitive=True),
    )
    for reading in MetadataReading.objects.filter(state=ReadingState.WAITING):
        reading_run(reading_id=reading.pk)
    appearance_add(
        actor=investigator,
        item=logged.item,
        url="https://twitter.com/somebody/status/1704732800000000000",
        posted=PostedTime(),
    )
    return logged.item


def _file_position(item: MediaItem) -> Position:
    reading = MetadataReading.objects.filter(media_file__media_item=item, latitude__isnull=False).first()
    assert reading is not None
    assert reading.latitude is not None
    assert reading.longitude is not None
    return Position(reading.latitude, reading.longitude)


@pytest.fixture
def waiting(item: MediaItem, investigator: Any, editor: Any) -> tuple[Geolocation, Geolocation]:
    """Two geolocations of one item that contradict each other, with their checks."""
    seen = _file_position(item)
    near = Position(seen.latitude + 0.0006, seen.longitude + 0.0004)
    subject = Position(seen.latitude + 0.012, seen.longitude + 0.009)
    first = geolocation_propose(
        actor=investigator, media_item=item, proposal=_proposal(near, subject), submit=True
    )
    away = Position(seen.latitude - 0.03, seen.longitude + 0.05)
    second = geolocation_propose(
        actor=editor, media_item=item, proposal=_proposal(away, subject), submit=True
    )
    for geolocation in (first, second):
        checks_run(geolocation_id=geolocation.pk)
    return first, second


def _answer_all(page: Page) -> None:
    for group in page.locator("fieldset.item").all():
        group.get_by_label("Yes").check()


def test_a_reviewer_works_through_the_queue(
    page_as: Callable[..., Page],
    investigation: Investigation,
    reviewer: Any,
    waiting: tuple[Geolocation, Geolocation],
    axe: Any,
) -> None:
    page = page_as(reviewer)
    page.expected_statuses.add(422)  # type: ignore[attr-defined]
    page.goto(f"/{investigation.code}/review/")
    expect(page.locator("table.queue tbody tr")).to_have_count(2)
    assert axe(page) == []
    keep_picture(page, "review-queue")
    page.get_by_role("link", name="Review the next one").click()
    expect(page.locator("[data-review-map][data-ready]")).to_be_visible()
    expect(page.locator(".marker--compared")).to_have_count(3)
    # Marked sensitive: covered until asked for.
    expect(page.locator(".viewer[data-sensitive]")).not_to_have_attribute("data-shown", "")
    assert axe(page) == []
    keep_picture(page, "review-covered")
    page.get_by_role("button", name="Marked sensitive. Show").click()
    expect(page.locator(".viewer[data-sensitive]")).to_have_attribute("data-shown", "")
    keep_picture(page, "review")
    page.get_by_role("button", name="Approve").click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    assert axe(page) == []
    keep_picture(page, "review-incomplete")


def test_the_decision_takes_the_keyboard_alone(
    page_as: Callable[..., Page],
    investigation: Investigation,
    reviewer: Any,
    waiting: tuple[Geolocation, Geolocation],
) -> None:
    first, second = waiting
    page = page_as(reviewer)
    page.goto(f"/{investigation.code}/review/")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{page.url.split('/TEST1')[0]}/{investigation.code}/review/{first.reference}/")
    page.get_by_role("link", name="To the decision").focus()
    page.keyboard.press("Enter")
    for _item in range(7):
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("The cranes stand in this order from here only.")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Approve")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".message", has_text=f"{first.reference} is verified")).to_be_visible()
    expect(page).to_have_url(
        f"{page.url.split('/TEST1')[0]}/{investigation.code}/review/{second.reference}/#main"
    )
    assert VerifiedPoint.objects.get().geolocation == first
    assert Review.objects.get().reason == "The cranes stand in this order from here only."


def test_a_revision_that_came_meanwhile_is_shown_and_nothing_typed_is_lost(
    page_as: Callable[..., Page],
    investigation: Investigation,
    investigator: Any,
    reviewer: Any,
    item: MediaItem,
    waiting: tuple[Geolocation, Geolocation],
    axe: Any,
) -> None:
    first, _second = waiting
    page = page_as(reviewer)
    page.expected_statuses.add(409)  # type: ignore[attr-defined]
    page.goto(f"/{investigation.code}/review/{first.reference}/")
    _answer_all(page)
    page.get_by_label("Reason").fill("The mole ends there.")
    seen = _file_position(item)
    geolocation_revise(
        actor=investigator,
        geolocation=first,
        based_on=1,
        proposal=_proposal(
            Position(seen.latitude + 0.0009, seen.longitude + 0.0004),
            Position(seen.latitude + 0.012, seen.longitude + 0.009),
        ),
        submit=True,
    )
    page.get_by_role("button", name="Approve").click()
    expect(page.locator("[data-error-summary]")).to_contain_text("revision 2 is in review now")
    expect(page.locator(".overtaken")).to_contain_text("The camera moved")
    expect(page.get_by_label("Reason")).to_have_value("The mole ends there.")
    assert page.locator("fieldset.item input:checked").count() == 7
    assert axe(page) == []
    keep_picture(page, "review-overtaken")
    page.get_by_role("button", name="Request changes").click()
    expect(page.locator(".message", has_text="is back with")).to_be_visible()


@pytest.mark.parametrize(("width", "height"), VIEWS)
def test_the_pages_are_whole_on_a_telephone_and_in_the_dark(
    page_as: Callable[..., Page],
    investigation: Investigation,
    reviewer: Any,
    waiting: tuple[Geolocation, Geolocation],
    axe: Any,
    width: int,
    height: int,
) -> None:
    first, _second = waiting
    page = page_as(reviewer, width=width, height=height)
    page.goto(f"/{investigation.code}/review/")
    assert faults(page, axe, "review-queue") == []
    page.goto(f"/{investigation.code}/review/{first.reference}/")
    if width == 390:
        for tab in ("Media", "Map", "Judge"):
            page.get_by_role("tab", name=tab).click()
            assert faults(page, axe, f"review-{tab.lower()}") == []
        page.get_by_role("tab", name="Media").click()
        page.get_by_role("link", name="To the decision").click()
        expect(page.get_by_role("button", name="Approve")).to_be_visible()
    else:
        expect(page.locator("[data-review-map][data-ready]")).to_be_visible()
        assert faults(page, axe, "review") == []
