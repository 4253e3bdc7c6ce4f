"""Lists of sources and places, and adding one."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from evidence.models import Place, Source
from evidence.services.catalogue import Name, place_add, source_add
from evidence.services.investigations import investigation_open

SOURCE = {
    "name": "Port  authority",
    "kind": "official_body",
    "platform": "telegram",
    "handle": "@port_live",
    "reliability": "C",
    "note": "Speaks for the owner.",
}
PLACE = {
    "names": "Stepanakert\naz-Latn: Xankəndi\nhy: Ստեփանակերտ",
    "shown_together": "2",
    "kind": "city",
    "latitude": "39.8153",
    "longitude": "46.7519",
    "radius_m": "4000",
}


@pytest.fixture
def signed_in(client: Client, investigation: Any, investigator: Any) -> Client:
    client.force_login(investigator)
    return client


def test_a_source_is_added_as_typed(signed_in: Client) -> None:
    assert signed_in.post("/TEST1/sources/add/", SOURCE)["Location"] == "/TEST1/sources/"
    source = Source.objects.get()
    assert (source.name, source.handle, source.reliability) == ("Port authority", "port_live", "C")
    page = signed_in.get("/TEST1/sources/").content.decode()
    assert "@port_live" in page
    assert "C · fairly reliable" in page
    assert "Telegram" in page


def test_sources_stand_in_the_order_of_their_names_whatever_their_case(
    signed_in: Client, investigation: Any, investigator: Any
) -> None:
    for name in ("CNN", "alpha", "CivilNet"):
        source_add(actor=investigator, investigation=investigation, name=name)
    rows = signed_in.get("/TEST1/sources/").context["rows"]
    assert [source.name for source, _platform in rows] == ["alpha", "CivilNet", "CNN"]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "", "required"),
        ("name", "THE TOWN", "There is a source called"),
        ("kind", "wizard", "valid choice"),
        ("reliability", "G", "valid choice"),
        ("handle", "x" * 121, "at most 120"),
    ],
)
def test_a_refused_source_keeps_what_was_typed(
    signed_in: Client, investigation: Any, investigator: Any, field: str, value: str, words: str
) -> None:
    source_add(actor=investigator, investigation=investigation, name="The town")
    response = signed_in.post("/TEST1/sources/add/", {**SOURCE, field: value})
    errors = response.context["form"].errors
    assert list(errors) == [field]
    assert words in errors[field][0]
    assert "Speaks for the owner." in response.content.decode()
    assert Source.objects.count() == 1


def test_a_place_is_added_with_its_names_in_order(signed_in: Client) -> None:
    assert signed_in.post("/TEST1/places/add/", PLACE)["Location"] == "/TEST1/places/"
    place = Place.objects.get()
    assert [(name.name, name.language) for name in place.names.all()] == [
        ("Stepanakert", ""),
        ("Xankəndi", "az-Latn"),
        ("Ստեփանակերտ", "hy"),
    ]
    assert place.display_name == "Stepanakert / Xankəndi"
    assert (place.latitude, place.longitude, place.radius_m) == (39.8153, 46.7519, 4000)
    page = signed_in.get("/TEST1/places/").content.decode()
    assert 'lang="hy">Ստեփանակերտ' in page
    assert "39.815300, 46.751900" in page


def test_a_place_needs_no_position_and_may_lie_within_another(
    signed_in: Client, investigation: Any, investigator: Any
) -> None:
    town = place_add(actor=investigator, investigation=investigation, names=[Name(name="The town")])
    only_names = {"names": "Quay", "shown_together": "1", "kind": "site", "within": str(town.pk)}
    assert signed_in.post("/TEST1/places/add/", only_names).status_code == 302
    quay = Place.objects.get(key="quay")
    assert (quay.within, quay.latitude) == (town, None)


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"names": "  \n "}, "names", "required"),
        ({"names": "Quay\nQuay"}, "names", "stands here twice"),
        ({"names": "the TOWN"}, "names", "There is a place called"),
        ({"shown_together": "4"}, "shown_together", "fewer names"),
        ({"latitude": "39,8153"}, "latitude", "with a point"),
        ({"latitude": "٣٩.٨"}, "latitude", "with a point"),
        ({"latitude": "1e1"}, "latitude", "with a point"),
        ({"latitude": "nan"}, "latitude", "with a point"),
        ({"latitude": "90.01"}, "latitude", "outside the globe"),
        ({"longitude": "-180.5"}, "longitude", "outside the globe"),
        ({"latitude": ""}, "latitude", "both latitude and longitude"),
        ({"longitude": ""}, "longitude", "both latitude and longitude"),
        ({"latitude": "", "longitude": ""}, "latitude", "radius needs a position"),
        ({"radius_m": "0"}, "radius_m", "more than 0"),
        ({"radius_m": "wide"}, "radius_m", "number"),
    ],
)
def test_a_refused_place_keeps_what_was_typed(
    signed_in: Client,
    investigation: Any,
    investigator: Any,
    changes: dict[str, str],
    field: str,
    words: str,
) -> None:
    place_add(actor=investigator, investigation=investigation, names=[Name(name="The town")])
    typed = {**PLACE, **changes}
    response = signed_in.post("/TEST1/places/add/", typed)
    errors = response.context["form"].errors
    assert field in errors
    assert words in errors[field][0]
    page = response.content.decode()
    assert all(line.strip() in page for value in typed.values() for line in value.splitlines())
    assert Place.objects.count() == 1


def test_a_place_of_another_investigation_is_not_offered(
    signed_in: Client, investigation: Any, stranger: Any
) -> None:
    foreign = investigation_open(actor=stranger, code="FOREIGN", title="Somebody else's")
    place = place_add(actor=stranger, investigation=foreign, names=[Name(name="Secret valley")])
    response = signed_in.post("/TEST1/places/add/", {**PLACE, "within": str(place.pk)})
    assert "within" in response.context["form"].errors
    assert "Secret valley" not in response.content.decode()


@pytest.mark.parametrize("path", ["sources/add/", "places/add/"])
def test_a_viewer_reads_and_does_not_add(
    client: Client, investigation: Any, viewer: Any, stranger: Any, path: str
) -> None:
    assert client.get(f"/TEST1/{path}")["Location"].startswith("/account/login/")
    client.force_login(viewer)
    assert client.get(f"/TEST1/{path}").status_code == 403
    listed = client.get(f"/TEST1/{path.removesuffix('add/')}")
    assert listed.status_code == 200
    assert f"/TEST1/{path}" not in listed.content.decode()
    client.force_login(stranger)
    assert client.get(f"/TEST1/{path}").status_code == 404
