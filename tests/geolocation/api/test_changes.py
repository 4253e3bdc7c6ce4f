"""GET /api/v1/points/changes: order, cursors, tombstones, who is told what."""

import pytest

from evidence.services.investigations import investigation_publish
from evidence.services.media import MediaDetails, media_change
from geolocation.feed_cursor import FeedCursor, feed_cursor_write
from geolocation.services.geolocations import geolocation_retract, geolocation_revise
from geolocation.services.review import review_decide
from tests.geolocation.conftest import ALL_YES, a_proposal

CHANGES = "/api/v1/points/changes"
OURS = "/api/v1/investigations/TEST1/points/changes"


def told(answer) -> list[tuple[str, str]]:
    """(type, id or reason) of each entry."""
    assert answer.status_code == 200, answer.json()
    return [(row["type"], row.get("reason", row["id"])) for row in answer.json()["results"]]


def refused(answer) -> str:
    assert answer.status_code == 400, answer.json()
    return answer.json()["error"]["fields"]["updated_since"][0]


def test_from_nothing_everything_is_told_once(client_of, verified, published):
    first, second = verified(1, 1), verified(2, 2)
    client = client_of(None)
    answer = client.get(CHANGES)
    assert told(answer) == [("point", str(first.uid)), ("point", str(second.uid))]
    assert answer.json()["more"] is False
    again = client.get(answer.json()["next"])
    assert told(again) == []
    assert again.json()["cursor"] == answer.json()["cursor"]


def test_a_point_is_told_as_it_is_in_the_list(client_of, verified, published):
    point = verified(39.8, 46.7)
    client = client_of(None)
    row = client.get(CHANGES).json()["results"][0]
    assert row == {"type": "point", **client.get(f"/api/v1/verified-points/{point.uid}").json()}


def test_pages_hold_each_point_once_and_say_whether_there_is_more(client_of, verified, published):
    uids = [str(verified(number, number).uid) for number in range(5)]
    client, seen, address = client_of(None), [], f"{CHANGES}?limit=2"
    pages = 0
    while True:
        body = client.get(address).json()
        seen += [row["id"] for row in body["results"]]
        address, pages = body["next"], pages + 1
        if not body["more"]:
            break
    assert (seen, pages) == (uids, 3)


def test_several_changes_between_two_polls_are_told_once_as_the_last(
    client_of, verified, published, investigator
):
    point = verified(1, 1)
    client = client_of(None)
    following = client.get(CHANGES).json()["next"]
    for title in ("One", "Two", "Three"):
        media_change(actor=investigator, item=point.media_item, details=MediaDetails(title=title))
    body = client.get(following).json()
    assert [row["title"] for row in body["results"]] == ["Three"]
    assert client.get(body["next"]).json()["results"] == []


def test_what_changes_nothing_is_not_told(client_of, verified, published):
    point = verified(1, 1)
    client = client_of(None)
    following = client.get(CHANGES).json()["next"]
    point.save()
    assert client.get(following).json()["results"] == []


def test_a_retracted_point_is_a_tombstone_with_its_reason(client_of, verified, published, editor):
    point = verified(1, 1)
    client = client_of(None)
    following = client.get(CHANGES).json()["next"]
    geolocation_retract(actor=editor, geolocation=point.geolocation, reason="The tower is another one.")
    (row,) = client.get(following).json()["results"]
    assert (row["type"], row["id"], row["reason"]) == ("tombstone", str(point.uid), "retracted")
    assert "The tower is another one." in row["sentence"]
    assert row["removed_at"].endswith("Z")
    assert "latitude" not in row


def test_a_reopened_point_leaves_and_comes_back_in_its_new_revision(
    client_of, verified, published, investigator, reviewer
):
    point = verified(1, 1)
    client = client_of(None)
    following = client.get(CHANGES).json()["next"]
    geolocation = geolocation_revise(
        actor=investigator, geolocation=point.geolocation, based_on=1, proposal=a_proposal(), submit=True
    )
    body = client.get(following).json()
    assert told(client.get(following)) == [("tombstone", "reopened")]
    review_decide(
        actor=reviewer, revision=geolocation.current_revision, decision="approve", checklist=ALL_YES
    )
    (row,) = client.get(body["next"]).json()["results"]
    assert (row["type"], row["revision"]) == ("point", 2)


def test_what_is_private_is_told_to_members_alone(client_of, verified, viewer, stranger):
    point = verified(1, 1)
    assert told(client_of(None).get(CHANGES)) == []
    assert told(client_of(viewer).get(CHANGES)) == []
    assert told(client_of(viewer).get(OURS)) == [("point", str(point.uid))]
    assert client_of(stranger).get(OURS).status_code == 404
    assert client_of(None).get(OURS).status_code == 401


def test_points_appear_when_the_investigation_is_published_and_leave_when_it_is_closed(
    client_of, verified, investigation, editor
):
    point = verified(1, 1)
    client = client_of(None)
    following = client.get(CHANGES).json()["next"]
    investigation_publish(actor=editor, investigation=investigation, public=True)
    body = client.get(following).json()
    assert [row["id"] for row in body["results"]] == [str(point.uid)]
    investigation_publish(actor=editor, investigation=investigation, public=False)
    body = client.get(body["next"]).json()
    (row,) = body["results"]
    assert (row["type"], row["id"], row["reason"]) == ("tombstone", str(point.uid), "withheld")
    # What happens behind closed doors is told when they open again, and not before.
    geolocation_retract(actor=editor, geolocation=point.geolocation, reason="The tower is another one.")
    assert client.get(body["next"]).json()["results"] == []
    investigation_publish(actor=editor, investigation=investigation, public=True)
    assert told(client.get(body["next"])) == [("tombstone", "retracted")]


def test_the_reason_of_a_retraction_is_not_told_while_the_investigation_is_closed(
    client_of, verified, published, editor
):
    point = verified(1, 1)
    geolocation_retract(actor=editor, geolocation=point.geolocation, reason="The witness was named.")
    investigation_publish(actor=editor, investigation=published, public=False)
    (row,) = client_of(None).get(CHANGES).json()["results"]
    assert row["reason"] == "withheld"
    assert "witness" not in str(row)


def test_since_a_moment(client_of, verified, published):
    point = verified(1, 1)
    ask = client_of(None).get
    assert told(ask(CHANGES, {"updated_since": "2020-01-01T00:00:00Z"})) == [("point", str(point.uid))]
    later = ask(CHANGES, {"updated_since": "2100-01-01T00:00:00Z"})
    assert told(later) == []
    second = verified(2, 2)
    assert told(ask(later.json()["next"])) == [("point", str(second.uid))]


def test_the_filter_by_investigation(client_of, verified, published):
    point = verified(1, 1)
    ask = client_of(None).get
    assert told(ask(CHANGES, {"investigation": "TEST1"})) == [("point", str(point.uid))]
    assert told(ask(CHANGES, {"investigation": "OTHER"})) == []
    answer = ask(CHANGES, {"investigation": "no code"})
    assert "not the code" in answer.json()["error"]["fields"]["investigation"][0]


@pytest.mark.parametrize("broken", ["c1.", "c1.x", "c1.WyJwdWJsaWMvIiwiMCJd", "c1." + "é", "x" * 5000])
def test_a_broken_cursor_is_refused_with_a_sentence(client_of, db, broken):
    assert "not given out here" in refused(client_of(None).get(CHANGES, {"updated_since": broken}))


def test_a_cursor_that_was_changed_is_refused(client_of, verified, published):
    verified(1, 1)
    cursor = client_of(None).get(CHANGES).json()["cursor"]
    changed = cursor[:-1] + ("A" if cursor[-1] != "A" else "B")
    assert "not given out here" in refused(client_of(None).get(CHANGES, {"updated_since": changed}))


def test_a_cursor_of_another_feed_is_refused(client_of, viewer, investigation):
    cursor = feed_cursor_write(FeedCursor(feed="members/TEST1", place=3))
    assert client_of(viewer).get(OURS, {"updated_since": cursor}).status_code == 200
    assert "another feed" in refused(client_of(viewer).get(CHANGES, {"updated_since": cursor}))


@pytest.mark.parametrize("given", ["yesterday", "2023-09-20T14:00:00"])
def test_what_is_neither_cursor_nor_moment_is_refused(client_of, db, given):
    assert "2023-09-20T14:00:00Z" in refused(client_of(None).get(CHANGES, {"updated_since": given}))


def test_a_page_of_many_costs_as_many_queries_as_a_page_of_one(
    client_of, verified, published, django_assert_num_queries
):
    for number in range(4):
        verified(number, number)
    client = client_of(None)
    following = client.get(f"{CHANGES}?limit=1").json()["next"]
    with django_assert_num_queries(2):
        client.get(following)
    with django_assert_num_queries(2):
        client.get(following.replace("limit=1", "limit=3"))
