"""Many drafts at once: the bulk sibling of `geolocation_propose`.

Each is drafted by itself, which is where it may be refused; then all that are wanted are written together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection, models

from evidence.models import Investigation, MediaItem
from evidence.permissions import require
from evidence.services.columns import columns_clean
from evidence.services.custody import CustodyGathered, investigation_lock
from evidence.services.references import references_next
from geolocation.models import Geolocation, GeolocationRevision
from geolocation.services import blind_rounds
from geolocation.services.geolocations import (
    GENERATED,
    PROPOSED,
    Proposal,
    geolocation_logged,
    revision_said,
    revision_unsaved,
)
from geolocation.services.landmarks import Landmarks, landmarks_add, resection_solve
from geolocation.services.proposals import proposal_completed


@dataclass(frozen=True, kw_only=True)
class ProposalDraft:
    """A first revision that is not saved yet, with its landmarks and the item that it places.

    The item may be unsaved, but is saved before the proposal is.
    """

    item: MediaItem
    revision: GeolocationRevision
    landmarks: Landmarks


def proposal_draft(*, actor: Any, item: MediaItem, proposal: Proposal) -> ProposalDraft:
    """As `geolocation_propose` begins. Raises InvalidInput, ValidationError for what no revision may say."""
    proposal = proposal_completed(proposal)
    solved = resection_solve(landmarks=proposal.landmarks)
    revision = revision_unsaved(actor=actor, proposal=proposal, solved=solved)
    columns_clean(revision, besides=GENERATED)
    return ProposalDraft(item=item, revision=revision, landmarks=proposal.landmarks)


def geolocations_propose(
    *,
    actor: Any,
    investigation: Investigation,
    drafts: Mapping[int, ProposalDraft],
    gathered: CustodyGathered,
) -> dict[int, Geolocation]:
    """Save them as drafts, in the order of their places among the acts whose events are gathered.

    Returns the geolocations by place. IntegrityError where the database refuses one: then none is saved.
    """
    require(actor, "geolocation.propose", investigation)
    investigation_lock(investigation)
    in_order = sorted(drafts.items())
    numbered = references_next(model=Geolocation, investigation=investigation, letter="G", count=len(drafts))
    sealed = blind_rounds.begin_sealed(investigation, [draft.item for _place, draft in in_order])
    revision_keys = _keys_next(GeolocationRevision, len(drafts))
    made: dict[int, Geolocation] = {}
    for (place, draft), key, reference in zip(in_order, revision_keys, numbered, strict=True):
        draft.revision.pk = key
        made[place] = Geolocation(
            investigation=investigation,
            media_item=draft.item,
            reference=reference,
            author=actor,
            current_revision=draft.revision,
            is_sealed=draft.item.pk in sealed,
        )
    for geolocation, key in zip(made.values(), _keys_next(Geolocation, len(drafts)), strict=True):
        geolocation.pk = key
    _save(drafts, made)
    for place, geolocation in made.items():
        said = revision_said(drafts[place].revision)
        gathered.add(place, geolocation_logged(geolocation, PROPOSED, said))
    return made


def _save(drafts: Mapping[int, ProposalDraft], made: Mapping[int, Geolocation]) -> None:
    """The revisions go first: each geolocation comes with its wording, and no row is written twice.

    They name each other, and the keys that both have beforehand are held to be there at the commit.
    """
    for place, geolocation in made.items():
        drafts[place].revision.geolocation = geolocation
    GeolocationRevision.objects.bulk_create(drafts[place].revision for place in made)
    Geolocation.objects.bulk_create(made.values())
    for place in made:
        draft = drafts[place]
        if draft.landmarks.given:
            landmarks_add(revision=draft.revision, landmarks=draft.landmarks)


def _keys_next(model: type[models.Model], count: int) -> list[int]:
    """Primary keys that no other row of the model has or gets."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
        )
        return [key for (key,) in cursor.fetchall()]
