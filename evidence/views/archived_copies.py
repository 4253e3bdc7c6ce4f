"""Archived copies on the page of a recording: add one, see what was found in it, take its bytes away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.dateformat import format as date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from evidence.errors import CatalogueError, NotFound
from evidence.file_answers import copy_answer
from evidence.forms.archived_copies import CopyForm
from evidence.models import Appearance, ArchivedCopy, CopyKind, Investigation, MediaItem
from evidence.permissions import may
from evidence.services.archived_copies import (
    archived_copy_add,
    archived_copy_read_again,
    archived_copy_store,
    digests_held,
)
from evidence.services.archived_sets import archived_set_add
from evidence.views.base import form_refuse, investigation_page

# A verdict's icon and colour are those of a check's.
_MARKS = {"right": "passed", "wrong": "failed", "open": "inapplicable", "note": "inapplicable"}


@dataclass(frozen=True, kw_only=True)
class FindingLine:
    """One thing that was found in a copy, with the mark that its verdict has everywhere."""

    mark: str
    verdict: str
    sentence: str


@dataclass(frozen=True, kw_only=True)
class MediaLine:
    """A file that auto-archiver's report names, and whether it is kept here."""

    name: str
    sha256: str
    is_held: bool
    pdq: str


@dataclass(frozen=True, kw_only=True)
class CopyLine:
    """What the page shows of one copy."""

    copy: ArchivedCopy
    findings: list[FindingLine]
    media: list[MediaLine]
    published_text: str
    published_at: datetime | None

    @property
    def captured_text(self) -> str:
        """To the second, which is what archives write, in UTC."""
        captured = self.copy.captured_at
        return f"{date_format(captured.astimezone(UTC), 'j M Y, H:i:s')} UTC" if captured else ""

    @property
    def is_picture(self) -> bool:
        return bool(self.copy.kind == CopyKind.PICTURE)


@dataclass(frozen=True, kw_only=True)
class AppearanceLine:
    """One posting with its copies, and the form that adds one."""

    appearance: Appearance
    copies: list[CopyLine]
    form: CopyForm


def appearance_lines(
    item: MediaItem, refused: CopyForm | None = None, refused_id: int = 0
) -> list[AppearanceLine]:
    """Every posting of a recording. `refused` is the form of posting `refused_id`, with what was wrong."""
    copies = Prefetch("archived_copies", ArchivedCopy.objects.select_related("added_by").order_by("pk"))
    return [
        AppearanceLine(
            appearance=appearance,
            copies=[copy_line(copy) for copy in appearance.archived_copies.all()],
            form=refused if refused and appearance.pk == refused_id else CopyForm(appearance=appearance),
        )
        for appearance in item.appearances.select_related("posted_by", "added_by").prefetch_related(copies)
    ]


def copy_line(copy: ArchivedCopy) -> CopyLine:
    """What the page shows of a copy; what was found is data from outside and shown as text."""
    named = copy.said.get("media") or []
    held = digests_held(copy=copy) if named else set()
    published = copy.said.get("published") or {}
    return CopyLine(
        copy=copy,
        findings=[
            FindingLine(
                mark=_MARKS.get(finding["verdict"], "inapplicable"),
                verdict=finding["verdict"],
                sentence=finding["sentence"],
            )
            for finding in copy.verdicts
        ],
        media=[
            MediaLine(
                name=media["name"],
                sha256=media["sha256"] or "",
                is_held=media["sha256"] in held,
                pdq=media["pdq"] or "",
            )
            for media in named
        ],
        published_text=published.get("written") or copy.said.get("posted") or "",
        published_at=datetime.fromisoformat(published["utc"]) if published.get("utc") else None,
    )


def copy_of(investigation: Investigation, reference: str, copy_id: int) -> ArchivedCopy:
    """The copy with this number below the item, or NotFound."""
    copy: ArchivedCopy | None = (
        ArchivedCopy.objects.select_related("appearance__media_item", "investigation", "added_by")
        .filter(
            pk=copy_id,
            investigation=investigation,
            appearance__media_item__reference=reference,
        )
        .first()
    )
    if copy is None:
        raise NotFound(_("There is no such archived copy."))
    return copy


def copy_try_to_add(request: HttpRequest, appearance: Appearance) -> CopyForm | None:
    """Store and note the uploaded files. None when that is done, else the form with what was wrong."""
    form = CopyForm(request.POST, request.FILES, appearance=appearance)
    if not form.is_valid():
        return form
    files = form.cleaned_data["file"]
    try:
        if len(files) > 1:
            added_set = archived_set_add(actor=request.user, appearance=appearance, uploads=files)
            is_new, sentence = bool(added_set.copies or added_set.files), added_set.sentence
        else:
            added = archived_copy_add(
                actor=request.user, appearance=appearance, stored=archived_copy_store(files[0])
            )
            is_new, sentence = not added.existed, added.sentence
    except CatalogueError as error:
        form_refuse(form, error)
        return form
    (messages.success if is_new else messages.info)(request, sentence)
    return None


@require_safe
@investigation_page("evidence.view")
def copy(request: HttpRequest, investigation: Investigation, reference: str, copy_id: int) -> HttpResponse:
    """One copy as a fragment, asked for every two seconds until a worker has read it."""
    found = copy_of(investigation, reference, copy_id)
    context = {
        "line": copy_line(found),
        "investigation": investigation,
        "item": found.appearance.media_item,
        "may_edit": may(request.user, "evidence.log_media", investigation),
    }
    return render(request, "evidence/_archived_copy.html", context)


@require_safe
@investigation_page("evidence.view")
def file(
    request: HttpRequest, investigation: Investigation, reference: str, copy_id: int
) -> HttpResponseBase:
    """The bytes of a copy, always to be saved; `?show=1` shows a screenshot, which runs nothing."""
    found = copy_of(investigation, reference, copy_id)
    is_shown = found.kind == CopyKind.PICTURE and "show" in request.GET
    return copy_answer(request, found, is_inline=is_shown)


@require_POST
@investigation_page("evidence.log_media")
def retry(request: HttpRequest, investigation: Investigation, reference: str, copy_id: int) -> HttpResponse:
    """Read a copy again."""
    archived_copy_read_again(actor=request.user, copy=copy_of(investigation, reference, copy_id))
    messages.success(request, _("The copy will be read again."))
    return redirect("evidence:media-detail", investigation.code, reference)
