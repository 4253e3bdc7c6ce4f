"""Cursors: where a page ended, so that the next one continues there at the same cost."""

from __future__ import annotations

import base64
import binascii

from django.utils.translation import gettext as _

from evidence.errors import InvalidInput

_VERSION = b"1:"
_LARGEST_KEY = 2**63 - 1


def cursor_write(key: int) -> str:
    """The cursor that continues after this key."""
    return base64.urlsafe_b64encode(_VERSION + str(key).encode()).decode().rstrip("=")


def cursor_read(text: str | None) -> int | None:
    """The key that a cursor holds; None without a cursor. Refuses what `cursor_write` did not write."""
    if text is None:
        return None
    try:
        plain = base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), b"-_", validate=True)
    except (UnicodeEncodeError, binascii.Error):
        plain = b""
    digits = plain.removeprefix(_VERSION)
    if plain.startswith(_VERSION) and digits.isdigit() and len(digits) <= 19 and int(digits) <= _LARGEST_KEY:
        return int(digits)
    raise InvalidInput(
        _("This cursor was not made here. Take it from “next”, or leave it out to begin."), field="cursor"
    )
