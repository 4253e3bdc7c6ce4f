"""Search over everything that the person may see, and nothing else."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evidence.models import Appearance, Claim, Investigation, MediaItem, Place, Source
from evidence.platforms.base import Link
from evidence.platforms.read import read_link
from evidence.sealed import visible_proposals

MOST = 20
_LONGEST = 2000
_SHORTEST_DIGEST = 6


@dataclass(frozen=True, kw_only=True)
class Found:
    """One group of results: the first of them, and how many there are in all."""

    rows: list[Any]
    total: int


@require_safe
@login_required
def search(request: HttpRequest) -> HttpResponse:
    """`?q=` a reference, words, a name in any script, a digest, or a pasted link."""
    words = _words(request.GET.get("q", ""))
    # A list of keys, not a join: a join would repeat rows, and every group below must be inside it.
    mine = list(Investigation.objects.for_user(request.user).values_list("pk", flat=True))
    link = _link(words)
    groups = _groups(request.user, mine, words, link) if words else {}
    context = {
        "search_query": words,
        "link": link,
        "groups": groups,
        "total": sum(group.total for group in groups.values()),
        "belongs_somewhere": bool(mine),
    }
    return render(request, "evidence/search.html", context)


def _words(typed: str) -> str:
    """One line, composed: a name typed with combining marks finds the one written without."""
    return unicodedata.normalize("NFC", " ".join(typed.replace("\x00", " ").split()))[:_LONGEST]


def _link(words: str) -> Link | None:
    if "/" not in words or "." not in words or " " in words:
        return None
    read = read_link(words)
    return read if isinstance(read, Link) else None


def _groups(user: Any, mine: list[int], words: str, link: Link | None) -> dict[str, Found]:
    claims = Claim.objects.filter(investigation__in=mine).filter(
        Q(reference__iexact=words)
        | Q(statement__icontains=words)
        | Q(note__icontains=words)
        | Q(claimant__name__icontains=words)
    )
    places = Place.objects.filter(investigation__in=mine).filter(
        pk__in=Place.objects.filter(investigation__in=mine, names__name__icontains=words).values("pk")
    )
    sources = Source.objects.filter(investigation__in=mine).filter(
        Q(name__icontains=words) | Q(handle__iexact=words.removeprefix("@"))
    )
    ordered = ("investigation__code", "reference")
    return {
        "media": _found(
            _media(user, mine, words, link)
            .select_related("investigation", "place")
            .prefetch_related("place__names", Prefetch("geolocations", visible_proposals(user)))
            .order_by(*ordered)
        ),
        "claims": _found(claims.select_related("investigation", "claimant").order_by(*ordered)),
        "places": _found(
            places.select_related("investigation")
            .prefetch_related("names")
            .order_by("investigation__code", "key")
        ),
        "sources": _found(sources.select_related("investigation").order_by("investigation__code", "name")),
    }


def _media(user: Any, mine: list[int], words: str, link: Link | None) -> QuerySet[Any]:
    items = MediaItem.objects.filter(investigation__in=mine)
    if link is not None:
        return items.filter(pk__in=_posts(mine, words, link).values("media_item"))
    found = (
        Q(reference__iexact=words)
        | Q(title__icontains=words)
        | Q(description__icontains=words)
        | Q(pk__in=visible_proposals(user).filter(reference__iexact=words).values("media_item"))
        | Q(appearances__post_id=words)
        | Q(appearances__canonical_url__icontains=words)
        | Q(files__original_name__icontains=words)
    )
    if len(words) >= _SHORTEST_DIGEST:
        found |= Q(files__sha256__startswith=words.lower())
    return items.filter(pk__in=items.filter(found).values("pk"))


def _posts(mine: list[int], words: str, link: Link) -> QuerySet[Appearance]:
    """Where that post is known, however its link was written; a copy is found by its own address too."""
    same = Q(canonical_url=link.canonical) | Q(url=words) | Q(archived_url=words)
    if link.post_id:
        same |= Q(platform=link.platform, post_id=link.post_id)
    return Appearance.objects.filter(same, investigation__in=mine)


def _found(rows: QuerySet[Any]) -> Found:
    first = list(rows[: MOST + 1])
    return Found(rows=first[:MOST], total=len(first) if len(first) <= MOST else rows.count())
