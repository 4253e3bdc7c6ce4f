"""Solving before saving, and the landmark fields of the form as they are sent."""

from dataclasses import replace

import pytest

from geolocation.coordinates.position import Position
from geolocation.models import Geolocation
from geolocation.services.geolocations import Placed, geolocation_propose, geolocation_revise
from geolocation.services.landmarks import resection_solve
from geolocation.views.resection_drawing import shown
from tests.geolocation.conftest import a_proposal
from tests.geolocation.landmarks import four_landmarks

pytestmark = pytest.mark.django_db

SOLVE = "/TEST1/media/M01/resection/"
GEOLOCATE = "/TEST1/media/M01/geolocate/"
STATEMENT = {
    "camera": "39.8, 46.75",
    "camera_uncertainty_m": "15",
    "capture_kind": "unknown",
    "method": "landmarks",
    "reasoning": "Mast, chapel, silo and gate as seen from the road.",
    "action": "draft",
}


def landmark_fields(**changes):
    sent = {
        "landmarks-TOTAL_FORMS": "6",
        "landmarks-INITIAL_FORMS": "0",
        "picture_width_px": "1600",
        "picture_height_px": "900",
    }
    for at, each in enumerate(four_landmarks().given):
        sent |= {
            f"landmarks-{at}-label": each.label,
            f"landmarks-{at}-x_px": f"{each.x_px:.2f}",
            f"landmarks-{at}-y_px": f"{each.y_px:.2f}",
            f"landmarks-{at}-position": f"{each.position.latitude:.7f}, {each.position.longitude:.7f}",
        }
    return {**sent, **changes}


@pytest.fixture
def page(client, investigator, media_item):
    client.force_login(investigator)
    return client


def test_solving_answers_with_sentences_and_a_drawing_and_saves_nothing(page):
    answer = page.post(SOLVE, landmark_fields())

    assert answer.status_code == 200
    said = answer.json()
    assert "The camera stood within an ellipse" in said["html"]
    assert said["errors"] == {}
    (place,) = said["drawing"]["places"]
    assert place["latitude"] == pytest.approx(39.8, abs=1e-5)
    assert place["ellipse"][0] == pytest.approx(place["ellipse"][-1])
    assert [each["label"] for each in said["drawing"]["landmarks"]] == ["Mast", "Chapel", "Silo", "Gate"]
    assert not Geolocation.objects.exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"landmarks-0-label": ""}, "Landmark 1: give it a label"),
        ({"landmarks-1-x_px": ""}, "Landmark 2: a pixel needs both x and y"),
        ({"landmarks-2-x_px": "1601"}, "outside the picture"),
        ({"picture_width_px": ""}, "width and height"),
        ({"landmarks-0-frame_time_s": "2.5"}, "of different frames"),
        ({"lens_field_of_view_deg": "179"}, "cannot be solved"),
    ],
)
def test_what_stands_in_the_way_is_said(page, changes, sentence):
    said = page.post(SOLVE, landmark_fields(**changes)).json()

    assert sentence in said["html"]
    assert said["drawing"] is None


def test_a_text_that_is_no_position_is_named_by_its_field(page):
    said = page.post(SOLVE, landmark_fields(**{"landmarks-3-position": "48,8566,2,3522"})).json()

    assert list(said["errors"]) == ["landmarks-3-position"]
    assert said["drawing"] is None


def test_a_label_cannot_bring_markup_into_the_answer(page):
    html = page.post(SOLVE, landmark_fields(**{"landmarks-0-label": "<img src=x>"})).json()["html"]

    assert "<img" not in html
    assert "&lt;img src=x&gt;" in html


def test_an_item_that_is_not_there_is_not_found(page):
    assert page.post("/TEST1/media/M99/resection/", landmark_fields()).status_code == 404


def test_a_viewer_may_not_solve(client, viewer, media_item):
    client.force_login(viewer)

    assert client.post(SOLVE, landmark_fields()).status_code == 403


def test_rows_and_area_are_saved_and_blank_rows_are_none(page):
    area = "39.8, 46.76\n39.8, 46.761\n39.801, 46.7605"

    answer = page.post(GEOLOCATE, {**STATEMENT, **landmark_fields(subject_area=area)})

    assert answer.status_code == 302
    revision = Geolocation.objects.get().current_revision
    assert revision.landmark_count == 4
    assert revision.resection["result"]["status"] == "solved"
    assert revision.subject_area.num_points == 4


def test_an_area_alone_is_enough_and_comes_back_as_the_area_alone(page):
    area = "39.8, 46.76\n39.8, 46.764\n39.803, 46.7605"
    statement = {**STATEMENT, "camera": "", "camera_uncertainty_m": "", "subject_area": area}

    assert page.post(GEOLOCATE, statement).status_code == 302

    made = Geolocation.objects.get()
    assert made.current_revision.places_area_alone
    shown = page.get(f"/TEST1/geolocations/{made.reference}/").content.decode()
    assert "the middle of the area, with a radius that covers it" in shown
    form = page.get(f"/TEST1/geolocations/{made.reference}/revise/").context["form"]
    # Else a changed area would keep the old one's middle.
    assert (form.initial["subject"], form.initial["subject_uncertainty_m"]) == ("", None)


def test_without_any_position_or_area_the_form_says_what_is_missing(page):
    statement = {**STATEMENT, "camera": "", "camera_uncertainty_m": "", "subject_area": " "}
    answer = page.post(GEOLOCATE, statement)
    assert answer.status_code == 422
    assert "draw the subject" in answer.context["form"].errors["camera"][0]
    assert answer.context["form"].data["reasoning"] == STATEMENT["reasoning"]


def test_a_form_without_landmark_fields_is_saved_as_before(page):
    assert page.post(GEOLOCATE, STATEMENT).status_code == 302
    assert Geolocation.objects.get().current_revision.landmark_count == 0


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"landmarks-1-label": "Mast"}, "a label of its own"),
        (
            {"landmarks-4-position": "39.9, 46.8", "landmarks-4-is_excluded": "on"},
            "Landmark 5: give it a label",
        ),
        ({"subject_area": "39.8, 46.7\nnowhere"}, "Corner 2"),
        ({"subject_area": "39.8, 46.7\n39.9, 46.8"}, "from 3"),
    ],
)
def test_a_mistake_is_shown_with_every_word_kept(page, changes, sentence):
    answer = page.post(GEOLOCATE, {**STATEMENT, **landmark_fields(**changes)})

    assert answer.status_code == 422
    text = answer.content.decode()
    assert sentence in text
    assert 'value="Chapel"' in text or "landmarks-1-label" in changes
    assert not Geolocation.objects.exists()


def test_without_javascript_the_solved_place_is_taken_over_by_a_button(page):
    answer = page.post(
        GEOLOCATE, {**STATEMENT, **landmark_fields(), "camera": "", "action": "", "take_place": "0"}
    )

    form = answer.context["form"]
    assert answer.status_code == 200
    assert form.initial["camera"].startswith(("39.79999", "39.80000"))
    assert float(form.initial["bearing_deg"]) == pytest.approx(75, abs=0.05)
    assert not Geolocation.objects.exists()


def test_a_number_of_no_place_takes_nothing_over(page):
    answer = page.post(GEOLOCATE, {**STATEMENT, **landmark_fields(), "take_place": "7"})

    assert answer.context["form"].initial["camera"] == STATEMENT["camera"]


def test_a_revision_shows_its_landmarks_in_the_form_again(page, media_item, investigator):
    made = geolocation_propose(
        actor=investigator,
        media_item=media_item,
        proposal=a_proposal(landmarks=four_landmarks()),
        submit=True,
    )

    part = page.get(f"/TEST1/geolocations/{made.reference}/revise/").context["part"]

    assert [row["label"] for row in part.rows.initial] == ["Mast", "Chapel", "Silo", "Gate"]
    assert part.picture.initial["lens_field_of_view_deg"] == 62.0
    assert part.picture.initial["picture_width_px"] == 1600


@pytest.mark.parametrize(
    ("bearing_deg", "field_of_view_deg", "words"),
    [
        (70.0, 40.0, "right of the bearing, in the field of view"),
        (120.0, 40.0, "left of the bearing, outside the field of view"),
        (70.0, None, "right of the bearing"),
    ],
)
def test_the_azimuth_to_the_subject_is_compared_with_the_bearing(
    page, media_item, investigator, bearing_deg, field_of_view_deg, words
):
    # From 39.8, 46.75 to 39.801, 46.755 the azimuth is 75.5 degrees (ST_Azimuth of PostGIS).
    proposal = a_proposal(
        camera=Placed(position=Position(39.8, 46.75), uncertainty_m=15),
        subject=Placed(position=Position(39.801, 46.755), uncertainty_m=15),
        bearing_deg=bearing_deg,
        field_of_view_deg=field_of_view_deg,
    )
    made = geolocation_propose(actor=investigator, media_item=media_item, proposal=proposal, submit=True)

    text = page.get(f"/TEST1/geolocations/{made.reference}/").content.decode()

    assert f"{abs(75.5 - bearing_deg):.1f}° {words}" in text


def test_a_revision_says_that_its_landmarks_changed(page, media_item, investigator):
    made = geolocation_propose(
        actor=investigator,
        media_item=media_item,
        proposal=a_proposal(landmarks=four_landmarks()),
        submit=True,
    )
    fewer = four_landmarks()
    geolocation_revise(
        actor=investigator,
        geolocation=made,
        based_on=1,
        proposal=a_proposal(landmarks=replace(fewer, given=fewer.given[:3])),
        submit=True,
    )

    text = page.get(f"/TEST1/geolocations/{made.reference}/").content.decode()

    assert "The landmarks changed." in text
    assert "subject&#x27;s area changed" not in text


@pytest.mark.parametrize(
    ("lens", "words"),
    [("62", ">Solved<"), ("", "Solved, nothing checks it")],
)
def test_an_answer_that_nothing_checks_does_not_look_like_one_that_is_checked(page, lens, words):
    html = page.post(SOLVE, landmark_fields(lens_field_of_view_deg=lens)).json()["html"]

    assert words in html.replace("</svg>", ">")


def test_landmarks_that_disagree_are_said_to(page):
    gate = four_landmarks().given[3]
    moved = {"lens_field_of_view_deg": "62", "landmarks-3-x_px": f"{gate.x_px + 60:.1f}"}

    html = page.post(SOLVE, landmark_fields(**moved)).json()["html"]

    # One landmark to spare: their errors could be anything, and the ellipse is wide for it.
    assert "Too weak to tell" in html
    assert "fit worse than their stated errors allow" in html


def test_a_solved_camera_whose_landmarks_disagree_is_flagged():
    solved = resection_solve(landmarks=four_landmarks())
    result = replace(solved.result, scale_is_estimated=True, redundancy=2)

    drawn = shown(solved.problem, result)

    assert (drawn["status_word"], drawn["chip"]) == ("Solved, but the landmarks disagree", "flagged")
    assert shown(solved.problem, solved.result)["chip"] == "passed"
