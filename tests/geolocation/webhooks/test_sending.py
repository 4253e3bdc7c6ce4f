"""One request: what the receiver sees, and everything that can go wrong."""

import socket
import threading

import pytest

from geolocation.webhooks.sending import post
from tests.geolocation.webhooks.receiving import receiver


def test_the_body_arrives_as_it_is_with_its_headers():
    with receiver() as held:
        outcome = post(held.url, body=b'{"a": 1}', headers={"X-Test": "yes"}, loopback=True)
    assert (outcome.status, outcome.failure, outcome.is_delivered) == (204, "", True)
    assert held.bodies == [b'{"a": 1}']
    assert held.headers[0]["X-Test"] == "yes"
    assert held.headers[0]["Host"] == held.url.split("/")[2]


@pytest.mark.parametrize("status", [301, 302, 307, 308, 400, 410, 500, 503])
def test_anything_but_a_2xx_is_not_delivered(status):
    with receiver() as held:
        held.statuses = [status]
        outcome = post(held.url, body=b"{}", headers={}, loopback=True)
    assert (outcome.status, outcome.is_delivered) == (status, False)


def test_a_redirect_is_not_followed():
    with receiver() as inside, receiver() as held:
        held.statuses, held.location = [307], inside.url
        post(held.url, body=b"{}", headers={}, loopback=True)
    assert (len(held.bodies), inside.bodies) == (1, [])


def test_without_the_local_mode_this_machine_is_not_asked():
    with receiver() as held:
        outcome = post(held.url, body=b"{}", headers={})
    assert (outcome.status, outcome.failure, held.bodies) == (None, "refused", [])


def test_a_name_that_turns_inside_after_it_was_registered_is_not_asked(monkeypatch):
    with receiver() as held:
        port = held.url.split(":")[2].split("/")[0]
        there = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", int(port)))]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_asked, **_kinds: there)
        outcome = post(f"https://example.org:{port}/hook", body=b"{}", headers={})
    assert (outcome.failure, held.bodies) == ("refused", [])


def test_the_connection_goes_to_the_address_that_was_checked(monkeypatch):
    """The name is looked up once: a second answer, leading elsewhere, is never asked for."""
    with receiver() as held:
        port = int(held.url.split(":")[2].split("/")[0])
        asked, real = [], socket.getaddrinfo

        def getaddrinfo(host, *others, **kinds):
            asked.append(host)
            return real("127.0.0.1" if host == "receiver.example" else host, *others, **kinds)

        monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
        outcome = post(f"http://receiver.example:{port}/", body=b"{}", headers={}, loopback=True)
    assert outcome.is_delivered
    assert asked.count("receiver.example") == 1
    assert held.headers[0]["Host"] == f"receiver.example:{port}"


def test_nobody_listens():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        outcome = post(f"http://127.0.0.1:{port}/", body=b"{}", headers={}, loopback=True)
    assert (outcome.status, outcome.failure) == (None, "not_reached")


def test_https_to_somebody_who_does_not_speak_it_fails_as_tls():
    with receiver() as held:
        outcome = post(
            held.url.replace("http://", "https://"), body=b"{}", headers={}, loopback=True, whole_s=10
        )
    assert outcome.status is None
    assert outcome.failure in ("tls", "not_reached")
    assert held.bodies == []


def test_a_receiver_that_never_finishes_its_answer_is_hung_up_on():
    with socket.create_server(("127.0.0.1", 0)) as server:
        done = threading.Event()

        def drip() -> None:
            link, _address = server.accept()
            with link:
                # Each byte comes well within the time that a single read may take.
                while not done.wait(0.02):
                    try:
                        link.sendall(b"H")
                    except OSError:
                        return

        thread = threading.Thread(target=drip)
        thread.start()
        port = server.getsockname()[1]
        outcome = post(f"http://127.0.0.1:{port}/", body=b"{}", headers={}, loopback=True, whole_s=0.5)
        done.set()
        thread.join()
    assert outcome.status is None
    assert outcome.failure == "timeout"


def test_an_answer_that_is_not_http():
    with socket.create_server(("127.0.0.1", 0)) as server:

        def mumble() -> None:
            link, _address = server.accept()
            with link:
                link.recv(65536)
                link.sendall(b"hello\r\n\r\n")

        thread = threading.Thread(target=mumble)
        thread.start()
        port = server.getsockname()[1]
        outcome = post(f"http://127.0.0.1:{port}/", body=b"{}", headers={}, loopback=True)
        thread.join()
    assert (outcome.status, outcome.failure) == (None, "answer")
