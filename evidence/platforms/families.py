"""Short ways to say how a family's addresses look. Used by the family modules only."""

import re
from typing import Final

from evidence.platforms.address import Address

#: What a numeric id looks like; longer ones do not fit into 64 bits.
DIGITS: Final = re.compile(r"[0-9]{1,20}", re.ASCII)


def path_match(pattern: str, address: Address) -> re.Match[str] | None:
    """Match the whole path, unescaped and without its first and last slash, ignoring case."""
    return re.fullmatch(pattern, "/".join(address.segments), re.IGNORECASE | re.ASCII)


def digits(text: str | None) -> str | None:
    """The text when it is a numeric id; None otherwise."""
    return text if text is not None and DIGITS.fullmatch(text) else None


def handle(text: str | None) -> str | None:
    """A user name in the one spelling of platforms that do not tell capitals apart; None stays None."""
    return None if text is None else text.removeprefix("@").lower()
