"""One staged row into the catalogue, by the services that people's own acts go through."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from evidence.errors import CatalogueError
from evidence.models import MediaItem, Source
from evidence.platforms import Link
from evidence.services.appearances import appearance_add, appearance_find
from evidence.services.catalogue import source_add
from evidence.services.custody import investigation_lock
from evidence.services.media import media_create, media_log_links
from geolocation.models import Geolocation, ImportBatch, ImportedPoint, RowVerdict, StagedRow
from geolocation.review.states import State
from geolocation.services.geolocations import Proposal, geolocation_propose, geolocation_revise
from geolocation.services.importing_files import row_files_add
from geolocation.services.importing_said import Said


def rows_due(batch: ImportBatch) -> QuerySet[StagedRow]:
    """The rows that are to come in and neither did nor were refused in this run, by their number."""
    wanted = Q(verdict__in=[RowVerdict.NEW, RowVerdict.CHANGED]) | Q(
        verdict=RowVerdict.DOUBTFUL, let_in_by__isnull=False
    )
    return batch.rows.filter(wanted, applied_at__isnull=True, sentence="").order_by("pk")


def row_apply(actor: Any, batch: ImportBatch, number: int) -> bool:
    """One row in a transaction of its own, or its sentence where the catalogue refuses it.

    True if it came in now.
    """
    key = StagedRow.key(batch.pk, number)
    try:
        with transaction.atomic():
            investigation_lock(batch.investigation)
            row = rows_due(batch).filter(pk=key).first()
            if row is None:  # another run was quicker
                return False
            return _bring_in(actor, batch, row)
    except (CatalogueError, ValidationError) as error:
        sentence = error.sentence if isinstance(error, CatalogueError) else " ".join(error.messages)
        batch.rows.filter(pk=key).update(sentence=sentence)
        return False


def _bring_in(actor: Any, batch: ImportBatch, row: StagedRow) -> bool:
    key: dict[str, Any] = {
        "investigation": batch.investigation,
        "format": batch.format,
        "upstream_id": row.upstream_id,
    }
    known = ImportedPoint.objects.filter(**key).select_related("geolocation__current_revision").first()
    row.applied_at, row.sentence = timezone.now(), ""
    row.save(update_fields=["applied_at", "sentence"])
    if known is not None and known.digest == row.digest:
        return False
    said = Said(batch, row)
    values: dict[str, Any] = {"digest": row.digest, "row": row}
    if row.is_media_alone:
        values["media_item"] = _known_item(known) or _item(actor, said)
    else:
        made = _placed(actor, said, known)
        values |= {
            "geolocation": made,
            "revision": made.current_revision,
            "media_item": made.media_item,
        }
    row_files_add(actor=actor, batch=batch, row=row)
    ImportedPoint.objects.update_or_create(**key, defaults=values)
    return True


def _known_item(known: ImportedPoint | None) -> MediaItem | None:
    return known.media_item if known is not None else None


def _placed(actor: Any, said: Said, known: ImportedPoint | None) -> Geolocation:
    proposal = said.proposal()
    if known is not None and known.geolocation is not None:
        return _propose_again(actor, known, known.geolocation, proposal)
    item = _known_item(known) or _item(actor, said)
    return geolocation_propose(actor=actor, media_item=item, proposal=proposal, submit=False)


def _propose_again(actor: Any, known: ImportedPoint, before: Geolocation, proposal: Proposal) -> Geolocation:
    """A revision where the draft is still as it was brought in by this person; else a draft beside it."""
    current = before.current_revision
    is_untouched = before.state == State.DRAFT and before.author_id == actor.pk
    if is_untouched and current is not None and current.pk == known.revision_id:
        return geolocation_revise(
            actor=actor, geolocation=before, based_on=current.number, proposal=proposal, submit=False
        )
    return geolocation_propose(actor=actor, media_item=before.media_item, proposal=proposal, submit=False)


def _item(actor: Any, said: Said) -> MediaItem:
    """The item of the first link that is understood, where it is known already; else a new one."""
    if said.link is not None:
        return _item_of_link(actor, said, said.link)
    return media_create(actor=actor, investigation=said.batch.investigation, details=said.details())


def _item_of_link(actor: Any, said: Said, link: Link) -> MediaItem:
    investigation = said.batch.investigation
    known = appearance_find(investigation=investigation, canonical_url=link.canonical)
    if known is not None:
        return known.media_item
    if not said.publisher and not said.archived_url:
        logged = media_log_links(
            actor=actor, investigation=investigation, text=link.given, details=said.details()
        )
        return logged[0].item
    item = media_create(actor=actor, investigation=investigation, details=said.details())
    appearance_add(
        actor=actor,
        item=item,
        url=link.given,
        posted_by=_publisher(actor, said.batch, said.publisher),
        archived_url=said.archived_url,
    )
    return item


def _publisher(actor: Any, batch: ImportBatch, name: str) -> Source | None:
    """The source of this name in the investigation, or a new one that nobody has judged."""
    if not name:
        return None
    sources = Source.objects.filter(investigation=batch.investigation)
    known: Source | None = sources.filter(name__iexact=name).first()
    return known or source_add(
        actor=actor,
        investigation=batch.investigation,
        name=name,
        note=_("Named in %(batch)s, %(file)s.") % {"batch": batch.reference, "file": batch.source_name},
    )
