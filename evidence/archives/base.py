"""What reading an archived copy gives, and how it is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from evidence.platforms import Link, read_link

# How the time of capture is known. Keys are permanent: copies are stored with them.
Basis = Literal["unknown", "warc_date", "wacz_page", "page_comment", "archiver", "file"]
# right: checked and so; wrong: checked and not so; open: could not be checked; note: only said.
Verdict = Literal["right", "wrong", "open", "note"]

MAX_TITLE_CHARACTERS = 500
MAX_URL_CHARACTERS = 2_000


class Refused(Exception):
    """The file is not read, or not read further; the message is a sentence for the person who gave it."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was checked, or that the copy says: a permanent key, what came of it, one sentence."""

    key: str
    verdict: Verdict
    sentence: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """The post whose copy this is said to be. Empty when the appearance has no link."""

    url: str = ""

    def is_shown_at(self, url: str) -> bool:
        """True when both links are the same post, whatever their spelling."""
        return bool(self.url) and bool(url) and _identity(url) == _identity(self.url)


@dataclass(frozen=True, slots=True)
class CopyReading:
    """What one copy says. `captured_at_utc` is None exactly when `captured_basis` is "unknown".

    `said` holds more of what the copy says, as JSON values; none of it was checked.
    """

    captured_at_utc: datetime | None = None
    captured_basis: Basis = "unknown"
    captured_url: str = ""
    title: str = ""
    findings: tuple[Finding, ...] = ()
    said: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """JSON values only; the time in ISO 8601."""
        written = asdict(self)
        written["captured_at_utc"] = self.captured_at_utc.isoformat() if self.captured_at_utc else None
        written["findings"] = [asdict(finding) for finding in self.findings]
        return written


def shortened(text: str, most: int = MAX_TITLE_CHARACTERS) -> str:
    """One line of at most `most` characters, without what cannot be stored."""
    line = " ".join(text.replace("\x00", " ").split())
    return line if len(line) <= most else line[: most - 1] + "…"


def moment(text: object) -> datetime | None:
    """A time with its offset, in UTC; None for anything else. A time without offset is no moment."""
    if not isinstance(text, str) or len(text) > 40:
        return None
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    if found.tzinfo is None or found.utcoffset() is None:
        return None
    try:
        return found.astimezone(UTC)
    except (OverflowError, ValueError):
        return None


def _identity(url: str) -> str:
    link = read_link(url.strip())
    return link.canonical if isinstance(link, Link) else url.strip()
