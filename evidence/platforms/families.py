"""Short ways to say how a family's addresses look. Used by the family modules only."""

import re
from typing import Final

from evidence.platforms.address import Address, NotALink, parse_address

#: What a numeric id looks like; longer ones do not fit into 64 bits.
DIGITS: Final = re.compile(r"[0-9]{1,20}", re.ASCII)
_CLOCK: Final = re.compile(r"(?:(\d{1,4})h)?(?:(\d{1,6})m)?(?:(\d{1,7}(?:\.\d{1,6})?)s?)?", re.ASCII)


def path_match(pattern: str, address: Address) -> re.Match[str] | None:
    """Match the whole path, unescaped and without its first and last slash, ignoring case."""
    return re.fullmatch(pattern, "/".join(address.segments), re.IGNORECASE | re.ASCII)


def digits(text: str | None) -> str | None:
    """The text when it is a numeric id; None otherwise."""
    return text if text is not None and DIGITS.fullmatch(text) else None


def number(text: str | None) -> str | None:
    """A numeric id without leading zeros; None when the text is none, or is zero."""
    return str(int(text)) if digits(text) and text is not None and int(text) else None


def clock_s(text: str | None) -> float | None:
    """Seconds from a place in a video, written 90, 90s, 1m30s, 1h2m3s or 1:02:03; None for anything else."""
    if not text:
        return None
    if ":" in text:
        parts = text.split(":")
        if len(parts) > 3 or not all(re.fullmatch(r"\d{1,4}", part, re.ASCII) for part in parts):
            return None
        return float(sum(int(part) * 60**power for power, part in enumerate(reversed(parts))))
    found = _CLOCK.fullmatch(text)
    if found is None:
        return None
    hours, minutes, seconds = (float(part or 0) for part in found.groups())
    return hours * 3600 + minutes * 60 + seconds


def from_fragment(address: Address, *beginnings: str) -> Address | None:
    """The address that some pages keep after the "#", as with `#!/user/status/20`; None without one."""
    for beginning in beginnings:
        if address.fragment.startswith(beginning):
            path = "/" + address.fragment.removeprefix(beginning).lstrip("/")
            try:
                return parse_address(f"https://{address.host}{path}")
            except NotALink:
                return None
    return None


def handle(text: str | None) -> str | None:
    """A user name in the one spelling of platforms that do not tell capitals apart; None stays None."""
    return None if text is None else text.removeprefix("@").lower()
