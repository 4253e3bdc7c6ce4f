"""The quick way through a CSV gives every row the verdict that the careful one gives."""

import csv
import random

import pytest

from geolocation.importers.formats import plain
from geolocation.importers.formats.plain_lines import PlainPoint, csv_points
from geolocation.importers.formats.row import ImportedRow, RefusedRow

LATITUDES = [
    "39.8",
    "-12",
    "+7.25",
    " 39.8",
    "91",
    "0",
    "0.0",
    "39,8",
    "",
    "٣٩.٨",
    "1e1",
    "nan",
    "39.8N",
    "89.999999",
    "-90",
]
LONGITUDES = ["46.7", "-180", "181", "0", "-0.0", "46,7", "", "12.5 ", "x", "179.5", "46°42'"]
DATES = [
    "",
    " ",
    "2023-09-20",
    "3/4/2023",
    "13/4/2023",
    "1527-01-01",
    "soon",
    "2023-09-20T10:00:00Z",
    "2023-02-30",
]
RADII = ["", "25", "25 m", "-3", "nan", "inf", " 7", "near"]
IDS = [
    "a",
    "",
    " b ",
    "tab\tinside",
    "back\\slash",
    "Խանքենդի",
    "خان",
    "🎯",
    "x" * 300,
    "line\nbreak",
    "nul\x00",
    "\ufffd",
]
MAPPINGS = [
    None,
    {"latitude": "lat", "longitude": "lon", "date": "when", "upstream_id": "id", "uncertainty": "r"},
    {"latitude": "lat", "longitude": "lon", "date": "when", "date_order": "day_first", "uncertainty_m": "9"},
    {"latitude": "lon", "longitude": "lat"},
    {"position": "lat"},
]


def rows_at_random(seed):
    draw = random.Random(seed)
    for _turn in range(400):
        row = [
            draw.choice(IDS),
            draw.choice(LATITUDES),
            draw.choice(LONGITUDES),
            draw.choice(DATES),
            draw.choice(RADII),
        ]
        yield row[: draw.choice([5, 5, 5, 5, 3])] + draw.choice([[], [], [], ["beyond"]])
    for number in range(100):
        yield [
            f"p{number}",
            f"{draw.uniform(-90, 90):.6f}",
            f"{draw.uniform(-180, 180):.6f}",
            "2023-09-20",
            "12",
        ]


@pytest.mark.parametrize("mapping", MAPPINGS)
@pytest.mark.parametrize("seed", range(3))
def test_both_ways_give_every_row_the_same_verdict(tmp_path, mapping, seed):
    path = tmp_path / "points.csv"
    with path.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["id", "lat", "lon", "when", "r"])
        writer.writerows(rows_at_random(seed))
    careful, quick = list(plain.rows(path, mapping)), list(csv_points(path, mapping))
    assert len(careful) == len(quick)
    for slow, fast in zip(careful, quick, strict=True):
        if not isinstance(fast, PlainPoint):
            assert fast.number == slow.number
            assert repr(fast) == repr(slow)
            continue
        assert isinstance(slow, ImportedRow)
        assert slow.doubts == ()
        assert tuple(fast[:5]) == (slow.number, slow.upstream_id, slow.digest, slow.latitude, slow.longitude)
    by_kind = [type(each) for each in quick]
    assert RefusedRow in by_kind
    if mapping is None or "latitude" in mapping:
        assert by_kind.count(PlainPoint) >= 40
