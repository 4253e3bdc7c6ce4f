"""GET /api/v1/verified-points: who reads what, filters, pages, tombstones."""

from datetime import UTC, date, datetime

import pytest

from evidence.errors import Conflict
from evidence.services.investigations import investigation_open, investigation_publish
from geolocation.models import VerifiedPoint
from geolocation.services.geolocations import (
    Captured,
    geolocation_retract,
    geolocation_revise,
)
from geolocation.services.review import review_decide
from tests.geolocation.conftest import ALL_YES, a_proposal

POINTS = "/api/v1/verified-points"


def references(answer) -> list[str]:
    assert answer.status_code == 200, answer.json()
    return [row["media_reference"] for row in answer.json()["results"]]


def refused(answer, field: str) -> str:
    """The sentence at the field of a 400."""
    assert answer.status_code == 400, answer.json()
    error = answer.json()["error"]
    assert error["code"] == "invalid"
    return error["fields"][field][0]


def test_nobody_reads_a_private_point_without_signing_in(client_of, verified):
    verified(39.8, 46.7)
    assert references(client_of(None).get(POINTS)) == []


def test_a_published_point_is_read_without_signing_in(client_of, verified, published):
    point = verified(39.8, 46.7)
    row = client_of(None).get(POINTS).json()["results"][0]
    assert (row["id"], row["latitude"], row["longitude"]) == (str(point.uid), 39.8, 46.7)
    assert row["uncertainty_m"] == 15.0
    assert row["verified_by"] == ["Rui Reviewer"]
    assert row["captured_on"] is None
    assert row["captured_from"] is None


def test_a_member_reads_what_is_private_and_a_stranger_does_not(client_of, verified, viewer, stranger):
    verified(39.8, 46.7)
    assert len(references(client_of(viewer).get(POINTS))) == 1
    assert references(client_of(stranger).get(POINTS)) == []


def test_published_true_leaves_out_what_only_members_read(client_of, verified, viewer):
    verified(39.8, 46.7)
    assert references(client_of(viewer).get(POINTS, {"published": "true"})) == []


def test_a_wrong_token_is_refused_even_where_no_token_is_needed(client_of, db):
    client = client_of(None)
    client.credentials(HTTP_AUTHORIZATION="Bearer gec_wrong")
    answer = client.get(POINTS)
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "authentication_failed"


def test_a_bbox_holds_what_lies_in_it(client_of, verified, published):
    verified(39.8, 46.7)
    verified(10.0, 20.0)
    assert references(client_of(None).get(POINTS, {"bbox": "46,39,47,40"})) == ["M01"]


def test_a_bbox_crosses_the_date_line_when_west_is_greater_than_east(client_of, verified, published):
    verified(-17.0, 179.5)
    verified(-17.0, -179.5)
    verified(-17.0, 0.0)
    assert references(client_of(None).get(POINTS, {"bbox": "179,-20,-179,-10"})) == ["M01", "M02"]


@pytest.mark.parametrize(
    ("bbox", "said"),
    [
        ("46,39,47", "not 3"),
        ("46,39,47,forty", "north of bbox is “forty”"),
        ("46,40,47,39", "South (40) lies north of north (39)"),
        ("46,39,47,91", "outside -90 to 90"),
        ("190,39,47,40", "outside -180 to 180"),
        ("nan,39,47,40", "west of bbox is “nan”"),
        ("1e999,39,47,40", "not a number"),
    ],
)
def test_a_wrong_bbox_is_told_what_is_wrong_with_it(client_of, db, bbox, said):
    assert said in refused(client_of(None).get(POINTS, {"bbox": bbox}), "bbox")


def test_a_recording_known_by_its_day_is_compared_by_the_day(client_of, verified, published):
    verified(1, 1, captured=Captured(on=date(2023, 9, 20)))
    verified(2, 2, captured=Captured(on=date(2023, 9, 21)))
    moment = datetime(2023, 9, 20, 21, tzinfo=UTC)
    verified(3, 3, captured=Captured(start=moment, end=moment))
    verified(4, 4)
    ask = client_of(None).get
    assert references(ask(POINTS, {"captured_before": "2023-09-20"})) == ["M01", "M03"]
    assert references(ask(POINTS, {"captured_after": "2023-09-21"})) == ["M02"]
    assert references(ask(POINTS, {"captured_after": "2023-09-20T20:00:00Z"})) == ["M01", "M02", "M03"]


@pytest.mark.parametrize("name", ["updated_since", "captured_after", "captured_before"])
def test_a_time_without_an_offset_is_refused_with_the_way_to_write_it(client_of, db, name):
    sentence = refused(client_of(None).get(POINTS, {name: "2023-09-20T14:00:00"}), name)
    assert "no offset" in sentence
    assert "2023-09-20T14:00:00Z" in sentence


def test_a_plus_that_the_address_lost_is_explained(client_of, db):
    answer = client_of(None).get(f"{POINTS}?updated_since=2023-09-20T14:00:00+04:00")
    assert "%2B" in refused(answer, "updated_since")


def test_updated_since_asks_for_a_time_not_a_day(client_of, db):
    assert "2023-09-20T14:00:00Z" in refused(
        client_of(None).get(POINTS, {"updated_since": "2023-09-20"}), "updated_since"
    )


def test_words_are_sought_in_titles_and_references(client_of, verified, published):
    verified(1, 1, title="Smoke over the bridge")
    verified(2, 2, title="Quay 100%")
    assert references(client_of(None).get(POINTS, {"q": "BRIDGE"})) == ["M01"]
    assert references(client_of(None).get(POINTS, {"q": "m02"})) == ["M02"]
    assert references(client_of(None).get(POINTS, {"q": "%"})) == ["M02"]


def test_a_parameter_that_is_not_known_is_refused_with_the_known_ones(client_of, db):
    sentence = refused(client_of(None).get(POINTS, {"boox": "1,2,3,4"}), "boox")
    assert "bbox, captured_after, captured_before, cursor, investigation, limit" in sentence


def test_a_parameter_given_twice_is_refused(client_of, db):
    assert "more than once" in refused(client_of(None).get(f"{POINTS}?q=a&q=b"), "q")


def test_pages_follow_each_other_without_gap_or_repetition(client_of, verified, published):
    for number in range(7):
        verified(number, number)
    client, seen, address = client_of(None), [], f"{POINTS}?limit=3&bbox=-1,-1,50,50"
    while address:
        answer = client.get(address)
        seen.append(references(answer))
        address = answer.json()["next"]
    assert [len(page) for page in seen] == [3, 3, 1]
    assert [name for page in seen for name in page] == [f"M{number:02d}" for number in range(1, 8)]


def test_a_page_asks_the_database_for_no_count_and_the_same_whatever_its_place(
    client_of, verified, published, django_assert_num_queries
):
    for number in range(4):
        verified(number, number)
    client = client_of(None)
    with django_assert_num_queries(1):
        following = client.get(f"{POINTS}?limit=2").json()["next"]
    with django_assert_num_queries(1):
        client.get(following)


@pytest.mark.parametrize("limit", ["0", "1001", "-1", "abc", "", "9" * 5000, "１０"])
def test_a_limit_outside_1_to_1000_is_refused(client_of, db, limit):
    assert "1 to 1000" in refused(client_of(None).get(POINTS, {"limit": limit}), "limit")


@pytest.mark.parametrize("cursor", ["", "x", "MTo5OTk5OTk5OTk5OTk5OTk5OTk5OQ", "MTotMQ", "é"])
def test_a_cursor_that_was_not_made_here_is_refused(client_of, db, cursor):
    assert "not made here" in refused(client_of(None).get(POINTS, {"cursor": cursor}), "cursor")


def test_one_point_is_read_by_its_id(client_of, verified, published):
    point = verified(39.8, 46.7)
    answer = client_of(None).get(f"{POINTS}/{point.uid}")
    assert answer.status_code == 200
    assert answer.json()["url"].endswith(f"/points/{point.uid}/")
    assert answer.json()["revision"] == 1


def test_a_retracted_point_is_gone_with_its_reason(client_of, verified, published, editor, stranger):
    point = verified(39.8, 46.7)
    geolocation_retract(actor=editor, geolocation=point.geolocation, reason="The tower is another one.")
    for reader in (None, stranger):
        answer = client_of(reader).get(f"{POINTS}/{point.uid}")
        assert answer.status_code == 410
        assert "The tower is another one." in answer.json()["error"]["sentence"]
        assert answer.json()["tombstone"]["reason"] == "retracted"
    removed = client_of(None).get(f"{POINTS}/removed").json()["results"]
    assert [row["id"] for row in removed] == [str(point.uid)]


def test_a_point_that_is_verified_again_is_no_longer_among_the_removed(
    client_of, verified, published, investigator, reviewer
):
    point = verified(39.8, 46.7)
    geolocation = geolocation_revise(
        actor=investigator, geolocation=point.geolocation, based_on=1, proposal=a_proposal(), submit=True
    )
    client = client_of(None)
    assert client.get(f"{POINTS}/{point.uid}").json()["tombstone"]["reason"] == "reopened"
    assert len(client.get(f"{POINTS}/removed").json()["results"]) == 1
    review_decide(
        actor=reviewer, revision=geolocation.current_revision, decision="approve", checklist=ALL_YES
    )
    assert client.get(f"{POINTS}/removed").json()["results"] == []
    assert client.get(f"{POINTS}/{point.uid}").json()["revision"] == 2


def test_what_is_private_is_not_even_known_to_have_been_removed(client_of, verified, editor, viewer):
    point = verified(39.8, 46.7)
    geolocation_retract(actor=editor, geolocation=point.geolocation, reason="Wrong.")
    assert client_of(None).get(f"{POINTS}/removed").json()["results"] == []
    assert client_of(None).get(f"{POINTS}/{point.uid}").status_code == 404
    assert client_of(viewer).get(f"{POINTS}/{point.uid}").status_code == 410


def test_removed_since_a_moment(client_of, verified, published, editor):
    point = verified(39.8, 46.7)
    geolocation_retract(actor=editor, geolocation=point.geolocation, reason="Wrong.")
    ask = client_of(None).get
    assert ask(f"{POINTS}/removed", {"updated_since": "2100-01-01T00:00:00Z"}).json()["results"] == []
    assert len(ask(f"{POINTS}/removed", {"updated_since": "2020-01-01T00:00:00Z"}).json()["results"]) == 1


def test_a_training_exercise_cannot_be_published(editor):
    exercise = investigation_open(actor=editor, code="DRILL", title="Exercise", is_training=True)
    with pytest.raises(Conflict, match="training exercise"):
        investigation_publish(actor=editor, investigation=exercise, public=True)


def test_the_database_refuses_a_public_training_exercise(editor):
    from django.db import IntegrityError

    from evidence.models import Investigation

    exercise = investigation_open(actor=editor, code="DRILL", title="Exercise", is_training=True)
    with pytest.raises(IntegrityError, match="investigation_training_is_never_public"):
        Investigation.objects.filter(pk=exercise.pk).update(visibility="published")


def test_every_point_of_a_page_is_read_in_one_query(verified, django_assert_num_queries):
    from geolocation.services.exporting import point_rows

    verified(1, 1)
    verified(2, 2)
    with django_assert_num_queries(1):
        assert len(point_rows(VerifiedPoint.objects.all())) == 2
