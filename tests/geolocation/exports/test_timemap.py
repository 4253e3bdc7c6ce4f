"""TimeMap bundle: the shapes that its readers expect, and ids that lead somewhere."""

import io
import zipfile
from typing import Any

import orjson

from geolocation.exports.base import PointRow
from geolocation.exports.timemap import timemap_chunks
from tests.geolocation.exports.rows import CONTEXT, ROW, TEXTS, a_row, rows_everywhere


def bundle(rows: list[PointRow]) -> dict[str, Any]:
    archive = zipfile.ZipFile(io.BytesIO(b"".join(timemap_chunks(rows, CONTEXT))))
    assert archive.testzip() is None
    return {name: orjson.loads(archive.read(name)) for name in archive.namelist()}


def test_every_id_of_an_event_leads_to_its_source_and_association() -> None:
    found = bundle(rows_everywhere())
    associations = {each["id"]: each for each in found["associations.json"]}
    assert len(found["events.json"]) == len(found["sources.json"]) == len(TEXTS)
    for event in found["events.json"]:
        assert {source["id"] for source in map(found["sources.json"].get, event["sources"])} == {event["id"]}
        assert all(associations[name]["mode"] == "CATEGORY" for name in event["associations"])


def test_positions_are_texts_that_hold_every_digit() -> None:
    rows = rows_everywhere()
    events = bundle(rows)["events.json"]
    assert [float(event["latitude"]) for event in events] == [row.latitude for row in rows]
    assert [float(event["longitude"]) for event in events] == [row.longitude for row in rows]
    assert [event["description"] for event in events] == list(TEXTS)
    assert events[0]["longitude"] == "46.758423"


def test_a_day_stays_a_day() -> None:
    event = bundle([rows_everywhere()[0]])["events.json"][0]
    assert (event["date"], event["time"], event["time_precision"]) == ("9/19/2023", "", "day")


def test_an_interval_says_that_it_is_one() -> None:
    event = bundle([ROW])["events.json"][0]
    assert (event["date"], event["time"], event["time_precision"]) == ("9/19/2023", "09:00:00", "interval")
    assert event["time_display"] == "2023-09-19T09:00:00Z – 2023-09-19T10:30:00.500Z"


def test_a_moment_and_an_unknown_time() -> None:
    moment = bundle([a_row(captured_to_utc=ROW.captured_from_utc)])["events.json"][0]
    assert (moment["time_precision"], moment["time_display"]) == ("moment", "2023-09-19T09:00:00Z")
    unknown = bundle([a_row(captured_from_utc=None, captured_to_utc=None)])["events.json"][0]
    assert (unknown["date"], unknown["time_precision"], unknown["time_display"]) == ("", "", "")


def test_licence_attribution_and_uncertainty_stand_with_each_event() -> None:
    event = bundle([ROW])["events.json"][0]
    assert event["comments"] == (
        "± 10 m; revision 2, verified 2023-09-22T08:00:00Z; Training desk; CC BY 4.0"
    )


def test_no_points_are_a_valid_bundle_that_says_whose_it_is() -> None:
    found = bundle([])
    assert (found["events.json"], found["sources.json"], found["associations.json"]) == ([], {}, [])
    assert found["about.json"]["attribution"] == CONTEXT.attribution
    assert found["about.json"]["generated_at"] == "2023-10-01T12:00:00Z"
