"""Bring staged rows into the catalogue as drafts: nothing is verified, and nothing is overwritten."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from evidence.errors import CatalogueError
from evidence.models import MediaItem, Source
from evidence.permissions import require
from evidence.platforms import Link, read_link
from evidence.services.appearances import appearance_add, appearance_find
from evidence.services.catalogue import source_add
from evidence.services.custody import investigation_lock
from evidence.services.media import MediaDetails, media_create, media_log_links
from geolocation.coordinates.position import Position
from geolocation.models import (
    Geolocation,
    ImportBatch,
    ImportedPoint,
    ImportState,
    Method,
    RowVerdict,
    StagedRow,
)
from geolocation.review.states import State
from geolocation.services.geolocations import (
    Captured,
    Placed,
    Proposal,
    geolocation_propose,
    geolocation_revise,
)
from geolocation.services.importing_files import row_files_add
from geolocation.services.importing_rows import row_said

# Where the publisher says nothing of it. The reasoning of each proposal says that it is assumed.
ASSUMED_UNCERTAINTY_M = 1000.0


def import_apply(*, actor: Any, batch: ImportBatch) -> int:
    """Every new, changed or let-in row that is not in yet, each in a transaction of its own.

    Returns how many came in. A row the catalogue refuses keeps its sentence and the others go on; a run
    that was stopped is simply started again.
    """
    rights_require(actor, batch)
    rows_retry(batch)
    numbers = list(rows_due(batch).values_list("number", flat=True))
    brought = sum(row_apply(actor, batch, number) for number in numbers)
    ImportBatch.objects.filter(pk=batch.pk).update(
        state=ImportState.DONE, asked_by=actor, finished_at=timezone.now()
    )
    return brought


def rights_require(actor: Any, batch: ImportBatch) -> None:
    """Who brings rows in logs media and proposes where it was made."""
    require(actor, "geolocation.propose", batch.investigation)
    require(actor, "evidence.log_media", batch.investigation)


def rows_due(batch: ImportBatch) -> Any:
    """The rows that are to come in and neither did nor were refused in this run, by their number."""
    wanted = Q(verdict__in=[RowVerdict.NEW, RowVerdict.CHANGED]) | Q(
        verdict=RowVerdict.DOUBTFUL, let_in_by__isnull=False
    )
    return batch.rows.filter(wanted, applied_at__isnull=True, sentence="").order_by("number")


def rows_retry(batch: ImportBatch) -> int:
    """What the catalogue refused before has its turn again. Returns how many rows."""
    return int(batch.rows.filter(applied_at__isnull=True).exclude(sentence="").update(sentence=""))


def row_apply(actor: Any, batch: ImportBatch, number: int) -> bool:
    """One row, or its sentence where the catalogue refuses it. True if it came in now."""
    try:
        with transaction.atomic():
            investigation_lock(batch.investigation)
            row = rows_due(batch).filter(number=number).first()
            if row is None:  # another run was quicker
                return False
            return _bring_in(actor, batch, row)
    except (CatalogueError, ValidationError) as error:
        sentence = error.sentence if isinstance(error, CatalogueError) else " ".join(error.messages)
        batch.rows.filter(number=number).update(sentence=sentence)
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
    values: dict[str, Any] = {"digest": row.digest, "row": row}
    if row.is_media_alone:
        values["media_item"] = _known_item(known) or _item(actor, batch, row)
    else:
        made = _placed(actor, batch, row, known)
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


def _placed(actor: Any, batch: ImportBatch, row: StagedRow, known: ImportedPoint | None) -> Geolocation:
    proposal = _proposal(batch, row)
    if known is not None and known.geolocation is not None:
        return _propose_again(actor, known, known.geolocation, proposal)
    item = _known_item(known) or _item(actor, batch, row)
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


def _item(actor: Any, batch: ImportBatch, row: StagedRow) -> MediaItem:
    """The item of the first link that is understood, where it is known already; else a new one."""
    said = row_said(batch, row)
    details = MediaDetails(
        title=said["title"][:200],
        description=said["description"],
        is_sensitive=said["is_sensitive"],
        note=_("Brought in from %(batch)s, row %(number)d.")
        % {"batch": batch.reference, "number": row.number},
    )
    for text in said["links"]:
        link = read_link(text)
        if isinstance(link, Link):
            return _item_of_link(actor, batch, link, details, said)
    return media_create(actor=actor, investigation=batch.investigation, details=details)


def _item_of_link(
    actor: Any, batch: ImportBatch, link: Link, details: MediaDetails, said: dict[str, Any]
) -> MediaItem:
    author = dict(said.get("publishers") or []).get(link.given, "")
    archived_url = said.get("archived_url", "")
    known = appearance_find(investigation=batch.investigation, canonical_url=link.canonical)
    if known is not None:
        return known.media_item
    if not author and not archived_url:
        logged = media_log_links(
            actor=actor, investigation=batch.investigation, text=link.given, details=details
        )
        return logged[0].item
    item = media_create(actor=actor, investigation=batch.investigation, details=details)
    appearance_add(
        actor=actor,
        item=item,
        url=link.given,
        posted_by=_publisher(actor, batch, author),
        archived_url=archived_url,
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


def _proposal(batch: ImportBatch, row: StagedRow) -> Proposal:
    said = row_said(batch, row)
    assert row.latitude is not None and row.longitude is not None  # noqa: S101, PT018  a constraint says so
    stated_m = said["uncertainty_m"]
    moment = datetime.fromisoformat(said["captured_at"]) if said["captured_at"] else None
    day = date.fromisoformat(said["captured_on"]) if said["captured_on"] else None
    return Proposal(
        subject=Placed(
            position=Position(row.latitude, row.longitude),
            uncertainty_m=stated_m or ASSUMED_UNCERTAINTY_M,
            as_typed=said["as_typed"],
        ),
        captured=Captured(
            on=day,
            start=moment,
            end=moment,
            basis=_("As the imported row states it.") if day or moment else "",
        ),
        method=Method.PUBLISHED,
        reasoning=_reasoning(batch, row, stated_m),
        references="\n".join(said["links"]),
    )


def _reasoning(batch: ImportBatch, row: StagedRow, stated_m: float | None) -> str:
    radius = (
        _("Its publisher gives or hides positions to %(metres)g m.") % {"metres": stated_m}
        if stated_m
        else _("Its publisher gives no uncertainty; %(metres)g m is assumed.")
        % {"metres": ASSUMED_UNCERTAINTY_M}
    )
    stated = _(
        "Position taken over as stated from %(name)s (%(format)s), row %(number)d, upstream id %(id)s, "
        "SHA-256 of the row %(digest)s. It was not repeated here, and is taken to mark what is shown."
    ) % {
        "name": batch.source_name,
        "format": batch.format,
        "number": row.number,
        "id": row.upstream_id,
        "digest": row.digest,
    }
    said = row_said(batch, row)
    credit = said["source_name"]
    credited = _("It credits %(name)s.") % {"name": credit} if credit else ""
    return " ".join(part for part in (stated, radius, credited, said["description"]) if part)
