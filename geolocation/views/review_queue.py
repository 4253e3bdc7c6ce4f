"""The review queue: what waits, for how long, and for whom."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from evidence.models import FileRole, Investigation, MediaFile
from evidence.permissions import may
from evidence.views.base import investigation_page
from geolocation.services import review_queue
from geolocation.services.review_queue import Queue

ROWS = 50


@never_cache
@require_safe
@investigation_page("evidence.view")
def queue(request: HttpRequest, investigation: Investigation) -> HttpResponse:
    """The table; `show`, `author`, `q`, `checks` and `sort` in the address narrow and order it."""
    everything = review_queue.queue_of(investigation=investigation, user=request.user)
    views: dict[str, Queue] = {
        "waiting": review_queue.waiting(everything),
        "for-me": review_queue.decidable(everything),
        "changes": review_queue.changes_requested(everything),
        "disputed": review_queue.disputed(everything),
    }
    may_review = may(request.user, "geolocation.review", investigation)
    if not may_review:
        del views["for-me"]
    show = request.GET.get("show", "waiting")
    show = show if show in views else "waiting"
    narrowed = _narrowed(views[show], request)
    sort = request.GET.get("sort", "")
    page = Paginator(review_queue.queue_sorted(narrowed, sort), ROWS).get_page(request.GET.get("page"))
    context = {
        "investigation": investigation,
        "page_obj": page,
        "rows": _rows(page.object_list),
        "tabs": _tabs(views, show),
        "show": show,
        "columns": _columns(show, sort),
        "authors": _authors(everything),
        "is_filtered": any(request.GET.get(name) for name in ("q", "author", "checks")),
        "may_review": may_review,
        "for_me": views["for-me"].count() if may_review else 0,
    }
    return render(request, "geolocation/review_queue.html", context)


@never_cache
@require_safe
@investigation_page("evidence.view")
def next_one(request: HttpRequest, investigation: Investigation) -> HttpResponse:
    """To the oldest one that this person may decide on; if there is none, to the queue with a sentence."""
    found = review_queue.next_to_review(investigation=investigation, user=request.user)
    if found is not None:
        return redirect("geolocation:review", investigation.code, found.reference)
    if may(request.user, "geolocation.review", investigation):
        messages.info(request, _("Nothing waits for your decision."))
    else:
        messages.info(request, _("Reviewers and editors decide. Ask an editor if you should be one."))
    return redirect("geolocation:review-queue", investigation.code)


def _narrowed(queue: Queue, request: HttpRequest) -> Queue:
    words = request.GET.get("q", "").strip()
    if words:
        queue = queue.filter(
            Q(reference__iexact=words)
            | Q(media_item__reference__iexact=words)
            | Q(media_item__title__icontains=words)
        )
    author = request.GET.get("author", "")
    if author.isdecimal():
        queue = queue.filter(author_id=int(author))
    if request.GET.get("checks") == "flagged":
        queue = queue.filter(flags__gt=0)
    if request.GET.get("checks") == "clear":
        queue = queue.filter(flags=0)
    return queue


def _tabs(views: dict[str, Queue], show: str) -> list[dict[str, Any]]:
    words = {
        "waiting": _("Waiting"),
        "for-me": _("For you"),
        "changes": _("Changes requested"),
        "disputed": _("Disputed"),
    }
    return [
        {"key": key, "words": words[key], "count": found.count(), "is_current": key == show}
        for key, found in views.items()
    ]


def _columns(show: str, sort: str) -> list[dict[str, str]]:
    """The table's heads: what a click sorts by next, and how it is sorted now."""
    since = _("Sent back") if show == "changes" else _("Waiting since")
    heads = [
        ("reference", _("Reference")),
        ("", _("Media")),
        ("author", _("Author")),
        ("waiting" if show != "changes" else "", since),
        ("flags", _("Checks")),
        ("", _("Approvals")),
        ("", _("Status")),
    ]
    columns = []
    for key, words in heads:
        state = "ascending" if sort == key else "descending" if sort == f"-{key}" else ""
        following = f"-{key}" if state == "ascending" else key
        columns.append({"key": key, "words": words, "state": state if key else "", "following": following})
    return columns


def _authors(queue: Queue) -> list[tuple[int, str]]:
    people = queue.order_by("author__name").values_list("author_id", "author__name").distinct()
    return list(people)


def _rows(found: Any) -> list[dict[str, Any]]:
    """Each geolocation with the thumbnail of its item; two queries however many rows."""
    geolocations = list(found)
    thumbnails = dict(
        MediaFile.objects.filter(
            media_item__in=[each.media_item_id for each in geolocations], role=FileRole.THUMBNAIL
        ).values_list("media_item_id", "sha256")
    )
    return [{"geolocation": each, "thumbnail": thumbnails.get(each.media_item_id)} for each in geolocations]
