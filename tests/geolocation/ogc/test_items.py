"""OGC API - Features: who reads what, filters, pages, reference systems, refusals."""

import json
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evidence.services.media import MediaDetails, media_change
from geolocation.exports.geojson import properties
from geolocation.models import VerifiedPoint
from geolocation.ogc.crs import EPSG_3857, EPSG_4326
from geolocation.services.exporting import point_row
from geolocation.services.geolocations import Captured, geolocation_retract

OGC = "/ogc/collections"


def items(client, collection="verified-points", **asked):
    answer = client.get(f"{OGC}/{collection}/items", asked)
    assert answer.status_code == 200, answer.json()
    return answer.json()


def titles(client, **asked) -> list[str]:
    return [each["properties"]["title"] for each in items(client, **asked)["features"]]


def refused(client, **asked) -> tuple[str, str]:
    """Field and sentence of a 400."""
    answer = client.get(f"{OGC}/verified-points/items", asked)
    assert answer.status_code == 400, answer.content
    assert answer["Content-Type"].startswith("application/problem+json")
    ((field, sentences),) = answer.json()["fields"].items()
    return field, sentences[0]


@pytest.fixture
def three(verified, published):
    """South to north: Quay of a day, Mill of an hour, Tower whose time is not known."""
    hour = datetime(2023, 9, 20, 10, tzinfo=UTC)
    return [
        verified(39.0, 46.0, title="Quay", captured=Captured(on=date(2023, 9, 19))),
        verified(
            40.0, 46.5, title="Mill", captured=Captured(start=hour, end=hour.replace(hour=11), basis="clock")
        ),
        verified(41.0, 47.0, title="O'Hara's 100% tower"),
    ]


def test_a_private_collection_does_not_exist_for_others(client_of, verified, viewer, stranger, investigation):
    verified(39.8, 46.7)
    code = investigation.code
    for user in (None, stranger):
        client = client_of(user)
        assert items(client)["features"] == []
        assert client.get(f"{OGC}/{code}/items").status_code == 404
        assert [each["id"] for each in client.get(OGC).json()["collections"]] == ["verified-points"]
    client = client_of(viewer)
    assert len(items(client, code)["features"]) == 1
    assert [each["id"] for each in client.get(OGC).json()["collections"]] == ["verified-points", code]
    assert items(client)["features"] == []  # the collection of all that is public stays that


def test_landing_and_conformance_lead_a_client_on(client_of, db):
    client = client_of(None)
    links = {each["rel"]: each["href"] for each in client.get("/ogc/").json()["links"]}
    assert {"service-desc", "service-doc", "conformance", "data", "self"} <= set(links)
    for rel in ("service-desc", "conformance", "data"):
        assert client.get(links[rel]).status_code == 200
    assert (
        "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core"
        in (client.get("/ogc/conformance").json()["conformsTo"])
    )


def test_one_point_and_its_retraction(client_of, three, editor):
    client, point = client_of(None), three[0]
    found = client.get(f"{OGC}/verified-points/items/{point.uid}").json()
    assert (found["id"], found["geometry"]["coordinates"]) == (str(point.uid), [46.0, 39.0])
    geolocation_retract(actor=editor, geolocation=point.geolocation, reason="The tower is another one.")
    assert client.get(f"{OGC}/verified-points/items/{point.uid}").status_code == 404
    assert "Quay" not in titles(client)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("title = 'Quay'", "Q"),
        ("title <> 'Quay' AND uncertainty_m < 20", "MO"),
        ("title = 'Quay' OR title = 'Mill' AND uncertainty_m > 1000", "Q"),
        ("NOT (title = 'Quay' OR title = 'Mill')", "O"),
        ("title LIKE 'O''H_ra%'", "O"),
        ("title LIKE '%\\%%'", "O"),
        ("CASEI(title) LIKE CASEI('QU%')", "Q"),
        ("title IN ('Quay', 'Mill')", "QM"),
        ("title NOT IN ('Quay', 'Mill')", "O"),
        ("uncertainty_m BETWEEN 15 AND 15", "QMO"),
        ("captured_from IS NULL", "QO"),
        ("captured_on = DATE('2023-09-19')", "Q"),
        # What is not known fits neither a condition nor its negation.
        ("NOT captured_on = DATE('2023-09-18')", "Q"),
        ("captured_from >= TIMESTAMP('2023-09-20T12:00:00+02:00')", "M"),
        ("captured_from < captured_to", "M"),
        ("T_AFTER(captured_from, DATE('2023-09-19'))", "M"),
        ("T_BEFORE(captured_on, TIMESTAMP('2023-09-20T00:00:00Z'))", "Q"),
        ("T_INTERSECTS(captured_from, INTERVAL('2023-09-20', '..'))", "M"),
        ("T_DISJOINT(captured_from, INTERVAL('..', '2023-09-19'))", "M"),
        ("T_DURING(captured_from, INTERVAL('2023-09-20T10:00:00Z', '2023-09-20T12:00:00Z'))", ""),
        ("S_INTERSECTS(geometry, POLYGON((45 38, 46.7 38, 46.7 40.5, 45 40.5, 45 38)))", "QM"),
        ("S_WITHIN(geometry, BBOX(46.4, 39, 48, 42))", "MO"),
        ("S_DISJOINT(geometry, BBOX(46.4, 39, 48, 42))", "Q"),
        ("S_EQUALS(geometry, POINT(46 39))", "Q"),
        ("investigation = 'NOBODY' OR reference LIKE 'G%' AND revision = 1 AND TRUE", "QMO"),
    ],
)
def test_filters_as_text(client_of, three, condition, expected):
    assert "".join(title[0] for title in titles(client_of(None), filter=condition)) == expected


def test_filters_as_json_in_another_reference_system(client_of, three):
    box = {"bbox": [38.5, 45.5, 40.5, 46.7]}  # latitude first
    condition = {
        "op": "and",
        "args": [
            {"op": "s_intersects", "args": [{"property": "geometry"}, box]},
            {"op": "not", "args": [{"op": "like", "args": [{"property": "title"}, "Q%"]}]},
        ],
    }
    asked = {"filter": json.dumps(condition), "filter-lang": "cql2-json", "filter-crs": EPSG_4326}
    assert titles(client_of(None), **asked) == ["Mill"]


@pytest.mark.parametrize(
    ("asked", "field", "says"),
    [
        ({"filter": "title = "}, "filter", "at character 9"),
        ({"filter": "password = 'x'"}, "filter", "“password”"),
        ({"filter": "investigation__opened_by = 'x'"}, "filter", "investigation__opened_by"),
        ({"filter": "title > 3"}, "filter", "number, text"),
        ({"filter": "updated_at > '2023-09-20'"}, "filter", "TIMESTAMP("),
        ({"filter": "updated_at > TIMESTAMP('2023-09-20T10:00:00')"}, "filter", "with its offset"),
        ({"filter": "title LIKE 'a\\'"}, "filter", "backslash"),
        ({"filter": "S_WITHIN(geometry, POLYGON((0 0, 1 1, 1 0, 0 1, 0 0)))"}, "filter", "crosses itself"),
        ({"filter": "{", "filter-lang": "cql2-json"}, "filter", "line 1"),
        ({"filter": '{"op": "drop", "args": []}', "filter-lang": "cql2-json"}, "filter", "“drop”"),
        ({"filter": "title = 'a'", "filter-lang": "ecql"}, "filter-lang", "cql2-text"),
        ({"limit": "0"}, "limit", "from 1"),
        ({"bbox": "1,2,3"}, "bbox", "four numbers"),
        ({"bbox": "1,2,nan,4"}, "bbox", "four numbers"),
        ({"datetime": "yesterday"}, "datetime", "offset"),
        ({"crs": "EPSG:4326"}, "crs", "CRS84"),
        ({"sortby": "geometry"}, "sortby", "updated_at"),
        ({"sortby": "title,"}, "sortby", "commas between"),
        ({"sortby": "title,-title"}, "sortby", "each of them once"),
        ({"sortby": "title,kind,licence,reference,revision"}, "sortby", "up to 4"),
        ({"properties": "title,secret"}, "properties", "secret"),
        ({"cursor": "x"}, "cursor", "next"),
        ({"colour": "red"}, "colour", "bbox"),
        ({"f": "xml"}, "f", "html"),
    ],
)
def test_a_parameter_that_does_not_fit_is_named(client_of, db, asked, field, says):
    at, sentence = refused(client_of(None), **asked)
    assert at == field
    assert says in sentence


def test_a_box_in_each_reference_system_and_across_the_date_line(client_of, three, verified):
    verified(10.0, 179.5, title="Reef")
    client = client_of(None)
    assert titles(client, bbox="45,38,46.7,40.5") == ["Quay", "Mill"]
    assert titles(client, bbox="38,45,40.5,46.7", **{"bbox-crs": EPSG_4326}) == ["Quay", "Mill"]
    assert titles(client, bbox="5009377,4579425,5198619,4938000", **{"bbox-crs": EPSG_3857}) == [
        "Quay",
        "Mill",
    ]
    assert titles(client, bbox="45,38,0,46.7,40.5,9") == ["Quay", "Mill"]
    assert titles(client, bbox="179,0,-179,20") == ["Reef"]


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("2023-09-19", "Q"),
        ("2023-09-20T10:30:00Z", "M"),
        ("../2023-09-19", "Q"),
        ("2023-09-20/..", "M"),
        ("../..", "QM"),
    ],
)
def test_datetime_is_of_the_capture(client_of, three, when, expected):
    assert "".join(title[0] for title in titles(client_of(None), datetime=when)) == expected


@pytest.mark.parametrize("sortby", ["", "-updated_at", "uncertainty_m", "-verified_at"])
def test_pages_hold_every_point_once(client_of, three, sortby):
    VerifiedPoint.objects.update(verified_at=datetime(2024, 1, 1, tzinfo=UTC))  # all alike
    client = client_of(None)
    whole = titles(client, **({"sortby": sortby} if sortby else {}))
    page = items(client, limit=1, **({"sortby": sortby} if sortby else {}))
    assert (page["numberMatched"], page["numberReturned"]) == (3, 1)
    found = []
    while True:
        found += [each["properties"]["title"] for each in page["features"]]
        onward = [each["href"] for each in page["links"] if each["rel"] == "next"]
        if not onward:
            break
        page = client.get(onward[0]).json()
    assert found == whole
    assert sorted(found) == ["Mill", "O'Hara's 100% tower", "Quay"]


def test_positions_and_properties_as_asked(client_of, three):
    client = client_of(None)
    answer = client.get(f"{OGC}/verified-points/items", {"crs": EPSG_4326, "properties": "title", "limit": 1})
    assert answer["Content-Crs"] == f"<{EPSG_4326}>"
    (feature,) = answer.json()["features"]
    assert feature["geometry"]["coordinates"] == [39.0, 46.0]
    assert feature["properties"] == {"title": "Quay"}


def test_counting_stops_where_it_would_cost_more_than_the_page(client_of, three, monkeypatch):
    monkeypatch.setattr("geolocation.ogc.items.COUNTED_MOST", 2)
    page = items(client_of(None), limit=1)
    assert "numberMatched" not in page
    # No statistics are kept of so small a table, but more than the limit were counted.
    assert page["estimatedNumberMatched"] >= 3
    shown = client_of(None).get(f"{OGC}/verified-points/items", {"f": "html", "limit": 1}).content.decode()
    assert "in all (estimated)" in shown


def test_where_the_planner_expects_many_nothing_is_counted(client_of, three, monkeypatch):
    monkeypatch.setattr("geolocation.ogc.items.COUNTED_MOST", 0)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE geolocation_verifiedpoint")
    with CaptureQueriesContext(connection) as asked:
        page = items(client_of(None), limit=1)
    assert page["estimatedNumberMatched"] == 3
    assert not [each["sql"] for each in asked if "COUNT(" in each["sql"] and "verifiedpoint" in each["sql"]]


@pytest.mark.parametrize("bbox", ["46,39,46,39", "-180,39,46,90", "46,-90,180,39"])
def test_a_point_on_the_edge_of_a_small_and_of_a_wide_box_is_inside(client_of, verified, published, bbox):
    verified(39.0, 46.0, title="Corner")
    assert titles(client_of(None), bbox=bbox) == ["Corner"]
    found = client_of(None).get("/api/v1/verified-points", {"bbox": bbox}).json()["results"]
    assert [each["title"] for each in found] == ["Corner"]


def test_what_is_kept_follows_what_the_point_says(client_of, verified, published, investigator):
    point = verified(39.0, 46.0, title="Quay")
    media_change(actor=investigator, item=point.media_item, details=MediaDetails(title="Old quay"))
    assert titles(client_of(None)) == ["Old quay"]
    point.refresh_from_db()
    assert json.loads(point.properties) == json.loads(json.dumps(properties(point_row(point))))


def test_pages_for_people(client_of, three):
    client = client_of(None)
    for path in ("/ogc/", "/ogc/api", "/ogc/conformance", OGC, f"{OGC}/verified-points/queryables"):
        page = client.get(path, headers={"Accept": "text/html,application/xhtml+xml"})
        assert page["Content-Type"].startswith("text/html")
        assert page.status_code == 200
    assert "O&#x27;Hara&#x27;s" in client.get(f"{OGC}/verified-points/items?f=html").content.decode()
    assert "Quay" in client.get(f"{OGC}/verified-points/items/{three[0].uid}?f=html").content.decode()
