"""Claims as services write them: nothing foreign, nothing unsaid, each act in the log."""

from dataclasses import replace
from datetime import date

import pytest

from evidence.errors import InvalidInput, NotAllowed, NotFound
from evidence.models import Claim, CustodyEvent
from evidence.services.catalogue import Name, place_add, source_add
from evidence.services.claims import (
    ClaimDetails,
    claim_assess,
    claim_change,
    claim_evidence_link,
    claim_log,
)
from evidence.services.investigations import investigation_open
from evidence.services.media import MediaDetails, media_create
from evidence.signals import claim_links_changed

pytestmark = pytest.mark.django_db


@pytest.fixture
def details(investigation, investigator) -> ClaimDetails:
    source = source_add(actor=investigator, investigation=investigation, name="Port authority")
    return ClaimDetails(statement="A fire broke out.", claimant=source)


@pytest.fixture
def claim(investigation, investigator, details) -> Claim:
    return claim_log(actor=investigator, investigation=investigation, details=details)


@pytest.fixture
def elsewhere(investigator):
    return investigation_open(actor=investigator, code="OTHER", title="Elsewhere")


def test_a_claim_begins_unverified_and_its_references_count_up(claim, investigation, investigator, details):
    assert (claim.reference, claim.assessment, claim.assessed_by) == ("C01", "unverified", None)
    assert claim_log(actor=investigator, investigation=investigation, details=details).reference == "C02"


@pytest.mark.parametrize("foreign", ["claimant", "via", "places", "contradicts"])
def test_nothing_of_another_investigation_is_tied_to_a_claim(
    investigation, investigator, details, elsewhere, foreign
):
    source = source_add(actor=investigator, investigation=elsewhere, name="Elsewhere's source")
    place = place_add(actor=investigator, investigation=elsewhere, names=[Name(name="Elsewhere")])
    other = claim_log(actor=investigator, investigation=elsewhere, details=replace(details, claimant=source))
    if foreign in ("claimant", "via"):
        details = replace(details, **{foreign: source})
    with pytest.raises(NotFound) as refused:
        claim_log(
            actor=investigator,
            investigation=investigation,
            details=details,
            places=[place] if foreign == "places" else [],
            contradicts=[other] if foreign == "contradicts" else [],
        )
    assert refused.value.field == foreign
    assert not Claim.objects.filter(investigation=investigation).exists()


def test_a_foreign_media_item_is_not_evidence(claim, investigator, elsewhere):
    item = media_create(actor=investigator, investigation=elsewhere, details=MediaDetails(title="Elsewhere"))
    with pytest.raises(NotFound):
        claim_evidence_link(actor=investigator, claim=claim, media_item=item, relation="supports")


def test_an_unknown_relation_is_refused(claim, investigator, media_item):
    with pytest.raises(InvalidInput) as refused:
        claim_evidence_link(actor=investigator, claim=claim, media_item=media_item, relation="proves")
    assert refused.value.field == "relation"


def test_a_period_that_ends_before_it_begins_is_refused(investigation, investigator, details):
    backwards = replace(details, about_from=date(2023, 9, 21), about_to=date(2023, 9, 19))
    with pytest.raises(InvalidInput) as refused:
        claim_log(actor=investigator, investigation=investigation, details=backwards)
    assert refused.value.field == "about_to"


def test_a_claim_does_not_contradict_itself(claim, investigator, details):
    with pytest.raises(InvalidInput) as refused:
        claim_change(actor=investigator, claim=claim, details=details, places=[], contradicts=[claim])
    assert refused.value.field == "contradicts"


def test_changing_nothing_records_nothing_and_keeps_contradictions(
    claim, investigation, investigator, details
):
    other = claim_log(actor=investigator, investigation=investigation, details=details, contradicts=[claim])
    claim_change(actor=investigator, claim=other, details=details, places=[])
    assert list(other.contradicts.all()) == [claim]
    assert not CustodyEvent.objects.filter(action="claim.changed").exists()


def test_a_change_of_its_places_reaches_the_items_that_speak_to_it(
    claim, investigation, investigator, details, media_item
):
    claim_evidence_link(actor=investigator, claim=claim, media_item=media_item, relation="context")
    place = place_add(actor=investigator, investigation=investigation, names=[Name(name="Old quay")])
    told = []

    def listen(sender, item, **kwargs):
        told.append(item)

    claim_links_changed.connect(listen)
    try:
        claim_change(actor=investigator, claim=claim, details=details, places=[place])
    finally:
        claim_links_changed.disconnect(listen)
    assert told == [media_item]


def test_an_assessment_needs_a_reason_and_says_what_it_was_before(claim, reviewer):
    with pytest.raises(InvalidInput) as refused:
        claim_assess(actor=reviewer, claim=claim, assessment="supported", reason="  ")
    assert refused.value.field == "reason"
    claim_assess(actor=reviewer, claim=claim, assessment="supported", reason="M01 and M02 agree.")
    claim_assess(actor=reviewer, claim=claim, assessment="unverified", reason="")
    details = CustodyEvent.objects.filter(action="claim.assessed").latest("sequence").details
    assert (details["assessment_before"], details["assessment"]) == ("supported", "unverified")


def test_an_unknown_assessment_is_refused(claim, reviewer):
    with pytest.raises(InvalidInput) as refused:
        claim_assess(actor=reviewer, claim=claim, assessment="true", reason="x")
    assert refused.value.field == "assessment"


def test_investigators_write_and_do_not_assess_and_viewers_do_neither(claim, investigator, viewer, details):
    with pytest.raises(NotAllowed):
        claim_assess(actor=investigator, claim=claim, assessment="supported", reason="x")
    with pytest.raises(NotAllowed):
        claim_change(actor=viewer, claim=claim, details=details, places=[])
