"""What is kept from one person for the time being: asked here, decided by the app above.

Proposals belong to that app. Which of them somebody may see is one rule, `visible_to` of its queryset,
reached through the relation that it adds to media items; nothing of it is imported here. Log lines follow
their proposal: who may not see it reads that there is a line, and none of its content.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db.models import Exists, OuterRef, Q, QuerySet


def visible_proposals(user: Any) -> QuerySet[Any]:
    """The geolocations that the person may see now, of every investigation."""
    visible: QuerySet[Any] = _proposals().visible_to(user)
    return visible


def withheld_from(user: Any) -> Q:
    """A condition on custody events: they are about a geolocation that is hidden from the person now."""
    hidden = _proposals().hidden_from(user)
    about = hidden.filter(investigation=OuterRef("investigation"), reference=OuterRef("object_reference"))
    return Q(Q(object_type="geolocation"), Exists(about))


def emptied(events: Iterable[Any]) -> list[Any]:
    """The events of `with_withheld`, each withheld one without its content: number and hashes remain.

    Emptied rather than flagged alone, so that a page that forgets to look at the flag has nothing to show.
    """
    found = list(events)
    for event in found:
        if event.is_withheld:
            event.action = event.actor_name = event.object_type = event.object_reference = ""
            event.actor_id = event.occurred_at = event.canonical = None
            event.details = {}
    return found


def _proposals() -> Any:
    return apps.get_model("evidence", "MediaItem")._meta.get_field("geolocations").related_model.objects
