"""Dashcams and drones: every layout gives its place with its sign; what is no fix is no position."""

from __future__ import annotations

import random

import pytest

from evidence.metadata import PositionStatus, read_bytes

from . import builders as b
from . import corpus
from . import dashcam_builders as d
from . import track_builders as t

KINDS = [name for name, _ in d.recordings(*corpus.PLACES[0])]


@pytest.mark.parametrize("place", corpus.PLACES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_recording_gives_its_place_with_its_sign(kind: str, place: tuple[float, float]) -> None:
    reading = read_bytes(dict(d.recordings(*place))[kind], "a.mp4")
    fix = reading.preferred_position
    assert fix is not None
    assert (fix.latitude, fix.longitude) == pytest.approx(place, abs=2e-5)  # a float holds about 1 m
    assert reading.track is not None
    assert reading.track.status is PositionStatus.OK
    assert reading.track.fixes == 3
    assert reading.warnings == ()


def test_a_void_fix_and_an_unknown_layout_are_no_positions() -> None:
    void = d.block((80, b" " + d.rmc(*corpus.PLACES[0], status=b"V")))
    reading = read_bytes(d.novatek([void, d.block((100, b"something else"))]), "a.mp4")
    assert reading.positions == ()
    assert reading.track is not None
    assert (reading.track.status, reading.track.fixes) == (PositionStatus.INCOMPLETE, 2)


def test_encrypted_places_are_not_guessed() -> None:
    lucky = d.block((40, b"ANW\0"), (44, b"b3BlbnNlc2FtZQ==\0\0\0\0" * 2), head=b"\0\0\x40\0")
    ligo = d.block((16, b"LIGOGPSINFO\0" + b"\x7f" * 200))
    assert read_bytes(d.novatek([lucky, ligo]), "a.mp4").positions == ()


def test_a_wrong_letter_is_no_position() -> None:
    content = (
        dict(d.blocks(*corpus.PLACES[0]))["novatek"].replace(b"ANW\0", b"AXW\0").replace(b"ANE\0", b"AXE\0")
    )
    assert read_bytes(d.novatek([content.replace(b"ASE\0", b"AXE\0")]), "a.mp4").positions == ()


def test_only_a_receivers_sentence_gives_the_time() -> None:
    kinds = dict(d.recordings(*corpus.PLACES[0]))
    assert read_bytes(kinds["novatek"], "a.mp4").captured is None
    captured = read_bytes(kinds["nmea"], "a.mp4").captured
    assert captured is not None
    assert captured.utc == corpus.UTC_TIME


def test_djis_older_caption_with_the_latitude_first_is_seen_where_it_must_be() -> None:
    text = b"F/2.8, SS 320, ISO 100, GPS (-33.8568, 151.2153, 18), D 24.26m"
    fix = read_bytes(t.timed(b"text", [text]), "a.mp4").preferred_position
    assert fix is not None
    assert (fix.latitude, fix.longitude) == (-33.8568, 151.2153)


def test_a_table_that_lies_about_its_length_and_places_is_read_as_far_as_it_goes() -> None:
    content = dict(d.blocks(*corpus.PLACES[0]))["novatek"]
    reading = read_bytes(d.novatek([content], count=0xFFFFFFFF), "a.mp4")
    assert reading.preferred_position is not None


@pytest.mark.parametrize("kind", KINDS)
def test_damage_is_a_sentence_and_nothing_else(kind: str) -> None:
    content = dict(d.recordings(*corpus.PLACES[0]))[kind]
    chance = random.Random(kind)
    for _ in range(30):
        damaged = bytearray(content)
        for _ in range(20):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        reading = read_bytes(bytes(damaged), "a.mp4")
        assert not any("unexpected way" in warning for warning in reading.warnings)


def test_the_other_spelling_of_the_position_in_user_data_is_read() -> None:
    user_data = b.quicktime_text(b"@xyz", "-33.8568+151.2153/")
    fix = read_bytes(b.movie(user_data=user_data), "a.mov").preferred_position
    assert fix is not None
    assert (fix.latitude, fix.longitude) == (-33.8568, 151.2153)


@pytest.mark.parametrize("place", corpus.PLACES)
@pytest.mark.parametrize(
    ("protocol", "path"),
    [("dvtm_Mini4_Pro", (3, 3, 4, 1)), ("dvtm_ac203", (3, 4, 2, 1)), ("dvtm_AVATA2", (3, 4, 4, 1))],
)
def test_djis_telemetry_gives_its_place_where_the_protocol_is_known(
    protocol: str, path: tuple[int, ...], place: tuple[float, float]
) -> None:
    first = t.dji_telemetry(*place, protocol, path)
    reading = read_bytes(t.timed(b"djmd", [first] * 2), "a.mp4")
    assert reading.preferred_position is not None
    fix = reading.preferred_position
    assert (fix.latitude, fix.longitude) == pytest.approx(place, abs=1e-8)
    assert fix.source == "DJI track, first fix"


def test_an_unknown_protocol_of_dji_is_not_guessed_at() -> None:
    sample = t.dji_telemetry(*corpus.PLACES[0], "dvtm_other")
    assert read_bytes(t.timed(b"djmd", [sample]), "a.mp4").positions == ()
