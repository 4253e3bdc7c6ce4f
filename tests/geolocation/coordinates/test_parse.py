"""What a parsed or refused text says besides its position."""

import copy
import pickle

import mgrs
import pytest
from openlocationcode import openlocationcode

from geolocation.coordinates.outcome import Notation, Parsed, Reading, RefusalReason, Refused
from geolocation.coordinates.parse import Nearby, parse_position
from geolocation.coordinates.position import Position
from geolocation.coordinates.sentences import Sentence


def parsed(text: str, near: Nearby | None = None) -> Parsed:
    outcome = parse_position(text, near=near)
    assert isinstance(outcome, Parsed), outcome
    return outcome


def refused(text: str) -> Refused:
    outcome = parse_position(text)
    assert isinstance(outcome, Refused), outcome
    return outcome


@pytest.mark.parametrize(
    ("text", "uncertainty_m"),
    [
        # One degree of latitude at 39.8 N is 111.031 km, of longitude 85.6 km (NGA's published calculator).
        ("39.8, 46.7", 5551.5),
        ("39.82, 46.76", 555.15),
        ("39.821232, 46.758423", 0.05552),
        ("39.821232, 46.7", 4279),  # the coarser axis counts: 0.05 degrees of longitude
        ("40, 46.758423", 55518),
        ("39 49.27, 46 45.51", 9.2525),
        ("39°49'16\"N 46°45'30\"E", 15.421),
        ("39°49'16.4\"N 46°45'30.3\"E", 1.5421),
        ("38 north 650493 4409395", 0.5),
        ("38 north 650493.25 4409395.75", 0.005),
        ("38SPK5049309395", 0.5),
        ("38SPK504093", 50),
        ("geo:39.821232,46.758423;u=35", 35),
        ("geo:39.8,46.7;u=1", 5551.5),  # the digits are coarser than what u claims
    ],
)
def test_the_uncertainty_is_what_the_digits_imply(text: str, uncertainty_m: float) -> None:
    assert parsed(text).implied_uncertainty_m == pytest.approx(uncertainty_m, rel=2e-3)


def test_near_a_pole_the_latitude_decides_the_uncertainty() -> None:
    assert parsed("89.99, 10.0").implied_uncertainty_m == pytest.approx(558.5, rel=1e-3)


def test_endless_digits_do_not_imply_a_perfect_position() -> None:
    text = f"39.{'8' * 900}, 46.{'7' * 900}"
    assert parsed(text).implied_uncertainty_m > 0


def test_a_pair_without_letters_says_which_number_is_the_latitude() -> None:
    assert "first number is the latitude" in parsed("39.8, 46.7").axis_note
    assert "directions" in parsed("46.7E 39.8N").axis_note
    assert "labels" in parsed("lon 46.7 lat 39.8").axis_note
    assert "longitude first" in parsed("https://yandex.ru/maps/?ll=46.7,39.8").axis_note


def test_a_view_is_never_called_a_place() -> None:
    view = parsed("https://www.google.com/maps/@39.821232,46.758423,17z")
    place = parsed("https://www.google.com/maps/place/X/@39.9,46.9,17z/data=!8m2!3d39.821232!4d46.758423")
    panorama = parsed("https://www.google.com/maps/@39.821232,46.758423,3a,75y,210h,90t/data=!3m6!1e1")
    assert "centre of the view" in view.understood_as
    assert "place that the link marks" in place.understood_as
    assert "panorama" in panorama.understood_as


def test_mgrs_agrees_with_the_library_of_the_grids_owner() -> None:
    """GeoTrans, inside the mgrs package, converts to degrees by itself; within a metre."""
    latitude, longitude = mgrs.MGRS().toLatLon("38SPK5049309395")
    position = parsed("38SPK5049309395").position
    assert position.latitude == pytest.approx(latitude, abs=9e-6)
    assert position.longitude == pytest.approx(longitude, abs=9e-6)
    assert position.latitude == pytest.approx(39.821232, abs=9e-6)
    assert position.longitude == pytest.approx(46.758423, abs=9e-6)


@pytest.mark.parametrize(
    ("text", "zone", "half", "easting", "northing"),
    [
        ("38 north 650493 4409395", 38, "N", 650493, 4409395),
        ("32V 300000 6650000", 32, "N", 300000, 6650000),
        ("33X 500000 8700000", 33, "N", 500000, 8700000),
        ("21H 371900 6170000", 21, "S", 371900, 6170000),
    ],
)
def test_utm_agrees_with_geotrans(text: str, zone: int, half: str, easting: float, northing: float) -> None:
    latitude, longitude = mgrs.MGRS().toLatLon(mgrs.MGRS().UTMToMGRS(zone, half, easting, northing))
    position = parsed(text).position
    assert position.latitude == pytest.approx(latitude, abs=1e-5)
    assert position.longitude == pytest.approx(longitude, abs=5e-5)


def test_the_same_place_in_three_grids_is_the_same_place() -> None:
    """38SPK4981807024 and 8HF8RQ22+22 name the same ground, by two independent libraries."""
    cell = openlocationcode.decode("8HF8RQ22+22")
    square = parsed("38SPK4981807024").position
    code = parsed("8HF8RQ22+22").position
    assert cell.latitudeLo <= code.latitude <= cell.latitudeHi
    assert square.latitude == pytest.approx(code.latitude, abs=1.3e-4)
    assert square.longitude == pytest.approx(code.longitude, abs=1.3e-4)


AVENUE = parse_position("8HF8RQC5+F9")


def test_a_short_plus_code_is_completed_only_near_a_reference() -> None:
    near = parsed("RQC5+F9", Nearby(Position(39.8, 46.7)))
    assert near.position == parsed("8HF8RQC5+F9").position
    assert "reference" in near.axis_note
    assert refused("RQC5+F9").reason is RefusalReason.INCOMPLETE


@pytest.mark.parametrize("behind", ["39.8, 46.7", "39°48'N 46°42'E", ", 39.8, 46.7", "8HF80000+"])
def test_a_position_behind_a_short_plus_code_completes_it(behind: str) -> None:
    assert isinstance(AVENUE, Parsed)
    assert parsed(f"RQC5+F9 {behind}").position == AVENUE.position
    # What is written counts more than what goes without saying.
    assert parsed(f"RQC5+F9 {behind}", Nearby(Position(-33.9, 18.4))).position == AVENUE.position


def test_a_named_place_behind_a_short_plus_code_completes_it() -> None:
    towns = {"Stepanakert": [Position(39.82, 46.76)], "Kent": [Position(51.2, 0.7), Position(41.1, -81.3)]}
    near = Nearby(named=lambda name: towns.get(name, ()))
    assert isinstance(AVENUE, Parsed)
    for text in ("RQC5+F9 Stepanakert", "RQC5+F9, Stepanakert", "rqc5+f9 Stepanakert, Somewhere"):
        assert parsed(text, near).position == AVENUE.position
    several = parse_position("RQC5+F9 Kent", near=near)
    assert isinstance(several, Refused)
    assert several.reason is RefusalReason.AMBIGUOUS
    assert len(several.readings) == 2
    for text in ("RQC5+F9 Paris", "RQC5+F9 39.8, 133.2, 5"):
        unknown = parse_position(text, near=Nearby(Position(39.8, 46.7), near.named))
        assert isinstance(unknown, Refused), text
        assert "not known here" in unknown.sentence


@pytest.mark.parametrize(
    "text",
    ["39d49m16s N 46d45m30s E", "39 deg 49 min 16 sec N, 46 deg 45 min 30 sec E", "39d49m16sN46d45m30sE"],
)
def test_letters_are_marks_before_the_letter_of_a_hemisphere(text: str) -> None:
    outcome = parsed(text)
    assert outcome.notation is Notation.DMS
    assert outcome.position.latitude == pytest.approx(39 + 49 / 60 + 16 / 3600)
    assert outcome.position.longitude == pytest.approx(46 + 45 / 60 + 30 / 3600)


@pytest.mark.parametrize("text", ["39d49m16s 46d45m30s", "39d49m16s, 46d45m30s E"])
def test_an_s_that_may_be_south_is_no_mark(text: str) -> None:
    assert isinstance(parse_position(text), Refused)


def test_a_refusal_offers_its_readings_and_says_what_to_do() -> None:
    outcome = refused("133.2, 39.8")
    assert outcome.reason is RefusalReason.OUT_OF_RANGE
    assert "Check the digits and the order" in outcome.sentence
    assert [(reading.latitude, reading.longitude) for reading in outcome.readings] == [(39.8, 133.2)]
    assert "swapped" in outcome.readings[0].note


def test_outcomes_are_plain_json() -> None:
    assert parsed("39.8N 46.7E").to_json() == {
        "ok": True,
        "latitude": 39.8,
        "longitude": 46.7,
        "implied_uncertainty_m": pytest.approx(5551.5, rel=1e-3),
        "notation": "decimal",
        "understood_as": "Decimal degrees: latitude 39.8, longitude 46.7.",
        "axis_note": "The directions written say which number is the latitude and which the longitude.",
    }
    answer = refused("48,8566").to_json()
    assert answer["reason"] == "incomplete"
    assert answer["readings"][0] == {"latitude": 48.8566, "longitude": None, "note": "if it is the latitude"}
    assert type(answer["readings"][0]["note"]) is str


def test_sentences_can_be_translated_and_survive_copying() -> None:
    sentence = parsed("39.8N 46.7E").understood_as
    assert isinstance(sentence, Sentence)
    assert sentence.template % sentence.values == sentence
    for twin in (copy.deepcopy(sentence), pickle.loads(pickle.dumps(sentence))):
        assert (twin, twin.template, twin.values) == (sentence, sentence.template, sentence.values)


def test_outcomes_can_be_compared() -> None:
    assert parse_position("39.8 46.7") == parse_position("39.8, 46.7")
    assert refused("48,85").readings[0] == Reading(48.0, 85.0, refused("48,85").readings[0].note)
