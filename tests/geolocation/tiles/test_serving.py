"""Tiles over HTTP, read by GDAL: what they hold, to whom, and for how long."""

from __future__ import annotations

import gzip
from datetime import UTC, date, datetime

import pytest
from django.core.cache import cache
from django.db import connection
from rest_framework.test import APIClient

from evidence.models import Place, PlaceName
from evidence.services.investigations import investigation_publish
from geolocation.models import Geolocation, VerifiedPoint
from geolocation.querysets import PointFilter
from geolocation.services import tiles as service
from geolocation.services.disclosure import disclosure_set
from geolocation.services.geolocations import Captured, geolocation_retract
from geolocation.services.tiles import TileFilter, tile_made
from geolocation.tiles import BYTES_MOST, Tile
from tests.geolocation.tiles.conftest import gate_ajar, points_make
from tests.geolocation.tiles.reading import layers_of

pytestmark = pytest.mark.django_db(transaction=True)
HERE = (39.821232, 46.758423)
# The tile around HERE at each zoom, by the formula of the OpenStreetMap wiki.
TILES = {0: "0/0/0", 8: "8/161/97", 9: "9/322/194", 16: "16/41280/24852"}


def path(zoom: int, code: str = "") -> str:
    return f"/tiles/{code + '/' if code else ''}{TILES[zoom]}.mvt"


@pytest.fixture
def nobody() -> APIClient:
    return APIClient()


def test_a_point_is_where_it_is_to_the_units_of_the_tile(verified, published, nobody, tile_of):
    point = verified(
        *HERE, captured=Captured(on=date(2023, 9, 20)), title="Column on the avenue, Ստեփանակերտ"
    )
    for zoom in (9, 16):
        (read,) = tile_of(nobody, path(zoom))["points"]
        unit = 360 / 2**zoom / 4096
        assert abs(read["longitude"] - HERE[1]) <= unit
        assert abs(read["latitude"] - HERE[0]) <= unit
    assert {key: read[key] for key in ("id", "reference", "media_reference", "title", "status", "kind")} == {
        "id": str(point.uid),
        "reference": point.geolocation.reference,
        "media_reference": point.media_reference,
        "title": "Column on the avenue, Ստեփանակերտ",
        "status": "verified",
        "kind": point.media_kind,
    }
    assert (read["captured"], read["uncertainty_m"], read["position_role"]) == ("2023-09-20", 15, "camera")
    assert read["verified_by"] == "Rui Reviewer"


def test_low_zooms_count_and_stand_at_the_mean(verified, published, nobody, tile_of):
    verified(39.82, 46.76)
    verified(39.82, 46.78)
    verified(-33.9, 151.2)
    for zoom in (0, 8):
        found = tile_of(nobody, path(zoom))["clusters"]
        (here,) = [each for each in found if each["point_count"] == 2]
        assert here["status"] == "verified"
        unit = 360 / 2**zoom / 4096
        assert abs(here["longitude"] - 46.77) <= unit
        assert abs(here["latitude"] - 39.82) <= unit
    assert sum(each["point_count"] for each in tile_of(nobody, path(0))["clusters"]) == 3


def test_every_position_is_in_exactly_one_tile_of_each_zoom(verified, investigation, tmp_path):
    """On the edges of tiles, on the date line, at the poles and beyond where Web Mercator ends."""
    for latitude in (-90, -85.06, 0, 85.06, 90):
        for longitude in (-180, 0, 180):
            verified(latitude, longitude)
    wanted = TileFilter(investigations=(investigation.pk,))
    for zoom, layer in ((1, "clusters"), (8, "clusters"), (9, "points"), (16, "points")):
        middle, last = 2 ** (zoom - 1), 2**zoom - 1
        edges = {0, middle - 1, middle, last}
        found = []
        for x in edges:
            for y in edges:
                made = tile_made(Tile(zoom, x, y), wanted)
                found += layers_of(made, (zoom, x, y), tmp_path).get(layer, [])
        assert sum(each.get("point_count", 1) for each in found) == 15, zoom


def test_members_see_their_work_by_status_and_nobody_else_does(
    verified, in_review, published, nobody, viewer, stranger, client_of, tile_of
):
    verified(*HERE)
    member = client_of(viewer)
    for zoom, layer in ((0, "clusters"), (9, "points")):
        own = path(zoom, "TEST1")
        assert [each["status"] for each in tile_of(nobody, own)[layer]] == ["verified"]
        assert [each["status"] for each in tile_of(member, own)[layer]] == ["verified"]
        assert [each["status"] for each in tile_of(member, own, status="in_review")[layer]] == ["in_review"]
        for other in (nobody, client_of(stranger)):
            refused = other.get(own, {"status": "in_review"})
            assert refused.status_code == 403
            assert "Only members of TEST1" in refused.json()["error"]["sentence"]
    both = tile_of(member, path(9, "TEST1"), status="all")["points"]
    assert sorted(each["status"] for each in both) == ["in_review", "verified"]
    (mixed,) = tile_of(member, path(0, "TEST1"), status="in_review,verified")["clusters"]
    assert mixed["point_count"] == 2
    assert "status" not in mixed


def test_work_says_what_it_is_and_names_its_place(
    in_review, media_item, investigation, viewer, client_of, tile_of
):
    media_item.place = Place.objects.create(investigation=investigation, key="town")
    media_item.save()
    for number, (name, is_shown) in enumerate(
        (("Stepanakert", False), ("Xankəndi", True), ("Vararakn", False))
    ):
        PlaceName.objects.create(place=media_item.place, name=name, position=number, is_shown=is_shown)
    (read,) = tile_of(client_of(viewer), path(9, "TEST1"), status="in_review")["points"]
    assert read["place_name"] == media_item.place.display_name == "Stepanakert / Xankəndi"
    assert (read["id"], read["reference"]) == (str(in_review.uid), in_review.reference)
    assert (read["media_reference"], read["title"]) == (media_item.reference, media_item.title)
    assert (read["uncertainty_m"], read["position_role"]) == (15, "camera")


def test_an_investigation_that_is_not_public_is_to_a_stranger_as_if_it_were_not_there(
    verified, stranger, nobody, viewer, client_of, tile_of
):
    verified(*HERE)
    for address in (path(9, "TEST1"), "/tiles/TEST1/tiles.json"):
        for other in (nobody, client_of(stranger)):
            hidden = other.get(address)
            missing = other.get(address.replace("TEST1", "NONE9"))
            assert (hidden.status_code, hidden.content) == (404, missing.content)
            etag = {"HTTP_IF_NONE_MATCH": "*"}
            assert other.get(address, **etag).status_code == 404
    assert tile_of(nobody, path(9)) == {}
    answer = tile_of(client_of(viewer), path(9, "TEST1")).answer
    assert answer["Cache-Control"] == "private, no-cache"
    assert {"Cookie", "Authorization"} <= set(answer["Vary"].split(", "))


def test_a_generalised_point_is_its_circle_and_a_withheld_one_is_in_no_tile(
    verified, published, editor, viewer, nobody, client_of, tile_of
):
    point = verified(*HERE)
    held = {"HTTP_IF_NONE_MATCH": nobody.get(path(9))["ETag"]}
    disclosure_set(
        actor=editor,
        geolocation=point.geolocation,
        kind="generalised",
        radius_m=5000,
        reason="A family lives there.",
    )
    point.refresh_from_db()
    assert nobody.get(path(9), **held).status_code == 200
    for client in (nobody, client_of(viewer)):
        found = []
        for x in (321, 322, 323):
            for y in (193, 194, 195):
                found += tile_of(client, f"/tiles/TEST1/9/{x}/{y}.mvt").get("points", [])
        (read,) = found
        assert (read["disclosure"], read["uncertainty_m"]) == ("generalised", 5000)
        unit = 360 / 512 / 4096
        assert (read["latitude"], read["longitude"]) == pytest.approx(
            (point.latitude, point.longitude), abs=unit
        )
    disclosure_set(
        actor=editor, geolocation=point.geolocation, kind="withheld", reason="A family lives there."
    )
    for client in (nobody, client_of(viewer)):
        assert client.get(path(0, "TEST1")).content == b""
    assert client_of(viewer).get(path(0, "TEST1"), {"status": "all"}).content == b""


def test_nothing_sealed_is_in_a_tile_even_of_its_author(in_review, investigator, editor, client_of):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE geolocation_geolocation SET state = 'draft', is_sealed = true")
    for person in (investigator, editor):
        for zoom in TILES:
            assert client_of(person).get(path(zoom, "TEST1"), {"status": "all"}).content == b""


def test_a_retraction_is_seen_at_once_and_what_did_not_change_is_not_sent_again(
    verified, published, editor, nobody
):
    for address in (path(0), path(9), path(9, "TEST1"), "/tiles/tiles.json"):
        point = verified(*HERE)
        first = nobody.get(address)
        assert first.status_code == 200
        assert first["Cache-Control"] == "public, max-age=1, must-revalidate"
        held = {"HTTP_IF_NONE_MATCH": first["ETag"]}
        again = nobody.get(address, **held)
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
        geolocation_retract(actor=editor, geolocation=point.geolocation, reason="The tower is another one.")
        after = nobody.get(address, **held)
        assert after.status_code == 200
        assert after.content != first.content
        emptied = {"HTTP_IF_NONE_MATCH": f'"x", {after["ETag"]}'}
        assert nobody.get(address, **emptied).status_code == 304
        verified(*HERE)
        assert nobody.get(address, **emptied).status_code == 200
        VerifiedPoint.objects.all().delete()


def test_unpublishing_takes_the_points_out_of_the_public_tiles(verified, published, editor, nobody, tile_of):
    verified(*HERE)
    held = {"HTTP_IF_NONE_MATCH": nobody.get(path(9))["ETag"]}
    investigation_publish(actor=editor, investigation=published, public=False)
    answer = nobody.get(path(9), **held)
    assert (answer.status_code, answer.content) == (200, b"")


def test_no_statement_reads_points_for_a_tile_that_the_reader_has(
    verified, published, nobody, django_assert_max_num_queries
):
    verified(*HERE)
    tag = nobody.get(path(9))["ETag"]
    with django_assert_max_num_queries(1) as read:
        nobody.get(path(9), HTTP_IF_NONE_MATCH=tag)
    assert not any("ST_AsMVT" in each["sql"] for each in read.captured_queries)


def test_tiles_are_zipped_for_those_who_take_it(published, investigator, nobody):
    points_make(published, investigator, 300)
    plain = nobody.get(path(9))
    zipped = nobody.get(path(9), HTTP_ACCEPT_ENCODING="br, gzip")
    assert (plain.has_header("Content-Encoding"), zipped["Content-Encoding"]) == (False, "gzip")
    assert sorted(gzip.decompress(zipped.content)) == sorted(plain.content)
    assert len(zipped.content) < len(plain.content) / 2
    assert "Accept-Encoding" in plain["Vary"]
    assert plain["Content-Type"] == "application/vnd.mapbox-vector-tile"


MOMENTS = [
    Captured(on=date(2022, 12, 31)),
    Captured(on=date(2023, 3, 31)),
    Captured(start=datetime(2023, 4, 1, 7, tzinfo=UTC), end=datetime(2023, 4, 1, 9, tzinfo=UTC)),
    Captured(),
]


@pytest.mark.parametrize(
    ("start", "end", "by_month"),
    [
        ("2023-01-01", "2023-12-31", 2),
        ("2023-03-31", "2023-03-31", 1),
        ("", "2022-12-31", 1),
        ("2023-04-01T08:00:00Z", "", 1),
        ("2023-04-01T10:00:00Z", "", 1),
        ("2030-01-01", "", 0),
        ("", "", 4),
    ],
)
def test_times_narrow_by_the_month_in_the_grid_and_exactly_above(
    start, end, by_month, verified, published, nobody, tile_of
):
    for each in MOMENTS:
        verified(*HERE, captured=each)
    query = {name: value for name, value in (("from", start), ("to", end)) if value}
    low = tile_of(nobody, path(8), **query).get("clusters", [])
    assert sum(each["point_count"] for each in low) == by_month

    def moment(text, at):
        return datetime.fromisoformat(text if "T" in text else f"{text}T{at}+00:00") if text else None

    as_elsewhere = VerifiedPoint.objects.matching(
        PointFilter(captured_after=moment(start, "00:00:00"), captured_before=moment(end, "23:59:59"))
    )
    high = tile_of(nobody, path(9), **query).get("points", [])
    assert sorted(each["id"] for each in high) == sorted(str(each.uid) for each in as_elsewhere)


def test_many_points_are_marks_alone_and_a_tile_stays_small(published, investigator, nobody, tile_of):
    points_make(published, investigator, 501)
    marks = tile_of(nobody, path(9))
    assert len(marks["points"]) == 501
    assert all(set(each) == {"status", "longitude", "latitude"} for each in marks["points"])
    assert "more" not in marks
    VerifiedPoint.objects.filter(pk=VerifiedPoint.objects.first().pk).delete()
    described = tile_of(nobody, path(9))
    assert all("title" in each for each in described["points"])
    with gate_ajar(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE geolocation_verifiedpoint SET title = repeat(md5(id::text), 6),"
            " place_name = repeat(md5('p' || id), 6), verified_by = ARRAY[repeat(md5('v' || id), 3)]"
        )
    assert len(nobody.get(path(9)).content) < BYTES_MOST


def test_a_tile_with_more_points_than_fit_says_how_many_there_are(
    published, investigator, nobody, tile_of, monkeypatch
):
    points_make(published, investigator, 10_020)
    capped = tile_of(nobody, path(9))
    assert len(capped["points"]) == 10_000
    (more,) = capped["more"]
    assert (more["more"], more["total"], more["is_exact"], more["shown"]) == (True, 10_020, True, 10_000)
    assert len(capped.answer.content) < BYTES_MOST
    # Counted one by one where the grid cannot say; and only up to a limit.
    query = {"from": "2000-01-01"}
    assert tile_of(nobody, path(9), **query)["more"][0]["total"] == 10_020
    monkeypatch.setattr(service, "COUNTED_MOST", 10_010)
    cache.clear()
    (least,) = tile_of(nobody, path(9), **query)["more"]
    assert (least["total"], least["is_exact"]) == (10_010, False)


def test_numbers_that_are_no_tile_are_refused_with_a_sentence(nobody, published):
    for wrong in ("x/0/0", "0/-1/0", "1/0/0.5", "9/1e3/0", "1/0/٣"):
        refused = nobody.get(f"/tiles/{wrong}.mvt")
        assert refused.status_code == 400, wrong
        assert "no whole number" in refused.json()["error"]["sentence"]
    for outside in ("0/1/0", "17/0/0", "3/8/8", "999999999/0/0"):
        refused = nobody.get(f"/tiles/{outside}.mvt")
        assert refused.status_code == 404, outside
        assert "no such tile" in refused.json()["error"]["sentence"]
    for query in ({"status": "all"}, {"form": "2023-01-01"}, {"from": "yesterday"}, {"from": "2023-02-30"},
                  {"from": "2023-02-01", "to": "2023-01-01"}):  # fmt: skip
        assert nobody.get(path(0), query).status_code == 400, query
    assert nobody.get(path(0, "TEST1"), {"status": "verfied"}).status_code == 400
    assert nobody.get("/tiles/A%00B/tiles.json").status_code == 404


def test_tilejson_says_where_the_tiles_are_and_what_is_in_them(verified, published, nobody, tile_of):
    empty = nobody.get("/tiles/tiles.json").json()
    assert empty["bounds"] == pytest.approx([-180, -85.0511, 180, 85.0511], abs=1e-4)
    verified(*HERE)
    verified(40.2, 44.5)
    published.attribution, published.licence = "Harbour watch", "CC BY 4.0"
    held = {"HTTP_IF_NONE_MATCH": nobody.get("/tiles/TEST1/tiles.json")["ETag"]}
    assert nobody.get("/tiles/TEST1/tiles.json", **held).status_code == 304
    published.save()
    assert nobody.get("/tiles/TEST1/tiles.json", **held).status_code == 200
    said = nobody.get("/tiles/TEST1/tiles.json", {"from": "2023-01-01"}).json()
    assert said["tilejson"] == "3.0.0"
    assert said["tiles"] == ["http://testserver/tiles/TEST1/{z}/{x}/{y}.mvt?from=2023-01-01"]
    assert (said["minzoom"], said["maxzoom"], said["scheme"]) == (0, 16, "xyz")
    assert said["attribution"] == "Harbour watch. CC BY 4.0"
    west, south, east, north = said["bounds"]
    assert west <= 44.5 < 46.758423 <= east
    assert south <= 39.821232 < 40.2 <= north
    assert max(east - west, north - south) < 2.6
    fields = {each["id"]: set(each["fields"]) for each in said["vector_layers"]}
    for zoom in (0, 9):
        for layer, features in tile_of(nobody, path(zoom)).items():
            assert set().union(*features) - {"longitude", "latitude"} <= fields[layer]


def test_tiles_equal_the_points_of_the_database(investigation, investigator, tmp_path):
    """Every tile of zoom 9 that holds anything, against a count of the table by GDAL's positions."""
    points_make(investigation, investigator, 300, south=-2.0, west=-2.0, step=0.05)
    points_make(
        investigation, investigator, 40, first=200_000, state="rejected", south=1.0, west=1.0, step=0.03
    )
    wanted = TileFilter(investigations=(investigation.pk,), statuses=("verified", "rejected"))
    found = []
    for x in range(250, 262):
        for y in range(250, 262):
            read = layers_of(tile_made(Tile(9, x, y), wanted), (9, x, y), tmp_path)
            found += read.get("points", [])
    assert len(found) == len({each["id"] for each in found}) == Geolocation.objects.count() == 340
    where = {
        str(each.uid): (each.current_revision.camera_latitude, each.current_revision.camera_longitude)
        for each in Geolocation.objects.select_related("current_revision")
    }
    for each in found:
        assert (each["latitude"], each["longitude"]) == pytest.approx(where[each["id"]], abs=360 / 512 / 4096)


def test_a_tile_of_points_is_kept_until_something_changes(
    verified, published, nobody, tile_of, settings, monkeypatch
):
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "kept"}
    }
    cache.clear()
    point = verified(*HERE, title="Kept")
    made = []
    real = service.tile_made
    monkeypatch.setattr(service, "tile_made", lambda *asked: made.append(asked) or real(*asked))
    assert len(tile_of(nobody, path(9))["points"]) == 1
    assert len(tile_of(nobody, path(9))["points"]) == 1
    assert len(made) == 1
    # Another filter is another tile.
    nobody.get(path(9), {"from": "2023-01-01"})
    assert len(made) == 2
    geolocation_retract(actor=published.created_by, geolocation=point.geolocation, reason="Another mast.")
    assert tile_of(nobody, path(9)).get("points", []) == []


def test_without_a_store_each_tile_is_made(verified, published, nobody, tile_of, settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1",
        }
    }
    verified(*HERE)
    assert len(tile_of(nobody, path(9))["points"]) == 1
