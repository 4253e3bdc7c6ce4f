"""What holds for every address of the API: who may not, one error shape, no bad parameter is a 5xx."""

import pytest
from django.test import Client
from django.urls import get_resolver

ID = "0b0c6c0e-9d0f-4d3c-8f0a-111111111111"
INSIDE = "/api/v1/investigations/TEST1"
OPEN = [
    "/api/v1/verified-points",
    "/api/v1/verified-points.geojson",
    "/api/v1/verified-points.csv",
    "/api/v1/verified-points.kml",
    *(f"/api/v1/verified-points.{each}" for each in ("geojsons", "xlsx", "kmz", "gpkg", "fgb", "parquet")),
    "/api/v1/verified-points.timemap.zip",
    "/api/v1/verified-points.csv-metadata.json",
    "/api/v1/verified-points/removed",
    "/api/v1/points/changes",
    "/api/v1/snapshots",
]
SNAPSHOT = "/api/v1/snapshots/NONE.1"
FOR_MEMBERS = [
    INSIDE,
    *(f"{INSIDE}/{noun}" for noun in ("claims", "media", "geolocations", "sources", "places", "custody")),
    f"{INSIDE}/likeness",
    f"{INSIDE}/points/changes",
    f"{INSIDE}/points/feed.atom",
    f"{INSIDE}/second-looks",
    f"{INSIDE}/second-looks/M01",
    f"{INSIDE}/batches",
    f"{INSIDE}/batches/B01",
    f"{INSIDE}/batches/B01/members",
    f"{INSIDE}/claims/C01",
    f"{INSIDE}/media/M01",
    f"{INSIDE}/media/M01/appearances/1/copies",
    f"{INSIDE}/media/M01/appearances/1/copies/1/file",
    f"{INSIDE}/geolocations/G01",
    f"{INSIDE}/geolocations/G01/reviews",
    f"{INSIDE}/sources/somebody",
    f"{INSIDE}/places/somewhere",
    f"{INSIDE}/custody/verification",
    *(f"{INSIDE}/imports{part}" for part in ("", "/I01", "/I01/rows", "/I01/errors.csv")),
]
TO_POST = [
    *(
        f"{INSIDE}/{noun}"
        for noun in ("batches", "claims", "media", "media/upload", "geolocations", "sources", "places")
    ),
    f"{INSIDE}/media/M01/appearances/1/copies",
    f"{INSIDE}/media/M01/files/{'a' * 64}/readings/exiftool",
    f"{INSIDE}/claims/C01/assessment",
    f"{INSIDE}/claims/C01/evidence",
    f"{INSIDE}/likeness/M01/M02/decision",
    f"{INSIDE}/second-looks/M01/resolution",
    f"{INSIDE}/imports",
    *(f"{INSIDE}/imports/I01/{step}" for step in ("check", "apply", "cancel", "decisions")),
    *(
        f"{INSIDE}/geolocations/G01/{step}"
        for step in ("revisions", "submit", "withdraw", "disclosure", "retract", "reviews")
    ),
]
# Everybody has files and investigations of their own.
OWN = ["/api/v1/investigations", "/api/v1/exports"]
OWN_FILES = [f"/api/v1/exports/{ID}{part}" for part in ("", "/file", "/file-metadata.json")]
AWKWARD = [
    "\x00",
    "a\x00b",
    "9" * 5000,
    "-1",
    "1e999",
    "2023-13-45",
    "99999999999999999999",
    "'",
    "é\ud7ff",
    "%",
]


def is_refusal(answer) -> bool:
    error = answer.json()["error"]
    return answer["Content-Type"] == "application/json" and {"code", "sentence"} <= error.keys()


def test_the_lists_above_hold_every_address():
    prefix = "api/v1/"
    routes = {
        str(route)
        for pattern in get_resolver().url_patterns
        if str(pattern.pattern) == prefix
        for route in _routes(pattern.url_patterns)
    }
    written = {*OPEN, *FOR_MEMBERS, *TO_POST, *OWN, *OWN_FILES, f"/api/v1/verified-points/{ID}"}
    written |= {
        SNAPSHOT,
        *(f"{SNAPSHOT}/{file}" for file in ("points.geojson", "manifest.json", "SHA256SUMS")),
    }
    shapes = {
        address.removeprefix("/api/v1/")
        .replace("NONE.1", "<str:name>")
        .replace("TEST1", "<code:code>")
        .replace(ID, "<uuid:uid>")
        .replace("somebody", "<slug:key>")
        .replace("somewhere", "<slug:key>")
        .replace("B01", "<reference:reference>")
        .replace("I01", "<reference:reference>")
        .replace("C01", "<reference:reference>")
        .replace("M01", "<reference:reference>")
        .replace("appearances/1", "appearances/<int:appearance_id>")
        .replace("copies/1", "copies/<int:copy_id>")
        .replace(f"files/{'a' * 64}", "files/<str:sha256>")
        .replace("readings/exiftool", "readings/<slug:reader>")
        .replace("M02", "<reference:other>")
        .replace("G01", "<reference:reference>")
        for address in written
    }
    assert routes - {"schema", "^.*$"} == shapes


def _routes(patterns):
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            yield from _routes(pattern.url_patterns)
        else:
            yield pattern.pattern


@pytest.mark.parametrize("address", [*FOR_MEMBERS, *OWN, *OWN_FILES])
def test_nobody_reads_it_without_signing_in(client_of, investigation, published, address):
    answer = client_of(None).get(address)
    assert answer.status_code == 401
    assert is_refusal(answer)
    assert answer["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("address", FOR_MEMBERS)
def test_to_a_stranger_it_does_not_exist_even_when_its_points_are_public(
    client_of, investigation, published, stranger, address
):
    answer = client_of(stranger).get(address)
    assert answer.status_code == 404
    assert is_refusal(answer)


@pytest.mark.parametrize("address", TO_POST)
def test_nobody_and_no_stranger_writes(client_of, investigation, stranger, address):
    assert client_of(None).post(address, {}, format="json").status_code == 401
    assert client_of(stranger).post(address, {}, format="json").status_code == 404


@pytest.mark.parametrize("address", [*OPEN, *FOR_MEMBERS, *OWN])
@pytest.mark.parametrize("value", AWKWARD, ids=range(len(AWKWARD)))
def test_no_awkward_parameter_breaks_a_page(client_of, investigation, viewer, address, value):
    names = ("cursor", "limit", "bbox", "investigation", "captured_after", "captured_before", "updated_since")
    client = client_of(viewer)
    for name in (*names, "q", "published", value[:300]):
        answer = client.get(address, {name: value})
        assert answer.status_code < 500, (address, name, answer.content)
        if answer.status_code >= 400:
            assert is_refusal(answer)
        else:
            assert b"".join(answer) is not None


@pytest.mark.parametrize(
    "address",
    [
        "/api",
        "/api/v2/points",
        "/api/v1/nothing",
        "/api/v1/",
        "/api/v1/verified-points/",
        "/api/v1/verified-points/not-a-uuid",
        "/api/v1/investigations/%00/claims",
        "/api/v1/investigations/TEST1/claims/%00",
        "/api/v1/investigations/" + "A" * 3000,
    ],
)
@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_an_address_that_is_nothing_is_404_in_the_same_shape(client_of, viewer, address, method):
    answer = getattr(client_of(viewer), method)(address)
    assert answer.status_code == 404
    assert is_refusal(answer)


def test_a_method_that_is_not_there_is_405(client_of, viewer, investigation):
    answer = client_of(viewer).delete("/api/v1/verified-points")
    assert answer.status_code == 405
    assert is_refusal(answer)


def test_what_cannot_be_answered_in_a_wanted_kind_is_406(client_of, db):
    answer = client_of(None).get("/api/v1/verified-points", HTTP_ACCEPT="application/xml")
    assert answer.status_code == 406
    assert is_refusal(answer)


def test_a_body_of_another_kind_is_415(client_of, investigator, investigation):
    answer = client_of(investigator).post(f"{INSIDE}/claims", "<claim/>", content_type="application/xml")
    assert answer.status_code == 415
    assert is_refusal(answer)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[" * 100_000,
        b'{"statement": NaN}',
        b"\xff",
        b'"text"',
        b"[]",
        b"null",
        b'{"a": "\\ud800"}',
    ],
)
def test_a_body_that_is_no_object_is_400(client_of, investigator, investigation, body):
    answer = client_of(investigator).post(f"{INSIDE}/claims", body, content_type="application/json")
    assert answer.status_code == 400, answer.content
    assert is_refusal(answer)


def test_a_body_with_a_nul_is_400_wherever_it_hides(client_of, investigator, investigation):
    body = b'{"statement": "x", "claimant": "y", "figures": {"a": ["\\u0000"]}}'
    answer = client_of(investigator).post(f"{INSIDE}/claims", body, content_type="application/json")
    assert answer.status_code == 400
    assert "NUL" in answer.json()["error"]["sentence"]


def test_a_body_beyond_the_limit_is_413(client_of, investigator, investigation, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = client_of(investigator).post(f"{INSIDE}/claims", b" " * 2000, content_type="application/json")
    assert answer.status_code == 413
    assert is_refusal(answer)


def test_a_session_needs_its_csrf_token_to_write(investigator, investigation):
    client = Client(enforce_csrf_checks=True)
    client.force_login(investigator)
    answer = client.post(f"{INSIDE}/claims", "{}", content_type="application/json")
    assert answer.status_code == 403
    assert is_refusal(answer)
