"""One scene at a time: what is solved, what is said, and what is refused."""

import math
from dataclasses import replace

import numpy as np
import pytest

from geolocation.coordinates.position import Position
from geolocation.geodesy import angular_difference_deg, direct, distance_m, inverse
from geolocation.resection import Resection, ResectionProblem, Sighting, Status, agreement, resect
from geolocation.resection.synthetic import Recipe, TrueCamera, draw, project

CAMERA = TrueCamera(
    position=Position(39.8, 46.75),
    height_m=820.0,
    heading_deg=75.0,
    field_of_view_deg=62.0,
    pitch_deg=0.0,
    roll_deg=0.0,
    width_px=1920,
    height_px=1080,
)
# (degrees off the axis, metres away)
SPREAD = [(-25, 120), (-14, 620), (-3, 260), (6, 1100), (13, 180), (26, 480)]


def sighting(off_deg, away_m, label, camera=CAMERA, up_deg=0.0, **changes):
    position = direct(camera.position, camera.heading_deg + off_deg, away_m)
    height = camera.height_m + away_m * math.tan(math.radians(up_deg))
    x, y = project(camera, position, height)
    return Sighting(label=label, x_px=x, y_px=y, position=position, **{"uncertainty_m": 1.0, **changes})


def scene(layout=SPREAD, camera=CAMERA, **options):
    seen = tuple(sighting(off, away, f"L{at + 1}", camera) for at, (off, away) in enumerate(layout))
    return ResectionProblem(
        width_px=camera.width_px,
        height_px=camera.height_px,
        sightings=seen,
        **{"field_of_view_deg": camera.field_of_view_deg, **options},
    )


def said(found):
    return " ".join(str(each) for each in found.sentences)


def test_without_errors_the_camera_is_found_to_the_millimetre():
    found = resect(scene())

    assert found.status == Status.SOLVED
    assert distance_m(found.camera.position, CAMERA.position) < 2e-3
    assert abs(angular_difference_deg(found.camera.heading_deg, 75.0)) < 1e-4
    assert max(each.size_px for each in found.residuals) < 1e-2


def test_the_field_of_view_is_solved_when_nobody_gives_it():
    found = resect(scene(field_of_view_deg=None))

    assert found.status == Status.SOLVED
    assert found.camera.field_of_view_deg == pytest.approx(62.0, abs=0.01)
    assert "not given" in said(found)


@pytest.mark.parametrize("latitude", [-64.0, 0.0, 64.0])
@pytest.mark.parametrize("longitude", [10.0, 179.9999, -179.9999])
def test_neither_the_antimeridian_nor_the_hemisphere_matters(latitude, longitude):
    camera = replace(CAMERA, position=Position(latitude, longitude))

    found = resect(scene(camera=camera))

    assert distance_m(found.camera.position, camera.position) < 2e-3


def test_over_twenty_kilometres_directions_are_those_of_the_ellipsoid():
    layout = [(-25, 9_000), (-9, 20_000), (7, 6_000), (22, 15_000), (27, 4_000)]

    found = resect(scene(layout))

    # A flat map centred on the landmarks would turn these directions by about 0.1 degrees.
    assert distance_m(found.camera.position, CAMERA.position) < 0.1
    for each, (off, _away) in zip(found.residuals, layout, strict=True):
        assert abs(angular_difference_deg(each.azimuth_deg, 75.0 + off)) < 1e-3


def test_pitch_and_roll_are_solved_from_heights():
    camera = replace(CAMERA, pitch_deg=6.0, roll_deg=-2.5)
    layout = [(-25, 120, 9), (-14, 620, 2), (-3, 260, -3), (6, 1100, 14), (13, 180, 5), (26, 480, -1)]
    seen = tuple(
        sighting(
            off,
            away,
            f"L{at}",
            camera,
            up_deg=up,
            height_m=camera.height_m + away * math.tan(math.radians(up)),
        )
        for at, (off, away, up) in enumerate(layout)
    )

    found = resect(ResectionProblem(width_px=1920, height_px=1080, sightings=seen))

    assert distance_m(found.camera.position, camera.position) < 1.0
    assert found.camera.pitch_deg == pytest.approx(6.0, abs=0.2)
    assert found.camera.roll_deg == pytest.approx(-2.5, abs=0.2)
    assert found.camera.height_m == pytest.approx(820.0, abs=1.0)


def test_two_landmarks_are_too_few():
    found = resect(scene(SPREAD[:2]))

    assert found.status == Status.TOO_FEW
    assert found.camera is None


def test_three_landmarks_are_too_few_when_the_field_of_view_is_not_known():
    found = resect(scene(SPREAD[:3], field_of_view_deg=None))

    assert found.status == Status.TOO_FEW
    assert "3 measurements cannot give 4 unknowns" in said(found)


def test_three_landmarks_place_the_camera_and_say_that_nothing_checks_it():
    found = resect(scene(SPREAD[:3]))

    assert distance_m(found.camera.position, CAMERA.position) < 0.1
    assert found.redundancy == 0
    assert "none to check it" in said(found)


def test_a_wrong_landmark_is_named_and_left_out():
    problem = scene()
    wrong = replace(problem.sightings[3], label="Mast", position=direct(CAMERA.position, 75.0 + 20, 900))
    problem = replace(problem, sightings=(*problem.sightings[:3], wrong, *problem.sightings[4:]))

    found = resect(problem)

    assert found.outliers == ("Mast",)
    assert distance_m(found.camera.position, CAMERA.position) < 0.1
    assert "Mast does not fit the others" in said(found)
    # It was placed at +20 degrees and is seen at +6: further left than the camera would see it.
    assert found.residuals[3].angle_deg == pytest.approx(-14.0, abs=0.1)


def test_with_one_landmark_to_spare_nobody_can_tell_which_is_wrong():
    problem = scene(SPREAD[:4])
    wrong = replace(problem.sightings[3], position=direct(CAMERA.position, 75.0 + 12, 1100))

    found = resect(replace(problem, sightings=(*problem.sightings[:3], wrong)))

    assert found.outliers == ()
    assert found.scale_is_estimated
    assert "fit worse than their stated errors allow" in said(found)


def test_landmarks_in_one_direction_are_too_weak_to_tell():
    layout = [(-1.0, 400), (0.0, 900), (0.4, 1500), (1.0, 2500)]

    found = resect(scene(layout, field_of_view_deg=62.0))

    assert found.status in {Status.WEAK, Status.AMBIGUOUS}
    assert "Too weak" in said(found)
    assert "each other" in said(found)


def test_a_camera_on_the_circle_through_its_landmarks_is_too_weak_to_tell():
    # On a circle through the camera a chord at angle a from the diameter is as long as its cosine.
    layout = [(a, 600 * math.cos(math.radians(a))) for a in (-28, -12, 9, 27)]

    found = resect(scene(layout))

    assert found.status in {Status.WEAK, Status.AMBIGUOUS}
    assert "one circle" in said(found)


def test_two_places_that_fit_as_well_are_both_named():
    random, ambiguous = np.random.default_rng(11), []
    while not ambiguous:
        drawn = draw(random, Recipe(landmarks=(4, 4)))
        found = resect(drawn.problem)
        if found.status == Status.AMBIGUOUS:
            ambiguous.append((drawn, found))
    drawn, found = ambiguous[0]

    assert len(found.others) >= 1
    assert f"{1 + len(found.others)} places explain the landmarks equally well" in said(found)
    apart = [distance_m(found.camera.position, other.position) for other in found.others]
    assert min(apart) > 1.0


def test_the_mirror_image_behind_the_landmarks_is_no_solution():
    problem = scene()
    mirrored = tuple(replace(each, x_px=1920 - each.x_px) for each in problem.sightings)

    found = resect(replace(problem, sightings=mirrored))

    # Left and right exchanged: no camera sees that; nothing may be called solved without a warning.
    assert found.status != Status.SOLVED or found.scale_is_estimated or found.outliers


def test_an_area_keeps_the_camera_within_it():
    elsewhere = direct(CAMERA.position, 255.0, 30_000)

    found = resect(scene(near=elsewhere, radius_m=2_000.0))

    assert found.status == Status.NO_FIT


def test_errors_of_unknown_size_widen_the_ellipse_by_f_and_not_by_chi_square():
    drawn = draw(np.random.default_rng(5), Recipe(field_is_known=True, landmarks=(5, 5)))

    told, untold = resect(drawn.problem), resect(replace(drawn.problem, pixel_sigma_px=None))

    # 2 F(2, 2; 0.95) = 38.0 and chi-square(2; 0.95) = 5.991 (any table of quantiles).
    ratio = untold.camera.ellipse.semi_major_m / told.camera.ellipse.semi_major_m
    assert untold.redundancy == 2
    assert ratio == pytest.approx(untold.error_scale * math.sqrt(38.0 / 5.991), rel=0.01)


def test_a_result_and_its_problem_survive_json():
    problem = scene(near=CAMERA.position, radius_m=5_000.0)
    found = resect(problem)

    assert Resection.from_json(found.to_json()) == found
    assert ResectionProblem.from_json(problem.to_json()) == problem
    assert resect(ResectionProblem.from_json(problem.to_json())) == found


def test_agreement_measures_a_statement_against_the_solution():
    found = resect(scene())
    stated = direct(CAMERA.position, 10.0, 40.0)

    measured = agreement(
        found, camera=stated, camera_uncertainty_m=15.0, bearing_deg=80.0, field_of_view_deg=60.0
    )

    assert measured.reliable
    assert measured.separation_m == pytest.approx(40.0, abs=0.01)
    assert 15.0 * 1.65 < measured.reach_m < 40.0
    assert measured.bearing_off_deg == pytest.approx(5.0, abs=0.01)
    assert measured.field_off_deg == pytest.approx(-2.0)
    assert measured.worst is not None


def test_agreement_with_nothing_solved_is_not_reliable():
    assert not agreement(resect(scene(SPREAD[:2])), camera=CAMERA.position).reliable


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"width_px": 0}, "width"),
        ({"field_of_view_deg": 179.0}, "field of view"),
        ({"pixel_sigma_px": 0.0}, "picking error"),
        ({"near": CAMERA.position}, "area"),
        ({"field_of_view_deg": None, "field_of_view_sigma_deg": 2.0}, "belongs"),
        ({"width_px": 300}, "outside the picture"),
    ],
)
def test_a_problem_that_makes_no_sense_is_refused(changes, sentence):
    with pytest.raises(ValueError, match=sentence):
        replace(scene(), **changes)


def test_landmarks_of_different_frames_are_not_mixed():
    problem = scene()
    moved = replace(problem.sightings[0], frame_time_s=2.0)

    with pytest.raises(ValueError, match="different moments"):
        replace(problem, sightings=(moved, *problem.sightings[1:]))


def test_the_projection_of_the_scenes_is_right_in_cases_worked_by_hand():
    ahead = direct(CAMERA.position, 75.0, 100.0)
    right = direct(CAMERA.position, 75.0 + 31.0, 100.0)

    # Curvature drops 100 m by 0.7 mm; half of 62 degrees is the picture's right edge.
    assert project(CAMERA, ahead, CAMERA.height_m) == pytest.approx((960, 540), abs=0.05)
    assert project(CAMERA, right, CAMERA.height_m)[0] == pytest.approx(1920, abs=0.05)
    assert project(CAMERA, ahead, CAMERA.height_m + 10)[1] < 540
    assert project(CAMERA, direct(CAMERA.position, 255.0, 100.0), CAMERA.height_m) is None
    assert inverse(CAMERA.position, right).azimuth_deg == pytest.approx(106.0)
