"""Landmarks are kept with their revision in one transaction, and the resection is solved from them."""

from dataclasses import replace

import pytest

from evidence.errors import InvalidInput
from evidence.models import CustodyEvent
from geolocation.coordinates.position import Position
from geolocation.geodesy import distance_m
from geolocation.models import CheckRun, GeolocationRevision, Landmark, VerifiedPoint
from geolocation.resection import Resection, ResectionProblem, Status, resect
from geolocation.services.checks import checks_run
from geolocation.services.geolocations import Placed, geolocation_propose, geolocation_revise
from geolocation.services.landmarks import LandmarkGiven
from geolocation.services.review import review_decide
from tests.geolocation.conftest import ALL_YES, a_proposal
from tests.geolocation.landmarks import CAMERA, four_landmarks

pytestmark = pytest.mark.django_db

EXCLUDED = LandmarkGiven(
    label="Other mast", position=Position(39.9, 46.8), is_excluded=True, note="Its top is square."
)


@pytest.fixture
def propose(media_item, investigator):
    return lambda **changes: (
        geolocation_propose(
            actor=investigator, media_item=media_item, proposal=a_proposal(**changes), submit=True
        ).current_revision
    )


def changed(at, **changes):
    landmarks = four_landmarks()
    given = list(landmarks.given)
    given[at] = replace(given[at], **changes)
    return replace(landmarks, given=tuple(given))


def test_landmarks_are_kept_in_order_with_the_excluded_candidate(propose):
    landmarks = four_landmarks()

    revision = propose(landmarks=replace(landmarks, given=(*landmarks.given, EXCLUDED)))

    kept = list(revision.landmarks.all())
    assert [each.label for each in kept] == ["Mast", "Chapel", "Silo", "Gate", "Other mast"]
    assert [each.number for each in kept] == [1, 2, 3, 4, 5]
    assert (kept[4].is_excluded, kept[4].note, kept[4].x_px) == (True, "Its top is square.", None)
    assert (revision.picture_width_px, revision.landmark_count) == (1600, 5)


def test_the_resection_is_solved_by_the_service_and_kept_with_its_inputs(propose):
    revision = propose(landmarks=four_landmarks())
    revision = GeolocationRevision.objects.get(pk=revision.pk)

    problem = ResectionProblem.from_json(revision.resection["problem"])
    result = Resection.from_json(revision.resection["result"])
    assert result.status == Status.SOLVED
    assert distance_m(result.camera.position, CAMERA.position) < 0.01
    # Recomputed from what is stored, years later.
    again = resect(problem)
    assert distance_m(again.camera.position, result.camera.position) < 1e-6
    # The solution is never taken over silently: the camera stays where the person put it.
    assert (revision.camera_latitude, revision.camera_longitude) == (39.821232, 46.758423)
    assert revision.field_of_view_deg is None


def test_the_custody_log_says_how_many_and_what_came_of_them(propose):
    propose(landmarks=four_landmarks())

    details = CustodyEvent.objects.get(action="geolocation.proposed").details
    assert (details["landmarks"], details["resection"]) == (4, "solved")


def test_a_new_revision_has_landmarks_of_its_own(propose, investigator):
    first = propose(landmarks=four_landmarks())

    geolocation_revise(
        actor=investigator,
        geolocation=first.geolocation,
        based_on=1,
        proposal=a_proposal(landmarks=changed(0, label="Tall mast")),
        submit=True,
    )

    assert Landmark.objects.filter(revision=first).first().label == "Mast"
    assert Landmark.objects.filter(revision__number=2).first().label == "Tall mast"


def test_two_pairs_are_kept_but_not_solved(propose):
    landmarks = four_landmarks()

    revision = propose(landmarks=replace(landmarks, given=landmarks.given[:2]))

    assert (revision.landmark_count, revision.resection) == (2, None)


def test_pairs_of_different_frames_are_kept_but_not_solved_together(propose):
    revision = propose(landmarks=changed(1, frame_time_s=3.5))

    assert revision.landmarks.get(number=2).frame_time_s == 3.5
    assert revision.resection is None


@pytest.mark.parametrize(
    ("landmarks", "sentence"),
    [
        (changed(1, label=" "), "Landmark 2: give it a label"),
        (changed(1, label="Mast"), "a label of its own"),
        (changed(0, y_px=None), "both x and y"),
        (changed(0, x_px=None, y_px=None), "mark it in the picture"),
        (changed(0, x_px=1601.0), "outside the picture"),
        (changed(0, x_px=float("nan")), "finite"),
        (changed(0, position=None), "place on the ground"),
        (changed(0, uncertainty_m=0.0), "more than 0"),
        (changed(0, is_excluded=True), "why this candidate is excluded"),
        (changed(0, frame_time_s=-1.0), "0 seconds or later"),
        (four_landmarks(width_px=None), "width and height"),
        (four_landmarks(lens_field_of_view_deg=179.0), "field of view"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_saved(propose, landmarks, sentence):
    with pytest.raises(InvalidInput, match=sentence) as refusal:
        propose(landmarks=landmarks)

    assert refusal.value.field == "landmarks"
    assert not GeolocationRevision.objects.exists()


def test_a_subject_area_is_kept_as_a_polygon(propose):
    corners = (Position(39.8, 46.7), Position(39.8, 46.71), Position(39.81, 46.705))

    revision = propose(subject_area=corners)

    revision = GeolocationRevision.objects.get(pk=revision.pk)
    assert [(y, x) for x, y in revision.subject_area.coords[0]] == [
        (39.8, 46.7),
        (39.8, 46.71),
        (39.81, 46.705),
        (39.8, 46.7),
    ]


@pytest.mark.parametrize(
    ("corners", "sentence"),
    [
        ([(0, 0), (1, 1)], "from 3"),
        ([(0, 0), (1, 1), (0, 1), (1, 0)], "cross each other"),
        ([(0, 0), (1, 1), (2, 2)], "cross each other, or enclose nothing"),
        ([(0, 179), (1, -179), (0, -179)], "date line"),
    ],
)
def test_an_area_that_is_none_is_refused(propose, corners, sentence):
    with pytest.raises(InvalidInput, match=sentence):
        propose(subject_area=tuple(Position(*each) for each in corners))


FIELD = (Position(39.8, 46.76), Position(39.8, 46.764), Position(39.803, 46.7605))


def test_an_area_alone_places_the_subject_somewhere_in_it(propose):
    revision = propose(camera=None, subject_area=FIELD)
    revision.refresh_from_db()
    middle = Position(revision.subject_latitude, revision.subject_longitude)
    reaches = [distance_m(middle, corner) for corner in FIELD]
    assert max(reaches) == pytest.approx(revision.subject_uncertainty_m, abs=0.001)
    assert revision.camera_latitude is None
    assert revision.subject_as_typed == ""
    assert revision.places_area_alone


@pytest.mark.parametrize("named", ["camera", "subject"])
def test_a_point_that_was_placed_stands_beside_its_area(propose, named):
    placed = Placed(position=Position(39.8005, 46.7611), uncertainty_m=12)
    revision = propose(**{"camera": None, named: placed}, subject_area=FIELD)
    assert getattr(revision, f"{named}_uncertainty_m") == 12
    assert not revision.places_area_alone


def test_an_area_alone_is_checked_approved_and_leaves_as_one_point(propose, reviewer):
    revision = propose(camera=None, subject_area=FIELD)
    checks_run(geolocation_id=revision.geolocation_id)
    assert not CheckRun.objects.filter(revision=revision, verdict="error").exists()
    review_decide(actor=reviewer, revision=revision, decision="approve", checklist=ALL_YES)
    point = VerifiedPoint.objects.get()
    assert point.position_role == "subject"
    assert point.uncertainty_m == revision.subject_uncertainty_m > 150


def test_two_corners_are_no_area_and_place_nothing(propose):
    with pytest.raises(InvalidInput, match="Place the camera, the subject, or both, or draw") as refused:
        propose(camera=None, subject_area=FIELD[:2])
    assert refused.value.field == "camera"
