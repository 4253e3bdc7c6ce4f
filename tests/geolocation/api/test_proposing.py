"""From a proposal to a verified point through the API, with the rules of the pages."""

import pytest

from evidence.services.catalogue import Name, place_add
from geolocation.models import Geolocation, VerifiedPoint
from tests.geolocation.conftest import ALL_YES
from tests.geolocation.landmarks import four_landmarks

INSIDE = "/api/v1/investigations/TEST1"
PROPOSAL = {
    "media": "M01",
    "camera": {"latitude": 39.821232, "longitude": 46.758423, "uncertainty_m": 15},
    "method": "landmarks",
    "reasoning": "The tower and the quay wall line up as seen from the bridge.",
    "submit": True,
}
APPROVAL = {"revision": 1, "decision": "approve", "checklist": ALL_YES}


@pytest.fixture
def client(client_of, investigator, media_item):
    return client_of(investigator)


def post(client, address, body):
    return client.post(f"{INSIDE}/geolocations{address}", body, format="json")


def fields(answer):
    assert answer.status_code == 400, answer.content
    return answer.json()["error"]["fields"]


def test_a_proposal_that_somebody_else_approves_becomes_a_point(client, client_of, reviewer):
    made = post(client, "", PROPOSAL)
    assert made.status_code == 201, made.json()
    assert made.json()["state"] == "in_review"
    assert client.get(made["Location"]).json()["revisions"][0]["camera"]["latitude"] == 39.821232
    answer = post(client_of(reviewer), "/G01/reviews", APPROVAL)
    assert answer.status_code == 201, answer.json()
    assert client.get(f"{INSIDE}/geolocations/G01").json()["state"] == "verified"
    assert VerifiedPoint.objects.get().latitude == 39.821232
    assert client.get(f"{INSIDE}/geolocations/G01/reviews").json()["results"][0]["reviewer"] == "Rui Reviewer"


def test_the_author_cannot_approve(client, client_of, reviewer):
    by_reviewer = client_of(reviewer)
    post(by_reviewer, "", PROPOSAL)
    answer = post(by_reviewer, "/G01/reviews", APPROVAL)
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "own_revision")


def test_a_decision_on_a_revision_that_is_no_longer_current_is_409(client, client_of, reviewer):
    post(client, "", PROPOSAL)
    again = {**PROPOSAL, "based_on": 1}
    del again["media"]
    assert post(client, "/G01/revisions", again).status_code == 201
    answer = post(client_of(reviewer), "/G01/reviews", APPROVAL)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "not_current_revision")
    stale = post(client, "/G01/revisions", again)
    assert stale.status_code == 409
    assert post(client_of(reviewer), "/G01/reviews", {**APPROVAL, "revision": 9}).status_code == 400


def test_an_approval_without_its_checklist_is_refused(client, client_of, reviewer):
    post(client, "", PROPOSAL)
    answer = post(client_of(reviewer), "/G01/reviews", {"revision": 1, "decision": "approve"})
    assert answer.json()["error"]["code"] == "checklist_incomplete"


def test_a_position_is_taken_as_text_and_kept_as_typed(client):
    typed = "39°49'16.4\"N 46°45'30.3\"E"
    made = post(client, "", {**PROPOSAL, "camera": {"text": typed, "uncertainty_m": 15}})
    assert made.status_code == 201, made.json()
    camera = made.json()["revisions"][0]["camera"]
    assert camera["as_typed"] == typed
    assert camera["latitude"] == pytest.approx(39 + 49 / 60 + 16.4 / 3600, abs=1e-9)


def test_a_text_that_could_be_two_places_is_refused_with_its_readings(client):
    answer = post(client, "", {**PROPOSAL, "camera": {"text": "48,8566,2,3522", "uncertainty_m": 15}})
    assert fields(answer)["camera.text"]
    error = answer.json()["error"]
    assert error["code"] == "position_refused"
    assert {"latitude", "longitude", "note"} <= error["readings"][0].keys()
    assert not Geolocation.objects.exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"camera": {"latitude": 133.2, "longitude": 39.8, "uncertainty_m": 5}}, "camera.latitude"),
        ({"camera": {"latitude": 39.8, "uncertainty_m": 5}}, "camera"),
        ({"camera": {"latitude": 39.8, "longitude": 46.7, "text": "x", "uncertainty_m": 5}}, "camera"),
        ({"camera": {"latitude": 39.8, "longitude": 46.7, "uncertainty_m": 0}}, "camera_uncertainty_m"),
        ({"camera": {"latitude": 39.8, "longitude": 46.7}}, "camera.uncertainty_m"),
        ({"camera": {"latitude": 39.8, "lon": 46.7, "uncertainty_m": 5}}, "camera.lon"),
        ({"camera": None}, "camera"),
        ({"camera": "39.8, 46.7"}, "camera"),
        ({"media": "M99"}, "media"),
        ({"method": "guess"}, "method"),
        ({"reasoning": "  "}, "reasoning"),
        ({"bearing_deg": 361}, "bearing_deg"),
        ({"bearing_deg": "1e999"}, "bearing_deg"),
        ({"captured": {"on": "2023-02-30"}}, "captured.on"),
        ({"captured": {"start": "2023-09-20T14:00:00"}}, "captured.start"),
        ({"captured": {"start": "2023-09-20T14:00:00Z"}}, "captured_to"),
        ({"captured": {"from": "2023-09-20T14:00:00Z"}}, "captured.from"),
        ({"captured": {"start": 5}}, "captured.start"),
        ({"latitude": 3}, "latitude"),
    ],
)
def test_what_does_not_fit_is_refused_at_its_field(client, change, field):
    assert field in fields(post(client, "", {**PROPOSAL, **change}))
    assert not Geolocation.objects.exists()


def test_a_capture_keeps_the_offset_it_was_given_in(client):
    captured = {"start": "2023-09-20T14:00:00+04:00", "end": "2023-09-20T14:05:00+04:00", "basis": "clock"}
    revision = post(client, "", {**PROPOSAL, "captured": captured}).json()["revisions"][0]
    assert revision["captured_from"] == "2023-09-20T10:00:00Z"
    assert revision["captured_offset_min"] == 240
    day = post(client, "", {**PROPOSAL, "captured": {"on": "2023-09-20"}}).json()["revisions"][0]
    assert (day["captured_on"], day["captured_from"]) == ("2023-09-20", None)


def test_a_draft_is_submitted_and_withdrawn_by_its_author(client, client_of, reviewer):
    post(client, "", {**PROPOSAL, "submit": False})
    assert post(client, "/G01/submit", {}).json()["state"] == "in_review"
    assert post(client, "/G01/submit", {}).status_code == 409
    assert post(client_of(reviewer), "/G01/withdraw", {}).status_code == 403
    assert post(client, "/G01/withdraw", {"reason": "Found a better one."}).json()["state"] == "withdrawn"


def test_only_an_editor_retracts_and_only_with_a_reason(client, client_of, reviewer, editor):
    post(client, "", PROPOSAL)
    post(client_of(reviewer), "/G01/reviews", APPROVAL)
    assert post(client_of(reviewer), "/G01/retract", {"reason": "x"}).status_code == 403
    assert post(client_of(editor), "/G01/retract", {}).json()["error"]["code"] == "reason_required"
    assert post(client_of(editor), "/G01/retract", {"reason": "Wrong."}).json()["state"] == "retracted"
    assert not VerifiedPoint.objects.exists()


def test_a_viewer_proposes_nothing(client, client_of, viewer):
    assert post(client_of(viewer), "", PROPOSAL).status_code == 403


def landmarks_body():
    given = [
        {
            "label": each.label,
            "x_px": each.x_px,
            "y_px": each.y_px,
            "latitude": each.position.latitude,
            "longitude": each.position.longitude,
            "uncertainty_m": 2,
        }
        for each in four_landmarks().given
    ]
    excluded = {
        "label": "Other mast",
        "text": "39.9, 46.8",
        "is_excluded": True,
        "note": "Its top is square.",
    }
    picture = {"width_px": 1600, "height_px": 900, "lens_field_of_view_deg": 62}
    return {"landmarks": [*given, excluded], "picture": picture}


def test_landmarks_and_the_area_come_back_as_given_with_what_was_solved(client):
    corners = [
        {"latitude": 39.8, "longitude": 46.7},
        {"latitude": 39.8, "longitude": 46.71},
        {"latitude": 39.81, "longitude": 46.7},
    ]

    made = post(client, "", {**PROPOSAL, **landmarks_body(), "subject_area": corners})

    assert made.status_code == 201, made.json()
    revision = made.json()["revisions"][0]
    assert revision["subject_area"] == corners
    assert [each["label"] for each in revision["landmarks"]] == [
        "Mast",
        "Chapel",
        "Silo",
        "Gate",
        "Other mast",
    ]
    assert revision["landmarks"][4]["as_typed"] == "39.9, 46.8"
    assert (revision["picture_width_px"], revision["picture_height_px"]) == (1600, 900)
    solved = revision["resection"]["result"]
    assert solved["status"] == "solved"
    assert solved["camera"]["position"]["latitude"] == pytest.approx(39.8, abs=1e-6)
    # Solved is not stated: the bearing is the person's to take over.
    assert revision["bearing_deg"] is None


def test_an_area_alone_and_a_short_plus_code_behind_a_place_are_taken(client, investigation, investigator):
    corners = [{"latitude": 39.8, "longitude": east} for east in (46.7, 46.71)]
    corners.append({"latitude": 39.81, "longitude": 46.7})
    alone = {name: value for name, value in PROPOSAL.items() if name not in ("camera", "subject")}
    made = post(client, "", {**alone, "subject_area": corners})
    assert made.status_code == 201, made.json()
    assert made.json()["revisions"][0]["subject"]["uncertainty_m"] > 500

    place_add(
        actor=investigator,
        investigation=investigation,
        names=[Name(name="Stepanakert"), Name(name="Xankəndi")],
        latitude=39.82,
        longitude=46.76,
    )
    for name in ("Stepanakert", "xankəndi"):
        camera = {"text": f"RQC5+F9 {name}", "uncertainty_m": 20}
        placed = post(client, "", {**PROPOSAL, "camera": camera}).json()["revisions"][0]["camera"]
        assert (placed["latitude"], placed["longitude"]) == pytest.approx((39.8211875, 46.7584375))
    unknown = post(client, "", {**PROPOSAL, "camera": {"text": "RQC5+F9 Elsewhere", "uncertainty_m": 20}})
    assert unknown.status_code == 400
    assert "not known here" in str(unknown.json())


def test_without_landmarks_a_revision_says_so(client):
    revision = post(client, "", PROPOSAL).json()["revisions"][0]

    assert (revision["landmarks"], revision["subject_area"], revision["resection"]) == ([], None, None)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"landmarks": [{"label": "Mast", "x_px": 1, "y_px": 1}]}, "landmarks"),
        ({"landmarks": [{"label": "Mast", "text": "39.8, 46.7"}]}, "landmarks"),
        ({"landmarks": [{"label": "Mast", "text": "48,8566,2,3522"}]}, "landmarks.0.text"),
        ({"landmarks": [{"label": "Mast", "text": "1, 2", "colour": "red"}]}, "landmarks"),
        ({"subject_area": [{"latitude": 0, "longitude": 0}]}, "subject_area"),
        ({"picture": {"width_px": 1600}}, "picture"),
    ],
)
def test_landmarks_that_make_no_sense_are_refused_by_field(client, change, field):
    answer = post(client, "", {**PROPOSAL, **change})

    assert field in " ".join(fields(answer))
    assert not Geolocation.objects.exists()


def test_light_and_shadow_are_taken_and_given_back(client):
    shadow = {"azimuth_deg": 28.5, "azimuth_error_deg": 2.0}
    made = post(client, "", {**PROPOSAL, "light_seen": "day", "shadow": shadow})
    assert made.status_code == 201, made.json()
    revision = client.get(made["Location"]).json()["revisions"][0]
    assert (revision["light_seen"], revision["shadow_azimuth_deg"], revision["shadow_length_ratio"]) == (
        "day",
        28.5,
        None,
    )


@pytest.mark.parametrize(
    ("shadow", "field"),
    [
        ({"azimuth_deg": 28.5}, "shadow_azimuth_error_deg"),
        ({"length_ratio_error": 0.1}, "shadow_length_ratio"),
        ({"azimuth_deg": 400, "azimuth_error_deg": 1}, "shadow_azimuth_deg"),
        ({"length_ratio": 1, "length_ratio_error": 0}, "shadow_length_ratio_error"),
    ],
)
def test_half_a_shadow_is_refused(client, shadow, field):
    assert field in fields(post(client, "", {**PROPOSAL, "shadow": shadow}))
