"""What a recording looks like, for the pages that show it."""

from __future__ import annotations

from typing import Any

from django import template

from evidence.models import Investigation, LikenessState, MediaFingerprint, MediaItem, MediaLikeness
from evidence.permissions import may
from evidence.services.likeness import appearances_of_copies, copies_of, earliest_of_all
from evidence.views.file_facts import duration_text
from evidence.views.likeness import Side, pairs_of

register = template.Library()


@register.inclusion_tag("evidence/_likeness.html", takes_context=True)
def likeness_of(context: dict[str, Any], item: MediaItem, is_oob: bool = False) -> dict[str, Any]:
    """The panel "Looks like": suggestions, confirmed copies, and where those were published."""
    user = context["request"].user
    found = MediaLikeness.objects.of_item(item).exclude(state=LikenessState.DISMISSED).with_both()
    pairs = pairs_of(list(found), left=item)
    copies = copies_of(item)
    direct = {pair.right.item.pk for pair in pairs if pair.likeness.state == LikenessState.CONFIRMED}
    return {
        "item": item,
        "investigation": item.investigation,
        "is_oob": is_oob,
        "pairs": pairs,
        "suggestions": sum(pair.likeness.state == LikenessState.SUGGESTED for pair in pairs),
        "indirect": [copy for copy in copies if copy.pk not in direct],
        "copies": copies,
        "copied_appearances": appearances_of_copies(copies) if copies else [],
        "earliest": earliest_of_all(item, copies) if copies else None,
        "may_decide": may(user, "evidence.decide_likeness", item.investigation),
        "has_elsewhere": MediaFingerprint.objects.filter(media_file__media_item=item).exists()
        and Investigation.objects.for_user(user).exclude(pk=item.investigation_id).exists(),
    }


@register.simple_tag
def likeness_suggested(investigation: Investigation) -> int:
    """How many pairs of the investigation wait for somebody to look at them."""
    return MediaLikeness.objects.filter(investigation=investigation, state=LikenessState.SUGGESTED).count()


@register.filter
def stretch(side: Side) -> str:
    """`0:12 to 0:32` of a side whose recording has only a part of the other; empty for the whole."""
    if side.from_s is None or side.to_s is None:
        return ""
    return f"{duration_text(int(side.from_s))} – {duration_text(int(side.to_s))}"


@register.filter
def percent(share: float) -> int:
    """A share as whole hundredths."""
    return round(share * 100)
