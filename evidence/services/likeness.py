"""What people decide on a suggested likeness, and what confirmed copies share."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from evidence.errors import Conflict, InvalidInput
from evidence.models import Appearance, LikenessState, MediaItem, MediaLikeness
from evidence.permissions import require
from evidence.services import custody
from evidence.services.appearances import appearance_earliest
from evidence.services.custody import custody_record, investigation_lock
from evidence.signals import likeness_changed

_ACTIONS = {
    LikenessState.CONFIRMED: custody.LIKENESS_CONFIRMED,
    LikenessState.DISMISSED: custody.LIKENESS_DISMISSED,
}


@transaction.atomic
def likeness_decide(
    *, actor: Any, likeness: MediaLikeness, decision: str, reason: str = "", seen: str | None = None
) -> MediaLikeness:
    """Confirm that two items show the same recording, or dismiss it with a reason.

    A decision can be changed by another one. `seen` is the state that the person saw: if it is another by
    now, nothing is saved. What is dismissed is not suggested again for the same two files.
    """
    require(actor, "evidence.decide_likeness", likeness.investigation)
    investigation_lock(likeness.investigation)
    pair: MediaLikeness = (
        MediaLikeness.objects.with_both().select_for_update(of=("self",)).get(pk=likeness.pk)
    )
    if decision not in _ACTIONS:
        raise InvalidInput(_("Decide whether to confirm or to dismiss it."), field="decision")
    if (seen is not None and pair.state != seen) or pair.state == decision:
        raise Conflict(
            _("This was decided meanwhile: %(state)s, by %(person)s. Look at it again.")
            % {"state": pair.get_state_display().lower(), "person": pair.decided_by or _("nobody")}
        )
    reason = reason.strip()
    if decision == LikenessState.DISMISSED and not reason:
        raise InvalidInput(
            _("Say in what they differ; the pair is then not suggested again."), field="reason"
        )
    digests = [pair.file_a.sha256, pair.file_b.sha256]
    if decision == LikenessState.DISMISSED and digests not in pair.dismissed_files:
        pair.dismissed_files = [*pair.dismissed_files, digests]
    pair.state, pair.reason = decision, reason
    pair.decided_by, pair.decided_at = actor, timezone.now()
    pair.save()
    for item, other in ((pair.item_a, pair.item_b), (pair.item_b, pair.item_a)):
        custody_record(
            investigation=pair.investigation,
            actor=actor,
            action=_ACTIONS[LikenessState(decision)],
            object_type="media",
            object_reference=item.reference,
            details={"other": other.reference, "kind": pair.kind, "reason": reason, "files": digests},
        )
        likeness_changed.send(sender=MediaLikeness, item=item)
    return pair


def copies_of(item: MediaItem) -> list[MediaItem]:
    """The items that people confirmed to be copies of this one, also by way of another; by reference."""
    keys = MediaLikeness.objects.all().copies_of(item)
    return list(MediaItem.objects.filter(pk__in=keys).order_by("reference"))


def appearances_of_copies(copies: list[MediaItem]) -> list[Appearance]:
    """Where the copies were published, earliest first. They stay with the item that they were logged for."""
    rows = Appearance.objects.filter(media_item__in=copies).select_related("media_item", "posted_by")
    return list(rows.order_by("posted_at", "posted_on", "pk"))


def earliest_of_all(item: MediaItem, copies: list[MediaItem]) -> Appearance | None:
    """The earliest known appearance of the recording: of this item and of all its confirmed copies."""
    return appearance_earliest(Appearance.objects.filter(media_item__in=[item, *copies]))
