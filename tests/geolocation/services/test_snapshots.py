"""Snapshots: what they hold, what changed, that nobody changes them, and what left since."""

import hashlib
import json

import orjson
import pytest
from django.db import DatabaseError, connection, transaction

from evidence.errors import Conflict, InvalidInput, NotAllowed, NotFound
from evidence.models import CustodyEvent
from evidence.services.custody import custody_verify
from evidence.services.investigations import investigation_change
from evidence.services.media import MediaDetails, media_change
from evidence.storage import media_storage
from geolocation.models import Snapshot, SnapshotPoint
from geolocation.services.geolocations import geolocation_retract, geolocation_revise
from geolocation.services.review import review_decide
from geolocation.services.snapshots import checksums, left_since, snapshot_publish
from tests.geolocation.api.conftest import verified
from tests.geolocation.conftest import ALL_YES, a_proposal

__all__ = ["verified"]
pytestmark = pytest.mark.django_db


def content(snapshot: Snapshot) -> bytes:
    return media_storage().path_of(snapshot.geojson_sha256).read_bytes()


@pytest.fixture
def publish(editor, investigation):
    def make(name="First release", **details) -> Snapshot:
        return snapshot_publish(actor=editor, investigation=investigation, name=name, **details)

    return make


def test_it_holds_the_points_and_a_manifest_that_fits_them(
    verified, publish, settings, editor, investigation
):
    settings.SNAPSHOT_PREFIX = "desk"
    investigation_change(
        actor=editor, investigation=investigation, licence="CC BY 4.0", attribution="The team"
    )
    points = [verified(1, 1, title="One"), verified(2, 2, title="Two")]
    snapshot = publish(note="The first two.")
    assert (snapshot.identifier, snapshot.point_count) == ("desk/TEST1.1", 2)
    stored = content(snapshot)
    assert hashlib.sha256(stored).hexdigest() == snapshot.geojson_sha256
    assert len(stored) == snapshot.geojson_bytes
    features = json.loads(stored)["features"]
    assert [each["id"] for each in features] == [str(point.uid) for point in points]
    manifest = json.loads(snapshot.manifest)
    assert hashlib.sha256(snapshot.manifest.encode()).hexdigest() == snapshot.manifest_sha256
    assert manifest["files"] == [
        {
            "name": "points.geojson",
            "media_type": "application/geo+json",
            "size_bytes": len(stored),
            "sha256": snapshot.geojson_sha256,
        }
    ]
    assert manifest["point_count"] == 2
    assert (manifest["licence"], manifest["attribution"]) == ("CC BY 4.0", "The team")
    assert "not a registered DOI" in manifest["identifier_note"]
    assert [each["revision"] for each in manifest["revisions"]] == [1, 1]
    # Each digest is that of the feature's line in the file.
    lines = [hashlib.sha256(orjson.dumps(each)).hexdigest() for each in orjson.loads(stored)["features"]]
    assert [each["feature_sha256"] for each in manifest["revisions"]] == lines


def test_the_checksums_are_those_that_sha256sum_reads(verified, publish):
    verified(1, 1)
    snapshot = publish()
    assert checksums(snapshot).splitlines() == [
        f"{snapshot.geojson_sha256}  points.geojson",
        f"{snapshot.manifest_sha256}  manifest.json",
    ]


def test_the_next_one_says_what_was_added_changed_and_removed_and_why(
    verified, publish, investigator, reviewer, editor
):
    kept, described, revised, removed = (verified(number, number) for number in range(4))
    publish()
    media_change(actor=investigator, item=described.media_item, details=MediaDetails(title="The old quay"))
    again = geolocation_revise(
        actor=investigator, geolocation=revised.geolocation, based_on=1, proposal=a_proposal(), submit=True
    )
    review_decide(actor=reviewer, revision=again.current_revision, decision="approve", checklist=ALL_YES)
    geolocation_retract(actor=editor, geolocation=removed.geolocation, reason="The mast is another one.")
    added = verified(9, 9)
    changes = publish("Second release").changelog
    assert [each["id"] for each in changes["added"]] == [str(added.uid)]
    assert {(each["id"], each["revision_before"], each["revision"]) for each in changes["changed"]} == {
        (str(described.uid), 1, 1),
        (str(revised.uid), 1, 2),
    }
    (left,) = changes["removed"]
    assert (left["id"], left["reason"]) == (str(removed.uid), "retracted")
    assert "The mast is another one." in left["sentence"]
    assert str(kept.uid) not in json.dumps(changes)


def test_a_later_retraction_does_not_change_it_and_is_told_beside_it(verified, publish, editor):
    point, other = verified(1, 1), verified(2, 2)
    snapshot = publish()
    before = content(snapshot)
    assert left_since(snapshot) == []
    geolocation_retract(actor=editor, geolocation=point.geolocation, reason="The mast is another one.")
    snapshot.refresh_from_db()
    assert content(snapshot) == before
    assert snapshot.point_count == 2
    (left,) = left_since(snapshot)
    assert (left.point.uid, left.current, left.tombstone.reason) == (point.uid, None, "retracted")
    assert other.uid != left.point.uid


def test_a_point_that_is_verified_in_another_revision_is_told_too(verified, publish, investigator, reviewer):
    point = verified(1, 1)
    snapshot = publish()
    again = geolocation_revise(
        actor=investigator, geolocation=point.geolocation, based_on=1, proposal=a_proposal(), submit=True
    )
    review_decide(actor=reviewer, revision=again.current_revision, decision="approve", checklist=ALL_YES)
    (left,) = left_since(snapshot)
    assert (left.point.revision.number, left.current.revision.number) == (1, 2)


def test_publishing_is_in_the_custody_log(verified, publish, investigation):
    verified(1, 1)
    snapshot = publish()
    event = CustodyEvent.objects.get(action="snapshot.published")
    assert event.object_reference == snapshot.identifier
    assert event.details["manifest_sha256"] == snapshot.manifest_sha256
    assert custody_verify(investigation=investigation).ok


def test_without_points_there_is_nothing_to_publish(publish):
    with pytest.raises(Conflict, match="no verified point"):
        publish()


def test_the_same_points_are_not_published_twice(verified, publish):
    verified(1, 1)
    publish()
    with pytest.raises(Conflict, match=r"Nothing changed since gec/TEST1\.1"):
        publish("Again")
    assert Snapshot.objects.count() == 1


def test_it_needs_a_name(verified, publish):
    verified(1, 1)
    with pytest.raises(InvalidInput):
        publish("  ")


def test_editors_alone_publish(verified, investigation, reviewer, stranger):
    verified(1, 1)
    for person, refusal in ((reviewer, NotAllowed), (stranger, NotFound)):
        with pytest.raises(refusal):
            snapshot_publish(actor=person, investigation=investigation, name="Mine")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE geolocation_snapshot SET name = 'Another'",
        "UPDATE geolocation_snapshot SET manifest = ''",
        "DELETE FROM geolocation_snapshot",
        "TRUNCATE geolocation_snapshot CASCADE",
        "UPDATE geolocation_snapshotpoint SET title = 'Another'",
        "DELETE FROM geolocation_snapshotpoint",
        "TRUNCATE geolocation_snapshotpoint",
    ],
)
def test_the_database_changes_and_removes_nothing_of_it(verified, publish, statement):
    verified(1, 1)
    snapshot = publish()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with (
            pytest.raises(DatabaseError, match="can be inserted, never updated or deleted"),
            transaction.atomic(),
        ):
            cursor.execute(statement)
    assert Snapshot.objects.get().name == snapshot.name
    assert SnapshotPoint.objects.count() == 1


def test_the_database_takes_no_further_point_into_it(verified, publish):
    verified(1, 1)
    snapshot = publish()
    other = verified(2, 2)
    with pytest.raises(DatabaseError, match="no point beyond those"), transaction.atomic():
        SnapshotPoint.objects.create(
            snapshot=snapshot,
            geolocation=other.geolocation,
            revision=other.revision,
            uid=other.uid,
            media_reference="M02",
            title="Two",
            sha256="0" * 64,
        )


def test_the_database_takes_no_snapshot_with_fewer_points_than_it_says(verified, publish):
    verified(1, 1)
    snapshot = publish()
    snapshot.pk, snapshot.number, snapshot.identifier, snapshot.previous = None, 2, "gec/TEST1.2", None
    snapshot._state.adding = True
    with transaction.atomic():
        snapshot.save()
        with (
            connection.cursor() as cursor,
            pytest.raises(DatabaseError, match="as many points as it says"),
            transaction.atomic(),
        ):
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True)
