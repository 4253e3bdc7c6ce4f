"""All media of an investigation: sorted and filtered by the address alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import DateTimeField, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Cast, Coalesce, Length
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from evidence.models import (
    Appearance,
    FileRole,
    Investigation,
    MediaFile,
    MediaItem,
    MediaKind,
    MetadataReading,
    ReadingState,
)
from evidence.sealed import visible_proposals
from evidence.services.readers.registry import PIXELS
from evidence.views.base import investigation_page
from evidence.views.file_facts import duration_text
from evidence.views.file_says import collected

PAGE_SIZE = 50
_GONE = ("rejected", "withdrawn", "retracted")
_ORDER: dict[str, tuple[Any, ...]] = {
    "reference": (Length("reference"), F("reference")),
    "title": (F("title"),),
    "kind": (F("kind"),),
    "posted": (F("posted_order"),),
    "logged": (F("created_at"),),
}
_PLACED = [("", gettext_lazy("Any")), ("yes", gettext_lazy("Yes")), ("no", gettext_lazy("Not yet"))]
_SENSITIVE = [("", gettext_lazy("Any")), ("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))]


class MediaFilter(forms.Form):
    """The filters as they stand in the address; an unknown value filters nothing."""

    q = forms.CharField(
        label=gettext_lazy("Search"),
        required=False,
        max_length=200,
        widget=forms.TextInput({"type": "search"}),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), required=False, choices=[("", gettext_lazy("Any")), *MediaKind.choices]
    )
    placed = forms.ChoiceField(label=gettext_lazy("Geolocated"), required=False, choices=_PLACED)
    sensitive = forms.ChoiceField(label=gettext_lazy("Sensitive"), required=False, choices=_SENSITIVE)


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column that sorts: what a click on its head asks for, and how the list stands now."""

    key: str
    word: str
    direction: str
    wanted: str


@dataclass(frozen=True, kw_only=True)
class Row:
    """One item with its picture, or the reason why there is none."""

    item: MediaItem
    thumbnail: MediaFile | None
    duration: str
    problem: str
    has_file: bool
    is_unread: bool
    posted: Appearance | None


@require_safe
@investigation_page("evidence.view")
def index(request: HttpRequest, investigation: Investigation) -> HttpResponse:
    """The table."""
    form = MediaFilter(request.GET)
    form.is_valid()
    sort = request.GET.get("sort", "reference")
    items = _sorted(_filtered(request.user, investigation, form.cleaned_data), sort, request.user)
    page = Paginator(items, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "investigation": investigation,
        "form": form,
        "page_obj": page,
        "rows": [_row(item) for item in page],
        "columns": {column.key: column for column in _columns(sort)},
        "is_filtered": any(form.cleaned_data.values()),
        "sort": sort,
    }
    return render(request, "evidence/media_list.html", context)


def _filtered(user: Any, investigation: Investigation, wanted: dict[str, Any]) -> QuerySet[MediaItem]:
    items: QuerySet[MediaItem] = MediaItem.objects.filter(investigation=investigation)
    if text := wanted.get("q", "").strip():
        items = items.filter(pk__in=_matching(investigation, text))
    if kind := wanted.get("kind"):
        items = items.filter(kind=kind)
    if wanted.get("sensitive"):
        items = items.filter(is_sensitive=wanted["sensitive"] == "yes")
    if wanted.get("placed"):
        # Proposals are made by the app above; here it is only asked whether one stands that may be known of.
        proposals = visible_proposals(user).filter(investigation=investigation)
        standing = proposals.exclude(state__in=_GONE).values("media_item")
        is_in = Q(pk__in=standing)
        items = items.filter(is_in if wanted["placed"] == "yes" else ~is_in)
    return items


def _matching(investigation: Investigation, text: str) -> QuerySet[Any]:
    """Words of the item, its links, its files' names and digests, its places and people."""
    found = (
        Q(reference__iexact=text)
        | Q(title__icontains=text)
        | Q(description__icontains=text)
        | Q(note__icontains=text)
        | Q(author__name__icontains=text)
        | Q(place__names__name__icontains=text)
        | Q(appearances__url__icontains=text)
        | Q(appearances__canonical_url__icontains=text)
        | Q(files__original_name__icontains=text)
        | Q(files__sha256__istartswith=text)
    )
    return MediaItem.objects.filter(found, investigation=investigation).values("pk")


def _sorted(items: QuerySet[MediaItem], sort: str, user: Any) -> QuerySet[MediaItem]:
    key, descending = sort.removeprefix("-"), sort.startswith("-")
    earliest = Appearance.objects.filter(media_item=OuterRef("pk"), is_earliest_known=True)
    moment = Coalesce("posted_at", Cast("posted_on", DateTimeField()))
    readings = Prefetch("readings", MetadataReading.objects.defer("raw_tags"))
    expressions = _ORDER.get(key, _ORDER["reference"])
    ordering = [
        each.desc(nulls_last=True) if descending else each.asc(nulls_last=True) for each in expressions
    ]
    return (
        items.annotate(posted_order=Subquery(earliest.annotate(moment=moment).values("moment")[:1]))
        .order_by(*ordering, Length("reference"), "reference")
        .select_related("created_by", "place")
        .prefetch_related(
            "place__names",
            Prefetch("geolocations", visible_proposals(user)),
            Prefetch("files", MediaFile.objects.prefetch_related(readings)),
            Prefetch("appearances", Appearance.objects.filter(is_earliest_known=True), to_attr="earliest"),
        )
    )


def _columns(sort: str) -> list[Column]:
    words = {
        "reference": _("Reference"),
        "title": _("Title"),
        "kind": _("Kind"),
        "posted": _("Posted"),
        "logged": _("Logged"),
    }
    columns = []
    for key, word in words.items():
        direction = {key: "ascending", f"-{key}": "descending"}.get(sort, "")
        wanted = f"-{key}" if direction == "ascending" else key
        columns.append(Column(key=key, word=word, direction=direction, wanted=wanted))
    return columns


def _row(item: Any) -> Row:
    files = list(item.files.all())
    originals = collected(files)
    readings = [reading for file in originals for reading in file.readings.all()]
    pixels = [reading for reading in readings if reading.reader == PIXELS]
    thumbnail = next((file for file in files if file.role == FileRole.THUMBNAIL), None)
    durations = [reading.fields.get("duration_s") for reading in pixels if reading.fields]
    failed = next((reading for reading in pixels if reading.state == ReadingState.FAILED), None)
    return Row(
        item=item,
        thumbnail=thumbnail,
        duration=duration_text(durations[0]) if durations and durations[0] is not None else "",
        problem=failed.sentence if failed and thumbnail is None else "",
        has_file=bool(originals),
        is_unread=any(reading.is_unfinished for reading in readings),
        posted=item.earliest[0] if item.earliest else None,
    )
