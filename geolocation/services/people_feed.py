"""The newest changes as an Atom feed: what happened, to which point, and why it left."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import uuid5

from django.urls import reverse
from django.utils.translation import gettext as _

from evidence.models import Investigation
from geolocation.atom import AtomEntry, AtomFeed, atom_document, updated_utc
from geolocation.exports.base import PointRow
from geolocation.models import Audience, ChangeKind, TombstoneReason
from geolocation.services.feed import FeedEntry, changes_order, feed_newest

NEWEST = 50


def people_feed(
    *,
    audience: Audience,
    investigation: Investigation | None,
    path: str,
    page: str,
    absolute: Callable[[str], str],
) -> tuple[bytes, datetime]:
    """The document and its newest moment. `path` is its own address and `page` that of the points."""
    changes_order()
    code = investigation.code if investigation else None
    entries = [_told(entry, absolute) for entry in feed_newest(audience=audience, code=code, limit=NEWEST)]
    title = (
        _("Verified points of %(title)s") % {"title": investigation.title}
        if investigation
        else _("Verified points")
    )
    feed = AtomFeed(
        feed_id=absolute(path),
        title=title,
        author=(investigation.published_by or investigation.title) if investigation else title,
        rights=investigation.licence if investigation else "",
        self_link=absolute(path),
        link=absolute(page),
    )
    return atom_document(feed, entries), updated_utc(entries)


def _told(entry: FeedEntry[PointRow], absolute: Callable[[str], str]) -> AtomEntry:
    # A change has its place alone, so an id made of both is never given to another change.
    uid = str(uuid5(entry.uid, str(entry.place)))
    link = absolute(reverse("geolocation:point", args=[entry.uid]))
    if entry.point is None:
        # Who may not read the point any more learns which it was, and nothing of what it said.
        return AtomEntry(
            uid=uid,
            title=_("%(what)s: %(code)s, point %(point)s")
            % {"what": _left(entry), "code": entry.investigation, "point": str(entry.uid)[:8]},
            summary=entry.sentence,
            link=link,
            category=entry.reason,
            updated_utc=entry.removed_at or entry.changed_at,
        )
    row = entry.point
    is_new = entry.kind == ChangeKind.VERIFIED
    return AtomEntry(
        uid=uid,
        title=_("%(what)s: %(title)s")
        % {"what": _("Verified") if is_new else _("Changed"), "title": row.title},
        summary=_(
            "%(code)s %(reference)s, revision %(revision)d, at %(latitude).6f, %(longitude).6f "
            "(± %(uncertainty)s m). Verified by %(people)s."
        )
        % {
            "code": row.investigation,
            "reference": row.media_reference,
            "revision": row.revision,
            "latitude": row.latitude,
            "longitude": row.longitude,
            "uncertainty": f"{row.uncertainty_m:g}" if row.uncertainty_m is not None else "?",
            "people": ", ".join(row.verified_by),
        },
        link=link,
        category="verified" if is_new else "changed",
        updated_utc=entry.changed_at,
    )


def _left(entry: FeedEntry[PointRow]) -> str:
    if entry.reason == TombstoneReason.RETRACTED:
        return _("Retracted")
    if entry.reason == TombstoneReason.REOPENED:
        return _("Under review again")
    return _("No longer open to the public")
