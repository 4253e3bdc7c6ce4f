"""What leaves of a verified position: exactly, as a circle drawn once, or not at all."""

import io
import struct
import zipfile

import orjson
import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from evidence.errors import InvalidInput, NotAllowed
from evidence.models import CustodyEvent
from evidence.services.investigations import investigation_change
from geolocation.coordinates.position import Position
from geolocation.errors import ReasonRequired
from geolocation.geodesy import distance_m
from geolocation.models import Disclosure, GeneralisedPosition, Tombstone, VerifiedPoint, WebhookDelivery
from geolocation.services.disclosure import disclosure_set, snapshots_holding
from geolocation.services.feed import changes_order, feed_page
from geolocation.services.geolocations import Placed, geolocation_revise
from geolocation.services.review import review_decide
from geolocation.services.snapshots import snapshot_publish
from geolocation.services.webhooks import webhook_add
from tests.geolocation.conftest import ALL_YES, a_proposal

pytestmark = pytest.mark.django_db
PLACE = Position(39.821232, 46.758423)
EVERYWHERE = (*("geojson", "geojsons", "csv", "kml", "kmz", "timemap.zip", "xlsx", "gpkg", "fgb", "parquet"),)


@pytest.fixture
def subject():
    return Placed(position=Position(39.83, 46.77), uncertainty_m=80)


@pytest.fixture
def verified(in_review, reviewer):
    return _approve(in_review, reviewer)


def _approve(geolocation, reviewer):
    revision = geolocation.current_revision
    review_decide(actor=reviewer, revision=revision, decision="approve", checklist=ALL_YES)
    geolocation.refresh_from_db()
    return geolocation


def _generalise(geolocation, editor, radius_m=5000.0):
    return disclosure_set(
        actor=editor, geolocation=geolocation, kind="generalised", radius_m=radius_m, reason="A home."
    )


def _withhold(geolocation, editor):
    return disclosure_set(actor=editor, geolocation=geolocation, kind="withheld", reason="A hiding place.")


def _constraints():
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def test_a_generalised_point_is_a_circle_that_holds_the_position_and_nothing_exact(verified, editor):
    _generalise(verified, editor)
    point = VerifiedPoint.objects.get()
    _constraints()
    assert (point.disclosure, point.uncertainty_m) == ("generalised", 5000)
    away_m = distance_m(PLACE, Position(point.latitude, point.longitude))
    assert 0 < away_m <= 5000 - 15
    assert (point.camera_latitude, point.camera_longitude, point.subject_latitude) == (None, None, None)


def test_what_is_decided_before_the_approval_holds_at_the_approval(in_review, editor, reviewer):
    _withhold(in_review, editor)
    verified = _approve(in_review, reviewer)
    _constraints()
    assert verified.state == "verified"
    assert not VerifiedPoint.objects.exists()
    assert not Tombstone.objects.exists()


def test_a_withheld_point_leaves_with_a_tombstone_that_keeps_the_reason_inside(verified, editor):
    _withhold(verified, editor)
    _constraints()
    assert not VerifiedPoint.objects.exists()
    stone = Tombstone.objects.get()
    assert (stone.reason, stone.explanation) == ("withheld", "")
    assert "not given out" in stone.sentence
    assert "hiding" not in stone.sentence


def test_it_comes_back_with_the_moment_at_which_it_was_verified(verified, editor):
    before = VerifiedPoint.objects.get()
    _withhold(verified, editor)
    disclosure_set(actor=editor, geolocation=verified, kind="exact", reason="The people have left.")
    _constraints()
    after = VerifiedPoint.objects.get()
    assert (after.latitude, after.longitude, after.uncertainty_m) == (PLACE.latitude, PLACE.longitude, 15)
    assert after.verified_at == before.verified_at
    assert after.camera_latitude == PLACE.latitude


def test_the_circle_is_drawn_once_and_kept(verified, editor):
    _generalise(verified, editor)
    first = VerifiedPoint.objects.get()
    disclosure_set(actor=editor, geolocation=verified, kind="exact", reason="By mistake.")
    _withhold(verified, editor)
    _generalise(verified, editor)
    again = VerifiedPoint.objects.get()
    assert (again.latitude, again.longitude) == (first.latitude, first.longitude)
    _generalise(verified, editor, 9000)
    wider = VerifiedPoint.objects.get()
    assert (wider.latitude, wider.longitude, wider.uncertainty_m) == (first.latitude, first.longitude, 9000)
    _constraints()


def test_a_revision_inside_the_circle_keeps_it_and_one_outside_gets_another(
    verified, investigator, reviewer, editor
):
    _generalise(verified, editor)
    first = VerifiedPoint.objects.get()

    def moved_to(latitude, longitude, uncertainty_m=15):
        placed = Placed(position=Position(latitude, longitude), uncertainty_m=uncertainty_m)
        geolocation_revise(
            actor=investigator,
            geolocation=verified,
            based_on=verified.current_revision.number,
            proposal=a_proposal(camera=placed),
            submit=True,
        )
        verified.refresh_from_db()
        _approve(verified, reviewer)
        _constraints()
        return VerifiedPoint.objects.get()

    near = moved_to(first.latitude, first.longitude)
    assert (near.latitude, near.longitude) == (first.latitude, first.longitude)
    far = moved_to(40.6, 46.75)
    assert distance_m(Position(40.6, 46.75), Position(far.latitude, far.longitude)) <= 5000
    # Its own circle would shine through one of 5,000 m, so the drawn one grows.
    vague = moved_to(38.9, 46.75, 4000)
    assert vague.uncertainty_m == 8000


@pytest.mark.parametrize("suffix", EVERYWHERE)
def test_no_export_holds_the_exact_numbers(verified, editor, investigation, suffix):
    investigation_change(actor=editor, investigation=investigation, visibility="published")
    _generalise(verified, editor)
    content = _all_of(f"/api/v1/verified-points.{suffix}")
    if suffix in ("kmz", "timemap.zip", "xlsx"):
        content = _unpacked(content)
    for number in (b"39.821232", b"46.758423", _packed(39.821232), _packed(46.758423)):
        assert number not in content


def _all_of(address):
    answer = Client().get(address)
    assert answer.status_code == 200, address
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def _unpacked(content):
    archive = zipfile.ZipFile(io.BytesIO(content))
    return b"".join(archive.read(name) for name in archive.namelist())


def _packed(number):
    return struct.pack("<d", number)


@pytest.mark.parametrize("kind", ["generalised", "withheld"])
def test_no_public_page_or_resource_tells_the_exact_position(verified, editor, investigation, subject, kind):
    investigation_change(actor=editor, investigation=investigation, visibility="published")
    (_generalise if kind == "generalised" else _withhold)(verified, editor)
    uid = verified.uid
    changes_order()
    for address in (
        f"/points/{uid}/",
        f"/points/{uid}/revisions/1/",
        f"/points/{uid}/citation.json",
        f"/points/{uid}/citation.bib",
        "/points/",
        "/api/v1/verified-points",
        f"/api/v1/verified-points/{uid}",
        "/api/v1/points/changes",
        "/points/feed.atom",
        "/ogc/collections/verified-points/items",
        f"/ogc/collections/verified-points/items/{uid}",
        "/ogc/collections/verified-points",
    ):
        answer = Client().get(address, headers={"accept": "*/*"})
        told = (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()
        assert answer.status_code in (200, 410, 404), address
        for secret in ("39.821232", "46.758423", "A home", "hiding place"):
            assert secret not in told, address


def test_the_feed_tells_of_the_change_and_of_the_leaving(verified, editor, investigation):
    investigation_change(actor=editor, investigation=investigation, visibility="published")
    changes_order()
    _generalise(verified, editor)
    changes_order()
    told = feed_page(audience="public", code=None, after=0, limit=10).entries
    assert [orjson.loads(entry.point.properties)["uncertainty_m"] for entry in told] == [5000]
    _withhold(verified, editor)
    changes_order()
    told = feed_page(audience="public", code=None, after=told[0].place, limit=10).entries
    assert [(entry.point, entry.reason) for entry in told] == [(None, "withheld")]


def test_webhooks_are_told(verified, editor, investigation, settings):
    settings.WEBHOOKS_TO_LOOPBACK = True
    webhook_add(
        actor=editor,
        investigation=investigation,
        url="http://127.0.0.1:9/told",
        events=["point.changed", "point.withheld", "point.verified"],
    )
    _generalise(verified, editor)
    _withhold(verified, editor)
    disclosure_set(actor=editor, geolocation=verified, kind="exact", reason="No danger any more.")
    told = WebhookDelivery.objects.order_by("pk").values_list("event", flat=True)
    assert list(told) == ["point.changed", "point.withheld", "point.verified"]


def test_a_new_snapshot_holds_the_circle_and_an_old_one_is_named(verified, editor, investigation):
    investigation_change(actor=editor, investigation=investigation, visibility="published")
    before = snapshot_publish(actor=editor, investigation=investigation, name="First", note="")
    _generalise(verified, editor)
    after = snapshot_publish(actor=editor, investigation=investigation, name="Second", note="")
    assert snapshots_holding(verified) == [before, after]
    assert b"39.821232" in _all_of(f"/api/v1/snapshots/{before.short_name}/points.geojson")
    assert b"39.821232" not in _all_of(f"/api/v1/snapshots/{after.short_name}/points.geojson")


def test_who_decided_what_and_why_is_in_the_record(verified, editor):
    _generalise(verified, editor)
    event = CustodyEvent.objects.filter(action="geolocation.disclosed").get()
    assert (event.object_reference, event.details["disclosure"]) == (verified.reference, "generalised")
    assert (event.details["radius_m"], event.details["reason"]) == (5000, "A home.")


@pytest.mark.parametrize(
    ("kind", "radius_m", "reason", "field"),
    [
        ("nearly", None, "Why", "kind"),
        ("generalised", None, "Why", "radius_m"),
        ("generalised", 99, "Why", "radius_m"),
        ("generalised", 100_001, "Why", "radius_m"),
        ("generalised", float("nan"), "Why", "radius_m"),
        ("withheld", None, "  ", "reason"),
    ],
)
def test_what_is_refused_changes_nothing(verified, editor, kind, radius_m, reason, field):
    with pytest.raises((InvalidInput, ReasonRequired)) as refused:
        disclosure_set(actor=editor, geolocation=verified, kind=kind, radius_m=radius_m, reason=reason)
    assert refused.value.field == field
    assert not Disclosure.objects.exists()
    assert VerifiedPoint.objects.get().disclosure == "exact"


def test_a_circle_hardly_wider_than_the_uncertainty_is_refused(media_item, investigator, editor):
    from geolocation.services.geolocations import geolocation_propose

    vague = geolocation_propose(
        actor=investigator,
        media_item=media_item,
        proposal=a_proposal(camera=Placed(position=PLACE, uncertainty_m=400)),
        submit=True,
    )
    with pytest.raises(InvalidInput, match="twice"):
        _generalise(vague, editor, 700)


def test_only_an_editor_decides(verified, reviewer, investigator):
    for person in (reviewer, investigator):
        with pytest.raises(NotAllowed):
            _withhold(verified, person)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE geolocation_verifiedpoint SET latitude = 39.821232, longitude = 46.758423",
        "UPDATE geolocation_verifiedpoint SET uncertainty_m = 200",
        "UPDATE geolocation_verifiedpoint SET camera_latitude = 39.821232, camera_longitude = 46.758423",
        "UPDATE geolocation_verifiedpoint SET disclosure = 'exact'",
        "UPDATE geolocation_verifiedpoint SET latitude = latitude + 0.0001",
        "INSERT INTO geolocation_disclosure (geolocation_id, kind, reason, decided_by_id, decided_at)"
        " SELECT geolocation_id, 'withheld', 'x', decided_by_id, now() FROM geolocation_disclosure",
    ],
)
def test_the_database_lets_nothing_else_out(verified, editor, statement):
    _generalise(verified, editor)
    _constraints()
    with pytest.raises(IntegrityError), transaction.atomic():
        _run_to_the_end(statement)


def _run_to_the_end(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize("table", ["disclosure", "generalisedposition"])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET radius_m = 100", "TRUNCATE {}"])
def test_decisions_and_circles_are_kept(verified, editor, table, statement):
    _generalise(verified, editor)
    assert GeneralisedPosition.objects.count() == 1
    _constraints()
    with pytest.raises(Exception, match=r"append-only|never|refus"), transaction.atomic():
        connection.cursor().execute(statement.format(f"geolocation_{table}"))
