"""Four people at the review queue and at the page on which one of them decides."""

import pytest
from django.urls import reverse

from evidence.models import Role
from evidence.services.investigations import investigation_change, member_set
from evidence.services.media import MediaDetails, media_change
from geolocation.coordinates.position import Position
from geolocation.models import Decision, Geolocation, Review, VerifiedPoint
from geolocation.services.checks import checks_run
from geolocation.services.geolocations import Placed, geolocation_propose, geolocation_revise
from geolocation.services.review import review_decide
from tests.geolocation.conftest import ALL_YES, a_proposal

pytestmark = pytest.mark.django_db

FAR = Placed(position=Position(39.9, 46.9), uncertainty_m=15)


def page_of(geolocation):
    return reverse("geolocation:review", args=[geolocation.investigation.code, geolocation.reference])


def queue_of(investigation, **query):
    return reverse("geolocation:review-queue", args=[investigation.code], query=query)


def sent(revision=1, decision="approve", reason="", **answers):
    return {"revision": revision, "decision": decision, "reason": reason, **ALL_YES, **answers}


def references(answer):
    return [row["geolocation"].reference for row in answer.context["rows"]]


@pytest.fixture
def another(in_review, media_item, editor) -> Geolocation:
    """A second geolocation of the same item, by somebody else and far away."""
    return geolocation_propose(
        actor=editor, media_item=media_item, proposal=a_proposal(camera=FAR), submit=True
    )


def test_the_queue_is_oldest_first_and_shows_what_was_flagged(client, reviewer, in_review, another):
    checks_run(geolocation_id=in_review.pk)
    client.force_login(reviewer)
    answer = client.get(queue_of(in_review.investigation))
    assert references(answer) == [in_review.reference, another.reference]
    flags = [row["geolocation"].flags for row in answer.context["rows"]]
    newest = in_review.current_revision.check_runs.filter(verdict__in=["flagged", "failed"]).count()
    assert flags == [newest, 0]
    assert newest >= 1
    assert b"Not checked yet" in answer.content


def test_a_check_run_again_is_counted_once_and_by_its_newest_verdict(client, reviewer, in_review, another):
    checks_run(geolocation_id=in_review.pk)
    client.force_login(reviewer)
    before = client.get(queue_of(in_review.investigation)).context["rows"][0]["geolocation"]
    assert before.is_disputed
    review_decide(
        actor=reviewer,
        revision=another.current_revision,
        decision="reject",
        checklist={},
        reason="Elsewhere.",
    )
    checks_run(geolocation_id=in_review.pk)
    after = client.get(queue_of(in_review.investigation)).context["rows"][0]["geolocation"]
    assert after.flags == before.flags - 1
    assert not after.is_disputed


def test_ones_own_is_marked_and_is_not_among_those_to_decide(client, editor, in_review, another):
    client.force_login(editor)
    everything = client.get(queue_of(in_review.investigation))
    assert references(everything) == [in_review.reference, another.reference]
    assert b"yours" in everything.content
    assert references(client.get(queue_of(in_review.investigation, show="for-me"))) == [in_review.reference]


def test_an_editor_sees_what_is_disputed_and_what_was_sent_back(client, editor, reviewer, in_review, another):
    for geolocation in (in_review, another):
        checks_run(geolocation_id=geolocation.pk)
    client.force_login(editor)
    disputed = client.get(queue_of(in_review.investigation, show="disputed"))
    assert references(disputed) == [in_review.reference, another.reference]
    review_decide(
        actor=reviewer,
        revision=in_review.current_revision,
        decision="request_changes",
        checklist={},
        reason="Say which tower.",
    )
    back = client.get(queue_of(in_review.investigation, show="changes"))
    assert references(back) == [in_review.reference]
    assert b"Say which tower." in back.content


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"q": "G01"}, ["G01"]),
        ({"q": "quay"}, ["G01", "G02"]),
        ({"q": "nothing like it"}, []),
        ({"checks": "clear"}, ["G02"]),
        ({"checks": "flagged"}, ["G01"]),
        ({"sort": "-waiting"}, ["G02", "G01"]),
        ({"sort": "flags"}, ["G02", "G01"]),
        ({"sort": "nonsense", "page": "nonsense", "show": "nonsense"}, ["G01", "G02"]),
    ],
)
def test_the_address_filters_and_sorts(client, reviewer, in_review, another, query, expected):
    checks_run(geolocation_id=in_review.pk)
    client.force_login(reviewer)
    assert references(client.get(queue_of(in_review.investigation, **query))) == expected


def test_the_address_filters_by_author(client, reviewer, editor, in_review, another):
    client.force_login(reviewer)
    answer = client.get(queue_of(in_review.investigation, author=editor.pk))
    assert references(answer) == [another.reference]


def test_next_is_the_oldest_that_this_person_may_decide_on(client, editor, reviewer, in_review, another):
    code = in_review.investigation.code
    address = reverse("geolocation:review-next", args=[code])
    client.force_login(reviewer)
    assert client.get(address).url == page_of(in_review)
    review_decide(actor=reviewer, revision=in_review.current_revision, decision="approve", checklist=ALL_YES)
    assert client.get(address).url == page_of(another)
    client.force_login(editor)
    answer = client.get(address, follow=True)
    assert answer.redirect_chain[0][0] == queue_of(in_review.investigation)
    assert b"Nothing waits for your decision." in answer.content


@pytest.mark.parametrize("who", ["investigator", "viewer"])
def test_members_who_do_not_decide_look_and_are_told_why(client, request, in_review, who):
    client.force_login(request.getfixturevalue(who))
    looked = client.get(page_of(in_review))
    assert looked.status_code == 200
    assert looked.context["obstacle"]
    assert b'name="decision"' not in looked.content
    assert client.post(page_of(in_review), sent()).status_code == 403
    assert not Review.objects.exists()


def test_a_stranger_finds_nothing_and_nobody_has_to_sign_in(client, stranger, in_review):
    for address in (page_of(in_review), queue_of(in_review.investigation)):
        assert client.get(address).status_code == 302
    client.force_login(stranger)
    for address in (page_of(in_review), queue_of(in_review.investigation)):
        assert client.get(address).status_code == 404


def test_a_draft_and_an_unknown_reference_are_not_reviewed(client, reviewer, investigator, media_item):
    draft = geolocation_propose(
        actor=investigator, media_item=media_item, proposal=a_proposal(), submit=False
    )
    client.force_login(reviewer)
    assert client.get(page_of(draft)).status_code == 404
    assert client.get(page_of(draft).replace(draft.reference, "G99")).status_code == 404


def test_an_approval_verifies_and_leads_to_the_next_one(client, reviewer, in_review, another):
    client.force_login(reviewer)
    answer = client.post(page_of(in_review), sent(), follow=True)
    assert answer.redirect_chain[0][0] == f"{page_of(another)}#main"
    assert b"is verified, and its point is in the exports" in answer.content
    assert VerifiedPoint.objects.get().geolocation == in_review
    review = Review.objects.get()
    assert (review.reviewer, review.decision, review.checklist) == (reviewer, Decision.APPROVE, ALL_YES)


def test_an_approval_with_an_open_item_comes_back_at_that_item_with_everything_kept(
    client, reviewer, in_review
):
    client.force_login(reviewer)
    answer = client.post(
        page_of(in_review), sent(reason="Looked at all of it.", landmarks_matched="", time_basis="no")
    )
    assert answer.status_code == 422
    form = answer.context["form"]
    assert set(form.errors) == {"landmarks_matched", "time_basis"}
    assert form["reason"].value() == "Looked at all of it."
    assert b"Looked at all of it." in answer.content
    assert not Review.objects.exists()


def test_sending_back_without_a_reason_asks_for_one(client, reviewer, in_review):
    client.force_login(reviewer)
    answer = client.post(page_of(in_review), sent(decision="request_changes"))
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"reason"}


def test_pressing_enter_decides_nothing(client, reviewer, in_review):
    client.force_login(reviewer)
    answer = client.post(page_of(in_review), sent(decision=""))
    assert answer.status_code == 422
    assert b"Choose to approve, to request changes or to reject." in answer.content
    assert not Review.objects.exists()


def test_the_author_is_told_why_they_cannot_decide(client, editor, in_review, another):
    client.force_login(editor)
    looked = client.get(page_of(another))
    assert b"You wrote this revision" in looked.content
    answer = client.post(page_of(another), sent(reason="It is right."))
    assert answer.status_code == 403
    assert b"You wrote this revision, so somebody else has to decide on it." in answer.content
    assert b"It is right." in answer.content
    assert not Review.objects.exists()


def test_a_decision_on_an_older_revision_is_refused_with_what_changed_and_with_every_word(
    client, reviewer, investigator, in_review
):
    geolocation_revise(
        actor=investigator,
        geolocation=in_review,
        based_on=1,
        proposal=a_proposal(reasoning="The tower, seen from the other bridge."),
        submit=True,
    )
    client.force_login(reviewer)
    answer = client.post(page_of(in_review), sent(revision=1, reason="As seen from the bridge."))
    assert answer.status_code == 409
    assert b"You looked at revision 1; revision 2 is in review now." in answer.content
    assert b"The reasoning was rewritten." in answer.content
    assert b"As seen from the bridge." in answer.content
    form = answer.context["form"]
    assert form["revision"].value() == "2"
    assert {field.name: field.value() for field in form.items} == ALL_YES
    again = client.post(page_of(in_review), sent(revision=2, reason="As seen from the bridge."))
    assert again.status_code == 302
    assert Review.objects.get().revision.number == 2


def test_a_decision_that_comes_second_says_who_was_first_and_keeps_the_words(
    client, reviewer, editor, in_review
):
    review_decide(
        actor=editor,
        revision=in_review.current_revision,
        decision="reject",
        checklist={},
        reason="Elsewhere.",
    )
    client.force_login(reviewer)
    answer = client.post(page_of(in_review), sent(reason="The wall is the same.", landmarks_matched=""))
    assert answer.status_code == 409
    assert b"Edda Editor decided meanwhile: rejected." in answer.content
    assert b"The wall is the same." in answer.content
    assert Review.objects.count() == 1


def test_somebody_who_has_decided_is_told_so(client, reviewer, editor, in_review):
    investigation_change(actor=editor, investigation=in_review.investigation, required_approvals=2)
    client.force_login(reviewer)
    first = client.post(page_of(in_review), sent(), follow=True)
    assert b"has 1 of 2 approvals; it stays in review" in first.content
    answer = client.post(page_of(in_review), sent())
    assert answer.status_code == 409
    assert b"You have decided on this revision already." in answer.content
    assert references(client.get(queue_of(in_review.investigation, show="for-me"))) == []
    client.force_login(editor)
    assert b"is verified" in client.post(page_of(in_review), sent(), follow=True).content


def test_a_decision_on_a_revision_that_never_was_or_on_none_is_refused(client, reviewer, in_review):
    client.force_login(reviewer)
    assert client.post(page_of(in_review), sent(revision=7)).status_code == 404
    assert client.post(page_of(in_review), sent(revision="x")).status_code == 400


def test_a_position_taken_over_may_leave_every_item_open_with_a_reason(
    client, reviewer, investigator, media_item
):
    published = geolocation_propose(
        actor=investigator, media_item=media_item, proposal=a_proposal(method="published"), submit=True
    )
    not_done = dict.fromkeys(ALL_YES, "not_applicable")
    client.force_login(reviewer)
    refused = client.post(page_of(published), sent(**not_done))
    assert refused.status_code == 422
    assert set(refused.context["form"].errors) == {"reason"}
    assert (
        client.post(page_of(published), sent(reason="Compared the numbers.", **not_done)).status_code == 302
    )
    assert Review.objects.get().checklist == not_done


def test_an_ordinary_position_offers_not_applicable_only_where_it_can_be(client, reviewer, in_review):
    client.force_login(reviewer)
    form = client.get(page_of(in_review)).context["form"]
    offered = {field.name: [value for value, _words in field.field.choices] for field in form.items}
    assert offered["original_seen"] == ["yes", "no"]
    assert offered["time_basis"] == ["yes", "no", "not_applicable"]


def test_the_page_measures_what_the_proposal_is_compared_with(client, reviewer, in_review, another):
    client.force_login(reviewer)
    answer = client.get(page_of(in_review))
    (other,) = answer.context["compared"]
    assert other.name == "G02 · camera"
    # PostGIS 3.3, ST_Distance over the spheroid between the two positions.
    assert other.away.distance_m == pytest.approx(14941.4129, abs=0.001)
    assert answer.context["map_data"]["compared"][0]["latitude"] == 39.9


def test_sensitive_media_are_covered(client, reviewer, investigator, in_review):
    item = in_review.media_item
    media_change(actor=investigator, item=item, details=MediaDetails(title=item.title, is_sensitive=True))
    client.force_login(reviewer)
    assert client.get(page_of(in_review)).context["item"].is_sensitive


def test_a_reviewer_who_lost_the_role_cannot_decide_with_a_page_left_open(
    client, reviewer, editor, in_review
):
    client.force_login(reviewer)
    client.get(page_of(in_review))
    member_set(actor=editor, investigation=in_review.investigation, user=reviewer, role=Role.VIEWER)
    assert client.post(page_of(in_review), sent()).status_code == 403
    assert not Review.objects.exists()
