"""The workbench: what it answers, what it refuses and where, who may look, and what is taken to the form."""

import json
import re

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.urls import reverse

from evidence.services.investigations import investigation_blind_set
from geolocation.models import Geolocation
from geolocation.services.geolocations import geolocation_propose
from geolocation.shadows.in_picture import Marks, Pixel, Pose
from geolocation.shadows.record import record_of
from tests.geolocation.conftest import a_proposal
from tests.geolocation.landmarks import four_landmarks
from tests.geolocation.views.test_proposals import STATEMENT, page_of

pytestmark = pytest.mark.django_db

PLACE = {"camera": "39.821232, 46.758423", "day_from": "2023-09-20"}
STATED = {"azimuth_deg": "40", "azimuth_error_deg": "2", "length_ratio": "1", "length_ratio_error": "0.05"}
MARKED = {
    "picture_width_px": "1600",
    "picture_height_px": "900",
    "foot_x": "700",
    "foot_y": "700",
    "tip_x": "1100",
    "tip_y": "800",
    "top_x": "700",
    "top_y": "300",
    "horizon_y": "450",
    "pixel_sigma_px": "2",
    "seen": "ground",
    "heading_deg": "274",
    "heading_error_deg": "1",
    "field_of_view_deg": "60",
    "field_of_view_error_deg": "1",
}

REASONED = {"method": "landmarks", "reasoning": "The mast and its shadow on the quay."}


@pytest.fixture
def address(investigation, media_item):
    return reverse("geolocation:shadow", args=[investigation.code, media_item.reference])


def asked(client, address, **values):
    return client.get(address, {"ask": "1", **values})


def test_a_stated_shadow_gives_an_interval_a_path_and_a_year(client, viewer, address):
    client.force_login(viewer)
    page = asked(client, address, **PLACE, **STATED)
    assert page.status_code == 200
    text = page.content.decode()
    place = page.context["answer"].at_place
    assert [(f"{row.start:%H:%M}", f"{row.end:%H:%M}") for row in place.rows] == [("14:21", "14:49")]
    assert place.rows[0].end_utc > place.rows[0].start_utc
    assert "the shadow fits between 14:21–14:49 by the clocks there" in text
    assert "Asia/Baku" in text
    assert text.count('<svg class="chart') == 2
    assert re.search(r'<path class="fit" d="M', text)
    assert 'style="' not in text


def test_marks_are_measured_and_the_page_says_that_it_computed(client, viewer, address):
    client.force_login(viewer)
    page = asked(client, address, **PLACE, **MARKED)
    assert page.status_code == 200
    found = page.context["answer"]
    assert found.measured is not None
    # By hand: foot 250 px and tip 350 px below the horizon of a lens of 1385.6 px, so the ground points lie
    # 5.54 and 3.96 camera heights ahead and 0.40 to the left and 0.86 to the right.
    assert found.shadow.length_ratio == pytest.approx(1.26, abs=0.01)
    assert found.shadow.azimuth_deg == pytest.approx((274 + 141.3) % 360, abs=0.5)


def test_a_length_ratio_alone_gives_two_intervals_and_says_so(client, viewer, address):
    client.force_login(viewer)
    values = {name: value for name, value in STATED.items() if name.startswith("length")}
    place = asked(client, address, **PLACE, **values).context["answer"].at_place
    assert len(place.rows) == 2
    assert " and " in place.sentence


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"azimuth_deg": "180", "azimuth_error_deg": "1"}, "nothing fits"),
        ({"azimuth_deg": "0", "azimuth_error_deg": "180"}, "everything fits"),
        (
            {"azimuth_deg": "0", "azimuth_error_deg": "9", "camera": "78.2, 15.6", "day_from": "2023-12-20"},
            "does not rise",
        ),
    ],
)
def test_nothing_and_everything_are_answers(client, viewer, address, values, words):
    client.force_login(viewer)
    page = asked(client, address, **{**PLACE, **values})
    assert page.status_code == 200
    assert words in page.context["answer"].at_place.sentence


def test_several_days_are_asked_at_once_but_not_too_many(client, viewer, address):
    client.force_login(viewer)
    page = asked(client, address, **PLACE, **STATED, day_to="2023-09-22")
    assert [f"{row.start:%m-%d}" for row in page.context["answer"].at_place.rows] == [
        "09-20",
        "09-21",
        "09-22",
    ]
    assert "3 intervals" in page.context["answer"].at_place.sentence
    page = asked(client, address, **PLACE, **STATED, day_to="2023-11-22")
    assert page.status_code == 422
    assert "At most 31 days" in str(page.context["form"].errors["day_to"])


def test_without_a_place_the_band_of_the_earth_is_drawn_with_the_area(client, viewer, investigation, address):
    investigation.area = MultiPolygon(Polygon.from_bbox((46.0, 39.0, 47.5, 40.5)), srid=4326)
    investigation.save()
    client.force_login(viewer)
    page = asked(client, address, **STATED, moment="2023-09-20T10:36")
    earth = page.context["answer"].on_earth
    text = page.content.decode()
    assert page.context["answer"].at_place is None
    assert "The band crosses" in earth.area_sentence or "inside of the band" in earth.area_sentence
    assert 'class="possible"' in text
    assert 'class="area"' in text
    assert any("30°N" in belt["belt"] for belt in earth.belts)
    elsewhere = asked(client, address, **STATED, moment="2023-09-20T20:36").context["answer"].on_earth
    assert "outside of the band" in elsewhere.area_sentence
    # The sun 88.7 degrees high and known to 0.3 degrees: a sliver of a few kilometres.
    tiny = {**STATED, "length_ratio": "0.022", "length_ratio_error": "0.0001", "azimuth_error_deg": "0.05"}
    missed = asked(client, address, **tiny, moment="2023-09-20T10:36").context["answer"].on_earth
    assert "smaller than the cells" in missed.sentence
    assert missed.belts == []


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"camera": "somewhere"}, "camera", ""),
        ({"camera": ""}, "camera", "the moment in UTC"),
        ({"day_from": ""}, "day_from", "Give the date"),
        ({"day_from": "20.9."}, "day_from", "Write the date as"),
        ({"day_from": "1600-01-01"}, "day_from", "The year has to lie"),
        ({"day_to": "2023-09-19"}, "day_to", "before the first"),
        ({"moment": "noon"}, "moment", "Write the date and the time"),
        ({"foot_y": ""}, "foot_y", "both x and y"),
        ({"tip_x": "", "tip_y": ""}, "tip_x", "both x and y"),
        ({"tip_x": "1601"}, "tip_x", "outside the picture"),
        ({"picture_width_px": ""}, "picture_width_px", "width and height"),
        ({"foot_y": "400"}, "foot_y", "at or above the horizon"),
        ({"field_of_view_deg": ""}, "field_of_view_deg", "Marks need the field of view"),
        ({"field_of_view_deg": "171"}, "field_of_view_deg", "from 1 to 170"),
        ({"heading_deg": "360"}, "heading_deg", "from 0 to 360"),
        ({"heading_deg": "", "top_x": "", "top_y": ""}, "heading_deg", "Give the heading"),
        ({"pixel_sigma_px": "0"}, "pixel_sigma_px", "from 0.01"),
        ({"pixel_sigma_px": "nan"}, "pixel_sigma_px", ""),
        ({"azimuth_deg": "40"}, "azimuth_error_deg", "Say how uncertain"),
        ({"length_ratio_error": "1"}, "length_ratio", "no measure"),
        ({"azimuth_deg": "400", "azimuth_error_deg": "1"}, "azimuth_deg", "less than 360"),
    ],
)
def test_bad_input_is_answered_at_its_field_and_nothing_is_lost(
    client, viewer, address, change, field, words
):
    client.force_login(viewer)
    sent = {**PLACE, **MARKED, **change}
    page = asked(client, address, **sent)
    assert page.status_code == 422
    form = page.context["form"]
    assert words in str(form.errors[field])
    assert page.context["answer"] is None
    assert all(str(form[name].value()) == value for name, value in sent.items())


def test_marks_and_no_measure_at_all_is_refused(client, viewer, address):
    client.force_login(viewer)
    page = asked(client, address, **PLACE)
    assert "Mark foot and tip" in str(page.context["form"].errors["foot_x"])


def test_a_stranger_is_told_that_there_is_no_such_page(client, stranger, address):
    client.force_login(stranger)
    assert client.get(address).status_code == 404
    assert asked(client, address, **PLACE, **STATED).status_code == 404


def test_who_may_only_look_is_offered_no_saving(client, viewer, investigator, address):
    client.force_login(viewer)
    page = asked(client, address, **PLACE, **STATED)
    assert "data-save-shadow" not in page.content.decode()
    client.force_login(investigator)
    assert "data-save-shadow" in asked(client, address, **PLACE, **STATED).content.decode()


def test_the_page_begins_with_the_newest_geolocation(client, viewer, in_review, address):
    client.force_login(viewer)
    initial = client.get(address).context["form"].initial
    assert initial["camera"] == "39.8212320, 46.7584230"
    assert initial["geolocation"] == in_review.reference
    assert in_review.reference in client.get(page_of("detail", in_review)).content.decode()


def test_a_sealed_proposal_is_not_what_another_persons_page_begins_with(
    client, investigation, media_item, investigator, reviewer, editor, address
):
    investigation_blind_set(actor=editor, investigation=investigation, on=True)
    sealed = geolocation_propose(
        actor=investigator, media_item=media_item, proposal=a_proposal(bearing_deg=123.25), submit=True
    )
    assert sealed.is_sealed
    client.force_login(reviewer)
    for query in ("", f"?geolocation={sealed.reference}"):
        page = client.get(address + query)
        text = page.content.decode()
        assert "46.758423" not in text.replace('placeholder="39.821232, 46.758423"', "")
        assert "123.25" not in text
        assert page.status_code == 200
        assert page.context["chosen"] is None
    client.force_login(investigator)
    assert client.get(address).context["form"].initial["heading_deg"] == 123.25


def test_the_camera_solved_from_landmarks_is_what_the_page_begins_with(
    client, viewer, investigator, media_item, address
):
    made = geolocation_propose(
        actor=investigator,
        media_item=media_item,
        proposal=a_proposal(landmarks=four_landmarks()),
        submit=True,
    )
    solved = made.current_revision.resection["result"]
    assert solved["status"] == "solved"
    client.force_login(viewer)
    initial = client.get(address).context["form"].initial
    assert initial["heading_deg"] == pytest.approx(solved["camera"]["heading_deg"], abs=0.001)
    assert initial["heading_error_deg"] == pytest.approx(solved["camera"]["heading_sigma_deg"], abs=0.001)
    assert initial["field_of_view_deg"] == pytest.approx(solved["camera"]["field_of_view_deg"], abs=0.001)
    assert initial["pitch_deg"] == pytest.approx(solved["camera"]["pitch_deg"], abs=0.001)
    assert (initial["picture_width_px"], initial["picture_height_px"]) == (1600, 900)
    assert "solved from its landmarks" in client.get(address).content.decode()


def test_an_address_kept_from_a_geolocation_that_is_gone_still_answers(client, viewer, address):
    client.force_login(viewer)
    assert asked(client, address, **PLACE, **STATED, geolocation="G999").status_code == 200


def test_the_measure_and_an_interval_are_taken_to_a_new_geolocation_and_kept(
    client, investigator, investigation, media_item, address
):
    client.force_login(investigator)
    page = asked(client, address, **PLACE, **MARKED)
    row = page.context["answer"].at_place.rows[0]
    taken = {**dict(page.context["asked"]), "fit": str(row.number)}
    target = reverse("geolocation:geolocate", args=[investigation.code, media_item.reference])
    form = client.get(target, taken).context["form"]
    sent = {name: form[name].value() for name in form.fields}
    sent = {name: value for name, value in sent.items() if value is not None}
    assert sent["capture_kind"] == "interval"
    client.post(target, {**sent, **REASONED, "camera_uncertainty_m": "15", "action": "draft"})
    made = Geolocation.objects.get()
    revision = made.current_revision
    assert revision.shadow_azimuth_deg == pytest.approx(page.context["answer"].shadow.azimuth_deg, abs=0.01)
    assert revision.shadow_marks["foot"] == [700.0, 700.0]
    assert revision.shadow_marks["pose"]["heading_deg"] == 274.0
    assert (revision.captured_from, revision.captured_to) == (row.start_utc, row.end_utc)
    assert revision.captured_to > revision.captured_from
    assert revision.captured_offset_min == 240
    assert revision.captured_basis.startswith("sun and shadows")
    assert revision.bearing_deg == 274.0
    detail = client.get(page_of("detail", made)).content.decode()
    assert "measured in the picture" in detail
    # Revised without another word, the marks stay with the measure.
    again = client.get(page_of("revise", made)).context["form"]
    assert again.initial["shadow_marks"] == revision.shadow_marks


def test_a_revision_takes_the_shadow_and_leaves_the_place_alone(client, investigator, in_review, address):
    client.force_login(investigator)
    page = asked(client, address, **{**PLACE, "camera": "41, 45"}, **STATED)
    form = client.get(page_of("revise", in_review), dict(page.context["asked"])).context["form"]
    assert form.initial["shadow_azimuth_deg"] == 40.0
    assert form.initial["camera"] == "39.821232, 46.758423"
    assert form.initial["shadow_marks"] is None
    assert form.initial["capture_kind"] == "unknown"


def test_an_emptied_measure_takes_its_marks_along(client, investigator, investigation, media_item):
    client.force_login(investigator)
    target = reverse("geolocation:geolocate", args=[investigation.code, media_item.reference])
    marks = json.dumps(
        record_of(
            Marks(width_px=1000, height_px=800, foot=Pixel(500, 500), tip=Pixel(700, 500)),
            Pose(heading_deg=0.0, pitch_error_deg=1.0),
            None,
        )
    )
    client.post(target, {**STATEMENT, "shadow_marks": marks, "action": "draft"})
    assert Geolocation.objects.get().current_revision.shadow_marks is None


def test_marks_that_were_tampered_with_are_refused(client, investigator, investigation, media_item):
    client.force_login(investigator)
    target = reverse("geolocation:geolocate", args=[investigation.code, media_item.reference])
    page = client.post(target, {**STATEMENT, "shadow_marks": '{"foot": [1, 2]}', "action": "draft"})
    assert page.status_code == 422
    assert "cannot be read" in str(page.context["form"].errors["shadow_marks"])


def test_values_that_give_nothing_are_said_and_the_form_is_empty(
    client, investigator, investigation, media_item
):
    client.force_login(investigator)
    target = reverse("geolocation:geolocate", args=[investigation.code, media_item.reference])
    page = client.get(target, {"shadow": "1", "camera": "nowhere"})
    assert page.status_code == 200
    assert "could not be taken over" in page.content.decode()


def test_the_pages_of_item_form_and_geolocation_lead_there(client, investigator, in_review, address):
    client.force_login(investigator)
    item = in_review.media_item
    code = item.investigation.code
    pages = (
        reverse("evidence:media-detail", args=[code, item.reference]),
        reverse("geolocation:geolocate", args=[code, item.reference]),
        page_of("detail", in_review),
        page_of("revise", in_review),
    )
    for page in pages:
        assert f'href="{address}' in client.get(page).content.decode(), page


@pytest.mark.parametrize("has_marks", [True, False])
def test_a_button_that_only_fills_in_loses_no_marks(
    client, investigator, investigation, media_item, has_marks
):
    record = record_of(
        Marks(width_px=1000, height_px=800, foot=Pixel(500, 500), tip=Pixel(700, 500)),
        Pose(heading_deg=0.0, pitch_error_deg=1.0),
        None,
    )
    sent = {**STATEMENT, "shadow_marks": json.dumps(record) if has_marks else ""}
    if has_marks:
        sent |= {"shadow_azimuth_deg": "90", "shadow_azimuth_error_deg": "2"}
    target = reverse("geolocation:geolocate", args=[investigation.code, media_item.reference])
    client.force_login(investigator)
    again = client.post(target, {**sent, "take_camera": "39.8, 46.7"}).context["form"]
    refused = client.post(target, {**sent, "reasoning": ""}).context["form"]
    for form in (again, refused):
        sent["shadow_marks"] = form["shadow_marks"].value()
        assert form.light_is_given is has_marks
    client.post(target, {**sent, "action": "draft"})
    kept = Geolocation.objects.get().current_revision.shadow_marks
    assert kept == (record if has_marks else None)
