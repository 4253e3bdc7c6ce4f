"""Pages and API of snapshots: publishing, who reads them, files that fit their digests."""

import hashlib

import pytest

from evidence.services.investigations import investigation_publish
from geolocation.models import Snapshot
from geolocation.services.geolocations import geolocation_retract
from geolocation.services.snapshots import snapshot_publish
from tests.geolocation.api.conftest import verified
from tests.geolocation.views.test_points import as_person, published, text

__all__ = ["published", "verified"]

LIST = "/TEST1/snapshots/"
API = "/api/v1/snapshots"


@pytest.fixture
def snapshot(verified, editor, investigation) -> Snapshot:
    verified(1, 1, title="Smoke over the quay")
    return snapshot_publish(actor=editor, investigation=investigation, name="First release")


def test_an_editor_publishes_and_comes_to_its_page(verified, editor, investigation):
    verified(1, 1)
    answer = as_person(editor).post(LIST, {"name": "First release", "note": "One point."}, follow=True)
    assert answer.redirect_chain == [("/snapshots/TEST1.1/", 302)]
    for shown in ("First release", "gec/TEST1.1", "not a registered one", "One point."):
        assert shown in text(answer)


def test_what_was_written_stays_in_the_form_when_it_is_refused(snapshot, editor):
    answer = as_person(editor).post(LIST, {"name": "Again", "note": "The same."})
    assert "Nothing changed since gec/TEST1.1" in text(answer)
    assert 'value="Again"' in text(answer)
    assert "The same.</textarea>" in text(answer)
    assert "Give the snapshot a name" in text(as_person(editor).post(LIST, {"name": ""}))


def test_a_reviewer_reads_the_list_and_publishes_nothing(snapshot, reviewer):
    client = as_person(reviewer)
    assert "Publish a snapshot" not in text(client.get(LIST))
    assert "First release" in text(client.get(LIST))
    assert client.post(LIST, {"name": "Mine"}).status_code == 403


def test_a_private_snapshot_is_for_members(snapshot, viewer, stranger):
    for address in ("/snapshots/TEST1.1/", f"{API}/TEST1.1/points.geojson", f"{API}/TEST1.1"):
        answer = as_person(viewer).get(address)
        assert answer.status_code == 200
        answer.getvalue()
        assert as_person(stranger).get(address).status_code == 404
        assert as_person(None).get(address).status_code == 404
    assert as_person(None).get(API).json()["results"] == []


@pytest.mark.parametrize(
    "name", ["TEST1.2", "TEST1", "TEST1.", ".1", "TEST1.-1", "%00.1", "TEST1.%00", "TEST1." + "9" * 30]
)
def test_a_snapshot_that_is_not_there(snapshot, viewer, name):
    assert as_person(viewer).get(f"/snapshots/{name}/").status_code == 404


def test_everybody_reads_one_of_a_published_investigation_and_checks_its_files(
    snapshot, editor, investigation
):
    investigation_publish(actor=editor, investigation=investigation, public=True)
    client = as_person(None)
    page = text(client.get("/snapshots/TEST1.1/"))
    assert snapshot.geojson_sha256 in page
    assert "Edda Editor" not in page
    (row,) = client.get(API, {"investigation": "TEST1"}).json()["results"]
    points = client.get(row["points_url"])
    assert points["Content-Type"] == "application/geo+json"
    assert hashlib.sha256(points.getvalue()).hexdigest() == row["points_sha256"]
    manifest = client.get(row["manifest_url"])
    assert hashlib.sha256(manifest.content).hexdigest() == row["manifest_sha256"]
    assert "Edda Editor" not in text(manifest)
    # As the list of digests calls them, so that the files can be checked where they were saved.
    assert 'filename="points.geojson"' in points["Content-Disposition"]
    assert 'filename="manifest.json"' in manifest["Content-Disposition"]
    sums = text(client.get(f"{API}/TEST1.1/SHA256SUMS"))
    assert row["points_sha256"] in sums
    assert row["manifest_sha256"] in sums


def test_what_left_since_is_on_its_page_and_in_the_api(snapshot, editor, investigation, verified):
    point = investigation.verified_points.get()
    geolocation_retract(actor=editor, geolocation=point.geolocation, reason="The mast is another one.")
    client = as_person(editor)
    assert "The mast is another one." in text(client.get("/snapshots/TEST1.1/"))
    (left,) = client.get(f"{API}/TEST1.1").json()["left_since"]
    assert (left["id"], left["revision"], left["revision_now"]) == (str(point.uid), 1, None)
    assert left["reason"] == "retracted"
    verified(2, 2)
    snapshot_publish(actor=editor, investigation=investigation, name="Second release")
    page = text(client.get("/snapshots/TEST1.2/"))
    assert "Added: 1" in page
    assert "Removed: 1" in page
    assert "There is a newer one" in text(client.get("/snapshots/TEST1.1/"))
