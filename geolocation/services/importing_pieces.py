"""Staged rows into the catalogue, hundreds at once: the rows and events that one by one gives, sooner.

A piece is a transaction. It ends before the first row that has to go one by one: one that is known in another
wording, that brings files, names a source nobody has, or that would be refused: its own way says why.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from evidence.errors import CatalogueError
from evidence.models import MediaItem
from evidence.services.custody import custody_gather, investigation_lock
from evidence.services.media import details_of_post
from evidence.services.media_many import RecordingDraft, recording_draft, recordings_create
from geolocation.models import ImportBatch, ImportedPoint, StagedRow
from geolocation.services.geolocations_many import ProposalDraft, geolocations_propose, proposal_draft
from geolocation.services.importing_files import row_has_files
from geolocation.services.importing_known import Known
from geolocation.services.importing_row import row_apply, rows_due
from geolocation.services.importing_said import Said

# Long enough that what a piece costs by itself does not show, short enough that others wait a second for it.
PIECE_ROWS = 500


@dataclass(frozen=True, kw_only=True)
class _Draft:
    """A row that can come in with others: its item, the recording if that is new, its proposal if placed."""

    said: Said
    item: MediaItem
    recording: RecordingDraft | None
    proposal: ProposalDraft | None


@dataclass(frozen=True, kw_only=True)
class _Piece:
    """How many rows a piece brought in, and up to which number; that row goes by itself if it is `alone`."""

    brought: int
    through: int
    alone: int | None = None


def pieces_apply(*, actor: Any, batch: ImportBatch) -> Iterator[int]:
    """Bring in what is due, piece by piece: yields after each how many rows came in.

    Whoever takes no further piece leaves the rest as it is. Each piece and each row that goes by itself is
    committed or not there at all, so a run that was stopped is simply started again.
    """
    # From where the last run stood, so that what is in is not looked through again; then what is due before.
    last_in = _last_in(batch)
    for after in (last_in, 0) if last_in else (0,):
        yield from _pieces_after(actor, batch, after)


def _last_in(batch: ImportBatch) -> int:
    """The number of the last row that is in; 0 where none is."""
    first, beyond = StagedRow.key(batch.pk, 0), StagedRow.key(batch.pk + 1, 0)
    points = ImportedPoint.objects.filter(row__gte=first, row__lt=beyond)
    key = points.aggregate(last=Max("row_id"))["last"]
    return key - first if key else 0


def _pieces_after(actor: Any, batch: ImportBatch, after: int) -> Iterator[int]:
    most = PIECE_ROWS
    while numbers := _numbers_due(batch, after, most):
        piece = _piece_apply(actor, batch, numbers)
        _plans_forget()
        yield piece.brought
        after = piece.through
        if piece.alone is not None:
            yield int(row_apply(actor, batch, piece.alone))
        # Where rows go by themselves, few are looked at in vain.
        reached = sum(number <= after for number in numbers)
        most = min(PIECE_ROWS, 2 * reached)


def _numbers_due(batch: ImportBatch, after: int, most: int) -> list[int]:
    due = rows_due(batch).filter(pk__gt=StagedRow.key(batch.pk, after))
    return list(due.values_list("number", flat=True)[:most])


def _piece_apply(actor: Any, batch: ImportBatch, numbers: Sequence[int]) -> _Piece:
    """These rows, or the first of them. What fails together is tried by halves, down to the row it fails at.

    That row goes by itself, so that whatever it was is raised or kept where it was before there were pieces.
    """
    try:
        with transaction.atomic():
            investigation_lock(batch.investigation)
            _plans_forget()
            _plan_by_index(True)
            # Another run may have been quicker with some of them.
            keys = [StagedRow.key(batch.pk, number) for number in numbers]
            rows = [Said(batch, row) for row in rows_due(batch).filter(pk__in=keys)]
            drafts, alone = _drafts(actor, batch, rows)
            brought = _write(actor, batch, drafts)
            # At the commit the tiles' grid adds up, whose plans go wrong without reading tables.
            _plans_forget()
            _plan_by_index(False)
    # Whatever it is: undone here, it is met again where its row goes by itself.
    except Exception:
        if len(numbers) == 1:
            return _Piece(brought=0, through=numbers[0], alone=numbers[0])
        return _piece_apply(actor, batch, numbers[: len(numbers) // 2])
    return _Piece(brought=brought, through=alone or numbers[-1], alone=alone)


def _plans_forget() -> None:
    """Have what triggers and foreign keys ask planned anew, whose plans are kept for the session.

    One that was made while a table was nearly empty reads all of it, as long as it is kept: unnoticed row by
    row, since new statistics end it in time, but not while thousands of rows come in a second. One that was
    made for hundreds of rows is wrong for a single one.
    """
    with connection.cursor() as cursor:
        cursor.execute("DISCARD PLANS")


def _plan_by_index(only: bool) -> None:
    """Look up by index alone for now, though a table be empty yet; at most to the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL enable_seqscan TO {'off' if only else 'DEFAULT'}")


def _drafts(actor: Any, batch: ImportBatch, rows: Sequence[Said]) -> tuple[list[_Draft], int | None]:
    """Those up to the first that has to go by itself, and its number."""
    known = Known(batch, rows)
    drafts: list[_Draft] = []
    coming: set[str] = set()
    for said in rows:
        draft = None if said.row.upstream_id in coming else _draft(actor, said, known)
        if draft is None:
            return drafts, said.row.number
        coming.add(said.row.upstream_id)
        drafts.append(draft)
        if said.link is not None:
            known.items.setdefault(said.link.canonical, draft.item)
    return drafts, None


def _draft(actor: Any, said: Said, known: Known) -> _Draft | None:
    """What the row becomes, judged as far as one row can be; None for one that goes by itself."""
    if said.row.upstream_id in known.points or row_has_files(said.row):
        return None
    try:
        item = known.items.get(said.link.canonical) if said.link else None
        recording = None if item is not None else _recording(actor, said, known)
        if recording is not None:
            item = recording.item
        if item is None:
            return None
        proposal = (
            None
            if said.row.is_media_alone
            else proposal_draft(actor=actor, item=item, proposal=said.proposal())
        )
    except (CatalogueError, ValidationError, ValueError):
        return None
    return _Draft(said=said, item=item, recording=recording, proposal=proposal)


def _recording(actor: Any, said: Said, known: Known) -> RecordingDraft | None:
    """The recording that the row is of, which is new; None where its publisher is new as well."""
    details, source = said.details(), known.sources.get(said.publisher)
    if said.publisher and source is None:
        return None
    if said.link and not said.publisher and not said.archived_url:
        details = details_of_post(details, said.link)
    return recording_draft(
        actor=actor,
        investigation=said.batch.investigation,
        details=details,
        link=said.link,
        posted_by=source,
        archived_url=said.archived_url,
    )


def _write(actor: Any, batch: ImportBatch, drafts: Sequence[_Draft]) -> int:
    """Everything of the piece, in the transaction that the caller holds. Returns how many rows."""
    if not drafts:
        return 0
    investigation = batch.investigation
    rows = batch.rows.filter(pk__in=[draft.said.row.pk for draft in drafts])
    rows.update(applied_at=timezone.now(), sentence="")
    with custody_gather(investigation=investigation, actor=actor) as gathered:
        together = {"actor": actor, "investigation": investigation, "gathered": gathered}
        recordings = {place: draft.recording for place, draft in enumerate(drafts) if draft.recording}
        recordings_create(drafts=recordings, **together)
        proposals = {place: draft.proposal for place, draft in enumerate(drafts) if draft.proposal}
        made = geolocations_propose(drafts=proposals, **together)
    ImportedPoint.objects.bulk_create(
        ImportedPoint(
            investigation=investigation,
            format=batch.format,
            upstream_id=draft.said.row.upstream_id,
            digest=draft.said.row.digest,
            row=draft.said.row,
            geolocation=made.get(place),
            revision=draft.proposal.revision if draft.proposal else None,
            media_item=draft.item,
        )
        for place, draft in enumerate(drafts)
    )
    return len(drafts)
