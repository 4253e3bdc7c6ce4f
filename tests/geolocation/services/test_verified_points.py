"""The point follows the words around it, never its position; and it names what it rests on."""

import pytest

from evidence.models import Appearance
from evidence.services.appearances import PostedTime, appearance_add
from evidence.services.catalogue import Name, place_add, source_add
from evidence.services.claims import ClaimDetails, claim_evidence_link, claim_evidence_remove, claim_log
from evidence.services.investigations import investigation_change
from evidence.services.media import MediaDetails, media_change
from evidence.signals import appearances_added
from geolocation.coordinates.position import Position
from geolocation.models import Geolocation, VerifiedPoint
from geolocation.services.geolocations import Placed, geolocation_propose
from geolocation.services.review import review_decide
from geolocation.services.verified_points import points_refresh
from tests.geolocation.conftest import ALL_YES, a_proposal

pytestmark = pytest.mark.django_db


@pytest.fixture
def point(in_review, reviewer) -> VerifiedPoint:
    review_decide(actor=reviewer, revision=in_review.current_revision, decision="approve", checklist=ALL_YES)
    return VerifiedPoint.objects.get()


@pytest.fixture
def claim(investigation, investigator):
    source = source_add(actor=investigator, investigation=investigation, name="Port authority")
    details = ClaimDetails(statement="A fire broke out.", claimant=source)
    return claim_log(actor=investigator, investigation=investigation, details=details)


def test_a_new_title_place_and_licence_reach_the_point(point, investigator, investigation):
    place = place_add(
        actor=investigator,
        investigation=investigation,
        names=[Name(name="Old quay"), Name(name="Stari kej", is_shown=True)],
    )
    details = MediaDetails(title="Smoke over the old quay", place=place, licence="CC BY 4.0")
    media_change(actor=investigator, item=point.media_item, details=details)
    before, _unused = point.updated_at, point.refresh_from_db()
    assert (point.title, point.place_name, point.licence) == (
        "Smoke over the old quay",
        "Old quay / Stari kej",
        "CC BY 4.0",
    )
    assert point.updated_at > before
    assert (point.latitude, point.longitude) == (39.821232, 46.758423)


def test_claims_reach_the_point_when_they_are_linked_and_leave_it_again(point, investigator, claim):
    link = claim_evidence_link(
        actor=investigator, claim=claim, media_item=point.media_item, relation="supports"
    )
    point.refresh_from_db()
    assert point.claim_references == ["C01"]
    claim_evidence_remove(actor=investigator, link=link)
    point.refresh_from_db()
    assert point.claim_references == []


def test_the_earliest_known_post_is_the_source(point, investigator):
    appearance_add(
        actor=investigator,
        item=point.media_item,
        url="https://t.me/somechannel/120",
        posted=PostedTime(),
    )
    point.refresh_from_db()
    assert point.source_url == "https://t.me/somechannel/120"


def test_the_licence_of_the_investigation_is_the_point_s_where_the_item_has_none(
    point, editor, investigation
):
    investigation_change(
        actor=editor, investigation=investigation, licence="CC BY-SA 4.0", attribution="The team"
    )
    point.refresh_from_db()
    assert (point.licence, point.attribution) == ("CC BY-SA 4.0", "The team")


def test_nothing_changes_where_nothing_differs(point):
    assert points_refresh(item=point.media_item) == 0


def test_posts_that_came_to_many_items_at_once_reach_their_points_and_checks(point, media_item):
    Appearance.objects.create(
        investigation=media_item.investigation,
        media_item=media_item,
        url="https://t.me/somechannel/121",
        canonical_url="https://t.me/somechannel/121",
        added_by=media_item.created_by,
    )
    before = Geolocation.objects.get().checks_requested_at
    appearances_added.send(sender=Appearance, items=[media_item])
    point.refresh_from_db()
    assert point.source_url == "https://t.me/somechannel/121"
    assert Geolocation.objects.get().checks_requested_at > before


def test_where_only_the_subject_is_placed_the_point_says_so(media_item, investigator, reviewer):
    subject = Placed(position=Position(39.9, 46.8), uncertainty_m=80)
    made = geolocation_propose(
        actor=investigator,
        media_item=media_item,
        proposal=a_proposal(camera=None, subject=subject),
        submit=True,
    )
    review_decide(actor=reviewer, revision=made.current_revision, decision="approve", checklist=ALL_YES)
    point = VerifiedPoint.objects.get()
    assert (point.position_role, point.latitude, point.uncertainty_m) == ("subject", 39.9, 80)


def test_where_both_are_placed_the_point_is_the_camera(media_item, investigator, reviewer):
    subject = Placed(position=Position(39.9, 46.8), uncertainty_m=80)
    made = geolocation_propose(
        actor=investigator, media_item=media_item, proposal=a_proposal(subject=subject), submit=True
    )
    review_decide(actor=reviewer, revision=made.current_revision, decision="approve", checklist=ALL_YES)
    assert VerifiedPoint.objects.get().position_role == "camera"
