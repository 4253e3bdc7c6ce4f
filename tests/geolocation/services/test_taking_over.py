"""The geolocation of a confirmed copy is offered; taken over, it is a draft like any other."""

import pytest

from evidence.errors import InvalidInput, NotAllowed
from evidence.models import CustodyEvent, MediaFile, MediaLikeness
from evidence.services.investigations import investigation_blind_set
from evidence.services.likeness import likeness_decide
from evidence.services.media import MediaDetails, media_create
from geolocation.coordinates.position import Position
from geolocation.errors import OwnSource
from geolocation.models import Geolocation, VerifiedPoint
from geolocation.services.geolocations import geolocation_propose, geolocation_submit
from geolocation.services.review import review_decide
from geolocation.services.taking_over import geolocation_take_over, geolocations_offered
from tests.geolocation.conftest import ALL_YES, a_proposal


def a_file(item, digit) -> MediaFile:
    return MediaFile.objects.create(
        investigation=item.investigation,
        media_item=item,
        role="original",
        sha256=digit * 64,
        size_bytes=1,
        mime_type="image/jpeg",
    )


@pytest.fixture
def copy(media_item, investigator):
    return media_create(
        actor=investigator, investigation=media_item.investigation, details=MediaDetails(title="A copy")
    )


@pytest.fixture
def pair(media_item, copy) -> MediaLikeness:
    return MediaLikeness.objects.create(
        investigation=media_item.investigation,
        item_a=media_item,
        item_b=copy,
        file_a=a_file(media_item, "a"),
        file_b=a_file(copy, "b"),
        kind="whole",
        score=0.9,
    )


@pytest.fixture
def verified(in_review, reviewer) -> Geolocation:
    review_decide(actor=reviewer, revision=in_review.current_revision, decision="approve", checklist=ALL_YES)
    in_review.refresh_from_db()
    return in_review


def test_nothing_is_offered_before_the_copy_is_confirmed_and_the_point_verified(
    pair, copy, in_review, investigator, reviewer
):
    assert geolocations_offered(copy) == []
    likeness_decide(actor=investigator, likeness=pair, decision="confirmed")
    assert geolocations_offered(copy) == []
    review_decide(actor=reviewer, revision=in_review.current_revision, decision="approve", checklist=ALL_YES)
    assert geolocations_offered(copy) == [in_review]
    # Not to itself.
    assert geolocations_offered(in_review.media_item) == []


def test_taken_over_it_is_a_draft_of_that_person_and_says_where_it_comes_from(
    pair, copy, verified, investigator, reviewer
):
    likeness_decide(actor=investigator, likeness=pair, decision="confirmed")
    draft = geolocation_take_over(actor=reviewer, media_item=copy, reference=verified.reference)
    assert (draft.state, draft.author, draft.media_item) == ("draft", reviewer, copy)
    taken, source = draft.current_revision, verified.current_revision
    for column in (
        "camera_latitude",
        "camera_longitude",
        "camera_uncertainty_m",
        "camera_as_typed",
        "method",
    ):
        assert getattr(taken, column) == getattr(source, column)
    assert taken.reasoning.startswith(
        f"Taken over from {verified.reference}, revision 1 by {investigator}, of M01"
    )
    assert taken.reasoning.endswith(source.reasoning)
    assert CustodyEvent.objects.filter(action="geolocation.proposed", actor=reviewer).count() == 1
    # The export has the one point that was reviewed, and no second one.
    assert VerifiedPoint.objects.count() == 1


def test_what_is_not_offered_cannot_be_taken_over(pair, copy, verified, investigator, viewer):
    with pytest.raises(InvalidInput, match="not a verified geolocation of a confirmed copy"):
        geolocation_take_over(actor=investigator, media_item=copy, reference=verified.reference)
    likeness_decide(actor=investigator, likeness=pair, decision="confirmed")
    with pytest.raises(InvalidInput):
        geolocation_take_over(actor=investigator, media_item=copy, reference="G77")
    with pytest.raises(NotAllowed):
        geolocation_take_over(actor=viewer, media_item=copy, reference=verified.reference)
    assert Geolocation.objects.count() == 1


def test_nothing_is_offered_while_the_copy_is_placed_blind(
    pair, copy, verified, investigation, investigator, reviewer, editor
):
    likeness_decide(actor=investigator, likeness=pair, decision="confirmed")
    investigation_blind_set(actor=editor, investigation=investigation, on=True)
    assert geolocations_offered(copy) == [verified]
    geolocation_propose(actor=investigator, media_item=copy, proposal=a_proposal(), submit=True)
    assert geolocations_offered(copy) == []
    with pytest.raises(InvalidInput):
        geolocation_take_over(actor=reviewer, media_item=copy, reference=verified.reference)


def test_who_wrote_the_source_does_not_decide_on_what_was_taken_over(
    pair, copy, media_item, reviewer, editor, investigator, client
):
    made = geolocation_propose(actor=reviewer, media_item=media_item, proposal=a_proposal(), submit=True)
    review_decide(actor=editor, revision=made.current_revision, decision="approve", checklist=ALL_YES)
    likeness_decide(actor=investigator, likeness=pair, decision="confirmed")
    draft = geolocation_take_over(actor=investigator, media_item=copy, reference=made.reference)
    geolocation_submit(actor=investigator, geolocation=draft)

    with pytest.raises(OwnSource, match="taken over from a revision that you wrote"):
        review_decide(actor=reviewer, revision=draft.current_revision, decision="approve", checklist=ALL_YES)
    client.force_login(reviewer)
    page = client.get(f"/TEST1/review/{draft.reference}/")
    assert "taken over from a revision that you wrote" in page.context["obstacle"]
    # Somebody else may, the one who approved the source too.
    review_decide(actor=editor, revision=draft.current_revision, decision="approve", checklist=ALL_YES)
    assert VerifiedPoint.objects.count() == 2


def test_an_area_alone_is_taken_over_as_an_area(pair, copy, media_item, reviewer, investigator):
    corners = (Position(39.8, 46.76), Position(39.8, 46.764), Position(39.803, 46.7605))
    made = geolocation_propose(
        actor=investigator,
        media_item=media_item,
        proposal=a_proposal(camera=None, subject_area=corners),
        submit=True,
    )
    review_decide(actor=reviewer, revision=made.current_revision, decision="approve", checklist=ALL_YES)
    likeness_decide(actor=investigator, likeness=pair, decision="confirmed")
    draft = geolocation_take_over(actor=reviewer, media_item=copy, reference=made.reference)
    assert draft.current_revision.area_corners() == corners
    assert draft.current_revision.places_area_alone
