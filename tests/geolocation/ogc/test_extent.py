"""The extent of a collection: around every point, hardly wider, without reading the points."""

import random
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from geolocation.services.geolocations import Captured, geolocation_retract
from geolocation.tiles import latitude_at

# The grid is added up at the commit.
pytestmark = pytest.mark.django_db(transaction=True)
COLLECTION = "/ogc/collections/verified-points"
CELL_DEG = 360 / 4096


def extent(client):
    return client.get(COLLECTION).json().get("extent")


def test_it_holds_every_point_and_little_more(client, verified, published, editor):
    drawn = random.Random(3)
    # Edges of cells and what lies beyond the last of them.
    made = [verified(latitude_at(1000 / 4096), 46.7578125), verified(latitude_at(1003 / 4096), 46.845703125)]
    made += [verified(drawn.uniform(39, 41), drawn.uniform(46, 47)) for _ in range(4)]
    ((west, south, east, north),) = extent(client)["spatial"]["bbox"]
    for edges, low, high in (
        ([each.longitude for each in made], west, east),
        ([each.latitude for each in made], south, north),
    ):
        assert low <= min(edges) < low + 1.01 * CELL_DEG
        assert high - 1.01 * CELL_DEG < max(edges) <= high
    verified(-89.5, 180.0)
    pole = verified(90.0, -180.0)
    assert extent(client)["spatial"]["bbox"] == [[-180.0, -90.0, 180.0, 90.0]]
    geolocation_retract(actor=editor, geolocation=pole.geolocation, reason="The tower is another one.")
    ((west, _south, _east, north),) = extent(client)["spatial"]["bbox"]
    assert west > 45
    assert north < 83


def test_its_time_begins_with_the_first_capture_that_is_known(client, verified, published):
    assert extent(client) is None
    verified(39.0, 46.0)
    assert "temporal" not in extent(client)
    start = datetime(2023, 9, 19, 22, tzinfo=UTC)
    verified(39.0, 46.0, captured=Captured(start=start, end=start.replace(day=20), basis="clock"))
    verified(39.0, 46.0, captured=Captured(on=date(2024, 2, 1)))
    assert extent(client)["temporal"]["interval"] == [["2023-09-01T00:00:00Z", None]]


def test_the_points_are_not_read_for_it(client, verified, published):
    verified(39.0, 46.0)
    with CaptureQueriesContext(connection) as asked:
        assert extent(client) is not None
    assert not [each["sql"] for each in asked if "geolocation_verifiedpoint" in each["sql"]]
