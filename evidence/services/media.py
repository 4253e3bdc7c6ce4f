"""Log recordings: by link, by file, or both. The same post or the same file twice is the same item."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evidence.errors import InvalidInput, LinkRefused
from evidence.models import (
    FileRole,
    Investigation,
    MediaFile,
    MediaItem,
    MediaKind,
    Place,
    Source,
)
from evidence.models.media import COLLECTED_ROLES
from evidence.permissions import require
from evidence.platforms import Link, RefusedLink, read_links
from evidence.services import custody
from evidence.services.appearances import appearance_add, appearance_find
from evidence.services.custody import CustodyEntry, custody_record, investigation_lock
from evidence.services.ingest import StoredOriginal, readings_request
from evidence.services.references import reference_next
from evidence.signals import media_changed

LINKS_AT_ONCE = 500


@dataclass(frozen=True, kw_only=True)
class MediaDetails:
    """What a person says of a recording when logging it; every part may be left out."""

    title: str = ""
    kind: str = MediaKind.UNKNOWN
    description: str = ""
    author: Source | None = None
    place: Place | None = None
    finding: str = ""
    note: str = ""
    licence: str = ""
    attribution: str = ""
    is_sensitive: bool = False


@dataclass(frozen=True, kw_only=True)
class Logged:
    """What logging led to: the item, and whether it was there before."""

    item: MediaItem
    existed: bool
    sentence: str
    given: str = ""
    media_file: MediaFile | None = field(default=None)


@transaction.atomic
def media_create(
    *, actor: Any, investigation: Investigation, details: MediaDetails, reference: str = ""
) -> MediaItem:
    """One new recording, without link or file yet."""
    require(actor, "evidence.log_media", investigation)
    item = MediaItem(investigation=investigation, created_by=actor, **vars(details))
    reference = reference or reference_next(model=MediaItem, investigation=investigation, letter="M")
    item_refer_to(item, reference)
    item.full_clean()
    item.save()
    custody_record(investigation=investigation, actor=actor, **vars(item_logged(item)))
    return item


def item_refer_to(item: MediaItem, reference: str) -> None:
    """Give an item that is not saved yet its reference, and a title by it where it has none."""
    item.reference = reference
    item.title = item.title or _("Recording %(reference)s") % {"reference": reference}


def item_logged(item: MediaItem) -> CustodyEntry:
    """That it was logged, as the log says it."""
    return CustodyEntry(
        action=custody.MEDIA_LOGGED,
        object_type="media",
        object_reference=item.reference,
        details={"title": item.title, "kind": item.kind},
    )


@transaction.atomic
def media_log_links(
    *, actor: Any, investigation: Investigation, text: str, details: MediaDetails
) -> list[Logged]:
    """One item a link, one link a line. All or nothing: a refused line keeps the whole form as typed."""
    require(actor, "evidence.log_media", investigation)
    links = links_understand(text)
    return [_log_link(actor=actor, investigation=investigation, link=link, details=details) for link in links]


def links_understand(text: str) -> list[Link]:
    """Read every line, or raise LinkRefused that names each line that is not understood."""
    lines = read_links(text)
    if not lines:
        raise LinkRefused(_("Paste at least one link."), field="links")
    if len(lines) > LINKS_AT_ONCE:
        raise LinkRefused(
            _("These are %(count)d links. Paste at most %(most)d at once.")
            % {"count": len(lines), "most": LINKS_AT_ONCE},
            field="links",
        )
    refused = [(line.number, line.result) for line in lines if isinstance(line.result, RefusedLink)]
    if refused:
        first = " ".join(
            _("Line %(number)d, “%(text)s”: %(reason)s")
            % {"number": number, "text": link.given[:80], "reason": link.reason}
            for number, link in refused[:5]
        )
        raise LinkRefused(
            ngettext(
                "One line was not understood, and nothing was saved. %(lines)s",
                "%(count)d lines were not understood, and nothing was saved. %(lines)s",
                len(refused),
            )
            % {"count": len(refused), "lines": first},
            field="links",
        )
    unique = {line.result.canonical: line.result for line in lines if isinstance(line.result, Link)}
    return list(unique.values())


def _log_link(*, actor: Any, investigation: Investigation, link: Link, details: MediaDetails) -> Logged:
    investigation_lock(investigation)
    known = appearance_find(investigation=investigation, canonical_url=link.canonical)
    if known is not None:
        sentence = _("This post is here already as %(reference)s.") % {
            "reference": known.media_item.reference
        }
        return Logged(item=known.media_item, existed=True, sentence=sentence, given=link.given)
    details = details_of_post(details, link)
    item = media_create(actor=actor, investigation=investigation, details=details)
    appearance_add(actor=actor, item=item, url=link.given)
    sentence = _("Logged as %(reference)s.") % {"reference": item.reference}
    return Logged(item=item, existed=False, sentence=sentence, given=link.given)


def details_of_post(details: MediaDetails, link: Link) -> MediaDetails:
    """What is said of a recording logged by its link: named after the post where it has no title."""
    title = details.title or _("Post on %(platform)s %(post)s") % {
        "platform": link.platform,
        "post": link.post_id or link.canonical,
    }
    return replace(details, title=title[:200])


@transaction.atomic
def media_log_file(
    *,
    actor: Any,
    investigation: Investigation,
    stored: StoredOriginal,
    details: MediaDetails | None = None,
    item: MediaItem | None = None,
) -> Logged:
    """Tie a stored file to an item: the one given, or a new one. Known bytes lead to the item they are in."""
    require(actor, "evidence.log_media", investigation)
    investigation_lock(investigation)
    known = _known(investigation, stored)
    if known is not None:
        return known
    if item is None:
        item = media_create(actor=actor, investigation=investigation, details=_for_file(details, stored))
    if item.investigation_id != investigation.pk:
        raise InvalidInput(_("This item belongs to another investigation."))
    media_file = _file_add(actor=actor, item=item, stored=stored)
    custody_record(
        investigation=investigation,
        actor=actor,
        action=custody.FILE_STORED,
        object_type="media",
        object_reference=item.reference,
        details={"sha256": stored.sha256, "size_bytes": stored.size_bytes, "name": stored.name[:255]},
    )
    readings_request(media_file=media_file)
    sentence = _("Stored as %(reference)s.") % {"reference": item.reference}
    return Logged(item=item, existed=False, sentence=sentence, given=stored.name, media_file=media_file)


def _known(investigation: Investigation, stored: StoredOriginal) -> Logged | None:
    known = (
        MediaFile.objects.select_related("media_item")
        .filter(investigation=investigation, sha256=stored.sha256, role__in=COLLECTED_ROLES)
        .first()
    )
    if known is None:
        return None
    sentence = _("This file is here already, in %(reference)s.") % {"reference": known.media_item.reference}
    return Logged(item=known.media_item, existed=True, sentence=sentence, given=stored.name, media_file=known)


def _file_add(*, actor: Any, item: MediaItem, stored: StoredOriginal) -> MediaFile:
    has_original = item.files.filter(role=FileRole.ORIGINAL).exists()
    media_file = MediaFile(
        investigation=item.investigation,
        media_item=item,
        role=FileRole.COPY if has_original else FileRole.ORIGINAL,
        sha256=stored.sha256,
        size_bytes=stored.size_bytes,
        mime_type=stored.mime_type,
        original_name=stored.name[:255],
        added_by=actor,
    )
    media_file.full_clean()
    media_file.save()
    if item.kind == MediaKind.UNKNOWN:
        item.kind = stored.kind
        item.save(update_fields=["kind"])
    return media_file


def _for_file(details: MediaDetails | None, stored: StoredOriginal) -> MediaDetails:
    given = details or MediaDetails()
    kind = given.kind if given.kind != MediaKind.UNKNOWN else stored.kind
    return MediaDetails(**{**vars(given), "title": given.title or stored.name[:200], "kind": kind})


@transaction.atomic
def media_change(*, actor: Any, item: MediaItem, details: MediaDetails) -> MediaItem:
    """Change what people say of the recording. Files and appearances are not touched."""
    require(actor, "evidence.edit_media", item.investigation)
    investigation_lock(item.investigation)
    wanted = {**vars(details), "title": details.title or item.title}
    before = {name: getattr(item, name) for name in wanted}
    for name, value in wanted.items():
        setattr(item, name, value)
    item.full_clean()
    changed = {
        name: [str(before[name]), str(value)] for name, value in wanted.items() if before[name] != value
    }
    if changed:
        item.save()
        custody_record(
            investigation=item.investigation,
            actor=actor,
            action=custody.MEDIA_CHANGED,
            object_type="media",
            object_reference=item.reference,
            details={"changed": changed},
        )
        media_changed.send(sender=MediaItem, item=item)
    return item
