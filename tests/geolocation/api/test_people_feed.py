"""The Atom feeds: who reads them, and what they say of new, changed and left points."""

import xml.etree.ElementTree as ElementTree

import pytest

from evidence.services.investigations import investigation_publish
from evidence.services.media import MediaDetails, media_change
from geolocation.services.geolocations import geolocation_retract

FEED = "/points/feed.atom"
OURS = "/api/v1/investigations/TEST1/points/feed.atom"
ATOM = "{http://www.w3.org/2005/Atom}"


def titles(answer) -> list[str]:
    assert answer.status_code == 200
    return [each.findtext(f"{ATOM}title") for each in entries(answer)]


def entries(answer) -> list[ElementTree.Element]:
    return ElementTree.fromstring(answer.content).findall(f"{ATOM}entry")


def test_new_changed_and_retracted_points_are_told_the_newest_first(
    client, verified, published, investigator, editor
):
    first, second = verified(1, 1, title="One"), verified(2, 2, title="Two")
    assert titles(client.get(FEED)) == ["Verified: Two", "Verified: One"]
    media_change(actor=investigator, item=first.media_item, details=MediaDetails(title="One, on the quay"))
    geolocation_retract(actor=editor, geolocation=second.geolocation, reason="The mast is another one.")
    answer = client.get(FEED)
    assert titles(answer) == [
        f"Retracted: TEST1, point {str(second.uid)[:8]}",
        "Changed: One, on the quay",
    ]
    assert "The mast is another one." in entries(answer)[0].findtext(f"{ATOM}summary")
    assert b"Two" not in answer.content
    assert entries(answer)[0].find(f"{ATOM}link").get("href") == f"http://testserver/points/{second.uid}/"


def test_every_change_is_an_entry_of_its_own(client, verified, published, investigator):
    point = verified(1, 1, title="One")
    seen = set()
    for title in ("One a", "One b"):
        seen.add(entries(client.get(FEED))[0].findtext(f"{ATOM}id"))
        media_change(actor=investigator, item=point.media_item, details=MediaDetails(title=title))
    seen.add(entries(client.get(FEED))[0].findtext(f"{ATOM}id"))
    assert len(seen) == 3
    assert all(each.startswith("urn:uuid:") for each in seen)


def test_a_reader_who_has_it_already_is_told_so(client, verified, published):
    verified(1, 1)
    first = client.get(FEED)
    assert first["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert first["Last-Modified"].endswith("GMT")
    again = client.get(FEED, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    verified(2, 2)
    assert client.get(FEED, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_private_points_are_for_members_with_a_token_or_a_sign_in(
    client_of, client, verified, viewer, stranger
):
    verified(1, 1, title="One")
    assert titles(client.get(FEED)) == []
    assert titles(client_of(viewer).get(OURS)) == ["Verified: One"]
    assert client_of(stranger).get(OURS).status_code == 404
    assert client_of(None).get(OURS).status_code == 401
    client.force_login(viewer)
    answer = client.get(OURS, headers={"Accept": "application/atom+xml"})
    assert titles(answer) == ["Verified: One"]
    assert answer["Cache-Control"] == "private, no-cache"


def test_closed_to_the_public_nothing_of_the_points_is_left_in_the_feed(client, verified, published, editor):
    point = verified(1, 1, title="One")
    investigation_publish(actor=editor, investigation=published, public=False)
    answer = client.get(FEED)
    assert titles(answer) == [f"No longer open to the public: TEST1, point {str(point.uid)[:8]}"]
    assert b"One" not in answer.content


@pytest.mark.parametrize(
    ("code", "status"), [("TEST1", 200), ("test1", 200), ("OTHER", 404), ("\x00", 404), ("no code", 404)]
)
def test_one_investigation_of_the_public_feed(client, verified, published, code, status):
    verified(1, 1)
    assert client.get(FEED, {"investigation": code}).status_code == status


def test_the_page_of_the_points_leads_to_the_feed_of_what_it_shows(client, verified, published):
    verified(1, 1)
    assert b'href="/points/feed.atom"' in client.get("/points/").content
    page = client.get("/points/", {"investigation": "TEST1"})
    assert b'href="/points/feed.atom?investigation=TEST1"' in page.content
