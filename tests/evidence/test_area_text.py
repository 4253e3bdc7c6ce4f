"""Areas as people write them."""

import json

import pytest

from evidence.area_text import MOST_CORNERS, AreaRefused, area_text, read_area

SQUARE = [(46.0, 39.0), (47.0, 39.0), (47.0, 40.0), (46.0, 40.0), (46.0, 39.0)]
POLYGON = {"type": "Polygon", "coordinates": [[list(corner) for corner in SQUARE]]}


@pytest.mark.parametrize(
    "text",
    [
        "39, 46\n39, 47\n40, 47\n40, 46",
        "39.0 46.0\n\n39 47\n40 47\n40 46\n39 46",
        "39;46\n39;47\n40;47\n40;46\n",
        json.dumps(POLYGON),
        json.dumps({"type": "Feature", "properties": {}, "geometry": POLYGON}),
        json.dumps({"type": "MultiPolygon", "coordinates": [POLYGON["coordinates"]]}),
        json.dumps({"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": POLYGON}]}),
    ],
)
def test_lines_and_geojson_give_one_closed_ring(text):
    assert read_area(text) == [SQUARE]


def test_what_was_read_is_shown_again_and_reads_the_same():
    assert area_text([SQUARE]) == "39, 46\n39, 47\n40, 47\n40, 46"
    two = [SQUARE, [(x + 5, y) for x, y in SQUARE]]
    assert read_area(area_text(two)) == two


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "three corners"),
        ("39, 46\n40, 47", "three corners"),
        ("39, 46\n39, 46\n40, 47", "three corners"),
        ("39, 46\nhere, there\n40, 47", "Line 2"),
        ("39\n40\n41", "Line 1"),
        ("nan, 46\n40, 47\n41, 48", "not on earth"),
        ("46, 139\n47, 239\n48, 139", "not on earth"),
        ("91, 46\n40, 47\n41, 48", "latitude comes first"),
        ("{", "GeoJSON"),
        ("[" * 100_000, "GeoJSON"),
        ("[1, 2]", "GeoJSON"),
        ('{"type": "Point", "coordinates": [1, 2]}', "GeoJSON"),
        ('{"type": "Polygon", "coordinates": []}', "GeoJSON"),
        ('{"type": "Polygon", "coordinates": [[[1], [2], [3]]]}', "GeoJSON"),
        ('{"type": "Polygon", "coordinates": [[[true, 1], [2, 1], [3, 1]]]}', "GeoJSON"),
        ('{"type": "Polygon", "coordinates": [[["1", 1], [2, 1], [3, 1]]]}', "GeoJSON"),
        ('{"type": "FeatureCollection", "features": [{"type": "FeatureCollection"}]}', "GeoJSON"),
        ('{"type": "Polygon", "coordinates": [[[0,0],[9,0],[9,9]],[[1,1],[2,1],[2,2]]]}', "holes"),
        ("\n".join(f"{number / 100}, {number % 7}" for number in range(MOST_CORNERS + 1)), "500 corners"),
    ],
)
def test_anything_else_is_refused_with_what_to_write(text, words):
    with pytest.raises(AreaRefused, match=words):
        read_area(text)
