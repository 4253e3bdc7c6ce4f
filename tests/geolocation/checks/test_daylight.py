"""The sun through the capture interval, against NREL's example and the seasons."""

import pytest

from geolocation.checks.base import PlacedPoint
from geolocation.coordinates.position import Position
from tests.geolocation.checks.proposals import between, camera, result

GOLDEN = PlacedPoint(Position(39.742476, -105.1786), 10)


def test_nrels_example_moment_is_day_with_its_shadow_direction():
    # Zenith 50.12 without refraction at sea level, azimuth 194.34, so shadows fall towards 14.34.
    captured = between("2003-10-17T12:30:30-07:00", "2003-10-17T12:30:30-07:00")
    found = result("daylight", camera=GOLDEN, captured=captured)
    assert found.verdict == "passed"
    assert found.measured_value == pytest.approx(90 - 50.128, abs=0.001)
    assert found.unit == "deg"
    assert "azimuth 194.3° to 194.3°" in found.sentence
    assert "shadows on level ground point to 014.3°" in found.sentence
    assert len(found.drawing["samples"]) == 1


def test_night_throughout_is_flagged_and_says_what_the_media_must_show():
    found = result(
        "daylight", camera=camera(), captured=between("2023-09-19T20:00+00:00", "2023-09-19T21:00+00:00")
    )
    assert found.verdict == "flagged"
    assert found.measured_value < -18
    assert found.sentence.startswith("It was night at the camera")
    assert f"the sun stood {-found.measured_value:.0f}° or more below the horizon" in found.sentence
    assert "daylight contradict" in found.sentence


def test_night_and_day_in_one_interval_pass_and_ask_for_a_shorter_one():
    found = result(
        "daylight", camera=camera(), captured=between("2023-09-19T00:00+04:00", "2023-09-19T13:00+04:00")
    )
    assert found.verdict == "passed"
    assert "(night to day)" in found.sentence
    assert "shorter capture interval" in found.sentence
    assert len(found.drawing["samples"]) == 9


def test_civil_twilight_passes_without_shadows():
    # Equinox at the equator: the sun sets near 18:00 local solar time and sinks 15 degrees an hour,
    # so twelve minutes later it is 3 degrees down. Equation of time on 23 September: +7.5 minutes.
    here = PlacedPoint(Position(0.0, 0.0001), 10)
    captured = between("2023-09-23T18:04:30+00:00", "2023-09-23T18:04:30+00:00")
    found = result("daylight", camera=here, captured=captured)
    assert found.measured_value == pytest.approx(-3, abs=0.1)
    assert "It was civil twilight" in found.sentence
    assert "without shadows" in found.sentence


def test_the_polar_night_is_flagged_even_for_a_whole_day():
    svalbard = PlacedPoint(Position(78.22, 15.65), 10)
    captured = between("2023-12-21T00:00+00:00", "2023-12-22T00:00+00:00")
    found = result("daylight", camera=svalbard, captured=captured)
    assert found.verdict == "flagged"
    # Highest at noon: 90 - 78.22 - 23.44.
    assert found.measured_value == pytest.approx(90 - 78.22 - 23.44, abs=0.05)


def test_the_subject_serves_when_no_camera_is_placed():
    captured = between("2023-09-19T09:00+00:00", "2023-09-19T10:00+00:00")
    found = result("daylight", subject=camera(), captured=captured)
    assert "at the subject" in found.sentence


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        (
            {"captured": between("2023-09-19T09:00+00:00", "2023-09-19T10:00+00:00")},
            "Neither camera nor subject",
        ),
        ({"camera": camera()}, "capture interval is missing"),
        ({"camera": camera(), "captured": between("2023-07-01T00:00Z", "2023-09-01T00:00Z")}, "62 days long"),
    ],
)
def test_what_is_missing_is_named(inputs, words):
    found = result("daylight", **inputs)
    assert found.verdict == "inapplicable"
    assert words in found.sentence


# The sun at the avenue on 20 September 2023, geometric altitudes by PyEphem 4.2.1: 10:00 UTC 47.83 degrees,
# 14:50 UTC -0.02, 15:10 UTC -3.86, 15:30 UTC -7.70, 16:40 UTC -20.73.
@pytest.mark.parametrize(
    ("moment", "seen", "verdict"),
    [
        ("10:00", "day", "passed"),
        ("10:00", "twilight", "failed"),
        ("10:00", "night", "failed"),
        ("14:50", "day", "passed"),
        ("14:50", "night", "flagged"),
        ("15:10", "day", "flagged"),
        ("15:10", "twilight", "passed"),
        ("15:10", "night", "flagged"),
        ("15:30", "day", "failed"),
        ("15:30", "twilight", "passed"),
        ("15:30", "night", "passed"),
        ("16:40", "day", "failed"),
        ("16:40", "twilight", "failed"),
        ("16:40", "night", "passed"),
    ],
)
def test_the_light_that_is_seen_has_to_fit_the_sun(moment, seen, verdict):
    found = result(
        "daylight",
        camera=camera(),
        captured=between(f"2023-09-20T{moment}Z", f"2023-09-20T{moment}Z"),
        light_seen=seen,
    )
    assert found.verdict == verdict
    assert f"The person sees {seen} in the media" in found.sentence
    assert found.drawing["light_seen"] == seen


def test_some_moment_of_the_interval_has_to_fit():
    whole_day = between("2023-09-20T00:00Z", "2023-09-21T00:00Z")
    for seen in ("day", "twilight", "night"):
        assert result("daylight", camera=camera(), captured=whole_day, light_seen=seen).verdict == "passed"


def test_an_uncertain_position_widens_the_suns_altitude():
    at = {"captured": between("2023-09-20T15:30Z", "2023-09-20T15:30Z"), "light_seen": "day"}
    assert result("daylight", camera=camera(uncertainty_m=20), **at).verdict == "failed"
    # 300 km are 2.7 degrees: -7.7 may be -5.0 there.
    assert result("daylight", camera=camera(uncertainty_m=300_000), **at).verdict == "flagged"
