"""Tiles sent before are sent again by the same process: only while they stand, and only public ones."""

from __future__ import annotations

import gzip
from itertools import count

import pytest
from django.core.exceptions import DisallowedHost
from django.http import HttpResponse
from django.test import RequestFactory
from rest_framework.test import APIClient

from geolocation.services.geolocations import geolocation_retract
from geolocation.services.tiles import published_version
from geolocation.tile_front import KeptTiles, TileFrontMiddleware, _Kept

pytestmark = pytest.mark.django_db(transaction=True)
HERE = (39.821232, 46.758423)
PATH = "/tiles/9/322/194.mvt"


@pytest.fixture
def long_way():
    """A front before a way that counts how often it is gone, and answers as the tiles do."""
    numbers = count(1)

    def respond(request):
        body = f"{next(numbers)}".encode()
        return HttpResponse(body, headers={"ETag": f'W/"{published_version()[1]}"', "Vary": "Cookie"})

    return TileFrontMiddleware(respond)


def ask(front, path=PATH, **headers):
    return front(RequestFactory(headers=headers).get(path))


def test_a_tile_goes_the_long_way_once_for_each_encoding(long_way, verified, published):
    verified(*HERE)
    assert [ask(long_way).content for _turn in range(3)] == [b"1"] * 3
    assert [ask(long_way, accept_encoding="gzip").content for _turn in range(2)] == [b"2"] * 2
    again = ask(long_way)
    assert again.content == b"1"
    assert again["ETag"] == f'W/"{published_version()[1]}"'
    assert again["Vary"] == "Accept-Encoding"


def test_whoever_holds_the_tile_is_told_so(long_way, published):
    tag = ask(long_way)["ETag"]
    held = ask(long_way, if_none_match=f'"another", {tag}')
    assert (held.status_code, held.content, held["ETag"]) == (304, b"", tag)
    assert ask(long_way, if_none_match='"another"').status_code == 200


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        (f"{PATH}?from=2023-09-19", {}),
        ("/tiles/NK23/9/322/194.mvt", {}),
        ("/tiles/tiles.json", {}),
        (PATH, {"authorization": "Token wrong"}),
    ],
)
def test_what_may_differ_between_readers_goes_the_long_way_each_time(long_way, published, path, headers):
    ask(long_way, path)
    assert ask(long_way, path, **headers).content != ask(long_way, path, **headers).content


def test_a_refusal_is_not_kept():
    numbers = count(1)
    front = TileFrontMiddleware(lambda _request: HttpResponse(f"{next(numbers)}", status=400))
    assert [ask(front).content for _turn in range(2)] == [b"1", b"2"]


def test_an_address_that_is_not_ours_is_refused_here_too(long_way, published):
    ask(long_way)
    with pytest.raises(DisallowedHost):
        ask(long_way, host="elsewhere.example")


def test_a_change_is_seen_at_the_next_request(verified, published, editor, tile_of):
    point, nobody = verified(*HERE), APIClient()
    for _turn in range(2):
        assert [each["id"] for each in tile_of(nobody, PATH)["points"]] == [str(point.uid)]
    geolocation_retract(actor=editor, geolocation=point.geolocation, reason="It was another street.")
    assert "points" not in tile_of(nobody, PATH)


def test_the_second_answer_is_the_first(verified, published):
    for number in range(40):
        verified(HERE[0] + number / 1000, HERE[1])
    client = APIClient()
    first, second = (client.get(PATH, HTTP_ACCEPT_ENCODING="gzip") for _turn in range(2))
    assert first.headers["Content-Encoding"] == second.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(first.content) == gzip.decompress(second.content)
    for name in ("Content-Type", "ETag", "Cache-Control", "X-Content-Type-Options"):
        assert first.headers[name] == second.headers[name]
    # What only the long way sets shows which of the two it was.
    assert "Content-Security-Policy" in first.headers
    assert "Content-Security-Policy" not in second.headers


def test_what_was_not_asked_for_longest_makes_room():
    kept = KeptTiles(most_bytes=4_000)
    for name in ("a", "b", "c"):
        kept.put("tag", ("", name, ""), _Kept(b"x" * 100, ()))
    assert kept.get("tag", ("", "a", "")) is not None
    kept.put("tag", ("", "d", ""), _Kept(b"x" * 100, ()))
    assert [kept.get("tag", ("", name, "")) is None for name in "abcd"] == [False, True, False, False]
    assert kept.get("another", ("", "a", "")) is None
    kept.put("another", ("", "e", ""), _Kept(b"", ()))
    assert kept.get("tag", ("", "a", "")) is None
