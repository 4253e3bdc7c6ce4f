"""Coming in: an editor invites, a newcomer makes an account, and whoever may not is told so."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from evidence.models import Investigation, Membership
from osint_catalogue.accounts.models import User
from osint_catalogue.accounts.services import invitation_send

pytestmark = pytest.mark.django_db(transaction=True)
PageAs = Callable[..., Page]


def _link(investigation: Investigation, editor: User, email: str = "new@example.org") -> str:
    _invitation, link = invitation_send(
        actor=editor, investigation=investigation, email=email, role="investigator"
    )
    return "/" + link.split("/", 3)[3]


def test_an_editor_corrects_a_wrong_address_and_the_role_is_kept(
    page_as: PageAs, investigation: Investigation, editor: User
) -> None:
    page = page_as(editor)
    page.goto(reverse("accounts:member-list", args=[investigation.code]))
    page.expected_statuses.add(400)  # type: ignore[attr-defined]
    form = page.locator("form", has=page.get_by_role("button", name="Send the invitation"))
    form.get_by_label("E-mail address").fill("new at example.org")
    form.get_by_label("Role").select_option("reviewer")
    form.get_by_role("button", name="Send the invitation").click()
    address = form.get_by_label("E-mail address")
    expect(address).to_have_value("new at example.org")
    expect(address).to_have_attribute("aria-invalid", "true")
    expect(form.get_by_label("Role")).to_have_value("reviewer")
    address.fill("new@example.org")
    form.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_role("row", name="new@example.org")).to_contain_text("Reviewer")


def test_a_newcomer_with_a_weak_password_keeps_the_name_and_comes_in(
    page_as: PageAs, investigation: Investigation, editor: User, axe: Callable[[Page], list[str]]
) -> None:
    page = page_as(None, width=390)
    page.goto(_link(investigation, editor))
    page.get_by_label("Name").fill("Nora Newcomer")
    page.get_by_label("Password").fill("short")
    page.get_by_role("button", name="Make my account").click()
    expect(page.get_by_label("Name")).to_have_value("Nora Newcomer")
    expect(page.get_by_label("Password")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_text("This password is too short").last).to_be_visible()
    assert axe(page) == []
    page.get_by_label("Password").fill("three calm harbours at dusk")
    page.get_by_role("button", name="Make my account").click()
    expect(page.get_by_text(f"You belong to {investigation.code} now.")).to_be_visible()
    assert Membership.objects.get(user__email="new@example.org").role == "investigator"


def test_somebody_elses_invitation_is_refused_with_a_sentence(
    page_as: PageAs, investigation: Investigation, editor: User, stranger: User
) -> None:
    page = page_as(stranger)
    page.expected_statuses.add(409)  # type: ignore[attr-defined]
    page.goto(_link(investigation, editor))
    page.get_by_role("button", name="Accept the invitation").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert not Membership.objects.filter(user=stranger).exists()


def test_a_reviewer_sees_the_members_and_no_way_to_invite(
    page_as: PageAs, investigation: Investigation, reviewer: User
) -> None:
    page = page_as(reviewer)
    page.goto(reverse("accounts:member-list", args=[investigation.code]))
    expect(page.get_by_role("row", name="Ines Investigator")).to_be_visible()
    expect(page.get_by_role("button", name="Send the invitation")).to_have_count(0)
    expect(page.get_by_role("button", name="Remove")).to_have_count(0)
