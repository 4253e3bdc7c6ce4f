"""Cursors of the corrections feed: signed, so that only what was given out comes back."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.core import signing
from django.utils.translation import gettext as _

from evidence.errors import InvalidInput

_SALT = "geolocation.feed"
#: What every cursor begins with, and no time does.
PREFIX = "c1."
_PLACE = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True, kw_only=True)
class FeedCursor:
    """Where a reader of one feed stands: `feed` names the audience and the investigation."""

    feed: str
    place: int


def feed_cursor_write(cursor: FeedCursor) -> str:
    """The cursor as text for an address."""
    return PREFIX + signing.dumps([cursor.feed, str(cursor.place)], salt=_SALT)


def feed_cursor_read(text: str, *, feed: str) -> FeedCursor:
    """The cursor; InvalidInput for one that was not given out, or by another feed."""
    try:
        held = signing.loads(text.removeprefix(PREFIX), salt=_SALT)
    except (signing.BadSignature, ValueError):
        held = None
    if not (isinstance(held, list) and len(held) == 2 and _PLACE.fullmatch(held[1])):
        raise InvalidInput(
            _(
                "This cursor was not given out here, or not whole. Take “cursor” from the last answer as it "
                "is, or begin again with a time, as 2023-09-20T14:00:00Z."
            ),
            field="updated_since",
        )
    if held[0] != feed:
        raise InvalidInput(
            _("This cursor belongs to another feed. Each address and investigation has its own."),
            field="updated_since",
        )
    return FeedCursor(feed=feed, place=int(held[1]))
