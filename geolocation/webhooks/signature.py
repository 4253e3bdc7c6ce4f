"""`X-Catalogue-Signature: t=1764150000,v1=<hex>`: who holds the secret can tell who sent a body, and when.

v1 is HMAC-SHA256 with the secret over the time in decimal seconds, a full stop, and the body as it was sent.
The time is signed, so that a message that somebody kept cannot be sent again later.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import Final

HEADER: Final = "X-Catalogue-Signature"
#: How old a message may be, in seconds, for a receiver that takes this advice.
TOLERANCE_S: Final = 300

_SHAPE = re.compile(r"t=([0-9]{1,12}),v1=([0-9a-f]{64})")


def signature_write(secret: str, *, at_s: int, body: bytes) -> str:
    """The value of the header for a body that is sent at this Unix time."""
    return f"t={at_s},v1={_digest(secret, at_s, body)}"


def signature_fits(secret: str, *, header: str, body: bytes, now_s: int) -> bool:
    """True if the header belongs to the body, was made with the secret, and not long ago."""
    found = _SHAPE.fullmatch(header)
    if found is None:
        return False
    at_s = int(found[1])
    is_fresh = abs(now_s - at_s) <= TOLERANCE_S
    # Compared in constant time: the time it takes would tell how much of a guess was right.
    return hmac.compare_digest(_digest(secret, at_s, body), found[2]) and is_fresh


def _digest(secret: str, at_s: int, body: bytes) -> str:
    return hmac.new(secret.encode(), f"{at_s}.".encode() + body, hashlib.sha256).hexdigest()
