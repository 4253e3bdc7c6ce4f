"""The reference case: what the application holds after loading it."""

import json
from datetime import UTC, date, datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from evidence.models import Appearance, Claim, CustodyEvent, Investigation, MediaItem, Place
from evidence.services.custody import custody_verify
from geolocation.coordinates.position import Position
from geolocation.geodesy import inverse
from geolocation.importers.case import CASE_FILE
from geolocation.importers.case_evidence import language_of
from geolocation.models import Geolocation, Review, VerifiedPoint

pytestmark = pytest.mark.django_db
CASE = json.loads(CASE_FILE.read_text())


@pytest.fixture
def case():
    call_command("load_case", CASE_FILE, verbosity=0)
    return Investigation.objects.get(code="NK23")


def counts():
    models = (Claim, MediaItem, Appearance, Geolocation, Review, VerifiedPoint, CustodyEvent, Place)
    return {model.__name__: model.objects.count() for model in models}


def test_it_holds_14_claims_12_media_items_and_4_verified_geolocations_at_3_positions(case):
    assert case.claims.count() == 14
    assert case.media_items.count() == 12
    verified = VerifiedPoint.objects.filter(investigation=case)
    assert verified.count() == 4
    assert verified.values("latitude", "longitude").distinct().count() == 3
    assert set(verified.values_list("latitude", "longitude")) == {
        (39.821232, 46.758423),
        (39.899226, 46.787836),
        (39.902255, 46.793253),
    }


def test_one_claim_is_contradicted_and_one_partly_supported_each_with_a_reason(case):
    contradicted = case.claims.get(assessment="contradicted")
    assert contradicted.reference == "C01"
    assert "M01" in contradicted.assessment_reason
    assert case.claims.get(assessment="partly_supported").reference == "C08"
    assert case.claims.filter(assessment="unverified").count() == 12


def test_m02_stays_unplaced(case):
    item = case.media_items.get(reference="M02")
    assert not item.geolocations.exists()
    assert item.place is None


def test_m08_is_a_satellite_image_with_licence_and_attribution(case):
    item = case.media_items.get(reference="M08")
    assert (item.kind, item.licence) == ("satellite", "CC BY 4.0")
    assert "Umbra Lab" in item.attribution


def test_the_posting_time_of_m11_comes_out_of_its_post_id(case, tmp_path):
    without = json.loads(CASE_FILE.read_text())
    for entry in without["media"]:
        entry.pop("posted_at_from_platform_id", None)
    without["investigation"]["code"] = "NK23B"
    path = tmp_path / "case.json"
    path.write_text(json.dumps(without))
    call_command("load_case", path, verbosity=0)
    for code in ("NK23", "NK23B"):
        appearance = Appearance.objects.get(investigation__code=code, media_item__reference="M11")
        assert appearance.posted_at == datetime(2023, 9, 21, 5, 43, 29, 922000, tzinfo=UTC)
        assert appearance.posted_basis == "platform_id"
        assert "41 bits" in appearance.derivation


def test_a_date_without_a_time_stays_a_date(case):
    appearance = Appearance.objects.get(investigation=case, media_item__reference="M03")
    assert (appearance.posted_on, appearance.posted_at) == (date(2023, 9, 20), None)


def test_the_first_seen_time_keeps_the_offset_it_was_given_in(case):
    appearance = Appearance.objects.get(investigation=case, media_item__reference="M05")
    assert appearance.posted_at == datetime(2023, 9, 20, 10, 0, tzinfo=UTC)
    assert (appearance.posted_offset_min, appearance.posted_basis) == (240, "first_seen")


def test_loading_twice_changes_nothing(case):
    before = counts()
    call_command("load_case", CASE_FILE, verbosity=0)
    assert counts() == before


@pytest.mark.parametrize(
    "geodesic", CASE["reference_geodesics_wgs84"], ids=lambda g: f"{g['from']}-{g['to']}"
)
def test_the_reference_distances_come_out_within_a_millimetre(case, geodesic):
    start, end = (Place.objects.get(investigation=case, key=geodesic[name]) for name in ("from", "to"))
    ours = inverse(Position(start.latitude, start.longitude), Position(end.latitude, end.longitude))
    assert ours.distance_m == pytest.approx(geodesic["distance_m"], abs=0.001)
    assert ours.azimuth_deg == pytest.approx(geodesic["azimuth_deg"], abs=1e-4)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ST_Distance(a.position, b.position) FROM evidence_place a, evidence_place b"
            " WHERE a.id = %s AND b.id = %s",
            [start.pk, end.pk],
        )
        assert cursor.fetchone()[0] == pytest.approx(geodesic["distance_m"], abs=0.001)


def test_the_approvals_are_recorded_as_what_they_are(case):
    for review in Review.objects.filter(revision__geolocation__investigation=case):
        assert review.revision.author.is_import
        assert review.reviewer != review.revision.author
        assert "not repeated here" in review.reason
        assert review.checklist["original_seen"] == "not_applicable"
        assert review.revision.method == "published"
    assert custody_verify(investigation=case).ok


def test_a_disputed_place_is_shown_with_both_names(case):
    place = Place.objects.get(investigation=case, key="stepanakert")
    assert place.display_name.startswith("Stepanakert / ")
    assert "Xankəndi" in place.display_name
    assert place.names.get(name="Ստեփանակերտ").language == "hy"


@pytest.mark.parametrize(("name", "language"), [("Степанакерт", "ru"), ("Xankəndi", "az"), ("Khankendi", "")])
def test_the_language_of_a_name_is_told_by_its_letters_or_left_open(name, language):
    assert language_of(name) == language


def test_every_evidence_link_of_the_file_is_there(case):
    expected = {
        (claim["key"], link["media"], link["relation"])
        for claim in CASE["claims"]
        for link in claim.get("evidence", [])
    }
    loaded = case.claims.values_list("reference", "evidence__media_item__reference", "evidence__relation")
    assert {row for row in loaded if row[1]} == expected
    assert [other.reference for other in case.claims.get(reference="C06").contradicts.all()] == ["C05"]


def test_a_file_that_is_no_case_is_refused_and_nothing_stays(tmp_path):
    path = tmp_path / "x.json"
    path.write_text('{"investigation": {}}')
    with pytest.raises(CommandError, match="lacks claims"):
        call_command("load_case", path)
    path.write_text("not json")
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("load_case", path)
    assert not Investigation.objects.exists()


def test_a_failure_half_way_leaves_nothing(tmp_path):
    broken = json.loads(CASE_FILE.read_text())
    broken["claims"][-1]["claimant"] = "nobody"
    path = tmp_path / "case.json"
    path.write_text(json.dumps(broken))
    with pytest.raises(KeyError):
        call_command("load_case", path)
    assert not Investigation.objects.exists()


def test_the_editor_can_be_named(editor):
    call_command("load_case", CASE_FILE, editor=editor.email, verbosity=0)
    case = Investigation.objects.get(code="NK23")
    assert case.memberships.get(user=editor).role == "editor"


def test_an_address_that_nobody_has_is_refused_before_anything_is_loaded():
    with pytest.raises(CommandError, match="Nobody has the e-mail address"):
        call_command("load_case", CASE_FILE, editor="nobody@example.org")
    assert not Investigation.objects.exists()


def test_the_reviewer_can_be_named(reviewer):
    call_command("load_case", CASE_FILE, reviewer=reviewer.email, verbosity=0)
    assert set(Review.objects.values_list("reviewer", flat=True)) == {reviewer.pk}
