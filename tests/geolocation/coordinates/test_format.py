"""Positions written in each notation, compared with values from other sources."""

import pytest

from geolocation.coordinates.format import NotationUnavailable, format_position
from geolocation.coordinates.grids import utm_zone
from geolocation.coordinates.outcome import Notation
from geolocation.coordinates.position import Position

AVENUE = Position(39.821232, 46.758423)


@pytest.mark.parametrize(
    ("notation", "text"),
    [
        (Notation.DECIMAL, "39.821232, 46.758423"),
        # 0.821232 x 60 = 49.27392; 0.27392 x 60 = 16.4352. 0.758423 x 60 = 45.50538; 0.50538 x 60 = 30.3228.
        (Notation.DM, "39°49.27392'N 46°45.50538'E"),
        (Notation.DMS, "39°49'16.435\"N 46°45'30.323\"E"),
        (Notation.GEO_URI, "geo:39.821232,46.758423"),
        (Notation.ISO6709, "+39.821232+046.758423/"),
        (Notation.MGRS, "38SPK5049309395"),
        (Notation.UTM, "38 north 650493.4 4409395.2"),
    ],
)
def test_the_avenue_in_every_notation(notation: Notation, text: str) -> None:
    assert format_position(AVENUE, notation) == text


def test_a_plus_code_is_as_long_as_the_decimals_ask() -> None:
    assert format_position(AVENUE, Notation.PLUS_CODE, 4) == "8HF8RQC5+F9"
    assert format_position(AVENUE, Notation.PLUS_CODE, 6).startswith("8HF8RQC5+F9")
    assert format_position(AVENUE, Notation.PLUS_CODE, 0) == "8HF80000+"


def test_south_and_west() -> None:
    position = Position(-34.603722, -58.381592)
    assert format_position(position, "decimal") == "-34.603722, -58.381592"
    assert format_position(position, "dms", 3) == "34°36'13\"S 58°22'54\"W"
    assert format_position(position, "iso6709", 2) == "-34.60-058.38/"


def test_rounding_never_writes_sixty() -> None:
    position = Position(39.99999999, -46.99999999)
    assert format_position(position, Notation.DMS, 3) == "40°00'00\"N 47°00'00\"W"
    assert format_position(position, Notation.DM, 3) == "40°00.00'N 47°00.00'W"


@pytest.mark.parametrize("notation", [Notation.DECIMAL, Notation.GEO_URI, Notation.ISO6709, Notation.DMS])
def test_a_value_that_rounds_to_zero_has_no_sign(notation: Notation) -> None:
    text = format_position(Position(-1e-12, -1e-12), notation)
    assert "-" not in text
    assert "S" not in text
    assert "W" not in text


@pytest.mark.parametrize(
    ("latitude", "longitude", "zone"),
    [
        (39.82, 46.76, 38),
        (0, -180, 1),
        (0, 180, 60),
        (60.39, 5.32, 32),  # Bergen: zone 32 reaches west to 3 degrees
        (60.39, 2.9, 31),
        (64.0, 5.32, 31),
        (78.22, 15.65, 33),  # Longyearbyen
        (78.22, 8.9, 31),
        (78.22, 9.0, 33),
        (78.22, 21.0, 35),
        (78.22, 33.0, 37),
        (78.22, 42.0, 38),
        (71.9, 8.0, 32),
    ],
)
def test_zones_of_norway_and_svalbard_are_the_wide_ones(latitude: float, longitude: float, zone: int) -> None:
    """The exceptions of NGA's grid standard (TM 8358.1, zones 31V/32V and 31X to 37X)."""
    assert utm_zone(Position(latitude, longitude)) == zone


@pytest.mark.parametrize("latitude", [84.0001, 90, -80.0001, -90])
@pytest.mark.parametrize("notation", [Notation.UTM, Notation.MGRS])
def test_near_the_poles_there_is_a_sentence_instead_of_a_grid(latitude: float, notation: Notation) -> None:
    with pytest.raises(NotationUnavailable, match="80°S and 84°N"):
        format_position(Position(latitude, 10), notation)


def test_links_cannot_be_written() -> None:
    with pytest.raises(NotationUnavailable):
        format_position(AVENUE, Notation.GOOGLE_LINK)


@pytest.mark.parametrize("decimals", [-1, 10])
def test_absurd_precision_is_refused(decimals: int) -> None:
    with pytest.raises(ValueError, match="decimals"):
        format_position(AVENUE, Notation.DECIMAL, decimals)


def test_an_unknown_notation_is_refused() -> None:
    with pytest.raises(ValueError, match="gauss"):
        format_position(AVENUE, "gauss")
