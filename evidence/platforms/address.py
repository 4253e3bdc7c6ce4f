"""The parts of a web address, cleaned; and the sentences for what is not one.

Follows RFC 3986 (sections 3 and 6.2, normalisation) and, for names in other scripts, RFC 3492 (punycode). An
address is kept in ASCII, so that a name that only looks like another one is seen for what it is.
"""

import ipaddress
import re
import unicodedata
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import quote, unquote

MAX_LENGTH_CHARACTERS: Final = 8_192
_MAX_HOST_CHARACTERS = 253
_MAX_LABEL_CHARACTERS = 63
_DEFAULT_PORTS = {"http": 80, "https": 443}

# Signs that people copy along with a link: white space, the byte order mark and other invisible characters.
_AROUND = " \t\r\n\f\v\u00a0\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u202a\u202c\u2060\u2066\u2069\ufeff"
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*):")
_BARE_HOST = re.compile(r"(?:[^\s/?#@:.]+\.)+[^\s/?#@:.\d][^\s/?#@:.]*\.?(?::[0-9]+)?(?:[/?#].*)?", re.DOTALL)
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_\-]*[a-z0-9_])?")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
# Everything that may stand unescaped in a path, a query or a fragment, the per cent sign included.
_SAFE = "!#$%&'()*+,/:;=?@[]~"


class NotALink(ValueError):
    """Why a text is no address; `code` is permanent, the message is a sentence for the person who gave it."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Address:
    """A web address in its parts. `host` is ASCII and lower case, `path` begins with a slash and is escaped.

    `query` holds the pairs as they stand in the text, still escaped; the value is None when there is no "=".
    """

    scheme: str
    host: str
    port: int | None
    path: str
    query: tuple[tuple[str, str | None], ...]
    fragment: str

    @property
    def segments(self) -> tuple[str, ...]:
        """The parts of the path between slashes, without empty ones, unescaped."""
        return tuple(unquote(part) for part in self.path.split("/") if part)

    def parameter(self, name: str) -> str | None:
        """The first value of a query parameter, unescaped; None when it is missing or empty."""
        for key, value in self.query:
            if unquote(key) == name and value:
                return unquote(value.replace("+", " "))
        return None

    def with_query(self, *names: str) -> "Address":
        """The same address with only these parameters left."""
        return replace(self, query=tuple(pair for pair in self.query if pair[0] in names))

    @property
    def text(self) -> str:
        """The address written out."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port is None else f":{self.port}"
        pairs = (key if value is None else f"{key}={value}" for key, value in self.query)
        query = "?" + "&".join(pairs) if self.query else ""
        fragment = f"#{self.fragment}" if self.fragment else ""
        return f"{self.scheme}://{host}{port}{self.path}{query}{fragment}"


def parse_address(text: str) -> Address:
    """Take a text apart, with or without http:// in front. Raises NotALink with a code and a sentence."""
    scheme, rest = _scheme_and_rest(_cleaned(text))
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
    remainder, _, fragment = rest[len(authority) :].partition("#")
    path, _, query = remainder.partition("?")
    host, port = _host_and_port(authority)
    return Address(
        scheme=scheme,
        host=host,
        port=None if port == _DEFAULT_PORTS[scheme] else port,
        path=_without_dots(_escaped(path)) or "/",
        query=tuple(_pair(part) for part in _escaped(query).split("&") if part.removeprefix("amp;")),
        fragment=_escaped(fragment),
    )


def _cleaned(text: str) -> str:
    text = text.strip(_AROUND)
    if text.startswith("<") and text.endswith(">"):
        text = text[1:-1].strip(_AROUND)
    if not text:
        raise NotALink("empty", "There is no link here. Paste the address of the post.")
    if len(text) > MAX_LENGTH_CHARACTERS:
        raise NotALink("too_long", f"A link may have at most {MAX_LENGTH_CHARACTERS} characters.")
    plain = text.isascii() and text.isprintable()
    if " " in text or (not plain and any(character.isspace() for character in text)):
        raise NotALink("white_space", "A link has no spaces or line breaks. Paste one link a line.")
    if not plain and any(unicodedata.category(character) in {"Cc", "Cs"} for character in text):
        raise NotALink("control_character", "This link holds invisible control characters. Copy it again.")
    if "\\" in text:
        raise NotALink("backslash", "A link has no backslashes. Check the address and use forward slashes.")
    return text


def _scheme_and_rest(text: str) -> tuple[str, str]:
    if text.startswith("//"):
        return "https", text[2:]
    found = _SCHEME.match(text)
    scheme = found[1].lower() if found else ""
    if found and scheme in _DEFAULT_PORTS:
        rest = text[found.end() :]
        if not rest.startswith("//"):
            raise NotALink("malformed", f"After {scheme}: a link has two slashes and the name of a site.")
        return scheme, rest[2:]
    if _BARE_HOST.fullmatch(text):
        return "https", text
    if found:
        raise NotALink("scheme", f"Only http and https links can be logged, not {scheme}: links.")
    raise NotALink("not_a_link", "This is not a web address. Paste the whole link, beginning with https://.")


def _host_and_port(authority: str) -> tuple[str, int | None]:
    if "@" in authority:
        raise NotALink(
            "credentials", "This link holds a user name or a password. Remove what stands before the @."
        )
    host, port = authority, ""
    if (bracketed := re.fullmatch(r"\[([^\]]*)\](?::([0-9]*))?", authority)) is not None:
        host, port = bracketed[1], bracketed[2] or ""
        return _ipv6(host), _port(port)
    host, _, port = authority.partition(":")
    return _host(unquote(host)), _port(port)


def _port(port: str) -> int | None:
    if not port:
        return None
    if not re.fullmatch(r"[0-9]{1,5}", port, re.ASCII) or not 0 < int(port) < 65_536:
        raise NotALink("port", "The part of this link after the colon is not a port number from 1 to 65535.")
    return int(port)


def _ipv6(host: str) -> str:
    try:
        return ipaddress.IPv6Address(host).compressed
    except ValueError:
        raise NotALink("host", "The name of the site in this link is not a valid one.") from None


def _host(host: str) -> str:
    labels = [_label(label) for label in re.split("[.\u3002\uff0e\uff61]", host.removesuffix("."))]
    name = ".".join(labels)
    valid = all(_LABEL.fullmatch(label) and len(label) <= _MAX_LABEL_CHARACTERS for label in labels)
    if not valid or len(name) > _MAX_HOST_CHARACTERS:
        raise NotALink("host", "The name of the site in this link is not a valid one.")
    return name


def _label(label: str) -> str:
    """One part of a host name in ASCII.

    Mapped as browsers do (NFKC, lower case), but not by the standard library's codec: its IDNA of 2003
    turns a name with an eszett into the name of another site.
    """
    if label.isascii():
        return label.lower()
    mapped = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", label).lower())
    if mapped.isascii():
        return mapped
    if any(unicodedata.category(character)[0] not in "LMN" and character != "-" for character in mapped):
        raise NotALink("host", "The name of the site in this link holds signs that no name can have.")
    return "xn--" + mapped.encode("punycode").decode("ascii").lower()


def _pair(part: str) -> tuple[str, str | None]:
    # A link that was copied out of a page's source has &amp; between its parameters.
    while part.startswith("amp;"):
        part = part.removeprefix("amp;")
    key, equals, value = part.partition("=")
    return key, value if equals else None


def _escaped(text: str) -> str:
    """Percent-encoding in one spelling: unreserved signs plain, all else in capital digits."""

    def plain(code: re.Match[str]) -> str:
        character = chr(int(code[1], 16))
        return character if character in _UNRESERVED else f"%{code[1].upper()}"

    lone_signs_escaped = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", text)
    return quote(_ESCAPE.sub(plain, lone_signs_escaped), safe=_SAFE)


def _without_dots(path: str) -> str:
    """Resolve "." and ".." (RFC 3986, section 5.2.4)."""
    if "/." not in path:
        return path
    kept: list[str] = []
    parts = path.split("/")[1:]
    for part in parts:
        if part == "..":
            del kept[-1:]
        elif part != ".":
            kept.append(part)
    if parts[-1] in {".", ".."}:
        kept.append("")
    return "/" + "/".join(kept)
