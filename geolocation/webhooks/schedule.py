"""When a message is tried again: later each time, and not at the same moment as all the others."""

from __future__ import annotations

from typing import Final

#: After so many tries a message counts as failed; with the waits below that is about a day.
MOST_TRIES: Final = 9
_FIRST_WAIT_S: Final = 30.0
_LONGEST_WAIT_S: Final = 6 * 3600.0
_FACTOR: Final = 4


def wait_s(tries: int, *, chance: float) -> float:
    """Seconds to wait after `tries` (1 or more) that failed; `chance` in [0, 1) spreads it.

    30 s, 2 min, 8 min, 32 min, about 2 h, then 6 h each, less up to a half.
    """
    whole = min(_FIRST_WAIT_S * float(_FACTOR ** (tries - 1)), _LONGEST_WAIT_S)
    return whole * (1 - chance / 2)
