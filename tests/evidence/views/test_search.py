"""Search finds what the person may see, however it is written, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from evidence.models import Investigation
from evidence.services.catalogue import Name, place_add, source_add
from evidence.services.claims import ClaimDetails, claim_log
from evidence.services.investigations import investigation_open
from evidence.services.media import MediaDetails, media_create, media_log_links

POST = "https://twitter.com/somebody/status/1704733065673687175"


def _fill(actor: Any, investigation: Investigation) -> None:
    source = source_add(
        actor=actor,
        investigation=investigation,
        name="Port authority",
        platform="telegram",
        handle="port_live",
    )
    place_add(
        actor=actor,
        investigation=investigation,
        names=[Name(name="Stepanakert"), Name(name="Ստեփանակերտ", language="hy"), Name(name="Xankəndi")],
    )
    claim_log(
        actor=actor,
        investigation=investigation,
        details=ClaimDetails(statement="The crane fell before noon.", claimant=source),
    )
    media_log_links(
        actor=actor,
        investigation=investigation,
        text=POST,
        details=MediaDetails(title="Smoke over the quay", description="Seen from the bridge"),
    )


@pytest.fixture
def filled(client: Client, investigation: Any, investigator: Any, viewer: Any) -> Client:
    _fill(investigator, investigation)
    client.force_login(viewer)
    return client


def _totals(client: Client, words: str) -> dict[str, int]:
    groups = client.get("/search/", {"q": words}).context["groups"]
    return {name: group.total for name, group in groups.items() if group.total}


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("m01", {"media": 1}),
        ("SMOKE over", {"media": 1}),
        ("from the bridge", {"media": 1}),
        ("1704733065673687175", {"media": 1}),
        (POST, {"media": 1}),
        ("x.com/somebody/status/1704733065673687175?s=20", {"media": 1}),
        ("https://mobile.twitter.com/somebody/status/1704733065673687175", {"media": 1}),
        ("C01", {"claims": 1}),
        ("crane FELL", {"claims": 1}),
        ("stepanakert", {"places": 1}),
        ("ՍՏԵՓԱՆԱԿԵՐՏ", {"places": 1}),
        ("xankəndi", {"places": 1}),
        ("port authority", {"claims": 1, "sources": 1}),
        ("@port_live", {"sources": 1}),
        ("x.com/somebody/status/1", {}),
        ("no such words", {}),
        ("\x00", {}),
        ("%", {}),
        ("   ", {}),
    ],
)
def test_finds(filled: Client, words: str, found: dict[str, int]) -> None:
    assert _totals(filled, words) == found


@pytest.mark.parametrize(
    "words", ["M01", "smoke", POST, "C01", "crane", "Stepanakert", "Port authority", "1704733065673687175"]
)
def test_nothing_of_foreign_investigations_is_found(
    client: Client, investigation: Any, stranger: Any, viewer: Any, words: str
) -> None:
    _fill(stranger, investigation_open(actor=stranger, code="FOREIGN", title="Somebody else's"))
    client.force_login(stranger)
    assert _totals(client, words) != {}
    client.force_login(viewer)
    response = client.get("/search/", {"q": words})
    assert response.context["total"] == 0
    assert "FOREIGN" not in response.content.decode()


def test_a_superuser_of_the_site_is_a_stranger_here(filled: Client, stranger: Any) -> None:
    stranger.is_superuser = stranger.is_staff = True
    stranger.save()
    filled.force_login(stranger)
    assert _totals(filled, "smoke") == {}


def test_an_item_is_found_once_however_many_of_its_words_match(
    filled: Client, investigation: Any, investigator: Any
) -> None:
    media_log_links(
        actor=investigator,
        investigation=investigation,
        text="https://t.me/smoke/1\nhttps://t.me/smoke/2",
        details=MediaDetails(title="smoke smoke"),
    )
    assert _totals(filled, "smoke") == {"media": 3}


def test_many_results_are_counted_and_cut(filled: Client, investigation: Any, investigator: Any) -> None:
    for n in range(25):
        media_create(
            actor=investigator,
            investigation=investigation,
            details=MediaDetails(title=f"Crane from deck {n}"),
        )
    group = filled.get("/search/", {"q": "deck"}).context["groups"]["media"]
    assert (len(group.rows), group.total) == (20, 25)


def test_the_empty_page_says_what_can_be_typed(filled: Client) -> None:
    assert "paste a post" in filled.get("/search/").content.decode()


def test_somebody_not_signed_in_goes_to_the_sign_in(client: Client, db: None) -> None:
    assert client.get("/search/?q=smoke")["Location"].startswith("/account/login/?next=/search/")
