"""Marks in a picture: compared with pictures of the training place, drawn by a camera of its own."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from evidence.training import shots
from evidence.training.light import Light
from evidence.training.place import LIGHTHOUSE, LIGHTHOUSE_HEIGHT_M, TREES, Spot
from evidence.training.shadows import TREE_TOP_M, shadow_offset_m
from evidence.training.view import View
from geolocation.coordinates.position import Position
from geolocation.shadows import Shadow, fits_between
from geolocation.shadows.days import LocalDays, Outcome, local_days, times_of
from geolocation.shadows.in_picture import (
    Marks,
    NotMeasurable,
    Pixel,
    Pose,
    shadow_in_picture,
)
from geolocation.shadows.measured import LOWEST_SUN_DEG
from geolocation.shadows.record import marks_of, measured_in, record_of
from geolocation.solar import sun_position

# Where, in what light and when the pictures with a sun were "made" (see evidence.training.files).
MOMENTS = [
    (shots.T01_VIEW, shots.T01_LIGHT, "2025-06-14T18:35:12+00:00"),
    (shots.T03_VIEW, shots.T03_LIGHT, "2025-06-14T18:52:10+00:00"),
    (shots.T04_VIEW, shots.T04_LIGHT, "2025-06-14T18:21:30+00:00"),
    (shots.T06_VIEW, shots.T06_LIGHT, "2025-06-15T05:40:05+00:00"),
    (shots.T08_VIEW, shots.T08_LIGHT, "2025-06-15T12:30:00+00:00"),
    (shots.T09_VIEW, shots.T09_LIGHT, "2025-06-15T11:15:40+00:00"),
    (shots.T11_VIEW, shots.T11_LIGHT, "2025-06-15T10:58:20+00:00"),
]


def pixel_of(view: View, spot: Spot, up_m: float = 0.0) -> Pixel | None:
    """The pixel in the picture; None outside of it."""
    found = view.point(spot, up_m)
    if found is None or not (0 <= found[0] <= view.width_px and 0 <= found[1] <= view.height_px):
        return None
    return Pixel(*found)


def seen_whole(view: View, light: Light) -> list[Marks]:
    """Marks of everything whose foot, top and tip of the shadow are in the picture, the nearest first."""
    found = []
    for spot, up_m in [(LIGHTHOUSE, LIGHTHOUSE_HEIGHT_M), *((tree, TREE_TOP_M) for tree in TREES)]:
        east_m, north_m = shadow_offset_m(up_m, light)
        foot, top = pixel_of(view, spot), pixel_of(view, spot, up_m)
        tip = pixel_of(view, Spot(spot.east_m + east_m, spot.north_m + north_m))
        if foot and top and tip:
            marks = Marks(
                width_px=view.width_px,
                height_px=view.height_px,
                foot=foot,
                tip=tip,
                top=top,
                horizon_y=view.horizon_px,
                sigma_px=2.0,
            )
            found.append((view.ahead(spot)[1], marks))
    return [marks for _ahead_m, marks in sorted(found, key=lambda each: each[0])]


def pose_of(view: View) -> Pose:
    return Pose(
        heading_deg=view.heading_deg,
        heading_error_deg=1.0,
        field_of_view_deg=view.field_of_view_deg,
        field_of_view_error_deg=1.0,
        roll_error_deg=0.5,
    )


def measured_everywhere() -> list[tuple[View, str, Light, Shadow]]:
    found = []
    for view, light, moment in MOMENTS:
        for marks in seen_whole(view, light):
            try:
                found.append((view, moment, light, shadow_in_picture(marks, pose_of(view)).shadow))
            except NotMeasurable:
                continue  # too near the horizon for marks that are 2 pixels off
    return found


def test_the_true_moment_lies_in_a_fitting_interval_of_every_shadow_of_the_training_pictures() -> None:
    found = measured_everywhere()
    assert len({moment for _view, moment, _light, _shadow in found}) >= 4
    assert len(found) >= 12
    for view, moment, _light, shadow in found:
        true = datetime.fromisoformat(moment)
        place = Position(view.at.latitude, view.at.longitude)
        fits = times_of(place, shadow, local_days(place, true.date(), true.date())).fits
        assert any(fit.start_utc <= true <= fit.end_utc for fit in fits), (moment, shadow)
        assert all(fit.end_utc > fit.start_utc for fit in fits)


def test_what_is_measured_is_the_sun_of_the_picture_within_its_errors() -> None:
    for _view, moment, light, shadow in measured_everywhere():
        assert shadow.azimuth_deg is not None
        assert shadow.length_ratio is not None
        off = (shadow.azimuth_deg - light.sun_azimuth_deg) % 360.0 - 180.0
        assert abs(off) < 2 * (shadow.azimuth_error_deg or 0), moment
        true_ratio = 1 / np.tan(np.radians(light.sun_elevation_deg))
        assert abs(shadow.length_ratio - true_ratio) < 2 * (shadow.length_ratio_error or 0), moment


def test_with_marks_and_camera_off_by_their_errors_the_true_moment_is_still_held() -> None:
    view, light, moment = shots.T08_VIEW, shots.T08_LIGHT, datetime(2025, 6, 15, 12, 30, tzinfo=UTC)
    place = Position(view.at.latitude, view.at.longitude)
    true = seen_whole(view, light)[0]
    chance = np.random.default_rng(7)
    held = 0
    trials = 120
    for _trial in range(trials):
        jolt = chance.standard_normal(9)
        marks = Marks(
            width_px=true.width_px,
            height_px=true.height_px,
            foot=Pixel(true.foot.x + 2 * jolt[0], true.foot.y + 2 * jolt[1]),
            tip=Pixel(true.tip.x + 2 * jolt[2], true.tip.y + 2 * jolt[3]),
            top=Pixel(true.top.x + 2 * jolt[4], true.top.y + 2 * jolt[5]) if true.top else None,
            horizon_y=(true.horizon_y or 0) + 2 * jolt[6],
            sigma_px=2.0,
        )
        pose = Pose(
            heading_deg=(view.heading_deg + jolt[7]) % 360,
            heading_error_deg=1.0,
            field_of_view_deg=view.field_of_view_deg + jolt[8],
            field_of_view_error_deg=1.0,
            roll_error_deg=0.5,
        )
        shadow = shadow_in_picture(marks, pose).shadow
        fits = fits_between(
            place, shadow, datetime(2025, 6, 15, tzinfo=UTC), datetime(2025, 6, 16, tzinfo=UTC)
        )
        held += any(fit.start_utc <= moment <= fit.end_utc for fit in fits)
    # 95 in 100 are promised; of 120 fewer than 108 would be 3 deviations below.
    assert held >= 108


LEVEL = Pose(
    heading_deg=0.0,
    heading_error_deg=1.0,
    field_of_view_deg=90.0,
    field_of_view_error_deg=1.0,
    pitch_error_deg=1.0,
)


def marked(**changes: object) -> Marks:
    """A 90 degree lens, so 500 px of focal length, and a post whose shadow points straight to the right."""
    values: dict = {
        "width_px": 1000,
        "height_px": 800,
        "foot": Pixel(500, 500),
        "tip": Pixel(700, 500),
        "top": Pixel(500, 350),
        **changes,
    }
    return Marks(**values)


def test_a_level_camera_by_hand() -> None:
    # The foot lies 100 px below the horizon: 5 heights of the camera off. The tip is 200 px right: 2 heights.
    # The top is 50 px above the horizon, so the post is 1.5 heights tall.
    found = shadow_in_picture(marked(), LEVEL)
    assert found.shadow.azimuth_deg == pytest.approx(90.0, abs=1e-9)
    assert found.shadow.length_ratio == pytest.approx(2 / 1.5, abs=1e-9)
    assert found.lean_deg == pytest.approx(0.0, abs=1e-9)
    turned = shadow_in_picture(marked(), Pose(heading_deg=300.0, field_of_view_deg=90.0, pitch_error_deg=1.0))
    assert turned.shadow.azimuth_deg == pytest.approx(30.0, abs=1e-9)


def test_the_error_of_the_heading_is_at_least_the_directions() -> None:
    for error_deg in (0.5, 3.0):
        pose = Pose(
            heading_deg=10.0, heading_error_deg=error_deg, field_of_view_deg=90.0, pitch_error_deg=0.5
        )
        assert (shadow_in_picture(marked(), pose).shadow.azimuth_error_deg or 0) > 0.95 * error_deg


def test_a_marked_horizon_replaces_the_tilt() -> None:
    tilted = Pose(
        heading_deg=0.0,
        field_of_view_deg=90.0,
        pitch_deg=10.0,
        pitch_error_deg=5.0,
        field_of_view_error_deg=1.0,
    )
    found = shadow_in_picture(marked(horizon_y=400.0), tilted).shadow
    assert found.azimuth_deg == pytest.approx(90.0, abs=1e-9)
    assert found.length_ratio == pytest.approx(2 / 1.5, abs=1e-9)


def test_without_a_heading_there_is_a_length_and_without_a_top_a_direction() -> None:
    length = shadow_in_picture(marked(), Pose(field_of_view_deg=90.0, pitch_error_deg=1.0)).shadow
    assert (length.azimuth_deg, length.azimuth_error_deg) == (None, None)
    assert length.length_ratio == pytest.approx(2 / 1.5)
    direction = shadow_in_picture(marked(top=None), LEVEL).shadow
    assert (direction.length_ratio, direction.length_ratio_error) == (None, None)
    assert direction.azimuth_deg == pytest.approx(90.0)


def test_from_above_a_direction_is_read_off_the_picture() -> None:
    pose = Pose(heading_deg=10.0, heading_error_deg=0.5, is_from_above=True)
    found = shadow_in_picture(marked(foot=Pixel(500, 500), tip=Pixel(600, 400), sigma_px=1.0), pose).shadow
    assert found.azimuth_deg == pytest.approx(55.0)
    assert found.length_ratio is None
    # One pixel at each end across 141 pixels is 0.57 degrees, with half a degree of the picture's own.
    assert found.azimuth_error_deg == pytest.approx(0.76, abs=0.05)


@pytest.mark.parametrize(
    ("changes", "pose", "mark", "words"),
    [
        ({"foot": Pixel(500, 300)}, LEVEL, "foot", "at or above the horizon"),
        ({"tip": Pixel(700, 401)}, LEVEL, "tip", "may lie above the horizon"),
        ({"tip": Pixel(500, 500)}, LEVEL, "tip", "the same point"),
        ({"top": Pixel(500, 520)}, LEVEL, "top", "no higher than the foot"),
        ({"top": None}, Pose(field_of_view_deg=90.0), "heading", "Give the heading"),
        ({"tip": Pixel(502, 500), "top": None}, LEVEL, "heading", "says nothing"),
    ],
)
def test_marks_that_give_no_shadow_are_refused_at_the_mark(
    changes: dict, pose: Pose, mark: str, words: str
) -> None:
    with pytest.raises(NotMeasurable) as refused:
        shadow_in_picture(marked(**changes), pose)
    assert refused.value.mark == mark
    assert words in str(refused.value)


def test_a_record_makes_the_same_marks_and_the_same_measure_again() -> None:
    record = record_of(marked(), LEVEL, 1.5)
    assert marks_of(record) == (marked(), LEVEL, 1.5)
    assert record_of(*marks_of(record)) == record
    assert measured_in(record) == shadow_in_picture(marked(), LEVEL).shadow


@pytest.mark.parametrize(
    "change",
    [
        {"foot": [1]},
        {"foot": [float("nan"), 1.0]},
        {"picture": [1, 800]},
        {"picture": None},
        {"sigma_px": 0},
        {"pose": {}},
        {"frame_time_s": "soon"},
        {"pose": {**record_of(marked(), LEVEL, None)["pose"], "pitch_deg": None}},
    ],
)
def test_what_no_record_holds_is_refused(change: dict) -> None:
    with pytest.raises(ValueError, match=r"."):
        marks_of({**record_of(marked(), LEVEL, 1.5), **change})


QUAY = Position(39.821232, 46.758423)


def whole_day(shadow: Shadow, day: date, place: Position = QUAY) -> tuple[LocalDays, Outcome]:
    days = local_days(place, day, day)
    return days, times_of(place, shadow, days).outcome


def test_a_day_is_the_one_that_clocks_there_count() -> None:
    days = local_days(QUAY, date(2023, 9, 20), date(2023, 9, 21))
    assert days.zone_name == "Asia/Baku"
    assert days.start_utc == datetime(2023, 9, 19, 20, tzinfo=UTC)
    assert days.end_utc == datetime(2023, 9, 21, 20, tzinfo=UTC)
    assert days.count == 2


def test_nothing_fits_everything_fits_and_no_sun_are_answers() -> None:
    north = Shadow(azimuth_deg=180.0, azimuth_error_deg=1.0)
    assert whole_day(north, date(2023, 9, 20))[1] == Outcome.NONE
    anything = Shadow(azimuth_deg=0.0, azimuth_error_deg=180.0)
    assert whole_day(anything, date(2023, 9, 20))[1] == Outcome.ALL
    svalbard = Position(78.2, 15.6)
    assert whole_day(anything, date(2023, 12, 20), svalbard)[1] == Outcome.SUN_DOWN


def test_a_shadow_in_the_last_minutes_before_it_fades_is_not_cut() -> None:
    days = local_days(QUAY, date(2023, 9, 20), date(2023, 9, 20))
    # By NREL's algorithm itself: the last whole minute with the sun above half a degree, and four before it.
    minutes = [days.start_utc + timedelta(minutes=number) for number in range(1440)]
    last = max(at for at in minutes if sun_position(QUAY, at).apparent_altitude_deg > LOWEST_SUN_DEG)
    for early in (1, 4, 7):
        moment = last - timedelta(minutes=early)
        altitude = np.radians(sun_position(QUAY, moment).apparent_altitude_deg)
        shadow = Shadow(length_ratio=1 / np.tan(altitude), length_ratio_error=0.5)
        fits = times_of(QUAY, shadow, days).fits
        assert any(fit.start_utc < moment < fit.end_utc for fit in fits), early
