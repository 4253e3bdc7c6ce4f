"""Many new recordings at once, by link or without: the bulk sibling of `media_create` and `appearance_add`.

Each is drafted by itself, which is where it may be refused; then all that are wanted are written together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from evidence.models import Appearance, Investigation, MediaItem, Source
from evidence.permissions import require
from evidence.platforms import Link
from evidence.services.appearances import appearance_logged, appearance_unsaved
from evidence.services.columns import columns_clean
from evidence.services.custody import CustodyGathered
from evidence.services.media import MediaDetails, item_logged, item_refer_to
from evidence.services.references import references_next
from evidence.signals import appearances_added


@dataclass(frozen=True, kw_only=True)
class RecordingDraft:
    """A recording that is not saved yet, and the one posting by which it is logged, if any."""

    item: MediaItem
    appearance: Appearance | None = None


def recording_draft(
    *,
    actor: Any,
    investigation: Investigation,
    details: MediaDetails,
    link: Link | None = None,
    posted_by: Source | None = None,
    archived_url: str = "",
) -> RecordingDraft:
    """A recording as `media_create` makes one, and its posting as `appearance_add` does; not saved yet.

    The caller knows that the post is not here. Raises ValidationError for what no recording may say.
    """
    item = MediaItem(investigation=investigation, created_by=actor, **vars(details))
    columns_clean(item, besides=["reference"] if item.title else ["reference", "title"])
    if link is None:
        return RecordingDraft(item=item)
    appearance = appearance_unsaved(
        actor=actor, item=item, link=link, posted_by=posted_by, archived_url=archived_url
    )
    columns_clean(appearance)
    return RecordingDraft(item=item, appearance=appearance)


def recordings_create(
    *,
    actor: Any,
    investigation: Investigation,
    drafts: Mapping[int, RecordingDraft],
    gathered: CustodyGathered,
) -> None:
    """Save them, in the order of their places among the acts whose events are gathered.

    The items of the drafts have references and keys afterwards. IntegrityError where the database refuses
    one: then none is saved.
    """
    require(actor, "evidence.log_media", investigation)
    numbered = references_next(model=MediaItem, investigation=investigation, letter="M", count=len(drafts))
    for (place, draft), reference in zip(sorted(drafts.items()), numbered, strict=True):
        item_refer_to(draft.item, reference)
        gathered.add(place, item_logged(draft.item))
    MediaItem.objects.bulk_create(draft.item for _place, draft in sorted(drafts.items()))
    posted = {place: draft.appearance for place, draft in sorted(drafts.items()) if draft.appearance}
    for place, appearance in posted.items():
        # The only one of its item: the earliest known, if its time is.
        appearance.is_earliest_known = bool(appearance.posted_at or appearance.posted_on)
        gathered.add(place, appearance_logged(appearance))
    Appearance.objects.bulk_create(posted.values())
    appearances_added.send(sender=Appearance, items=[appearance.media_item for appearance in posted.values()])
