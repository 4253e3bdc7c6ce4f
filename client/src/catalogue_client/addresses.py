"""Which addresses a token may travel to: HTTPS, or this machine itself, and one origin only."""

from __future__ import annotations

import ipaddress
from urllib.parse import SplitResult, urljoin, urlsplit

from catalogue_client.errors import UnsafeAddress

_PORTS = {"http": 80, "https": 443}


def server_address(text: str) -> str:
    """The address of a catalogue without a slash at its end.

    Raises UnsafeAddress for anything but HTTPS, except on a loopback address, and for one that carries a
    password, a query or a fragment.
    """
    parts = _split(text.strip())
    if parts.scheme not in _PORTS or not parts.hostname:
        raise UnsafeAddress(
            f"“{text}” is not the address of a server. Write it as https://catalogue.example."
        )
    if parts.username or parts.password:
        raise UnsafeAddress("The address holds a name or a password. Leave it out; the token is given apart.")
    if parts.query or parts.fragment:
        raise UnsafeAddress(f"“{text}” has a part behind ? or #. Give the address of the server alone.")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise UnsafeAddress(
            f"{parts.hostname} is asked over http://, where anybody on the way can read what is sent. "
            "Write https://."
        )
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def is_loopback(host: str) -> bool:
    """Whether a host is this machine by its address or by the one name that is reserved for it."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def same_origin(address: str, server: str) -> bool:
    """Whether scheme, host and port are the same."""
    return _origin(_split(address)) == _origin(_split(server))


def followed(link: str, *, asked: str, server: str) -> str:
    """The whole address that a link in an answer means. Raises UnsafeAddress for one that leads elsewhere."""
    address = urljoin(asked, link)
    if not same_origin(address, server):
        raise UnsafeAddress(
            f"The server points to {_shown(address)}, which is not {_shown(server)}. It was not asked, so "
            "that the token stays here. Use the address under which the server knows itself."
        )
    return address


def _shown(address: str) -> str:
    parts = _split(address)
    return f"{parts.scheme}://{parts.hostname}" + (f":{parts.port}" if parts.port else "")


def _split(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        _ = parts.port  # is read only here, where a wrong one is still a sentence
    except ValueError:
        raise UnsafeAddress(f"“{address[:200]}” is not an address.") from None
    return parts


def _origin(parts: SplitResult) -> tuple[str, str, int | None]:
    return parts.scheme, parts.hostname or "", parts.port or _PORTS.get(parts.scheme)
