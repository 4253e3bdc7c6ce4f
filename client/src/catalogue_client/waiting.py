"""When to ask again: pure arithmetic, so that it can be tested without waiting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

#: The answers after which the same request may succeed a little later.
BUSY = frozenset({429, 502, 503, 504})


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How often a request is tried, and how long it waits between two tries, in seconds."""

    tries: int = 5
    first_s: float = 0.5
    longest_s: float = 30.0
    #: The longest wait that a server may ask for by Retry-After; beyond it the request ends.
    most_asked_s: float = 300.0

    def wait_s(self, failed: int, *, asked_s: float | None, share: float) -> float | None:
        """Seconds to wait after the `failed`-th failure (from 1 on); None when it is time to stop.

        A wait that the server asked for is kept exactly or, if too long, ends it. Else it doubles each time,
        and `share` (0 to 1, random) takes up to half away, so that many clients do not return together.
        """
        if failed >= self.tries:
            return None
        if asked_s is not None:
            return asked_s if asked_s <= self.most_asked_s else None
        return float(min(self.longest_s, self.first_s * 2 ** (failed - 1)) * (1 - share / 2))


def retry_after_s(header: str | None, *, now: datetime) -> float | None:
    """Seconds that a Retry-After header asks for (RFC 9110, section 10.2.3); None for none, or no sense."""
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    if moment.tzinfo is None:  # "-0000" means UTC whose origin is not known (RFC 5322)
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())
