"""What the database holds of light, shadow and area, whatever Python does."""

import pytest
from django.db import IntegrityError, connection, transaction

pytestmark = pytest.mark.django_db


def insert_copy(revision, **changes):
    """The revision again under the next number, with some columns as given."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM geolocation_geolocationrevision WHERE id = %s", [revision.pk])
        names = [column[0] for column in cursor.description]
        row = dict(zip(names, cursor.fetchone(), strict=True))
    for generated in ("id", "camera_position", "subject_position"):
        del row[generated]
    row |= {"number": revision.number + 1, **changes}
    columns, places = ", ".join(f'"{name}"' for name in row), ", ".join(["%s"] * len(row))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO geolocation_geolocationrevision ({columns}) VALUES ({places})",
            list(row.values()),
        )


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"light_seen": "dusk"}, "revision_light_seen_is_known"),
        ({"shadow_azimuth_deg": 10.0}, "revision_shadow_azimuth_with_its_error"),
        ({"shadow_azimuth_error_deg": 1.0}, "revision_shadow_azimuth_with_its_error"),
        (
            {"shadow_azimuth_deg": 360.0, "shadow_azimuth_error_deg": 1.0},
            "revision_shadow_azimuth_with_its_error",
        ),
        (
            {"shadow_azimuth_deg": 10.0, "shadow_azimuth_error_deg": 0.0},
            "revision_shadow_azimuth_with_its_error",
        ),
        ({"shadow_length_ratio": 1.0}, "revision_shadow_length_with_its_error"),
        (
            {"shadow_length_ratio": -1.0, "shadow_length_ratio_error": 0.1},
            "revision_shadow_length_with_its_error",
        ),
        (
            {"shadow_length_ratio": 1.0, "shadow_length_ratio_error": 0.0},
            "revision_shadow_length_with_its_error",
        ),
        (
            {"shadow_marks": '{"version": 1, "foot": [1, 2], "tip": [3, 4]}'},
            "revision_shadow_marks_with_a_measure",
        ),
        (
            {"shadow_marks": "{}", "shadow_azimuth_deg": 1.0, "shadow_azimuth_error_deg": 1.0},
            "revision_shadow_marks_with_a_measure",
        ),
    ],
)
def test_half_or_impossible_values_are_refused_by_name(in_review, changes, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        insert_copy(in_review.current_revision, **changes)


def test_whole_ones_are_kept(in_review):
    insert_copy(
        in_review.current_revision,
        light_seen="day",
        shadow_azimuth_deg=0.0,
        shadow_azimuth_error_deg=2.0,
        shadow_length_ratio=0.0,
        shadow_length_ratio_error=0.1,
    )
    assert in_review.revisions.count() == 2


def set_area(investigation, text):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE evidence_investigation SET area = ST_Multi(ST_GeomFromText(%s, 4326))::geography"
            " WHERE id = %s",
            [text, investigation.pk],
        )


def test_an_area_whose_sides_cross_is_refused(investigation):
    set_area(investigation, "POLYGON((46 39, 47 39, 47 40, 46 40, 46 39))")
    with pytest.raises(IntegrityError, match="investigation_area_is_valid"):
        set_area(investigation, "POLYGON((46 39, 47 40, 47 39, 46 40, 46 39))")
    corners = ", ".join(f"{number / 100} {number % 2 + 1}" for number in range(700))
    with pytest.raises(IntegrityError, match="investigation_area_is_valid"):
        set_area(investigation, f"POLYGON(({corners}, 7 50, 0 50, 0.0 1))")
