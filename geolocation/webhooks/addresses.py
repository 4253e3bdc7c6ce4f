"""Which addresses may be asked: public ones, so that nobody reads our own network through us.

A name is resolved, every address it has must be public, and the request goes to one of exactly those: a name
that answers differently the next time (DNS rebinding) changes nothing. Sources: IANA's special-purpose
registries for IPv4 and IPv6 (RFC 6890 and its successors), read on 2026-11-26.
"""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import urlsplit

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
Refusal = Literal["form", "scheme", "credentials", "unknown_host", "private"]

# What Python's flags miss or judge differently from version to version, and every way to write an IPv4
# address inside an IPv6 one (mapped, compatible, NAT64, 6to4, Teredo).
_NOT_PUBLIC: Final = tuple(
    ipaddress.ip_network(text)
    for text in (
        "0.0.0.0/8",
        "100.64.0.0/10",
        "192.0.0.0/24",
        "192.88.99.0/24",
        "198.18.0.0/15",
        "240.0.0.0/4",
        "::/8",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "100::/64",
        "2001::/23",
        "2002::/16",
        "3fff::/20",
        "5f00::/16",
        "fec0::/10",
    )
)


class AddressRefused(Exception):
    """Why an address is not asked; the caller has the sentence."""

    def __init__(self, reason: Refusal, host: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.host = host


@dataclass(frozen=True, kw_only=True)
class Target:
    """An address that is well formed. `path` has its query, and begins with a slash."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def host_header(self) -> str:
        """The Host of the request; the port only where it is not the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = {"https": 443, "http": 80}[self.scheme]
        return host if self.port == usual else f"{host}:{self.port}"


def target_read(url: str) -> Target:
    """The parts of a web address; raises AddressRefused for what is none, or carries a password."""
    if not url.isprintable() or " " in url:
        raise AddressRefused("form")
    try:
        parts = urlsplit(url)
        port = parts.port
        host = (parts.hostname or "").encode("idna").decode("ascii")
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        path.encode("ascii")
    except ValueError:  # UnicodeError is one
        raise AddressRefused("form") from None
    if parts.scheme not in ("https", "http"):
        raise AddressRefused("scheme")
    if not host or port == 0:
        raise AddressRefused("form")
    if parts.username is not None or parts.password is not None:
        raise AddressRefused("credentials")
    return Target(
        scheme=parts.scheme,
        host=host,
        port=port or {"https": 443, "http": 80}[parts.scheme],
        path=path,
    )


def addresses_checked(target: Target, *, loopback: bool) -> list[str]:
    """The addresses of the host, all of them public; raises AddressRefused if any is not.

    `loopback` is for the local mode alone: this machine, and plain HTTP to it, are allowed then.
    """
    try:
        answers = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise AddressRefused("unknown_host", target.host) from None
    found = [ipaddress.ip_address(str(answer[4][0]).partition("%")[0]) for answer in answers]
    if not found:
        raise AddressRefused("unknown_host", target.host)
    if loopback and all(address.is_loopback for address in found):
        return [str(address) for address in found]
    if target.scheme != "https":
        raise AddressRefused("scheme", target.host)
    if not all(is_public(address) for address in found):
        raise AddressRefused("private", target.host)
    return [str(address) for address in found]


def is_public(address: IpAddress) -> bool:
    """True for an address that anybody on the internet could ask."""
    if address.is_multicast or address.is_reserved or address.is_unspecified or not address.is_global:
        return False
    return not any(address in network for network in _NOT_PUBLIC if network.version == address.version)
