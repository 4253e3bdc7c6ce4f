"""Addresses that are never asked, however they are written."""

import ipaddress
import socket

import pytest

from geolocation.webhooks.addresses import AddressRefused, addresses_checked, is_public, target_read

INSIDE = [
    "127.0.0.1",
    "127.8.9.1",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "192.0.0.170",
    "198.18.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "2001:0:7f00:1::",
    "fe80::1",
    "fc00::1",
    "fd12:3456::1",
    "ff02::1",
]


@pytest.mark.parametrize("text", INSIDE)
def test_an_address_inside_is_not_public(text):
    assert not is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize("text", ["93.184.215.14", "8.8.8.8", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_an_address_outside_is_public(text):
    assert is_public(ipaddress.ip_address(text))


def resolving(monkeypatch, *found: str) -> None:
    """Every name leads to these addresses."""

    def getaddrinfo(host, port, **_kinds):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


def reason(url: str, *, loopback: bool = False) -> str:
    with pytest.raises(AddressRefused) as refused:
        addresses_checked(target_read(url), loopback=loopback)
    return refused.value.reason


@pytest.mark.parametrize("text", INSIDE)
def test_a_name_that_leads_inside_is_refused(monkeypatch, text):
    resolving(monkeypatch, text)
    assert reason("https://example.org/hook") == "private"


def test_one_address_inside_among_public_ones_is_enough_to_refuse(monkeypatch):
    resolving(monkeypatch, "93.184.215.14", "10.0.0.1")
    assert reason("https://example.org/hook") == "private"


def test_a_public_name_gives_its_addresses(monkeypatch):
    resolving(monkeypatch, "93.184.215.14")
    assert addresses_checked(target_read("https://example.org/hook"), loopback=False) == ["93.184.215.14"]


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "127.1", "[::ffff:127.0.0.1]", "localhost"])
def test_loopback_in_other_spellings_is_refused(host):
    assert reason(f"https://{host}/hook") in ("private", "unknown_host")


def test_plain_http_goes_to_this_machine_in_the_local_mode_alone(monkeypatch):
    assert addresses_checked(target_read("http://127.0.0.1:8001/"), loopback=True) == ["127.0.0.1"]
    assert reason("http://127.0.0.1:8001/") == "scheme"
    resolving(monkeypatch, "93.184.215.14")
    assert reason("http://example.org/", loopback=True) == "scheme"
    resolving(monkeypatch, "10.0.0.1")
    assert reason("https://example.org/", loopback=True) == "private"


def test_a_name_that_nobody_knows(monkeypatch):
    def getaddrinfo(*_asked, **_kinds):
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    assert reason("https://nowhere.invalid/") == "unknown_host"


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("", "scheme"),
        ("example.org/hook", "scheme"),
        ("ftp://example.org/", "scheme"),
        ("file:///etc/passwd", "scheme"),
        ("https://", "form"),
        ("https://user:word@example.org/", "credentials"),
        ("https://example.org:99999/", "form"),
        ("https://example.org:0/", "form"),
        ("https://example.org/a b", "form"),
        ("https://example.org/a\r\nHost: inside", "form"),
        ("https://example.org/\u00e9", "form"),
        ("https://[::1/", "form"),
    ],
)
def test_what_is_no_web_address_is_refused(url, why):
    with pytest.raises(AddressRefused) as refused:
        target_read(url)
    assert refused.value.reason == why


def test_the_parts_of_an_address():
    target = target_read("https://Example.org:8443/hook?key=1#part")
    assert (target.host, target.port, target.path) == ("example.org", 8443, "/hook?key=1")
    assert target.host_header == "example.org:8443"
    assert target_read("https://[2606:2800::1]/").host_header == "[2606:2800::1]"
    assert target_read("https://b\u00fccher.example/").host == "xn--bcher-kva.example"
