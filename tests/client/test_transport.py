"""Tries, refusals and where the token goes, against a server that answers as told."""

import json

import pytest

from catalogue_client import (
    Busy,
    Catalogue,
    Invalid,
    InvalidArgument,
    ServerFault,
    UnexpectedAnswer,
    Unreachable,
    UnsafeAddress,
)
from tests.client.conftest import QUICK, Told

EMPTY = Told(body=b'{"results": [], "cursor": "c1.x", "next": "", "more": false}')
SECRET = "a-secret-token"


def client(server, **more) -> Catalogue:
    return Catalogue(server.url, patience=QUICK, **more)


def test_a_busy_server_is_asked_again_after_the_time_it_names(scripted):
    server = scripted()
    server.answers = [Told(status=429, headers={"Retry-After": "0"}), Told(status=503), EMPTY]
    with client(server) as catalogue:
        assert catalogue.changes().cursor == "c1.x"
    assert len(server.asked) == 3


def test_the_tries_end_and_the_error_says_so(scripted):
    server = scripted()
    server.answers = [Told(status=503)] * 3
    with client(server) as catalogue, pytest.raises(Busy, match="503"):
        catalogue.changes()
    assert server.answers == []


def test_a_server_that_asks_for_an_hour_is_not_waited_for(scripted):
    server = scripted()
    server.answers = [Told(status=503, headers={"Retry-After": "3600"}), EMPTY]
    with client(server) as catalogue, pytest.raises(Busy):
        catalogue.changes()
    assert len(server.asked) == 1


def test_a_fault_and_a_refusal_are_not_tried_again(scripted):
    server = scripted()
    refused = {
        "error": {"code": "invalid", "sentence": "Some values do not fit.", "fields": {"bbox": ["No."]}}
    }
    server.answers = [Told(status=500, body=b"<h1>"), Told(status=400, body=json.dumps(refused).encode())]
    with client(server) as catalogue:
        with pytest.raises(ServerFault, match="answered 500"):
            catalogue.changes()
        with pytest.raises(Invalid) as caught:
            catalogue.changes()
    assert (caught.value.code, caught.value.fields) == ("invalid", {"bbox": ("No.",)})
    assert str(caught.value) == "Some values do not fit. bbox: No."


def test_a_broken_connection_is_tried_again(scripted):
    server = scripted()
    server.answers = [Told(headers={"Content-Length": "500"}, cut=True), EMPTY]
    with client(server) as catalogue:
        assert catalogue.changes().entries == ()


def test_nobody_at_home_is_a_sentence(scripted):
    with Catalogue("http://127.0.0.1:9", patience=QUICK) as catalogue, pytest.raises(Unreachable):
        catalogue.changes()


def test_a_page_that_is_no_json_is_a_sentence(scripted):
    server = scripted()
    server.answers = [Told(body=b"<html>")]
    with client(server) as catalogue, pytest.raises(UnexpectedAnswer, match="address of a catalogue"):
        catalogue.changes()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_to_another_server_is_refused_and_the_token_stays(scripted, status):
    server, other = scripted(), scripted()
    server.answers = [Told(status=status, headers={"Location": f"{other.url}/api/v1/points/changes"})]
    with client(server, token=SECRET) as catalogue, pytest.raises(UnsafeAddress, match="was not asked"):
        catalogue.changes()
    assert server.asked[0][2]["Authorization"] == f"Bearer {SECRET}"
    assert other.asked == []


def test_a_redirect_on_the_same_server_is_followed(scripted):
    server = scripted()
    server.answers = [Told(status=308, headers={"Location": "/elsewhere?limit=500"}), EMPTY]
    with client(server, token=SECRET) as catalogue:
        catalogue.changes()
    assert [path for _method, path, _headers in server.asked] == [
        "/api/v1/points/changes?limit=500",
        "/elsewhere?limit=500",
    ]


def test_redirects_without_end_end(scripted):
    server = scripted()
    server.answers = [Told(status=302, headers={"Location": "/again"})] * 5
    with client(server) as catalogue, pytest.raises(UnexpectedAnswer, match="without end"):
        catalogue.changes()


def test_what_is_written_is_not_sent_on(scripted):
    server = scripted()
    server.answers = [Told(status=307, headers={"Location": "/elsewhere"})]
    with client(server) as catalogue, pytest.raises(UnsafeAddress, match="not sent again"):
        catalogue.log_media("NK23", "https://example.org/post")
    assert len(server.asked) == 1


def test_a_next_page_on_another_server_is_refused(scripted):
    server, other = scripted(), scripted()
    page = {"results": [], "next": f"{other.url}/api/v1/verified-points?cursor=x"}
    server.answers = [Told(body=json.dumps(page).encode())]
    with client(server, token=SECRET) as catalogue, pytest.raises(UnsafeAddress):
        list(catalogue.points())
    assert other.asked == []


def test_without_a_token_nothing_of_netrc_is_sent(scripted, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("default login somebody password secret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    server = scripted()
    server.answers = [EMPTY]
    with client(server) as catalogue:
        # As for a server elsewhere: on loopback the environment is not read at all.
        catalogue._transport._session.trust_env = True
        catalogue.changes()
    assert "Authorization" not in server.asked[0][2]


@pytest.mark.parametrize("token", ["", "two words", "line\nbreak", "tökén"])
def test_what_is_no_token_is_refused_before_it_is_sent(token):
    with pytest.raises(InvalidArgument, match="not one"):
        Catalogue("https://catalogue.example", token=token)


def test_a_token_is_not_shown(scripted):
    with client(scripted(), token=SECRET) as catalogue:
        assert SECRET not in repr(vars(catalogue._transport))


def test_a_file_is_begun_again_when_the_connection_breaks_and_replaced_only_when_whole(scripted, tmp_path):
    server = scripted()
    target = tmp_path / "points.csv"
    target.write_bytes(b"of yesterday")
    cut = Told(body=b"half", headers={"Content-Length": "8"}, cut=True)
    server.answers = [cut, cut, cut]
    with client(server) as catalogue, pytest.raises(Unreachable):
        catalogue.save(target)
    assert (target.read_bytes(), [each.name for each in tmp_path.iterdir()]) == (
        b"of yesterday",
        ["points.csv"],
    )
    server.answers = [cut, Told(body=b"all of it")]
    with client(server) as catalogue:
        assert catalogue.save(target).size_bytes == 9
    assert target.read_bytes() == b"all of it"


def test_a_chunked_file_that_ends_early_is_not_kept(scripted, tmp_path):
    server = scripted()
    chunk = b"4\r\nhalf\r\n"  # and no last chunk of length 0
    cut = Told(body=chunk, headers={"Transfer-Encoding": "chunked", "Content-Length": ""}, cut=True)
    server.answers = [cut, cut, cut]
    with client(server) as catalogue, pytest.raises(Unreachable):
        catalogue.save(tmp_path / "points.csv")
    assert list(tmp_path.iterdir()) == []
