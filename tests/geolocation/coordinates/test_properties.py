"""Promises that hold for every position on the globe and for every text, not only for chosen ones."""

import time

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from pyproj import Geod

from geolocation.coordinates.format import NotationUnavailable, format_position
from geolocation.coordinates.outcome import Notation, Parsed, RefusalReason, Refused
from geolocation.coordinates.parse import LONGEST_TEXT, parse_position
from geolocation.coordinates.position import Position

# A shared machine may pause anywhere; the one promise about time has a test of its own.
unhurried = settings(deadline=None, max_examples=200)
_ELLIPSOID = Geod(ellps="WGS84")
_DEGREE_NOTATIONS = [Notation.DECIMAL, Notation.DM, Notation.DMS, Notation.GEO_URI, Notation.ISO6709]
_CELL_NOTATIONS = [Notation.UTM, Notation.MGRS, Notation.PLUS_CODE]

positions = st.builds(
    Position,
    latitude=st.floats(-90, 90, allow_nan=False),
    longitude=st.floats(-180, 180, allow_nan=False),
)


def distance_m(one: Position, other: Position) -> float:
    """Ellipsoidal distance by pyproj, which knows nothing of the formulas used for the uncertainty."""
    return float(_ELLIPSOID.inv(one.longitude, one.latitude, other.longitude, other.latitude)[2])


def read_again(position: Position, notation: Notation, decimals: int) -> Parsed:
    text = format_position(position, notation, decimals)
    parsed = parse_position(text)
    assert isinstance(parsed, Parsed), (text, parsed)
    assert parsed.notation is notation
    return parsed


@unhurried
@given(position=positions, notation=st.sampled_from(_DEGREE_NOTATIONS), decimals=st.integers(4, 9))
@example(position=Position(39.821232, 46.758423), notation=Notation.DMS, decimals=6)
@example(position=Position(59.9999999999, -179.9999999999), notation=Notation.DMS, decimals=6)
@example(position=Position(-1e-12, -1e-12), notation=Notation.DM, decimals=4)
@example(position=Position(-90, 180), notation=Notation.ISO6709, decimals=9)
def test_degrees_written_and_read_again_are_the_same_place(
    position: Position, notation: Notation, decimals: int
) -> None:
    parsed = read_again(position, notation, decimals)
    # Half a step on either axis, hence the diagonal.
    assert distance_m(position, parsed.position) <= 1.42 * parsed.implied_uncertainty_m + 1e-6


@unhurried
@given(position=positions, notation=st.sampled_from(_CELL_NOTATIONS), decimals=st.integers(2, 7))
@example(position=Position(60.5, 5.3), notation=Notation.UTM, decimals=6)  # Norway's wide zone
@example(position=Position(78.2, 15.6), notation=Notation.MGRS, decimals=5)  # Svalbard
@example(position=Position(36.0, 36.0), notation=Notation.UTM, decimals=6)  # band S, north of the equator
@example(position=Position(-54.0, -70.0), notation=Notation.UTM, decimals=6)  # where S is south
@example(position=Position(60.0, 2.9999999999999996), notation=Notation.MGRS, decimals=5)  # zone 31V's edge
@example(position=Position(-1e-9, 46.7), notation=Notation.MGRS, decimals=5)  # the equator from below
@example(position=Position(84.0, 12.0), notation=Notation.UTM, decimals=6)
@example(position=Position(-80.0, 179.99), notation=Notation.MGRS, decimals=5)
@example(position=Position(89.99999999999999, 0.0), notation=Notation.PLUS_CODE, decimals=2)
@example(position=Position(0.0, 179.99999999999997), notation=Notation.PLUS_CODE, decimals=6)
def test_grid_positions_written_and_read_again_are_the_same_place(
    position: Position, notation: Notation, decimals: int
) -> None:
    if notation is not Notation.PLUS_CODE:
        assume(-80 <= position.latitude <= 84)
    parsed = read_again(position, notation, decimals)
    # The middle of the cell is at most half its diagonal away; 0.1 % for the grid's scale.
    assert distance_m(position, parsed.position) <= 1.43 * parsed.implied_uncertainty_m + 0.01


@unhurried
@given(
    latitude=st.floats(-90, 90).filter(lambda value: not -80 <= value <= 84), longitude=st.floats(-180, 180)
)
def test_utm_and_mgrs_are_refused_nearer_to_the_poles(latitude: float, longitude: float) -> None:
    for notation in (Notation.UTM, Notation.MGRS):
        with pytest.raises(NotationUnavailable):
            format_position(Position(latitude, longitude), notation)


@unhurried
@given(latitude=st.floats(-90, 90), longitude=st.floats(90.001, 180), sign=st.sampled_from([-1, 1]))
def test_swapped_values_beyond_a_pole_are_never_taken(latitude: float, longitude: float, sign: int) -> None:
    outcome = parse_position(f"{sign * longitude:.6f}, {latitude:.6f}")
    assert isinstance(outcome, Refused)
    assert outcome.reason is RefusalReason.OUT_OF_RANGE
    assert [(reading.latitude, reading.longitude) for reading in outcome.readings] == [
        (float(f"{latitude:.6f}"), float(f"{sign * longitude:.6f}"))
    ]


@unhurried
@given(
    latitude=st.floats(0.001, 90),
    longitude=st.floats(0.001, 180),
    minus=st.sampled_from("-−–—﹣－‐‑‒"),
    separator=st.sampled_from([", ", " ", ",", ";", "\t", "\n", " / "]),
)
def test_no_kind_of_minus_sign_is_lost(latitude: float, longitude: float, minus: str, separator: str) -> None:
    outcome = parse_position(f"{minus}{latitude:.5f}{separator}{minus}{longitude:.5f}")
    assert isinstance(outcome, Parsed)
    assert outcome.position.latitude == -float(f"{latitude:.5f}")
    assert outcome.position.longitude == -float(f"{longitude:.5f}")


@unhurried
@given(position=positions, letters=st.sampled_from(["NE", "NW", "SE", "SW"]), longitude_first=st.booleans())
def test_letters_decide_order_and_sign(position: Position, letters: str, longitude_first: bool) -> None:
    latitude, longitude = f"{abs(position.latitude):.6f}", f"{abs(position.longitude):.6f}"
    values = [f"{latitude}{letters[0]}", f"{longitude}{letters[1]}"]
    outcome = parse_position(", ".join(reversed(values) if longitude_first else values))
    assert isinstance(outcome, Parsed)
    assert outcome.position.latitude == float(latitude) * (-1 if letters[0] == "S" else 1)
    assert outcome.position.longitude == float(longitude) * (-1 if letters[1] == "W" else 1)


_alphabet = st.one_of(
    st.characters(),
    st.sampled_from("0123456789.,;:/|-+−°'\"′″ \n\tNSEWOVnsewСЮВЗс.ш.в.д.!@~_=?&#()[]{}XPKdz٣٫،۳度"),
)


@settings(unhurried, max_examples=1500)
@given(text=st.one_of(st.text(), st.text(_alphabet, max_size=60)))
@example("\ud800")
@example("https://[::1")
@example("https://yandex.ru/maps/?ll=٣,٤")
@example("1E" * 1000)
def test_no_text_raises_and_every_answer_can_be_published(text: str) -> None:
    outcome = parse_position(text)
    answer = outcome.to_json()
    if isinstance(outcome, Parsed):
        assert answer["ok"] is True
        assert outcome.implied_uncertainty_m > 0
    else:
        assert answer["ok"] is False
        assert outcome.sentence


@settings(unhurried, max_examples=300)
@given(
    path=st.text(st.sampled_from("0123456789.,-!34d@/zamp%Nl"), max_size=60),
    host=st.sampled_from(
        [
            "https://www.google.com/maps/",
            "https://maps.google.com/?q=",
            "https://yandex.ru/maps/?ll=",
            "https://www.openstreetmap.org/#map=",
            "https://www.bing.com/maps?cp=",
            "geo:",
        ]
    ),
)
def test_no_link_raises(host: str, path: str) -> None:
    assert parse_position(host + path).to_json()["ok"] in (True, False)


@pytest.mark.parametrize(
    "piece", ["1", "1,", "1 ", "-", "N", "°", "1E", "'", ".", "1.1,", "https://", "с.ш.", "!3d1!4d2"]
)
def test_a_long_text_is_answered_fast(piece: str) -> None:
    huge = piece * (100_000 // len(piece))
    longest = (piece * LONGEST_TEXT)[:LONGEST_TEXT]
    started = time.perf_counter()
    refused = parse_position(huge)
    refused_after_s = time.perf_counter() - started
    assert isinstance(refused, Refused)
    assert refused.reason is RefusalReason.TOO_LONG
    assert refused_after_s < 0.05
    started = time.perf_counter()
    parse_position(longest)
    assert time.perf_counter() - started < 1.0
