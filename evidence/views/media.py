"""The page of one recording: the media, what the file says, what people say, and where it was published."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Func, IntegerField, Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evidence.errors import CatalogueError, NotFound
from evidence.forms.archived_copies import CopyForm
from evidence.forms.media import AppearanceForm, DetailsForm, EditForm
from evidence.models import (
    ClaimEvidence,
    CustodyEvent,
    FileRole,
    Investigation,
    MediaFile,
    MediaItem,
    MediaKind,
    MetadataReading,
)
from evidence.permissions import may
from evidence.services.appearances import appearance_add
from evidence.services.archived_sets import set_refuse
from evidence.services.custody import ACTIONS
from evidence.services.ingest import reading_retry
from evidence.services.media import MediaDetails, media_change
from evidence.services.naming import place_named, source_named
from evidence.views.archived_copies import appearance_lines, copy_try_to_add
from evidence.views.base import form_refuse, investigation_page
from evidence.views.file_pairs import pairs_of
from evidence.views.file_says import FileSays, collected, file_says
from evidence.views.files import SHOWN_INLINE

_CUSTODY_SHOWN = 100


@dataclass(frozen=True, kw_only=True)
class Viewer:
    """What can be looked at of one file, and the sentence for what can't."""

    says: FileSays | None
    pictures: dict[str, MediaFile]
    is_video: bool = False
    is_playable: bool = False
    # What is played: the original, or the copy that was made because browsers do not play it.
    played: MediaFile | None = None
    can_open: bool = False

    @property
    def signature(self) -> str:
        """Changes when there is something else to show."""
        said = self.says
        state = (sorted(self.pictures), said and said.is_missing, said and bool(said.failures))
        return hashlib.sha256(repr(state).encode()).hexdigest()[:12]


def item_of(investigation: Investigation, reference: str) -> MediaItem:
    """The item with this reference in the investigation, or NotFound."""
    # Tags can be thousands; they are asked for when somebody opens them.
    counted = MetadataReading.objects.defer("raw_tags").annotate(
        tag_count=Func("raw_tags", function="jsonb_array_length", output_field=IntegerField())
    )
    readings = Prefetch("files__readings", counted.order_by("pk"))
    item: MediaItem | None = (
        MediaItem.objects.filter(investigation=investigation, reference=reference)
        .select_related("investigation", "author", "place", "created_by")
        .prefetch_related("place__names", "files", "files__added_by", readings)
        .first()
    )
    if item is None:
        raise NotFound(
            _("There is no media item %(reference)s in %(code)s.")
            % {"reference": reference[:20], "code": investigation.code}
        )
    return item


@require_safe
@investigation_page("evidence.view")
def detail(request: HttpRequest, investigation: Investigation, reference: str) -> HttpResponse:
    """The work page of one item."""
    return _page(request, investigation, item_of(investigation, reference))


def _page(
    request: HttpRequest,
    investigation: Investigation,
    item: MediaItem,
    appearance_form: AppearanceForm | None = None,
    copy_form: CopyForm | None = None,
    copy_of_id: int = 0,
) -> HttpResponse:
    context = {
        **_file_context(request, investigation, item),
        "appearances": appearance_lines(item, copy_form, copy_of_id),
        "appearance_form": appearance_form or AppearanceForm(investigation=investigation),
        "claim_links": ClaimEvidence.objects.filter(media_item=item).select_related("claim", "added_by"),
        **_custody(item),
    }
    return render(request, "evidence/media_detail.html", context)


def _file_context(request: HttpRequest, investigation: Investigation, item: MediaItem) -> dict[str, Any]:
    """The part that changes while the workers read: the chosen file, its pictures, its readings."""
    files = list(item.files.all())
    originals = collected(files)
    wanted = request.GET.get("file", "")
    chosen = next((each for each in originals if each.sha256 == wanted), originals[0] if originals else None)
    viewer = _viewer(item, files, chosen)
    return {
        "investigation": investigation,
        "item": item,
        "originals": originals,
        "chosen": chosen,
        "viewer": viewer,
        "says": viewer.says,
        "signature": _signature(viewer.says),
        "pairs": pairs_of(chosen, viewer.says.content_identifier) if chosen and viewer.says else (),
        "may_edit": may(request.user, "evidence.edit_media", investigation),
    }


def _viewer(item: MediaItem, files: list[MediaFile], chosen: MediaFile | None) -> Viewer:
    if chosen is None:
        return Viewer(says=None, pictures={}, is_video=item.kind == MediaKind.VIDEO)
    pictures = {each.role: each for each in files if each.parent_id == chosen.pk}
    is_video = chosen.mime_type.startswith("video/")
    says = file_says(chosen)
    is_shown = chosen.mime_type in SHOWN_INLINE and not says.is_missing
    return Viewer(
        says=says,
        pictures=pictures,
        is_video=is_video,
        # A file that our own decoder gave up on is not handed to the browser's.
        is_playable=is_video and FileRole.POSTER in pictures and (is_shown or FileRole.PROXY in pictures),
        played=pictures.get(FileRole.PROXY, chosen),
        can_open=is_shown and bool(pictures),
    )


def _signature(says: FileSays | None) -> str:
    """Changes whenever the fragment would look different; the page sends back the one it shows."""
    readings = says.readings if says else ()
    state = [(reading.pk, reading.state, reading.attempts, reading.progress_pct) for reading in readings]
    return hashlib.sha256(repr(state).encode()).hexdigest()[:12]


@require_safe
@investigation_page("evidence.view")
def readings(request: HttpRequest, investigation: Investigation, reference: str) -> HttpResponse:
    """The fragment that is asked for every two seconds until the workers are done."""
    item = item_of(investigation, reference)
    context = _file_context(request, investigation, item)
    if request.GET.get("seen") == context["signature"]:
        return HttpResponse(status=204)
    shows_other_pictures = request.GET.get("shown") != context["viewer"].signature
    return _reading_fragment(request, investigation, item, has_new_pictures=shows_other_pictures)


def _reading_fragment(
    request: HttpRequest, investigation: Investigation, item: MediaItem, *, has_new_pictures: bool = True
) -> HttpResponse:
    context = _file_context(request, investigation, item)
    context |= {"is_fragment": True, "has_new_pictures": has_new_pictures, **_custody(item)}
    return render(request, "evidence/_reading.html", context)


@require_POST
@investigation_page("evidence.edit_media")
def retry(
    request: HttpRequest, investigation: Investigation, reference: str, reading_id: int
) -> HttpResponse:
    """Read a file again."""
    item = item_of(investigation, reference)
    reading = MetadataReading.objects.filter(pk=reading_id, media_file__media_item=item).first()
    if reading is None:
        raise NotFound(_("There is no such reading."))
    # One transaction, so that the queue hears of it only once the row says so.
    with transaction.atomic():
        reading_retry(reading=reading)
    if request.headers.get("HX-Request"):
        return _reading_fragment(request, investigation, item_of(investigation, reference))
    messages.success(request, _("The file will be read again."))
    return redirect("evidence:media-detail", investigation.code, reference)


@require_http_methods(["GET", "HEAD", "POST"])
@investigation_page("evidence.edit_media")
def edit(request: HttpRequest, investigation: Investigation, reference: str) -> HttpResponseBase:
    """Change what people say of it."""
    item = item_of(investigation, reference)
    form = EditForm(request.POST or None, instance=item, investigation=investigation)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                media_change(actor=request.user, item=item, details=_details(form, request.user, item))
        except (CatalogueError, ValidationError) as error:
            form_refuse(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("evidence:media-detail", investigation.code, reference)
    context = {"investigation": investigation, "item": item, "form": form}
    return render(request, "evidence/media_edit.html", context)


def _details(form: DetailsForm, actor: Any, item: MediaItem) -> MediaDetails:
    """As typed; a name that was not changed keeps the very source or place it stood for."""
    typed = {name: form.cleaned_data[name] for name in EditForm.Meta.fields}
    author, place = item.author, item.place
    if "author_name" in form.changed_data:
        author = source_named(
            actor=actor, investigation=item.investigation, name=form.cleaned_data["author_name"]
        )
    if "place_name" in form.changed_data:
        place = place_named(
            actor=actor, investigation=item.investigation, name=form.cleaned_data["place_name"]
        )
    return MediaDetails(**typed, author=author, place=place)


@require_POST
@investigation_page("evidence.log_media")
def appearance(request: HttpRequest, investigation: Investigation, reference: str) -> HttpResponseBase:
    """One more place where it was published; a refusal shows the page again with what was typed."""
    item = item_of(investigation, reference)
    form = AppearanceForm(request.POST, investigation=investigation)
    if form.is_valid():
        try:
            with transaction.atomic():
                appearance_add(
                    actor=request.user,
                    item=item,
                    url=form.cleaned_data["url"],
                    posted=form.posted_time,
                    posted_by=source_named(
                        actor=request.user,
                        investigation=investigation,
                        name=form.cleaned_data["posted_by_name"],
                    ),
                    archived_url=form.cleaned_data["archived_url"],
                )
        except (CatalogueError, ValidationError) as error:
            form_refuse(form, error)
        else:
            messages.success(request, _("The appearance was added."))
            return redirect("evidence:media-detail", investigation.code, reference)
    return _page(request, investigation, item, form)


@require_POST
@investigation_page("evidence.log_media", takes_files=set_refuse)
def copy_add(
    request: HttpRequest, investigation: Investigation, reference: str, appearance_id: int
) -> HttpResponseBase:
    """Keep archived copies of one posting; a refusal shows the page again, with its sentence."""
    item = item_of(investigation, reference)
    found = item.appearances.select_related("investigation", "media_item").filter(pk=appearance_id).first()
    if found is None:
        raise NotFound(_("There is no such appearance."))
    refused = copy_try_to_add(request, found)
    if refused is not None:
        return _page(request, investigation, item, copy_form=refused, copy_of_id=found.pk)
    return redirect("evidence:media-detail", investigation.code, reference)


def _custody(item: MediaItem) -> dict[str, Any]:
    """The newest lines of the item's log first, each with its phrase."""
    events: QuerySet[CustodyEvent] = CustodyEvent.objects.filter(
        investigation=item.investigation, object_type="media", object_reference=item.reference
    ).order_by("-sequence")
    shown = [(event, ACTIONS.get(event.action, event.action)) for event in events[:_CUSTODY_SHOWN]]
    return {"custody_lines": shown, "custody_count": events.count()}
