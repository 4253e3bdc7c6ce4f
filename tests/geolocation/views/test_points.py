"""Pages of verified points: who sees what, one filter for table, map and exports, the page to cite."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from evidence.services.investigations import investigation_publish
from geolocation.services.export_formats import FORMATS
from geolocation.services.geolocations import geolocation_retract
from tests.geolocation.api.conftest import verified

__all__ = ["verified"]

MEMBERS = "/TEST1/points/"
PUBLIC = "/points/"


@pytest.fixture
def published(investigation, editor):
    return investigation_publish(actor=editor, investigation=investigation, public=True)


def as_person(user) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def text(answer) -> str:
    return answer.content.decode()


def test_a_member_sees_the_points_of_the_investigation(verified, viewer):
    verified(39.821232, 46.758423, title="Smoke over the quay")
    page = as_person(viewer).get(MEMBERS)
    assert page.status_code == 200
    assert "Smoke over the quay" in text(page)
    assert "39.821232, 46.758423" in text(page)
    assert "Rui Reviewer" in text(page)


def test_a_stranger_gets_404_and_nobody_the_sign_in_page(verified, stranger):
    assert as_person(stranger).get(MEMBERS).status_code == 404
    assert as_person(None).get(MEMBERS).status_code == 302


def test_the_public_page_shows_published_points_alone_to_members_too(verified, viewer, investigation, editor):
    verified(39.8, 46.7, title="Not for everybody")
    for reader in (None, viewer):
        page = as_person(reader).get(PUBLIC)
        assert page.status_code == 200
        assert "Not for everybody" not in text(page)
    investigation_publish(actor=editor, investigation=investigation, public=True)
    assert "Not for everybody" in text(as_person(None).get(PUBLIC))


def test_every_export_link_carries_exactly_the_filter_of_the_table(verified, viewer):
    verified(39.8, 46.7)
    page = as_person(viewer).get(MEMBERS, {"q": "quay", "bbox": "46,39,47,40", "captured_after": ""})
    links = [url for _name, url in page.context["formats"]]
    links += [page.context["api_url"], page.context["data_url"]]
    assert len(links) == len(FORMATS) + 2
    for link in links:
        assert parse_qs(urlsplit(link).query) == {
            "investigation": ["TEST1"],
            "q": ["quay"],
            "bbox": ["46,39,47,40"],
        }


def test_the_links_of_the_public_page_ask_for_published_points(verified, published):
    page = as_person(None).get(PUBLIC)
    assert parse_qs(urlsplit(page.context["data_url"]).query) == {"published": ["true"]}


def test_another_investigation_cannot_be_asked_for_on_a_members_page(verified, viewer):
    verified(39.8, 46.7, title="Ours")
    assert "Ours" in text(as_person(viewer).get(MEMBERS, {"investigation": "OTHER"}))


def test_a_refused_filter_shows_its_sentence_and_no_points(verified, viewer):
    verified(39.8, 46.7, title="Smoke over the quay")
    page = as_person(viewer).get(MEMBERS, {"bbox": "1,2,3"})
    assert page.status_code == 200
    assert "four numbers, not 3" in text(page)
    assert "Smoke over the quay" not in text(page)
    assert page.context["formats"] == []


@pytest.mark.parametrize("value", ["\x00", "9" * 5000, "<script>alert(1)</script>", "é"])
@pytest.mark.parametrize("name", ["q", "bbox", "captured_after", "updated_since", "cursor", "investigation"])
def test_no_awkward_filter_breaks_the_page(verified, viewer, name, value):
    for client, address in ((as_person(viewer), MEMBERS), (as_person(None), PUBLIC)):
        page = client.get(address, {name: value})
        assert page.status_code == 200
        assert "<script>alert(1)" not in text(page)


def test_pages_of_the_table_follow_each_other_last_verified_first(verified, viewer, monkeypatch):
    monkeypatch.setattr("geolocation.views.points.PAGE_SIZE", 2)
    for number in range(5):
        verified(number, number)
    client, seen, address = as_person(viewer), [], MEMBERS
    while address:
        page = client.get(address)
        seen += [row.media_reference for row in page.context["rows"]]
        address = page.context["next_url"]
    assert seen == ["M05", "M04", "M03", "M02", "M01"]


def test_a_point_has_a_page_to_cite_that_everybody_can_open_once_it_is_published(verified, published):
    point = verified(39.821232, 46.758423, title="Smoke over the quay")
    page = as_person(None).get(f"/points/{point.uid}/")
    assert page.status_code == 200
    citation = page.context["citation"]
    assert f"http://testserver/points/{point.uid}/" in citation
    assert "revision 1, at 39.821232, 46.758423 (WGS 84, ± 15 m)" in citation
    assert "by Rui Reviewer" in citation
    assert "Open the geolocation" not in text(page)


def test_the_page_of_a_private_point_is_for_members(verified, viewer, stranger):
    point = verified(39.8, 46.7)
    address = f"/points/{point.uid}/"
    assert "Open the geolocation" in text(as_person(viewer).get(address))
    assert as_person(stranger).get(address).status_code == 404
    assert as_person(None).get(address).status_code == 404


def test_a_retracted_point_says_so_at_its_address(verified, published, editor):
    point = verified(39.8, 46.7)
    geolocation_retract(actor=editor, geolocation=point.geolocation, reason="The tower is another one.")
    page = as_person(None).get(f"/points/{point.uid}/")
    assert page.status_code == 410
    assert "The tower is another one." in text(page)


def test_a_link_of_a_post_that_is_not_http_is_no_link(verified, published):
    point = verified(39.8, 46.7)
    type(point).objects.filter(pk=point.pk).update(source_url="https://example.org/post/1")
    assert 'href="https://example.org/post/1"' in text(as_person(None).get(f"/points/{point.uid}/"))
