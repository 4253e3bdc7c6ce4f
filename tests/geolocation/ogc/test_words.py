"""What an address asks for, in words."""

import json

import pytest

from geolocation.ogc.items import asked_read
from geolocation.ogc.words import asked_words


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("title = 'Quay'", "Title is “Quay”"),
        (
            "(title = 'Quay' OR uncertainty_m < 20) AND NOT place_name IS NULL",
            "(title is “Quay” or uncertainty is below 20) and not (place is not known)",
        ),
        ("title NOT IN ('a', 'b')", "Not (title is one of “a”, “b”)"),
        (
            "CASEI(title) LIKE CASEI('QU%')",
            "Title (small and capital letters alike) fits the pattern “QU%” "
            "(small and capital letters alike)",
        ),
        ("revision BETWEEN 1 AND 3", "Revision that was approved is from 1 to 3"),
        ("captured_on >= DATE('2023-09-20')", "Day of the capture is at least 2023-09-20"),
        (
            "T_INTERSECTS(captured_from, INTERVAL('2023-09-20', '..'))",
            "Captured not before lies in the time from 2023-09-20 to an open end",
        ),
        ("S_WITHIN(geometry, BBOX(46,39,47,40))", "Position lies within the box 46, 39, 47, 40"),
        (
            "S_DISJOINT(geometry, POLYGON((45 38, 46 38, 46 40, 45 38)))",
            "Position lies outside of a Polygon of 4 positions",
        ),
        ("TRUE", "Always"),
    ],
)
def test_a_filter_in_words(condition, words):
    given = {"filter": condition}
    asked_read(given)
    assert asked_words(given) == [words]


def test_the_other_parameters_in_words():
    condition = json.dumps({"op": "=", "args": [{"property": "title"}, "Quay"]})
    given = {
        "bbox": "38,45,40,46",
        "bbox-crs": "http://www.opengis.net/def/crs/EPSG/0/4326",
        "datetime": "2023-09-19/..",
        "filter": condition,
        "filter-lang": "cql2-json",
        "sortby": "-captured_on,title",
    }
    asked_read(given)
    assert asked_words(given) == [
        "Inside the box 38, 45, 40, 46 (numbers in EPSG 4326)",
        "Captured from 2023-09-19 on",
        "Title is “Quay”",
        "Sorted by day of the capture, largest first; then title; what is not known stands last",
    ]
    assert asked_words({}) == []
    for text, words in {
        "2023-09-19": "Captured at 2023-09-19",
        "../2023-09-19": "Captured until 2023-09-19",
        "2023-09-18/2023-09-19": "Captured from 2023-09-18 to 2023-09-19",
        "../..": "Captured at a time that is known",
    }.items():
        assert asked_words({"datetime": text}) == [words]
