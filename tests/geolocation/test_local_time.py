"""Offsets of zones at positions. Independent values: the IANA time zone database."""

from datetime import datetime

import pytest

from geolocation.coordinates.position import Position
from geolocation.local_time import offset_at, offset_text


@pytest.mark.parametrize(
    ("latitude", "longitude", "local", "zone", "offsets_min"),
    [
        # Azerbaijan gave up summer time in 2016: +04:00 in summer and winter.
        (39.821232, 46.758423, "2023-09-20T14:00", "Asia/Baku", (240,)),
        (39.821232, 46.758423, "2024-01-10T14:00", "Asia/Baku", (240,)),
        # Germany's clocks showed 02:30 twice on 29 October 2023 and skipped it on 26 March.
        (52.52, 13.405, "2023-10-29T02:30", "Europe/Berlin", (120, 60)),
        (52.52, 13.405, "2023-03-26T02:30", "Europe/Berlin", ()),
        # Nepal is 5 hours 45 minutes ahead.
        (27.717, 85.324, "2023-06-01T12:00", "Asia/Kathmandu", (345,)),
    ],
)
def test_clocks_at_a_position_showed_the_offset_of_its_zone(latitude, longitude, local, zone, offsets_min):
    found = offset_at(Position(latitude, longitude), datetime.fromisoformat(local))
    assert (found.zone, found.offsets_min) == (zone, offsets_min)


@pytest.mark.parametrize(
    ("minutes", "text"), [(240, "+04:00"), (0, "+00:00"), (-210, "-03:30"), (345, "+05:45")]
)
def test_offsets_are_written_with_sign_and_minutes(minutes, text):
    assert offset_text(minutes) == text
