"""Recordings that look alike: the list, two of them beside each other, and what other investigations have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from evidence.errors import CatalogueError, Conflict, NotFound
from evidence.forms.likeness import LikenessForm
from evidence.models import (
    FileRole,
    Investigation,
    LikenessState,
    MediaFile,
    MediaItem,
    MediaLikeness,
)
from evidence.models.media import COLLECTED_ROLES
from evidence.permissions import may, require
from evidence.services.likeness import likeness_decide
from evidence.services.likeness_search import alike_elsewhere
from evidence.storage import media_storage
from evidence.views.base import form_refuse, investigation_page
from evidence.views.files import SHOWN_INLINE
from evidence.views.media import item_of

PAGE_SIZE = 30


@dataclass(frozen=True, kw_only=True)
class Side:
    """One of two items: its file, what can be shown of it, and the stretch that is in the other one."""

    item: MediaItem
    media_file: MediaFile
    pictures: dict[str, MediaFile]
    from_s: float | None
    to_s: float | None

    @property
    def is_video(self) -> bool:
        return self.media_file.mime_type.startswith("video/")

    @property
    def played(self) -> MediaFile | None:
        """What a browser plays of it: the original, or the copy that was made because browsers do not."""
        if not self.is_video or FileRole.POSTER not in self.pictures:
            return None
        proxy = self.pictures.get(FileRole.PROXY)
        if proxy is None and self.media_file.mime_type not in SHOWN_INLINE:
            return None
        chosen = proxy or self.media_file
        return chosen if media_storage().path_of(chosen.sha256).exists() else None

    @property
    def is_playable(self) -> bool:
        return self.played is not None

    @property
    def picture(self) -> MediaFile | None:
        """The largest picture there is of it."""
        for role in (FileRole.PREVIEW, FileRole.POSTER, FileRole.THUMBNAIL):
            if role in self.pictures:
                return self.pictures[role]
        return None

    @property
    def thumbnail(self) -> MediaFile | None:
        return self.pictures.get(FileRole.THUMBNAIL)

    @property
    def contact_sheet(self) -> MediaFile | None:
        return self.pictures.get(FileRole.CONTACT_SHEET)


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two items as they stand beside each other: `left` is the one that the address names first."""

    likeness: MediaLikeness
    left: Side
    right: Side

    @property
    def sides(self) -> tuple[Side, Side]:
        return self.left, self.right

    @property
    def is_sensitive(self) -> bool:
        return self.left.item.is_sensitive or self.right.item.is_sensitive

    @property
    def shift_s(self) -> float:
        """A moment on the left plus this is the same moment on the right."""
        shift_s = self.likeness.evidence.get("shift_s") or 0.0
        return shift_s if self.left.item == self.likeness.item_a else -shift_s

    @property
    def is_moving(self) -> bool:
        return self.left.is_playable and self.right.is_playable

    @property
    def from_s(self) -> float:
        """When, on the left, what both have in common begins."""
        return self.left.from_s if self.left.from_s is not None else max(0.0, -self.shift_s)


@require_safe
@investigation_page("evidence.view")
def index(request: HttpRequest, investigation: Investigation) -> HttpResponse:
    """The pairs in one state; suggestions unless the address asks for another."""
    wanted = request.GET.get("state", "")
    state = wanted if wanted in LikenessState.values else LikenessState.SUGGESTED.value
    pairs = MediaLikeness.objects.filter(investigation=investigation)
    counts = dict(pairs.order_by().values_list("state").annotate(Count("pk")))
    page = Paginator(pairs.filter(state=state).with_both(), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "investigation": investigation,
        "state": state,
        "tabs": [(value, label, counts.get(value, 0)) for value, label in LikenessState.choices],
        "page_obj": page,
        "pairs": pairs_of(list(page.object_list)),
    }
    return render(request, "evidence/likeness_list.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@investigation_page("evidence.view")
def compare(request: HttpRequest, investigation: Investigation, reference: str, other: str) -> HttpResponse:
    """Two items beside each other and over each other. Every member may look; some may decide."""
    pair = _pair(investigation, reference, other)
    if request.method != "POST":
        return _page(request, pair, LikenessForm(initial={"seen": pair.likeness.state}))
    require(request.user, "evidence.decide_likeness", investigation)
    form = LikenessForm(request.POST)
    if form.is_valid():
        try:
            likeness_decide(actor=request.user, likeness=pair.likeness, **form.cleaned_data)
        except Conflict as error:
            now = _pair(investigation, reference, other)
            fresh = LikenessForm({**form.cleaned_data, "seen": now.likeness.state})
            form_refuse(fresh, error)
            return _page(request, now, fresh)
        except CatalogueError as error:
            form_refuse(form, error)
        else:
            messages.success(request, _decided(form.cleaned_data["decision"], pair))
            return redirect("evidence:likeness-list", investigation.code)
    return _page(request, pair, form)


@require_safe
@investigation_page("evidence.view")
def elsewhere(request: HttpRequest, investigation: Investigation, reference: str) -> HttpResponse:
    """What looks like this item in the other investigations that the person belongs to; nothing is kept."""
    item = item_of(investigation, reference)
    others = Investigation.objects.for_user(request.user).exclude(pk=investigation.pk)
    alike = alike_elsewhere(item=item, investigations=list(others))
    context = {
        "investigation": investigation,
        "item": item,
        "others": others,
        "alike": [(each, each.media_file.media_item) for each in alike],
    }
    return render(request, "evidence/likeness_elsewhere.html", context)


def pairs_of(likenesses: list[MediaLikeness], *, left: MediaItem | None = None) -> list[Pair]:
    """Pairs with their pictures, in one query whatever their number; `left` stands on the left if it can."""
    wanted = {key for each in likenesses for key in (each.file_a_id, each.file_b_id)}
    pictures: dict[int, dict[str, MediaFile]] = {}
    for derived in MediaFile.objects.filter(parent__in=wanted).exclude(role__in=COLLECTED_ROLES):
        pictures.setdefault(derived.parent_id or 0, {})[derived.role] = derived
    return [_arranged(each, pictures, is_turned=each.item_b == left) for each in likenesses]


def _arranged(likeness: MediaLikeness, pictures: dict[int, dict[str, MediaFile]], *, is_turned: bool) -> Pair:
    a = Side(
        item=likeness.item_a,
        media_file=likeness.file_a,
        pictures=pictures.get(likeness.file_a_id, {}),
        from_s=likeness.a_from_s,
        to_s=likeness.a_to_s,
    )
    b = Side(
        item=likeness.item_b,
        media_file=likeness.file_b,
        pictures=pictures.get(likeness.file_b_id, {}),
        from_s=likeness.b_from_s,
        to_s=likeness.b_to_s,
    )
    return Pair(likeness=likeness, left=b, right=a) if is_turned else Pair(likeness=likeness, left=a, right=b)


def _pair(investigation: Investigation, reference: str, other: str) -> Pair:
    left = item_of(investigation, reference)
    right = item_of(investigation, other)
    found = MediaLikeness.objects.of_item(left).of_item(right).with_both().first() if left != right else None
    if found is None:
        raise NotFound(
            _("%(reference)s and %(other)s were not found to look alike.")
            % {"reference": left.reference, "other": right.reference}
        )
    return pairs_of([found], left=left)[0]


def _page(request: HttpRequest, pair: Pair, form: LikenessForm) -> HttpResponse:
    investigation = pair.likeness.investigation
    context: dict[str, Any] = {
        "investigation": investigation,
        "pair": pair,
        "likeness": pair.likeness,
        "form": form,
        "may_decide": may(request.user, "evidence.decide_likeness", investigation),
    }
    return render(request, "evidence/likeness_compare.html", context, status=422 if form.errors else 200)


def _decided(decision: str, pair: Pair) -> str:
    names = {"left": pair.left.item.reference, "right": pair.right.item.reference}
    if decision == LikenessState.CONFIRMED:
        return _("%(left)s and %(right)s are confirmed copies; each shows the other's appearances.") % names
    return _("Dismissed. %(left)s and %(right)s are not suggested again for these files.") % names
