"""Claims in a real browser, on the case that comes with the project."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from evidence.models import Claim, Investigation, Membership, Role
from tests.browser.looking import VIEWS, faults, keep_picture

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def case(db: None, reviewer: Any, investigator: Any, viewer: Any) -> Investigation:
    """The case as `load_case` brings it in, with three of the people as members."""
    call_command("load_case", verbosity=0)
    loaded: Investigation = Investigation.objects.get(code="NK23")
    for person, role in (
        (reviewer, Role.REVIEWER),
        (investigator, Role.INVESTIGATOR),
        (viewer, Role.VIEWER),
    ):
        Membership.objects.create(investigation=loaded, user=person, role=role)
    return loaded


def test_the_list_is_filtered_by_the_address(
    page_as: Callable[..., Page], viewer: Any, case: Investigation, axe: Any
) -> None:
    page = page_as(viewer)
    page.goto("/NK23/claims/")
    rows = page.locator("table.claims tbody tr")
    expect(rows).to_have_count(14)
    assert axe(page) == []
    keep_picture(page, "claims")
    page.get_by_label("Assessment").select_option("contradicted")
    expect(rows).to_have_count(1)
    expect(page).to_have_url(re.compile("assessment=contradicted"))
    rows.first.get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("According to Hikmet Hajiev")
    assert axe(page) == []


def test_a_dossier_shows_the_verified_points_of_its_evidence(
    page_as: Callable[..., Page], viewer: Any, case: Investigation, axe: Any
) -> None:
    page = page_as(viewer)
    page.goto("/NK23/claims/C01/")
    expect(page.locator("[data-claim-map][data-ready]")).to_be_visible()
    contradicting = page.locator("section[aria-labelledby='group-contradicts']")
    expect(contradicting.locator(".media-card")).to_have_count(2)
    expect(contradicting.locator(".coordinate")).to_have_count(1)
    assert axe(page) == []
    keep_picture(page, "claim", whole=True)


def test_an_investigator_logs_a_claim_and_links_evidence_and_a_reviewer_assesses_it(
    page_as: Callable[..., Page], investigator: Any, reviewer: Any, case: Investigation, axe: Any
) -> None:
    page = page_as(investigator)
    page.goto("/NK23/claims/")
    page.get_by_role("link", name="Log a claim").click()
    assert axe(page) == []
    page.expected_statuses.add(422)  # type: ignore[attr-defined]
    page.get_by_label("Statement", exact=True).fill("The avenue was closed to traffic.")
    page.get_by_role("button", name="Log the claim").click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    assert axe(page) == []
    keep_picture(page, "claim-form-refused", whole=True)
    expect(page.get_by_label("Statement", exact=True)).to_have_value("The avenue was closed to traffic.")
    page.get_by_label("Claimant").fill("A resident")
    page.get_by_role("button", name="Log the claim").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("According to A resident")
    page.get_by_text("Link a media item").click()
    page.get_by_label("Media item").select_option(index=2)
    page.get_by_label("Contradicts", exact=True).check()
    assert axe(page) == []
    page.get_by_role("button", name="Link it").click()
    expect(page.locator("section[aria-labelledby='group-contradicts'] .media-card")).to_have_count(1)
    made = Claim.objects.get(statement="The avenue was closed to traffic.")

    other = page_as(reviewer)
    other.expected_statuses.add(422)  # type: ignore[attr-defined]
    other.goto(f"/NK23/claims/{made.reference}/")
    other.get_by_label("Contradicted", exact=True).check()
    other.get_by_role("button", name="Save the assessment").click()
    expect(other.locator("#assessment .errorlist")).to_contain_text("Say why")
    other.get_by_label("Reason").fill("The video shows cars on it that hour.")
    other.get_by_role("button", name="Save the assessment").click()
    expect(other.locator(".claim__reason")).to_have_text("The video shows cars on it that hour.")
    assert axe(other) == []
    keep_picture(other, "claim-assessed", whole=True)


@pytest.mark.parametrize(("width", "height"), VIEWS)
def test_the_pages_are_whole_on_a_telephone_and_in_the_dark(
    page_as: Callable[..., Page], reviewer: Any, case: Investigation, axe: Any, width: int, height: int
) -> None:
    page = page_as(reviewer, width=width, height=height)
    for address, name in (
        ("claims/", "claims"),
        ("claims/C07/", "claim"),
        ("claims/C06/edit/", "claim-form"),
    ):
        page.goto(f"/NK23/{address}")
        if name == "claim":
            expect(page.locator("[data-claim-map][data-ready]")).to_be_visible()
        assert faults(page, axe, name) == []
