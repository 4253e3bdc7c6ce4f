"""Blind rounds: a proposal enters one, a second person's is compared with it, and what follows.

Every function here runs inside a caller's transaction that holds the investigation's lock.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evidence.errors import Conflict
from evidence.models import Investigation, MediaItem, Role
from evidence.services.custody import action_register, custody_record
from geolocation.checks.placings import Comparison, Outcome, Placing, compare
from geolocation.errors import NotBlind
from geolocation.models import (
    BlindEntry,
    BlindRound,
    BlindSighting,
    Geolocation,
    GeolocationRevision,
    RoundCause,
    RoundState,
)
from geolocation.models.blind_rounds import LIVE
from geolocation.review.states import FINAL_STATES, Event, State, next_state
from geolocation.services.check_inputs import placed_point
from geolocation.services.checks import checks_request, checks_request_for_others

ASKED = action_register("geolocation.blind_asked", gettext_lazy("asked for a blind second look at"))
PLACED = action_register("geolocation.blind_placed", gettext_lazy("submitted as a blind second look"))
AGREED = action_register("geolocation.blind_agreed", gettext_lazy("agreed blind with another by"))
APART = action_register("geolocation.blind_apart", gettext_lazy("did not agree blind with others by"))
TO_EDITOR = action_register("geolocation.blind_to_editor", gettext_lazy("sent to an editor, as not blind,"))

PLACING_COLUMNS = tuple(
    f"{role}_{name}" for role in ("camera", "subject") for name in ("latitude", "longitude", "uncertainty_m")
)
_FINAL = [state.value for state in FINAL_STATES]


def live_round(item: MediaItem) -> BlindRound | None:
    """The round of this item that waits for somebody, or None."""
    return BlindRound.objects.filter(media_item=item, state__in=LIVE).first()


def active_entries(placed: BlindRound) -> list[BlindEntry]:
    """What stands in the round, the first one first."""
    entries = placed.entries.filter(is_withdrawn=False).order_by("pk")
    return list(
        entries.select_related("geolocation__media_item", "geolocation__author", "revision", "author")
    )


def is_asked_for(geolocation: Geolocation) -> bool:
    """True if the current revision was written while the investigation asks for a blind second."""
    since, revision = _since(geolocation.investigation), geolocation.current_revision
    return since is not None and revision is not None and revision.created_at >= since


def begin_sealed(investigation: Investigation, items: Iterable[MediaItem]) -> set[int]:
    """The keys of those items for which a new proposal is hidden from others until a round ends."""
    if _since(investigation) is None:
        return set()
    keys = {item.pk for item in items}
    # A proposal stands that every member can see.
    in_the_open = Geolocation.objects.filter(
        media_item__in=keys, is_sealed=False, current_revision__isnull=False
    ).exclude(state__in=_FINAL)
    return keys - set(in_the_open.values_list("media_item", flat=True))


def obstacle(user: Any, item: MediaItem) -> str:
    """Why this person cannot place the item in its live round, in a sentence; empty if nothing hinders."""
    placed = live_round(item)
    if placed is None:
        return ""
    if placed.entries.filter(author=user).exists():
        return _("You have placed this recording in this round; the second look is somebody else's.")
    standing = Geolocation.objects.filter(
        blind_entries__round=placed, blind_entries__is_withdrawn=False, is_sealed=True
    )
    seen = BlindSighting.objects.filter(geolocation__in=standing, person=user).exists()
    if seen or standing.visible_to(user).exists():
        return _("You can see or could see what was proposed, so you cannot place it blind.")
    return ""


def round_enter(*, geolocation: Geolocation, actor: Any) -> BlindRound:
    """The current revision joins the live round of its item, or opens one. Saves the geolocation."""
    item = geolocation.media_item
    wrote = [each.author for each in geolocation.revisions.select_related("author")]
    for person in {geolocation.author, actor, *wrote}:
        refused = obstacle(person, item)
        if refused:
            raise NotBlind(refused)
    placed = live_round(item)
    _await(geolocation, Event.SUBMIT_BLIND)
    custody(geolocation, actor, ASKED if placed is None else PLACED, {})
    if placed is None:
        placed = _round_open(geolocation, cause="" if geolocation.is_sealed else RoundCause.SEEN)
    _entry_add(placed, geolocation)
    if placed.cause == RoundCause.SEEN and len(active_entries(placed)) == 1:
        custody(geolocation, actor, TO_EDITOR, {"cause": placed.cause})
    _settle(placed, actor)
    # Entries are rows of their own: what they became is read back into the caller's object.
    geolocation.refresh_from_db(fields=["state", "is_sealed", "submitted_at", "checks_requested_at"])
    return placed


def revision_event(*, geolocation: Geolocation, is_same_placing: bool) -> Event:
    """What a new revision does to a geolocation that others have seen, in the investigation as it is now.

    Words may change after the round; a position that moves goes before an editor, because nobody can place
    the item blind any more.
    """
    state, current = State(geolocation.state), geolocation.current_revision
    if state == State.AWAITING_SECOND:
        placed = live_round(geolocation.media_item)
        if placed is not None and len(active_entries(placed)) > 1:
            raise Conflict(
                _("Others have placed this recording too, and you can see theirs. An editor decides.")
            )
        return Event.REVISE
    in_the_open = state in (State.IN_REVIEW, State.CHANGES_REQUESTED, State.VERIFIED)
    if not in_the_open or _since(geolocation.investigation) is None:
        return Event.REVISE
    return Event.REVISE if is_same_placing and _closed_entry(current) else Event.REVISE_BLIND


def round_follow(
    *,
    geolocation: Geolocation,
    before: GeolocationRevision | None,
    is_same_placing: bool,
    event: Event,
    actor: Any,
) -> None:
    """After a new revision: its entry moves on to it, or an editor is asked, which saves the geolocation."""
    revision = geolocation.current_revision
    if event == Event.REVISE_BLIND:
        _await(geolocation, Event.REVISE_BLIND)
        placed = live_round(geolocation.media_item) or _round_open(geolocation, cause=RoundCause.MOVED)
        _entry_add(placed, geolocation)
        custody(geolocation, actor, TO_EDITOR, {"cause": RoundCause.MOVED.value})
        _settle(placed, actor)
        return
    awaits = geolocation.state == State.AWAITING_SECOND
    if before is not None and (awaits or is_same_placing):
        entries = BlindEntry.objects.filter(revision=before).exclude(round__state=RoundState.ENDED)
        entries.update(revision=revision)
    if awaits:
        checks_request(geolocation=geolocation)


def round_leave(*, geolocation: Geolocation) -> None:
    """The author withdrew: the others go on without it, or the round ends."""
    placed = live_round(geolocation.media_item)
    entry = placed and placed.entries.filter(geolocation=geolocation).first()
    if placed is None or not entry:
        return
    entry.is_withdrawn = True
    entry.save()
    left = active_entries(placed)
    if not left:
        round_close(placed, RoundState.ENDED, cause=RoundCause.WITHDRAWN)
    elif len(left) == 1 and left[0].geolocation.is_sealed:
        # Who withdrew has seen the other one; somebody else can still place it blind.
        placed.state, placed.cause, placed.wanted, placed.comparisons = RoundState.OPEN, "", 2, []
        placed.save()
    else:
        placed.comparisons = [found.to_json() for found in comparisons(left)]
        placed.save()


def round_close(placed: BlindRound, state: RoundState, **fields: Any) -> None:
    """End it, and open what was sealed for its item: nobody places it blind any more."""
    for name, value in {**fields, "state": state, "closed_at": timezone.now()}.items():
        setattr(placed, name, value)
    placed.save()
    if state != RoundState.ENDED:
        sealed = Geolocation.objects.filter(media_item=placed.media_item, is_sealed=True)
        sealed.exclude(state=State.AWAITING_SECOND.value).update(is_sealed=False)


def step(geolocation: Geolocation, event: Event, *, reason: str = "") -> None:
    """Out of the round into the open, by the transition table. Saves the geolocation."""
    geolocation.state = next_state(State(geolocation.state), event).value
    geolocation.state_reason = reason
    geolocation.is_sealed = False
    geolocation.updated_at = timezone.now()
    if geolocation.state == State.IN_REVIEW:
        geolocation.submitted_at = timezone.now()
    if geolocation.state != State.REJECTED:
        checks_request(geolocation=geolocation)
    geolocation.save()
    checks_request_for_others(geolocation=geolocation)


def comparisons(entries: list[BlindEntry]) -> list[Comparison]:
    """Each two of them."""
    placings = [placing_of(entry) for entry in entries]
    return [
        compare(first, second) for index, first in enumerate(placings) for second in placings[index + 1 :]
    ]


def placing_of(entry: BlindEntry) -> Placing:
    """What one entry places."""
    return Placing(
        reference=entry.geolocation.reference,
        camera=placed_point(entry.revision, "camera"),
        subject=placed_point(entry.revision, "subject"),
    )


def custody(geolocation: Geolocation, actor: Any, action: str, details: dict[str, Any]) -> None:
    """A line about the geolocation, so that it is withheld from whoever may not see the geolocation."""
    custody_record(
        investigation=geolocation.investigation,
        actor=actor,
        action=action,
        object_type="geolocation",
        object_reference=geolocation.reference,
        details={"media": geolocation.media_item.reference, **details},
    )


def _settle(placed: BlindRound, actor: Any) -> None:
    """Go on where enough people have placed it: agreement goes to review, anything else to an editor."""
    entries = active_entries(placed)
    found = comparisons(entries)
    placed.comparisons = [each.to_json() for each in found]
    if placed.state == RoundState.OPEN and len(entries) == placed.wanted == 2:
        _settle_two(placed, entries, found[0], actor)
        return
    if placed.state == RoundState.OPEN and len(entries) >= placed.wanted:
        placed.state, placed.cause = RoundState.WITH_EDITOR, RoundCause.THIRD
    placed.save()


def _settle_two(placed: BlindRound, entries: list[BlindEntry], found: Comparison, actor: Any) -> None:
    first, second = (entry.geolocation for entry in entries)
    measured = {"with": second.reference, "sentence": found.sentence}
    if found.outcome == Outcome.AGREE:
        round_close(placed, RoundState.AGREED)
        step(first, Event.END_BLIND)
        step(second, Event.SUPPORT_BLIND)
        custody(first, actor, AGREED, measured)
        return
    placed.state, placed.cause = RoundState.WITH_EDITOR, RoundCause(found.outcome.value)
    placed.save()
    custody(first, actor, APART, measured)


def _round_open(geolocation: Geolocation, *, cause: str) -> BlindRound:
    state = RoundState.WITH_EDITOR if cause else RoundState.OPEN
    return BlindRound.objects.create(
        investigation=geolocation.investigation, media_item=geolocation.media_item, state=state, cause=cause
    )


def _entry_add(placed: BlindRound, geolocation: Geolocation) -> None:
    assert geolocation.current_revision is not None  # noqa: S101  only a revision is ever submitted
    BlindEntry.objects.create(
        round=placed,
        geolocation=geolocation,
        revision=geolocation.current_revision,
        author=geolocation.author,
    )


def _await(geolocation: Geolocation, event: Event) -> None:
    geolocation.state = next_state(State(geolocation.state), event).value
    geolocation.submitted_at = geolocation.updated_at = timezone.now()
    geolocation.state_reason = ""
    checks_request(geolocation=geolocation)
    geolocation.save()
    checks_request_for_others(geolocation=geolocation)


def _closed_entry(revision: GeolocationRevision | None) -> bool:
    closed = [RoundState.AGREED, RoundState.RESOLVED]
    return revision is not None and revision.blind_entries.filter(round__state__in=closed).exists()


def _since(investigation: Investigation) -> Any:
    """Asked of the database: what the caller holds may be from before somebody switched it."""
    return Investigation.objects.values_list("blind_since", flat=True).get(pk=investigation.pk)


def sightings_record(*, investigation: Investigation, user: Any, role_before: str) -> None:
    """Somebody who was an editor until now could see what is sealed: they are never its blind second."""
    if role_before != Role.EDITOR:
        return
    sealed = Geolocation.objects.filter(investigation=investigation, is_sealed=True).exclude(author=user)
    BlindSighting.objects.bulk_create(
        (BlindSighting(geolocation=each, person=user, as_role=role_before) for each in sealed),
        ignore_conflicts=True,
    )
