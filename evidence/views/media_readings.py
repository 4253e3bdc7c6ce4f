"""All tags of one reading, searched; and asking a reader that does not read by itself."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from evidence.errors import InvalidInput, NotFound
from evidence.models import Investigation, MediaFile, MediaItem, MetadataReading
from evidence.models.media import COLLECTED_ROLES
from evidence.permissions import may
from evidence.services.readers.registry import READERS, WALKER
from evidence.services.reading import reading_ask
from evidence.services.serials import tags_without_serials
from evidence.views.base import investigation_page

MOST_TAGS_SHOWN = 20_000


def _file_of(investigation: Investigation, reference: str, sha256: str) -> MediaFile:
    """The collected file of this item, or NotFound. Without a digest, the item's first."""
    files = MediaFile.objects.filter(
        media_item__investigation=investigation, media_item__reference=reference, role__in=COLLECTED_ROLES
    ).select_related("media_item__investigation")
    found = (files.filter(sha256=sha256) if sha256 else files).order_by("pk").first()
    if found is None:
        raise NotFound(_("There is no such file of %(reference)s.") % {"reference": reference[:20]})
    return found


def _page_of(item: MediaItem, media_file: MediaFile) -> str:
    address = reverse("evidence:media-detail", args=[item.investigation.code, item.reference])
    return f"{address}?file={media_file.sha256}#reading"


@require_POST
@investigation_page("evidence.edit_media")
def ask(
    request: HttpRequest, investigation: Investigation, reference: str, sha256: str, reader: str
) -> HttpResponse:
    """Have one more reader read the file."""
    media_file = _file_of(investigation, reference, sha256)
    try:
        # One transaction, so that the queue hears of it only once the row says so.
        with transaction.atomic():
            reading_ask(actor=request.user, media_file=media_file, reader_key=reader)
    except InvalidInput as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, _("The reader was asked. Its answer comes here."))
    return redirect(_page_of(media_file.media_item, media_file))


@require_safe
@investigation_page("evidence.view")
def tags(request: HttpRequest, investigation: Investigation, reference: str) -> HttpResponse:
    """Every tag of one reading, or those in which a text occurs; a fragment where htmx asks."""
    media_file = _file_of(investigation, reference, request.GET.get("file", ""))
    key = request.GET.get("reader", WALKER)
    reading = MetadataReading.objects.filter(media_file=media_file, reader=key).first()
    if reading is None or key not in READERS:
        raise NotFound(_("There is no such reading."))
    wanted = request.GET.get("q", "").strip()
    may_edit = may(request.user, "evidence.edit_media", investigation)
    shown = reading.raw_tags if may_edit else tags_without_serials(reading.raw_tags, _serials(media_file))
    found = _holding(shown, wanted.casefold())
    context = {
        "investigation": investigation,
        "item": media_file.media_item,
        "media_file": media_file,
        "reader": key,
        "reader_label": READERS[key].label,
        "wanted": wanted,
        "tags": found[:MOST_TAGS_SHOWN],
        "tags_left_out": max(0, len(found) - MOST_TAGS_SHOWN),
        "total": len(reading.raw_tags),
        "may_edit": may_edit,
    }
    is_fragment = request.headers.get("HX-Request") == "true"
    return render(request, "evidence/_tag_table.html" if is_fragment else "evidence/media_tags.html", context)


def _serials(media_file: MediaFile) -> list[str]:
    """The numbers that our own reader found, wherever else they stand."""
    walker = MetadataReading.objects.filter(media_file=media_file, reader=WALKER).first()
    return list(walker.fields.get("serials") or ()) if walker else []


def _holding(all_tags: list[dict[str, Any]], wanted: str) -> list[dict[str, Any]]:
    if not wanted:
        return all_tags
    return [each for each in all_tags if wanted in " ".join(map(str, each.values())).casefold()]
