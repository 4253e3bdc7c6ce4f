"""The custody log: each act is written in the transaction that does it, chained to the one before.

Every writing service takes `investigation_lock` first: one writer at a time in an investigation, so that
the chain has no fork, references have no gaps, and no two writers wait for each other's rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from evidence.integrity.chain import (
    GENESIS_HASH,
    ChainEvent,
    ChainReport,
    canonical_json,
    event_hash,
    verify_chain,
)
from evidence.models import CustodyEvent, Investigation

# Action keys are permanent: they are hashed into logs. The phrase follows the actor's name on the page.
ACTIONS: dict[str, str | Promise] = {}


def action_register(key: str, phrase: str | Promise) -> str:
    """Name an action once; a second registration of the same key is a programming error."""
    if key in ACTIONS:
        raise ValueError(f"custody action {key!r} is registered twice")
    ACTIONS[key] = phrase
    return key


INVESTIGATION_OPENED = action_register("investigation.opened", _("opened the investigation"))
INVESTIGATION_CHANGED = action_register("investigation.changed", _("changed the settings of"))
INVESTIGATION_PUBLISHED = action_register("investigation.published", _("made public the verified points of"))
INVESTIGATION_UNPUBLISHED = action_register("investigation.unpublished", _("closed to the public"))
INVESTIGATION_BLIND_ON = action_register(
    "investigation.blind_on", _("switched on blind second geolocation in")
)
INVESTIGATION_BLIND_OFF = action_register(
    "investigation.blind_off", _("switched off blind second geolocation in")
)
MEMBER_ADDED = action_register("member.added", _("added as a member"))
MEMBER_ROLE_CHANGED = action_register("member.role_changed", _("changed the role of"))
MEMBER_REMOVED = action_register("member.removed", _("removed the member"))
MEMBER_INVITED = action_register("member.invited", _("invited"))
SOURCE_ADDED = action_register("source.added", _("added the source"))
PLACE_ADDED = action_register("place.added", _("added the place"))
MEDIA_LOGGED = action_register("media.logged", _("logged"))
MEDIA_CHANGED = action_register("media.changed", _("changed the description of"))
APPEARANCE_ADDED = action_register("appearance.added", _("added an appearance to"))
COPY_ADDED = action_register("copy.added", _("added an archived copy to"))
COPY_READ = action_register("copy.read", _("read an archived copy of"))
COPY_DOWNLOADED = action_register("copy.downloaded", _("downloaded an archived copy of"))
FILE_STORED = action_register("file.stored", _("stored an original of"))
FILE_READ = action_register("file.read", _("read the metadata of"))
FILE_READING_ASKED = action_register("file.reading_asked", _("asked another reader about"))
FILE_DERIVED = action_register("file.derived", _("made viewing copies of"))
FILE_FINGERPRINTED = action_register("file.fingerprinted", _("computed the fingerprints of"))
FILE_DOWNLOADED = action_register("file.downloaded", _("downloaded the original of"))
LIKENESS_CONFIRMED = action_register("likeness.confirmed", _("confirmed a copy of"))
LIKENESS_DISMISSED = action_register("likeness.dismissed", _("dismissed a likeness of"))
BATCH_BEGUN = action_register("batch.begun", _("began to bring in"))
BATCH_FINISHED = action_register("batch.finished", _("finished bringing in"))
CLAIM_LOGGED = action_register("claim.logged", _("logged the claim"))
CLAIM_CHANGED = action_register("claim.changed", _("changed the claim"))
CLAIM_EVIDENCE_LINKED = action_register("claim.evidence_linked", _("linked evidence to"))
CLAIM_EVIDENCE_REMOVED = action_register("claim.evidence_removed", _("removed evidence from"))
CLAIM_ASSESSED = action_register("claim.assessed", _("assessed"))


def investigation_lock(investigation: Investigation) -> None:
    """Wait until this transaction is the only one that writes in the investigation; held to its end."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('custody:' || %s, 0))", [investigation.pk]
        )


@dataclass(frozen=True, kw_only=True)
class CustodyEntry:
    """What happened to which object, before it has its place in the chain."""

    action: str
    object_type: str
    object_reference: str
    details: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.action not in ACTIONS:
            raise ValueError(f"custody action {self.action!r} is not registered")


class CustodyGathered:
    """The entries of many acts, each at the place of its act among them; see `custody_gather`."""

    def __init__(self) -> None:
        self._entries: list[tuple[int, CustodyEntry]] = []

    def add(self, place: int, entry: CustodyEntry) -> None:
        """One more entry of the act at this place; those of one act keep the order they come in."""
        self._entries.append((place, entry))

    def in_order(self) -> list[CustodyEntry]:
        """Act by act, as if each had been recorded when it was done."""
        return [entry for _place, entry in sorted(self._entries, key=lambda placed: placed[0])]


@transaction.atomic
def custody_record(
    *,
    investigation: Investigation,
    actor: Any | None,
    action: str,
    object_type: str,
    object_reference: str,
    details: dict[str, Any] | None = None,
) -> CustodyEvent:
    """Append one event. `actor` None is the application itself (a worker)."""
    entry = CustodyEntry(
        action=action, object_type=object_type, object_reference=object_reference, details=details or {}
    )
    investigation_lock(investigation)
    event = _event(investigation, actor, entry, *_head(investigation))
    event.save(force_insert=True)
    return event


@contextmanager
def custody_gather(*, investigation: Investigation, actor: Any | None) -> Iterator[CustodyGathered]:
    """Of services that do many acts at once: their events, appended together in the order of the acts.

    One transaction with what is done inside. An exception inside leaves it undone and unrecorded.
    """
    with transaction.atomic():
        investigation_lock(investigation)
        gathered = CustodyGathered()
        yield gathered
        sequence, previous_hash = _head(investigation)
        events = []
        for entry in gathered.in_order():
            events.append(_event(investigation, actor, entry, sequence, previous_hash))
            sequence, previous_hash = sequence + 1, events[-1].hash
        # The database looks at each as it does at one alone: it sees those before it in the statement.
        CustodyEvent.objects.bulk_create(events)


def _head(investigation: Investigation) -> tuple[int, str]:
    """The sequence that the next event has, and the hash before it."""
    last = (
        CustodyEvent.objects.filter(investigation=investigation)
        .order_by("-sequence")
        .values_list("sequence", "hash")
        .first()
    )
    return (last[0] + 1, last[1]) if last else (1, GENESIS_HASH)


def _event(
    investigation: Investigation, actor: Any | None, entry: CustodyEntry, sequence: int, previous_hash: str
) -> CustodyEvent:
    occurred_at = timezone.now()
    actor_name = str(actor) if actor is not None else "worker"
    body = {
        "action": entry.action,
        "actor": actor.pk if actor is not None else None,
        "actor_name": actor_name,
        "details": entry.details,
        "investigation": investigation.code,
        "object_reference": entry.object_reference,
        "object_type": entry.object_type,
        "occurred_at": occurred_at.isoformat(),
        "sequence": sequence,
    }
    canonical = canonical_json(body)
    return CustodyEvent(
        investigation=investigation,
        sequence=sequence,
        previous_hash=previous_hash,
        canonical=canonical,
        hash=event_hash(previous_hash, canonical),
        actor=actor,
        actor_name=actor_name,
        occurred_at=occurred_at,
        **vars(entry),
    )


def custody_verify(*, investigation: Investigation) -> ChainReport:
    """Recompute the whole chain from what is stored, in constant memory."""
    events = CustodyEvent.objects.filter(investigation=investigation).order_by("sequence")
    return verify_chain(
        ChainEvent(
            sequence=event.sequence,
            previous_hash=event.previous_hash,
            canonical=event.canonical,
            hash=event.hash,
        )
        for event in events.iterator(chunk_size=2000)
    )
