"""CQL2 text: precedence, literals, where a filter breaks."""

import pytest

from evidence.errors import InvalidInput
from geolocation.ogc.cql2_text import cql2_text_read


def equal(name: str, value: float) -> dict:
    return {"op": "=", "args": [{"property": name}, value]}


def test_and_binds_stronger_than_or():
    a, b, c = (equal(name, 1.0) for name in "abc")
    assert cql2_text_read("a=1 OR b=1 AND c=1") == {"op": "or", "args": [a, {"op": "and", "args": [b, c]}]}
    assert cql2_text_read("(a=1 OR b=1) and c=1") == {"op": "and", "args": [{"op": "or", "args": [a, b]}, c]}


def test_not_takes_a_whole_bracket_and_only_what_follows():
    a, b = equal("a", 1.0), equal("b", 1.0)
    assert cql2_text_read("NOT (a=1 OR b=1)") == {"op": "not", "args": [{"op": "or", "args": [a, b]}]}
    assert cql2_text_read("NOT a=1 AND b=1") == {"op": "and", "args": [{"op": "not", "args": [a]}, b]}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("title = 'O''Brien''s'", {"op": "=", "args": [{"property": "title"}, "O'Brien's"]}),
        ('"title" IS NOT NULL', {"op": "not", "args": [{"op": "isNull", "args": [{"property": "title"}]}]}),
        ("x BETWEEN -1 AND 2e3", {"op": "between", "args": [{"property": "x"}, -1.0, 2000.0]}),
        ("x NOT IN (1, 2)", {"op": "not", "args": [{"op": "in", "args": [{"property": "x"}, [1.0, 2.0]]}]}),
        (
            "CASEI(title) LIKE casei('a%')",
            {
                "op": "like",
                "args": [{"op": "casei", "args": [{"property": "title"}]}, {"op": "casei", "args": ["a%"]}],
            },
        ),
        (
            "T_AFTER(t, DATE('2023-09-20'))",
            {"op": "t_after", "args": [{"property": "t"}, {"date": "2023-09-20"}]},
        ),
        (
            "S_INTERSECTS(geometry, POLYGON((0 0, 1 0, 1 1, 0 0)))",
            {
                "op": "s_intersects",
                "args": [
                    {"property": "geometry"},
                    {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]},
                ],
            },
        ),
        (
            "s_within(geometry, BBOX(1, 2, 3, 4))",
            {"op": "s_within", "args": [{"property": "geometry"}, {"bbox": [1, 2, 3, 4]}]},
        ),
    ],
)
def test_what_a_text_means(text, expected):
    assert cql2_text_read(text) == expected


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("a = ", 5),
        ("title = 'a' title", 13),
        ("title ~ 'a'", 7),
        ("a = 1 AND", 10),
        ("(a = 1", 7),
        ("", 1),
    ],
)
def test_a_broken_filter_says_where(text, at):
    with pytest.raises(InvalidInput) as refused:
        cql2_text_read(text)
    assert refused.value.field == "filter"
    assert f"at character {at}:" in refused.value.sentence


@pytest.mark.parametrize("text", ["(" * 2000 + "a=1" + ")" * 2000, "NOT " * 900 + "a=1"])
def test_depth_is_bounded(text):
    with pytest.raises(InvalidInput, match="nested deeper"):
        cql2_text_read(text)
