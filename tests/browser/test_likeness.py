"""Recordings that look alike, in a real browser: the list, two beside and over each other, the decision."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from evidence.models import Investigation, LikenessState, MediaItem, MediaLikeness
from evidence.services.appearances import appearance_add
from evidence.services.likeness import likeness_decide
from geolocation.models import Geolocation
from geolocation.services.geolocations import geolocation_propose
from geolocation.services.review import review_decide
from tests.browser.looking import faults, keep_picture
from tests.evidence.alike import log_bytes, log_picture, pair_of, read_all
from tests.evidence.fingerprints.scenes import film, jpeg_30, mirrored, quarter_size, scene
from tests.geolocation.conftest import ALL_YES, a_proposal

pytestmark = pytest.mark.django_db(transaction=True)


def _until(page: Page, video: Locator, is_there: Callable[[float], bool]) -> float:
    """Wait until the video stands at such a moment; returns the moment in seconds."""
    for _ in range(100):
        at_s = float(video.evaluate("video => video.currentTime"))
        if is_there(at_s):
            return at_s
        page.wait_for_timeout(100)
    raise AssertionError(f"the video stands at {at_s} s")


@pytest.fixture
def pictures(investigation: Investigation, investigator: Any) -> tuple[MediaItem, MediaItem, MediaItem]:
    """A photo, its smaller copy, and its mirror image that is marked sensitive."""
    items = (
        log_picture(investigator, investigation, scene(1), title="Houses by the road"),
        log_picture(
            investigator, investigation, jpeg_30(quarter_size(scene(1))), title="The same, from a channel"
        ),
        log_picture(
            investigator, investigation, mirrored(scene(1)), title="Turned around", is_sensitive=True
        ),
    )
    read_all()
    return items


@pytest.fixture
def videos(investigation: Investigation, investigator: Any, tmp_path: Path) -> tuple[MediaItem, MediaItem]:
    """A film, and a clip of it from its eleventh second on."""
    shots = tuple(range(100, 106))
    whole = film(tmp_path / "whole.mp4", shots)
    clip = film(tmp_path / "clip.mp4", shots, from_s=11, to_s=24, keyframe_every=20)
    items = (
        log_bytes(investigator, investigation, whole.read_bytes(), "whole.mp4", title="The whole drive"),
        log_bytes(investigator, investigation, clip.read_bytes(), "clip.mp4", title="A clip of it"),
    )
    read_all()
    return items


def test_two_pictures_are_compared_and_confirmed_with_the_keyboard(
    page_as: Callable[..., Page], investigation: Investigation, investigator: Any, pictures: Any, axe: Any
) -> None:
    page = page_as(investigator)
    page.goto(f"/{investigation.code}/media/")
    page.get_by_role("link", name="Likeness 3").click()
    expect(page.locator(".pair")).to_have_count(3)
    assert axe(page) == []
    keep_picture(page, "likeness-list")
    first, second, _third = pictures
    page.get_by_role("link", name=f"{first.reference} and {second.reference}").click()
    expect(page.locator("[data-side=left] img")).to_be_visible()
    assert axe(page) == []
    keep_picture(page, "likeness-compare")
    page.get_by_label("Beside").focus()
    page.keyboard.press("ArrowRight")
    slider = page.get_by_label("left of the line")
    slider.focus()
    stage = page.locator("[data-stage]")
    expect(stage).to_have_attribute("data-view", "swipe")
    for _ in range(20):
        page.keyboard.press("ArrowLeft")
    assert stage.evaluate("stage => stage.style.getPropertyValue('--at')") == "30%"
    keep_picture(page, "likeness-swipe")
    page.get_by_label("Blend").check()
    expect(page.get_by_label(f"How much of {second.reference}")).to_be_visible()
    page.get_by_label("The same recording").check()
    page.get_by_role("button", name="Save the decision").click()
    expect(page.locator(".messages")).to_contain_text("are confirmed copies")
    assert pair_of(first, second).state == LikenessState.CONFIRMED
    expect(page.locator(".pair")).to_have_count(2)


def test_dismissing_without_a_reason_keeps_what_was_chosen(
    page_as: Callable[..., Page], investigation: Investigation, investigator: Any, pictures: Any
) -> None:
    first, second, _third = pictures
    page = page_as(investigator)
    page.expected_statuses.add(422)  # type: ignore[attr-defined]
    page.goto(f"/{investigation.code}/likeness/{first.reference}/{second.reference}/")
    page.get_by_role("button", name="Save the decision").click()
    expect(page.locator(".error-summary")).to_contain_text("Decide whether it is the same recording")
    page.get_by_label("Not the same").check()
    page.get_by_role("button", name="Save the decision").click()
    expect(page.locator(".error-summary")).to_contain_text("Say in what they differ")
    expect(page.get_by_label("Not the same")).to_be_checked()
    page.get_by_label("Reason").fill("The lamp on the left wall is missing.")
    page.get_by_role("button", name="Save the decision").click()
    expect(page.locator(".messages")).to_contain_text("not suggested again")
    page.get_by_role("link", name="Dismissed 1").click()
    expect(page.locator(".pair")).to_contain_text("The lamp on the left wall is missing.")


def test_a_decision_made_meanwhile_is_shown_and_not_overrun(
    page_as: Callable[..., Page],
    investigation: Investigation,
    investigator: Any,
    reviewer: Any,
    pictures: Any,
) -> None:
    first, second, _third = pictures
    page = page_as(investigator)
    page.expected_statuses.add(422)  # type: ignore[attr-defined]
    page.goto(f"/{investigation.code}/likeness/{first.reference}/{second.reference}/")
    likeness_decide(
        actor=reviewer, likeness=pair_of(first, second), decision="dismissed", reason="Other lamp."
    )
    page.get_by_label("The same recording").check()
    page.get_by_role("button", name="Save the decision").click()
    expect(page.locator(".error-summary")).to_contain_text("decided meanwhile")
    expect(page.locator(".compare__aside")).to_contain_text("Other lamp.")
    assert pair_of(first, second).state == LikenessState.DISMISSED


def test_a_viewer_looks_and_cannot_decide(
    page_as: Callable[..., Page], investigation: Investigation, viewer: Any, pictures: Any
) -> None:
    first, second, _third = pictures
    page = page_as(viewer)
    page.goto(f"/{investigation.code}/likeness/{second.reference}/{first.reference}/")
    expect(page.get_by_text("Investigators, reviewers and editors decide.")).to_be_visible()
    expect(page.get_by_role("button", name="Save the decision")).to_have_count(0)
    # The address says which stands on the left.
    expect(page.locator("[data-side=left] figcaption")).to_contain_text(second.reference)


def test_a_mirrored_sensitive_copy_is_covered_and_turned_back(
    page_as: Callable[..., Page], investigation: Investigation, viewer: Any, pictures: Any, axe: Any
) -> None:
    first, _second, third = pictures
    page = page_as(viewer)
    page.goto(f"/{investigation.code}/likeness/{first.reference}/{third.reference}/")
    cover = page.get_by_role("button", name="One of the two is marked sensitive. Show both")
    expect(cover).to_be_visible()
    keep_picture(page, "likeness-covered")
    expect(page.locator("[data-side=right]")).to_have_attribute("data-turned", "")
    page.get_by_label("Blend").check()
    cover.click()
    expect(cover).to_be_hidden()
    keep_picture(page, "likeness-blend")
    page.get_by_label(f"Mirror {third.reference}").uncheck()
    expect(page.locator("[data-side=right]")).not_to_have_attribute("data-turned", "")
    assert axe(page) == []


def test_two_videos_show_the_same_moment(
    page_as: Callable[..., Page], investigation: Investigation, viewer: Any, videos: Any, axe: Any
) -> None:
    whole, clip = videos
    page = page_as(viewer)
    page.goto(f"/{investigation.code}/likeness/{whole.reference}/{clip.reference}/")
    expect(page.locator(".page-header")).to_contain_text("A part in common")
    moment = page.get_by_label(f"Moment of {whole.reference}")
    expect(moment).to_be_visible()
    left, right = page.locator("[data-side=left] video"), page.locator("[data-side=right] video")
    # It begins where both have something in common.
    assert _until(page, left, lambda at_s: at_s > 8) < 14
    shift = float(page.locator("[data-compare]").get_attribute("data-shift") or "nan")
    assert shift == pytest.approx(-11, abs=2.5)
    moment.evaluate(
        "slider => { slider.value = 16; slider.dispatchEvent(new Event('input', {bubbles: true})); }"
    )
    _until(page, left, lambda at_s: abs(at_s - 16) < 0.2)
    _until(page, right, lambda at_s: abs(at_s - 16 - shift) < 0.2)
    assert axe(page) == []
    keep_picture(page, "likeness-videos")


def test_everything_fits_on_a_phone(
    page_as: Callable[..., Page],
    investigation: Investigation,
    viewer: Any,
    pictures: Any,
    axe: Any,
) -> None:
    first, second, _third = pictures
    page = page_as(viewer, width=390, height=844)
    for name, address in (
        ("list", f"/{investigation.code}/likeness/"),
        ("compare", f"/{investigation.code}/likeness/{first.reference}/{second.reference}/"),
    ):
        page.goto(address)
        assert faults(page, axe, f"likeness-{name}") == []
    page.get_by_label("Swipe").check()
    assert faults(page, axe, "likeness-swipe") == []


def test_a_recording_shows_its_copies_and_where_they_were_published(
    page_as: Callable[..., Page], investigation: Investigation, investigator: Any, pictures: Any, axe: Any
) -> None:
    first, second, third = pictures
    appearance_add(actor=investigator, item=second, url="https://x.com/someone/status/1705000000000000000")
    likeness_decide(actor=investigator, likeness=pair_of(first, second), decision="confirmed")
    page = page_as(investigator)
    page.goto(f"/{investigation.code}/media/{first.reference}/")
    panel = page.locator("#likeness")
    expect(panel).to_contain_text(f"Earliest known of all copies: {second.reference}")
    expect(panel.get_by_role("link", name=re.compile("1705000000000000000"))).to_be_visible()
    expect(panel.get_by_role("link", name=f"Compare with {third.reference}")).to_be_visible()
    # It stays with the other item.
    expect(page.locator("#appearances")).not_to_contain_text("1705000000000000000")
    assert axe(page) == []
    panel.scroll_into_view_if_needed()
    keep_picture(page, "likeness-panel")


def test_the_geolocation_of_a_copy_is_offered_and_taken_over_as_a_draft(
    page_as: Callable[..., Page],
    investigation: Investigation,
    investigator: Any,
    reviewer: Any,
    pictures: Any,
) -> None:
    first, second, _third = pictures
    source = geolocation_propose(actor=investigator, media_item=first, proposal=a_proposal(), submit=True)
    assert source.current_revision is not None
    review_decide(actor=reviewer, revision=source.current_revision, decision="approve", checklist=ALL_YES)
    page = page_as(reviewer)
    page.goto(f"/{investigation.code}/media/{second.reference}/geolocate/")
    # Only suggested yet: nothing is offered.
    expect(page.get_by_role("button", name="over as a draft")).to_have_count(0)
    likeness_decide(actor=investigator, likeness=pair_of(first, second), decision="confirmed")
    page.reload()
    keep_picture(page, "likeness-offer")
    page.get_by_role("button", name=f"Take {source.reference} over as a draft").click()
    expect(page.locator(".messages")).to_contain_text("Taken over as the draft")
    expect(page.get_by_label("Reasoning")).to_have_value(
        f"Taken over from {source.reference}, revision 1 by {investigator}, of {first.reference}, "
        f"a confirmed copy of this recording. Its reasoning:\n\n{a_proposal().reasoning}"
    )
    draft = Geolocation.objects.get(media_item=second)
    assert (draft.state, draft.author) == ("draft", reviewer)
    assert MediaLikeness.objects.count() == 3
