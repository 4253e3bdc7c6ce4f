"""Atom documents: valid XML whatever was typed, and what RFC 4287 asks of them."""

import xml.etree.ElementTree as ElementTree
from datetime import UTC, datetime

from geolocation.atom import AtomEntry, AtomFeed, atom_document

ATOM = "{http://www.w3.org/2005/Atom}"
FEED = AtomFeed(
    feed_id="https://example.org/points/feed.atom",
    title="Points <of> & more",
    author="Desk",
    rights="CC BY",
    self_link="https://example.org/points/feed.atom?investigation=A&x=1",
    link="https://example.org/points/",
)


def entry(number: int, **changes) -> AtomEntry:
    values = {
        "uid": f"00000000-0000-5000-8000-00000000000{number}",
        "title": "Verified: Smoke <b> & \x0b fire",
        "summary": "said ]]> so",
        "link": 'https://example.org/points/1/?a=1&b="',
        "category": "verified",
        "updated_utc": datetime(2026, 1, number, 12, tzinfo=UTC),
        **changes,
    }
    return AtomEntry(**values)


def read(*entries: AtomEntry) -> ElementTree.Element:
    return ElementTree.fromstring(atom_document(FEED, entries))


def test_a_feed_has_what_rfc_4287_asks_of_it():
    feed = read(entry(1), entry(2))
    assert feed.tag == f"{ATOM}feed"
    assert [len(feed.findall(ATOM + name)) for name in ("id", "title", "updated", "author")] == [1, 1, 1, 1]
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "Desk"
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links == {"self": FEED.self_link, "alternate": FEED.link}
    for found in feed.findall(f"{ATOM}entry"):
        assert [len(found.findall(ATOM + name)) for name in ("id", "title", "updated")] == [1, 1, 1]


def test_the_feed_is_as_new_as_its_newest_entry():
    assert read(entry(2), entry(1)).findtext(f"{ATOM}updated") == "2026-01-02T12:00:00Z"


def test_without_entries_it_is_the_same_whenever_it_is_asked_for():
    assert read().findtext(f"{ATOM}updated") == "2000-01-01T00:00:00Z"


def test_what_people_typed_stays_text():
    (found,) = read(entry(1)).findall(f"{ATOM}entry")
    assert found.findtext(f"{ATOM}title") == "Verified: Smoke <b> &  fire"
    assert found.findtext(f"{ATOM}summary") == "said ]]> so"
    assert found.find(f"{ATOM}link").get("href") == 'https://example.org/points/1/?a=1&b="'
