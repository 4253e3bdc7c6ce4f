"""Custody events as sentences: who did what to what, with where it leads and what else is worth a word."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from evidence.models import Assessment, CustodyEvent, Investigation, Relation, Role
from evidence.services.custody import ACTIONS
from evidence.views.links import page_url

_PAGES = {
    "media": "evidence:media-detail",
    "claim": "evidence:claim-detail",
    "batch": "evidence:batch-detail",
    "geolocation": "geolocation:detail",
}
_LISTS = {
    "investigation": "evidence:investigation",
    "member": "accounts:member-list",
    "source": "evidence:source-list",
    "place": "evidence:place-list",
}
_CHOICES = {
    key: {str(value): str(label).lower() for value, label in choices.choices}
    for key, choices in (("relation", Relation), ("assessment", Assessment))
}
_LONGEST_NOTE = 240


@dataclass(frozen=True, kw_only=True)
class CustodySentence:
    """One event as components/_custody_line.html takes it."""

    event: CustodyEvent
    actor: str
    action: str
    object: str
    object_url: str
    note: str
    is_withheld: bool = False


def custody_lines(investigation: Investigation, events: Iterable[CustodyEvent]) -> list[CustodySentence]:
    """The events in the order given; one that is withheld says so, and nothing else of itself."""
    return [
        _withheld(event)
        if getattr(event, "is_withheld", False)
        else CustodySentence(
            event=event,
            actor=event.actor_name,
            # An action that a later version no longer knows is shown by its key: it is in the log for good.
            action=str(ACTIONS.get(event.action, event.action)),
            object=event.object_reference,
            object_url=_url(investigation, event),
            note=_note(event.details),
        )
        for event in events
    ]


def _withheld(event: CustodyEvent) -> CustodySentence:
    sentence = _("Withheld until your own proposal is in")
    return CustodySentence(
        event=event, actor="", action=sentence, object="", object_url="", note="", is_withheld=True
    )


def _url(investigation: Investigation, event: CustodyEvent) -> str:
    """Where the object is; empty where this installation has no such page."""
    if event.object_type in _PAGES:
        return page_url(_PAGES[event.object_type], investigation.code, event.object_reference)
    if event.object_type in _LISTS:
        return page_url(_LISTS[event.object_type], investigation.code)
    return ""


def _note(details: dict[str, Any]) -> str:
    """The words of the event's details that a reader wants first: a reason, what changed, a name."""
    parts = [str(details["media"])] if details.get("media") else []
    parts += [
        words.get(str(details[key]), str(details[key])) for key, words in _CHOICES.items() if details.get(key)
    ]
    if changed := details.get("changed"):
        parts.append(", ".join(str(name).replace("_", " ") for name in changed))
    if role := details.get("role"):
        before = details.get("role_before")
        parts.append(
            _("from %(before)s to %(role)s") % {"before": _role(before), "role": _role(role)}
            if before
            else _role(role)
        )
    parts += [
        str(details[key])
        for key in ("title", "name", "url", "statement", "reason", "sentence")
        if details.get(key)
    ]
    note = " · ".join(parts)
    return note if len(note) <= _LONGEST_NOTE else f"{note[:_LONGEST_NOTE]}…"


def _role(value: str) -> str:
    return str(Role(value).label).lower() if value in Role.values else value
