"""The start page, an investigation's home, opening one, its settings, and who may do what there."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import resolve, reverse
from django.utils import timezone

from evidence.models import Assessment, CustodyEvent, FileRole, Investigation, MediaFile, ReadingState
from evidence.services.catalogue import source_add
from evidence.services.claims import ClaimDetails, claim_assess, claim_log
from evidence.services.investigations import investigation_open, investigation_publish
from evidence.services.media import MediaDetails, media_create
from evidence.views.standing import claims_by_assessment, waiting_in, with_counts
from geolocation.models import Geolocation
from geolocation.services.geolocations import geolocation_propose, geolocation_withdraw
from tests.geolocation.conftest import a_proposal

OPENING = {
    "code": "nord7",
    "title": "Northern port",
    "summary": "What burned, and when.",
    "period_from": "2024-02-01",
    "period_to": "2024-02-03",
    "timezones": "Europe/Kyiv\n\nEurope/Warsaw",
    "licence": "CC BY 4.0",
    "attribution": "The team",
    "required_approvals": "2",
}


def _lines(investigation: Investigation) -> dict[str, int]:
    return {line.key: line.count for line in waiting_in(investigation, now=timezone.now())}


class TestStartPage:
    def test_a_person_sees_their_investigations_with_their_role(
        self, client: Client, investigation: Any, stranger: Any, reviewer: Any
    ) -> None:
        investigation_open(actor=stranger, code="FOREIGN", title="Somebody else's")
        client.force_login(reviewer)
        page = client.get("/").content.decode()
        assert "Harbour fire" in page
        assert "You are here as Reviewer" in page
        assert "FOREIGN" not in page

    def test_an_empty_start_page_says_how_to_begin(self, client: Client, stranger: Any) -> None:
        client.force_login(stranger)
        page = client.get("/").content.decode()
        assert reverse("evidence:investigation-open") in page

    def test_somebody_not_signed_in_is_sent_on(self, client: Client, db: None) -> None:
        response = client.get("/")
        assert response.status_code == 302
        assert response["Location"].startswith(("/points", "/account/login/"))


class TestHome:
    def test_what_waits_is_counted_and_what_is_done_is_not(
        self, investigation: Any, media_item: Any, investigator: Any
    ) -> None:
        assert _lines(investigation) == {"not_placed": 1}
        geolocation_propose(actor=investigator, media_item=media_item, proposal=a_proposal(), submit=True)
        assert _lines(investigation) == {"in_review": 1}

    def test_an_item_with_a_withdrawn_and_a_standing_proposal_is_placed(
        self, investigation: Any, media_item: Any, investigator: Any
    ) -> None:
        first = geolocation_propose(
            actor=investigator, media_item=media_item, proposal=a_proposal(), submit=False
        )
        geolocation_withdraw(actor=investigator, geolocation=first)
        assert _lines(investigation)["not_placed"] == 1
        geolocation_propose(actor=investigator, media_item=media_item, proposal=a_proposal(), submit=True)
        assert "not_placed" not in _lines(investigation)
        counted = with_counts(Investigation.objects.filter(pk=investigation.pk)).get()
        assert (counted.media, counted.not_placed, counted.in_review, counted.verified) == (1, 0, 1, 0)

    def test_a_draft_is_stale_after_two_weeks(
        self, investigation: Any, media_item: Any, investigator: Any
    ) -> None:
        draft = geolocation_propose(
            actor=investigator, media_item=media_item, proposal=a_proposal(), submit=False
        )
        assert _lines(investigation) == {}
        Geolocation.objects.filter(pk=draft.pk).update(updated_at=timezone.now() - timedelta(days=15))
        assert _lines(investigation) == {"stale": 1}

    @pytest.mark.parametrize(
        ("state", "key"), [(ReadingState.FAILED, "failed"), (ReadingState.WAITING, "unfinished")]
    )
    def test_files_that_were_not_read_are_counted_once_each(
        self, investigation: Any, media_item: Any, state: ReadingState, key: str
    ) -> None:
        file = MediaFile.objects.create(
            investigation=investigation,
            media_item=media_item,
            role=FileRole.ORIGINAL,
            sha256="a" * 64,
            size_bytes=1,
            mime_type="image/jpeg",
        )
        for reader in ("one", "two"):
            file.readings.create(reader=reader, state=state)
        assert _lines(investigation)[key] == 1

    def test_claims_are_counted_by_assessment(
        self, investigation: Any, investigator: Any, reviewer: Any
    ) -> None:
        source = source_add(actor=investigator, investigation=investigation, name="The port")
        claims = [
            claim_log(
                actor=investigator,
                investigation=investigation,
                details=ClaimDetails(statement=f"Statement {n}", claimant=source),
            )
            for n in range(4)
        ]
        claim_assess(actor=reviewer, claim=claims[0], assessment=Assessment.SUPPORTED, reason="M01 shows it.")
        found = [(line.assessment, line.count, line.share) for line in claims_by_assessment(investigation)]
        assert found == [("unverified", 3, 75.0), ("supported", 1, 25.0)]
        assert _lines(investigation) == {"unassessed": 3}

    def test_the_page_shows_it_all_with_links(
        self, client: Client, investigation: Any, media_item: Any, viewer: Any
    ) -> None:
        client.force_login(viewer)
        page = client.get("/TEST1/").content.decode()
        assert "1 media item is not placed" in page
        assert reverse("evidence:media-list", args=["TEST1"]) + "?placed=no" in page
        assert "Smoke over the quay" in page
        assert reverse("evidence:investigation-settings", args=["TEST1"]) not in page

    def test_the_count_and_the_list_it_leads_to_agree(
        self, client: Client, investigation: Any, media_item: Any, investigator: Any
    ) -> None:
        first = geolocation_propose(
            actor=investigator, media_item=media_item, proposal=a_proposal(), submit=False
        )
        geolocation_withdraw(actor=investigator, geolocation=first)
        geolocation_propose(actor=investigator, media_item=media_item, proposal=a_proposal(), submit=True)
        media_create(
            actor=investigator, investigation=investigation, details=MediaDetails(title="Not placed yet")
        )
        client.force_login(investigator)
        page = client.get(reverse("evidence:media-list", args=["TEST1"]), {"placed": "no"}).content.decode()
        assert _lines(investigation)["not_placed"] == 1
        assert "Not placed yet" in page
        assert "Smoke over the quay" not in page


class TestOpening:
    def test_any_signed_in_person_opens_one_and_is_its_editor(self, client: Client, stranger: Any) -> None:
        client.force_login(stranger)
        response = client.post("/new/", OPENING)
        opened = Investigation.objects.get(code="NORD7")
        assert response["Location"] == "/NORD7/"
        assert opened.timezones == ["Europe/Kyiv", "Europe/Warsaw"]
        assert (opened.period_from, opened.required_approvals) == (date(2024, 2, 1), 2)
        assert (opened.is_training, opened.is_published) == (False, False)
        assert opened.memberships.get().user == stranger
        assert opened.memberships.get().role == "editor"

    @pytest.mark.parametrize(
        ("field", "value", "words"),
        [
            ("code", "TEST1", "already exists"),
            ("code", "7UP", "a letter first"),
            ("code", "", "required"),
            ("title", "", "required"),
            ("period_to", "2024-01-01", "ends before it begins"),
            ("period_from", "1 February", "valid date"),
            ("timezones", "Europe/Kiew", "no time zone called Europe/Kiew"),
            ("required_approvals", "0", "greater than or equal to 1"),
        ],
    )
    def test_a_refusal_stands_at_its_field_and_nothing_typed_is_lost(
        self, client: Client, investigation: Any, stranger: Any, field: str, value: str, words: str
    ) -> None:
        client.force_login(stranger)
        response = client.post("/new/", {**OPENING, field: value})
        form = response.context["form"]
        assert list(form.errors) == [field]
        assert words in form.errors[field][0] or "is taken" in form.errors[field][0]
        page = response.content.decode()
        kept = {name: text for name, text in OPENING.items() if name != field}
        assert all(line in page for text in kept.values() for line in text.split())
        assert Investigation.objects.count() == 1

    def test_somebody_not_signed_in_goes_to_the_sign_in(self, client: Client, db: None) -> None:
        assert client.get("/new/")["Location"] == "/account/login/?next=/new/"

    def test_words_that_are_addresses_are_not_taken_for_codes(self) -> None:
        assert resolve("/new/").view_name == "evidence:investigation-open"
        assert resolve("/search/").view_name == "evidence:search"
        assert resolve("/NEW/").view_name == "evidence:investigation"

    def test_a_code_in_small_letters_leads_to_the_same_page(
        self, client: Client, investigation: Any, viewer: Any
    ) -> None:
        client.force_login(viewer)
        assert client.get("/test1/").status_code == 200


class TestSettings:
    URL = "/TEST1/settings/"
    SETTINGS = {"title": "Harbour fire, corrected", "required_approvals": "2", "licence": "CC BY 4.0"}

    def test_an_editor_changes_them_and_the_log_says_what_changed(
        self, client: Client, investigation: Any, editor: Any
    ) -> None:
        client.force_login(editor)
        assert client.post(self.URL, self.SETTINGS)["Location"] == self.URL
        investigation.refresh_from_db()
        assert (investigation.title, investigation.required_approvals) == ("Harbour fire, corrected", 2)
        event = CustodyEvent.objects.filter(investigation=investigation).last()
        assert event is not None
        assert event.details["changed"]["title"] == ["Harbour fire", "Harbour fire, corrected"]

    def test_bad_input_keeps_what_was_typed(self, client: Client, investigation: Any, editor: Any) -> None:
        client.force_login(editor)
        response = client.post(
            self.URL, {**self.SETTINGS, "required_approvals": "none", "summary": "Kept words"}
        )
        assert "required_approvals" in response.context["form"].errors
        assert "Kept words" in response.content.decode()
        investigation.refresh_from_db()
        assert investigation.title == "Harbour fire"

    def test_publishing_says_what_becomes_public_and_can_be_taken_back(
        self, client: Client, investigation: Any, editor: Any
    ) -> None:
        client.force_login(editor)
        assert "everybody can read them without an account" in client.get(self.URL).content.decode()
        client.post(self.URL + "publish/", {"public": "yes"})
        investigation.refresh_from_db()
        assert investigation.is_published
        assert "Close to the public" in client.get(self.URL).content.decode()
        client.post(self.URL + "publish/", {"public": "no"})
        investigation.refresh_from_db()
        assert not investigation.is_published

    def test_an_exercise_cannot_be_published(self, client: Client, editor: Any) -> None:
        exercise = investigation_open(actor=editor, code="DRILL", title="Drill", is_training=True)
        client.force_login(editor)
        page = client.get("/DRILL/settings/").content.decode()
        assert "can never be made public" in page
        assert 'name="public"' not in page
        answer = client.post("/DRILL/settings/publish/", {"public": "yes"}, follow=True)
        exercise.refresh_from_db()
        assert not exercise.is_published
        assert "training exercise" in answer.content.decode()

    @pytest.mark.parametrize("url", [URL, "/TEST1/settings/publish/"])
    def test_only_editors_may(
        self, client: Client, investigation: Any, reviewer: Any, stranger: Any, url: str
    ) -> None:
        assert client.post(url)["Location"].startswith("/account/login/")
        client.force_login(reviewer)
        assert client.post(url, {"public": "yes"}).status_code == 403
        client.force_login(stranger)
        assert client.post(url, {"public": "yes"}).status_code == 404
        investigation.refresh_from_db()
        assert not investigation.is_published


@pytest.mark.parametrize("path", ["", "custody/", "custody/download/", "sources/", "places/"])
def test_a_stranger_cannot_tell_that_it_exists(
    client: Client, investigation: Any, stranger: Any, viewer: Any, path: str
) -> None:
    assert client.get(f"/TEST1/{path}")["Location"].startswith("/account/login/")
    client.force_login(stranger)
    assert client.get(f"/TEST1/{path}").status_code == 404
    assert client.get(f"/ABSENT/{path}").status_code == 404
    client.force_login(viewer)
    assert client.get(f"/TEST1/{path}").status_code == 200


def test_publishing_what_is_published_writes_no_second_event(investigation: Any, editor: Any) -> None:
    investigation_publish(actor=editor, investigation=investigation, public=True)
    before = CustodyEvent.objects.count()
    investigation_publish(actor=editor, investigation=investigation, public=True)
    assert CustodyEvent.objects.count() == before
