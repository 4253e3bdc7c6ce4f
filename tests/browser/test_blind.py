"""Three people walk a blind round in a real browser: one that agrees, one that does not, and who may not."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files import File
from playwright.sync_api import Page, expect

from evidence.models import Investigation, MediaItem, MetadataReading, ReadingState
from evidence.services.ingest import original_store
from evidence.services.investigations import investigation_blind_set
from evidence.services.media import MediaDetails, media_log_file
from evidence.services.reading import reading_run
from geolocation.models import BlindRound, Geolocation, RoundState, VerifiedPoint
from geolocation.services.checks import checks_run
from tests.browser.looking import keep_picture
from tests.training_files import copy_training_files

pytestmark = pytest.mark.django_db(transaction=True)

PageAs = Callable[..., Page]
FIRST = ("41.7312320, 44.8584230", "41.7362110, 44.8641870")
NEAR = ("41.7313320, 44.8584230", "41.7362610, 44.8641870")
FAR = ("41.7112320, 44.8984230", "41.7362610, 44.8641870")
WORDS = "The weathercock stands left of the third gable."


@pytest.fixture
def item(investigation: Investigation, investigator: Any, tmp_path: Path) -> MediaItem:
    copy_training_files(tmp_path)
    with (tmp_path / "T02_from_the_pier.jpg").open("rb") as source:
        stored = original_store(File(source, "T02_from_the_pier.jpg"))
    logged = media_log_file(
        actor=investigator,
        investigation=investigation,
        stored=stored,
        details=MediaDetails(title="Gables over the pier"),
    )
    for reading in MetadataReading.objects.filter(state=ReadingState.WAITING):
        reading_run(reading_id=reading.pk)
    return logged.item


def _place(page: Page, item: MediaItem, positions: tuple[str, str]) -> None:
    """Fill in the geolocate page, which is open, and submit it."""
    for role, text, metres in zip(("Camera", "Subject"), positions, ("25", "40"), strict=True):
        page.get_by_role("textbox", name=f"{role} position").fill(text)
        page.get_by_role("spinbutton", name=f"uncertainty of the {role} position").fill(metres)
    page.get_by_label("Method").select_option("landmarks")
    page.get_by_label("Reasoning").fill(WORDS if positions == FIRST else "Seen from the pier.")
    page.get_by_role("button", name="Submit", exact=True).click()


def _geolocate(page: Page, item: MediaItem) -> None:
    page.goto(f"/{item.investigation.code}/media/{item.reference}/geolocate/")
    expect(page.locator("[data-placing-map][data-ready]")).to_be_visible(timeout=30_000)


def _switch_on(page: Page, investigation: Investigation) -> None:
    page.goto(f"/{investigation.code}/settings/")
    page.get_by_role("button", name="Ask for a blind second geolocation").click()
    expect(page.get_by_text("From now on, a second person places each item")).to_be_visible()


def _first(page_as: PageAs, item: MediaItem, investigator: Any) -> Page:
    page = page_as(investigator)
    _geolocate(page, item)
    _place(page, item, FIRST)
    expect(page.get_by_text("Somebody who cannot see it places the recording now")).to_be_visible()
    return page


def test_two_who_agree_go_to_review_and_a_third_approves(
    page_as: PageAs,
    investigation: Investigation,
    item: MediaItem,
    investigator: Any,
    reviewer: Any,
    editor: Any,
    axe: Any,
) -> None:
    deciding = page_as(editor)
    _switch_on(deciding, investigation)
    assert axe(deciding) == []
    keep_picture(deciding, "blind-settings")
    first = _first(page_as, item, investigator)
    expect(first.get_by_text("Only its author, editors")).to_be_visible()
    assert axe(first) == []
    keep_picture(first, "blind-own-proposal")

    deciding.goto(f"/{investigation.code}/map/?state=awaiting_second")
    expect(deciding.locator("[data-everything-map][data-ready]")).to_be_visible(timeout=30_000)
    keep_picture(deciding, "blind-map-editor")

    second = page_as(reviewer)
    second.goto(f"/{investigation.code}/review/")
    second.get_by_role("link", name="Second look wanted").click()
    expect(second.locator(".look")).to_have_count(1)
    assert axe(second) == []
    keep_picture(second, "blind-second-looks")
    second.get_by_role("link", name="Place it blind").click()
    expect(second.locator("[data-placing-map][data-ready]")).to_be_visible(timeout=30_000)
    expect(second.get_by_text("A blind second look is wanted.")).to_be_visible()
    assert axe(second) == []
    keep_picture(second, "blind-geolocate")
    content = second.content()
    for betrayed in ("41.7312", "44.8584", "41.7362", "weathercock", investigator.name, "G01"):
        assert betrayed not in content, betrayed
    second.goto(f"/{investigation.code}/custody/")
    expect(second.get_by_text("Withheld until your own proposal is in")).to_have_count(2)
    keep_picture(second, "blind-custody")
    _geolocate(second, item)
    _place(second, item, NEAR)
    expect(second.get_by_text("The two of you agree")).to_be_visible()
    expect(second.locator("[data-round-map][data-ready]")).to_be_visible(timeout=30_000)
    expect(second.get_by_text("The camera positions are 11 m apart")).to_be_visible()
    expect(second.get_by_text(WORDS)).to_be_visible()
    assert axe(second) == []
    keep_picture(second, "blind-agreed")

    made = Geolocation.objects.get(author=investigator)
    checks_run(geolocation_id=made.pk)
    second.goto(f"/{investigation.code}/review/{made.reference}/")
    expect(second.get_by_text("You placed this recording beside it").first).to_be_visible()
    deciding.goto(f"/{investigation.code}/review/{made.reference}/")
    expect(deciding.get_by_text("placed the item without seeing this proposal")).to_be_visible()
    for group in deciding.locator("fieldset.item").all():
        group.get_by_label("Yes").check()
    deciding.get_by_role("button", name="Approve").click()
    expect(deciding.locator(".message", has_text="is verified")).to_be_visible()
    assert VerifiedPoint.objects.get().geolocation == made


def test_two_who_disagree_wait_for_an_editor_who_says_why(
    page_as: PageAs,
    investigation: Investigation,
    item: MediaItem,
    investigator: Any,
    reviewer: Any,
    editor: Any,
    axe: Any,
) -> None:
    investigation_blind_set(actor=editor, investigation=investigation, on=True)
    _first(page_as, item, investigator)
    second = page_as(reviewer, width=390, height=844)
    second.expected_statuses.add(422)  # type: ignore[attr-defined]
    second.goto(f"/{investigation.code}/second-looks/")
    assert second.evaluate("() => document.scrollingElement.scrollWidth") <= 390
    assert axe(second) == []
    keep_picture(second, "blind-second-looks-phone")
    second.get_by_role("link", name="Place it blind").click()
    second.get_by_role("tab", name="Statement").click()
    # Bad input first: it is refused, and still nothing is told.
    _place(second, item, ("48,8566,2,3522", FAR[1]))
    expect(second.locator("[data-error-summary]")).to_be_visible()
    assert "41.7312" not in second.content()
    second.get_by_role("tab", name="Statement").click()
    _place(second, item, FAR)
    expect(second.get_by_text("An editor decides how it goes on")).to_be_visible()
    assert second.evaluate("() => document.scrollingElement.scrollWidth") <= 390
    assert axe(second) == []
    keep_picture(second, "blind-apart-phone")

    deciding = page_as(editor)
    deciding.expected_statuses.add(422)  # type: ignore[attr-defined]
    deciding.goto(f"/{investigation.code}/")
    deciding.get_by_role("link", name="1 blind round waits for an editor").click()
    expect(deciding.get_by_text("further apart than both uncertainties")).to_be_visible()
    assert axe(deciding) == []
    keep_picture(deciding, "blind-second-looks-editor")
    deciding.get_by_role("link", name=re.compile("Gables over the pier")).first.click()
    expect(deciding.locator("[data-round-map][data-ready]")).to_be_visible(timeout=30_000)
    expect(deciding.locator(".marker--round")).to_have_count(4)
    deciding.get_by_role("button", name="Decide").click()
    expect(deciding.locator("[data-error-summary]")).to_be_focused()
    assert axe(deciding) == []
    keep_picture(deciding, "blind-apart")
    deciding.get_by_label("Send G02 by Rui Reviewer to review").check()
    deciding.get_by_label("Reason").fill("The pier is seen from the south only.")
    deciding.get_by_role("button", name="Decide").click()
    expect(deciding.locator(".message", has_text="G02 is in review.")).to_be_visible()
    keep_picture(deciding, "blind-resolved")
    placed = BlindRound.objects.get()
    assert (placed.state, placed.resolved_by) == (RoundState.RESOLVED, editor)
    assert set(Geolocation.objects.values_list("reference", "state")) == {
        ("G01", "rejected"),
        ("G02", "in_review"),
    }


def test_who_may_not_is_told_so_or_finds_nothing(
    page_as: PageAs,
    investigation: Investigation,
    item: MediaItem,
    investigator: Any,
    reviewer: Any,
    viewer: Any,
    editor: Any,
    axe: Any,
) -> None:
    investigation_blind_set(actor=editor, investigation=investigation, on=True)
    first = _first(page_as, item, investigator)
    first.goto(f"/{investigation.code}/second-looks/")
    expect(first.get_by_text("the second look is somebody else's")).to_be_visible()
    expect(first.get_by_role("link", name="Place it blind")).to_have_count(0)

    watching = page_as(viewer)
    watching.expected_statuses.add(404)  # type: ignore[attr-defined]
    for path in ("second-looks/M01/", "geolocations/G01/"):
        answer = watching.goto(f"/{investigation.code}/{path}")
        assert answer is not None
        assert answer.status == 404, path
    watching.goto(f"/{investigation.code}/media/{item.reference}/")
    expect(
        watching.get_by_text("A second look is wanted from somebody who cannot see theirs")
    ).to_be_visible()
    assert axe(watching) == []

    deciding = page_as(editor)
    deciding.expected_statuses.add(422)  # type: ignore[attr-defined]
    _geolocate(deciding, item)
    expect(deciding.get_by_text("so you cannot place it blind")).to_be_visible()
    assert axe(deciding) == []
    keep_picture(deciding, "blind-editor-cannot")
    deciding.get_by_role("textbox", name="Camera position").fill(NEAR[0])
    deciding.get_by_role("spinbutton", name="uncertainty of the Camera position").fill("25")
    deciding.get_by_label("Method").select_option("landmarks")
    deciding.get_by_label("Reasoning").fill("The same as theirs.")
    deciding.get_by_role("button", name="Submit", exact=True).click()
    expect(deciding.locator("[data-error-summary]")).to_contain_text("cannot place it blind")
    assert Geolocation.objects.count() == 1
