"""Which addresses a token may travel to."""

import pytest

from catalogue_client.addresses import followed, same_origin, server_address
from catalogue_client.errors import UnsafeAddress


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("https://catalogue.example/", "https://catalogue.example"),
        ("https://catalogue.example:8443/team/", "https://catalogue.example:8443/team"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("http://127.9.9.9:8000", "http://127.9.9.9:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_https_anywhere_and_http_on_this_machine_are_taken(written, meant):
    assert server_address(written) == meant


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("http://catalogue.example", "Write https://"),
        ("http://localhost.catalogue.example", "Write https://"),
        ("http://127.0.0.1.catalogue.example", "Write https://"),
        ("http://10.0.0.4", "Write https://"),
        ("catalogue.example", "not the address of a server"),
        ("ftp://catalogue.example", "not the address of a server"),
        ("https://name:secret@catalogue.example", "holds a name or a password"),
        ("https://catalogue.example/?a=1", "has a part behind"),
        ("https://catalogue.example:port", "is not an address"),
    ],
)
def test_anything_else_is_refused_with_what_to_do(written, sentence):
    with pytest.raises(UnsafeAddress, match=sentence):
        server_address(written)


def test_an_origin_is_scheme_host_and_port():
    assert same_origin("https://catalogue.example:443/a", "https://CATALOGUE.example")
    for other in (
        "http://catalogue.example/a",
        "https://catalogue.example:8443/a",
        "https://evil.example/catalogue.example",
        "https://catalogue.example@evil.example/",
    ):
        assert not same_origin(other, "https://catalogue.example")


def test_a_link_is_followed_on_the_server_and_nowhere_else():
    server = "https://catalogue.example"
    assert followed("?cursor=2", asked=f"{server}/points", server=server) == f"{server}/points?cursor=2"
    with pytest.raises(UnsafeAddress, match=r"points to https://evil\.example"):
        followed("//evil.example/points", asked=f"{server}/points", server=server)
