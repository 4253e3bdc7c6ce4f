"""Points, frames and files from the running service."""

import hashlib
import json
from datetime import UTC, date, datetime, timedelta

import pyogrio
import pytest
from rest_framework.test import APIClient

from catalogue_client import InvalidArgument, NotFound, NotSignedIn, Point, PointFilter, UnexpectedAnswer
from catalogue_client.files import FORMATS
from catalogue_client.models import POINT_FIELDS
from geolocation.api.point_shapes import PointSerializer
from geolocation.services.export_formats import FORMATS as SERVED
from geolocation.services.geolocations import Captured

pytestmark = pytest.mark.django_db(transaction=True)
MOMENT = datetime(2023, 9, 20, 9, 30, tzinfo=UTC)
HALF_PAST_NINE = Captured(start=MOMENT, end=MOMENT)
DAY = Captured(on=date(2023, 9, 20))


def test_every_point_comes_once_page_by_page_with_its_types(catalogue_of, verified, published):
    made = [verified(39.0 + number, 46.0, captured=DAY) for number in range(5)]
    points = list(catalogue_of().points(page_size=2))
    assert [point.id for point in points] == [str(each.uid) for each in made]
    point = points[0]
    assert (point.latitude, point.longitude, point.uncertainty_m) == (39.0, 46.0, 15.0)
    assert (point.captured_on, point.captured_from) == (date(2023, 9, 20), None)
    assert point.verified_by == ("Rui Reviewer",)
    assert isinstance(point.claims, tuple)
    assert point.verified_at.utcoffset() == timedelta(0)


def test_a_point_has_exactly_the_fields_of_the_api():
    assert set(POINT_FIELDS) == set(PointSerializer().fields)


def test_the_formats_are_those_of_the_service():
    assert sorted(FORMATS.values()) == sorted(
        "geojsons" if key == "geojsonseq" else each.extension for key, each in SERVED.items()
    )


def test_a_field_that_a_newer_server_adds_is_left_out_and_one_that_is_missing_is_told(
    catalogue_of, verified, published
):
    verified(1, 1)
    row = APIClient().get("/api/v1/verified-points").json()["results"][0]
    assert Point.from_json({**row, "colour": "red"}) == Point.from_json(row)
    with pytest.raises(UnexpectedAnswer, match="kind"):
        Point.from_json({name: value for name, value in row.items() if name != "kind"})


def test_filters_are_those_of_the_service(catalogue_of, verified, published):
    verified(39, 46, title="Quay")
    verified(10, -170, title="Reef")
    verified(10, 170, title="Atoll")
    catalogue = catalogue_of()

    def titles(**wanted) -> list[str]:
        return sorted(point.title for point in catalogue.points(PointFilter(**wanted)))

    assert titles(bbox=(169, 0, -169, 20)) == ["Atoll", "Reef"]
    assert titles(q="quay", investigation="TEST1") == ["Quay"]
    assert titles(updated_since=datetime.now(UTC) + timedelta(hours=1)) == []
    assert len(titles(updated_since=datetime.now(UTC) - timedelta(hours=1), published=True)) == 3
    assert titles(captured_after=date(2020, 1, 1)) == []


def test_a_time_without_an_offset_is_refused_before_it_is_asked(catalogue_of):
    with pytest.raises(InvalidArgument, match="has no offset"):
        list(catalogue_of().points(PointFilter(updated_since=datetime(2026, 1, 1))))


def test_what_is_private_needs_a_token_of_a_member(catalogue_of, verified, viewer, stranger):
    verified(1, 1)
    assert list(catalogue_of().points()) == []
    assert list(catalogue_of(stranger).points()) == []
    assert len(list(catalogue_of(viewer).points())) == 1
    with pytest.raises(NotFound):
        catalogue_of(stranger).changes(investigation="TEST1", members=True)
    with pytest.raises(NotSignedIn):
        catalogue_of().changes(investigation="TEST1", members=True)
    assert len(catalogue_of(viewer).changes(investigation="TEST1", members=True).entries) == 1


def test_a_frame_is_the_same_out_of_pages_and_out_of_every_file(catalogue_of, verified, published, tmp_path):
    verified(39, 46, captured=DAY, title="Q")
    verified(-40.25, -170.5, captured=HALF_PAST_NINE, title="R")
    catalogue = catalogue_of()
    pages = catalogue.pull()
    assert pages.crs.to_epsg() == 4326
    assert [(each.x, each.y) for each in pages.geometry] == [(46.0, 39.0), (-170.5, -40.25)]
    for ending in ("gpkg", "geojson", "fgb", "parquet"):
        path = tmp_path / f"points.{ending}"
        frame = catalogue.pull(path).sort_values("reference").reset_index(drop=True)
        assert list(frame["title"]) == ["Q", "R"], ending
        assert frame.geometry.geom_equals(pages.geometry).all(), ending
        for name in ("captured_from", "verified_at", "updated_at"):
            difference = (frame[name] - pages[name]).dropna().abs()
            assert (difference < timedelta(milliseconds=1)).all(), (ending, name)
            assert list(frame[name].isna()) == list(pages[name].isna()), (ending, name)
        for name in (
            "id",
            "title",
            "latitude",
            "longitude",
            "captured_on",
            "verified_by",
            "revision",
            "claims",
        ):
            assert list(frame[name]) == list(pages[name]), (ending, name)
    assert list(pages["captured_on"]) == [date(2023, 9, 20), None]
    assert list(pages["verified_by"]) == ["Rui Reviewer", "Rui Reviewer"]
    assert pages["captured_from"][1] == MOMENT


def test_an_empty_frame_has_the_same_columns(catalogue_of):
    assert list(catalogue_of().pull().columns) == [*POINT_FIELDS, "geometry"]


@pytest.mark.parametrize("chosen", FORMATS)
def test_every_file_of_the_service_is_kept_as_it_came(catalogue_of, verified, published, tmp_path, chosen):
    verified(39, 46)
    steps: list[tuple[int, int | None]] = []
    path = tmp_path / f"points.{FORMATS[chosen]}"
    got = catalogue_of().save(path, format=chosen, progress=lambda *step: steps.append(step))
    kept = path.read_bytes()
    assert got.sha256 == hashlib.sha256(kept).hexdigest()
    assert got.size_bytes == len(kept) == steps[-1][0] > 0
    assert got.attribution
    assert path.stat().st_mode & 0o777 == 0o644
    if chosen == "geojson":
        assert len(json.loads(kept)["features"]) == 1
    if chosen in ("gpkg", "fgb"):
        assert pyogrio.read_info(path)["features"] == 1


def test_a_format_that_does_not_exist_is_refused_here(catalogue_of, tmp_path):
    with pytest.raises(InvalidArgument, match="Take one of: geojson"):
        catalogue_of().save(tmp_path / "points.shp")
    with pytest.raises(InvalidArgument, match="no format that becomes a GeoDataFrame"):
        catalogue_of().pull(tmp_path / "points.kml")


def test_following_from_a_cursor_gives_what_came_since(catalogue_of, verified, published):
    verified(1, 1)
    catalogue = catalogue_of()
    cursor = catalogue.changes().cursor
    later = verified(2, 2)
    assert [each.id for each in catalogue.follow(cursor)] == [str(later.uid)]
