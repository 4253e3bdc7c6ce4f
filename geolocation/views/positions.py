"""The form's echo: what a text was understood as, before anything is saved."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from evidence.models import Investigation, MediaItem
from evidence.views.base import investigation_page
from geolocation.coordinates.format import format_position
from geolocation.coordinates.outcome import Notation, Parsed, Reading, Refused
from geolocation.coordinates.parse import parse_position
from geolocation.coordinates.position import Position
from geolocation.local_time import offset_at, offset_text
from geolocation.services.nearby import nearby

NOTATION_NAMES: dict[Notation, str | Promise] = {
    Notation.DECIMAL: gettext_lazy("decimal degrees"),
    Notation.DM: gettext_lazy("degrees and minutes"),
    Notation.DMS: gettext_lazy("degrees, minutes, seconds"),
    Notation.UTM: gettext_lazy("UTM"),
    Notation.MGRS: gettext_lazy("MGRS"),
    Notation.PLUS_CODE: gettext_lazy("plus code"),
    Notation.GEO_URI: gettext_lazy("geo: link"),
    Notation.ISO6709: gettext_lazy("ISO 6709"),
    Notation.GOOGLE_LINK: gettext_lazy("Google Maps link"),
    Notation.GOOGLE_EARTH_LINK: gettext_lazy("Google Earth link"),
    Notation.OSM_LINK: gettext_lazy("OpenStreetMap link"),
    Notation.BING_LINK: gettext_lazy("Bing Maps link"),
    Notation.YANDEX_LINK: gettext_lazy("Yandex Maps link"),
    Notation.APPLE_LINK: gettext_lazy("Apple Maps link"),
    Notation.WIKIMAPIA_LINK: gettext_lazy("Wikimapia link"),
}


@never_cache
@require_GET
@investigation_page("geolocation.propose")
def parse(request: HttpRequest, investigation: Investigation) -> JsonResponse:
    """`?text=` read as a position; with `&local=2023-09-20T14:00` also the offset that clocks had there.

    200 with `ok` true, or `ok` false with the sentence and every reading, each with the text that has only
    that reading. `&media=M03` names the item whose place completes a short plus code.
    """
    item = MediaItem.objects.filter(
        investigation=investigation, reference=request.GET.get("media", "")
    ).first()
    outcome = parse_position(request.GET.get("text", ""), near=nearby(item or investigation))
    answer: dict[str, Any] = echo(outcome)
    if isinstance(outcome, Parsed):
        answer["offset"] = _offset(outcome.position, request.GET.get("local", ""))
    return JsonResponse(answer)


def echo(outcome: Parsed | Refused) -> dict[str, Any]:
    """What the page says of a text: sentences in the person's language beside the figures."""
    if isinstance(outcome, Parsed):
        return {
            **outcome.to_json(),
            "understood_as": _said(outcome.understood_as),
            "axis_note": _said(outcome.axis_note),
            "notation_name": str(NOTATION_NAMES[outcome.notation]),
            "decimal": format_position(outcome.position, Notation.DECIMAL, 7),
        }
    return {
        **outcome.to_json(),
        "sentence": _said(outcome.sentence),
        "readings": [_reading(found) for found in outcome.readings],
    }


def _reading(found: Reading) -> dict[str, Any]:
    whole = found.latitude is not None and found.longitude is not None
    parts = [
        f"{letters} {value:.10g}"
        for letters, value in (("lat", found.latitude), ("lon", found.longitude))
        if value is not None
    ]
    return {
        **found.to_json(),
        "note": _said(found.note),
        # Labelled, so that it is read in one way only, whichever way the next reader expects.
        "text": ", ".join(parts) if whole else None,
        "shown": ", ".join(parts),
    }


def _offset(position: Position, local: str) -> dict[str, Any] | None:
    try:
        moment = datetime.fromisoformat(local)
    except ValueError:
        return None
    found = offset_at(position, moment.replace(tzinfo=None))
    return {"zone": found.zone, "offsets": [offset_text(minutes) for minutes in found.offsets_min]}


def _said(sentence: Any) -> str:
    return _(sentence.template) % sentence.values if sentence.values else _(sentence.template)
