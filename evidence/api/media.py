"""Recordings: list, one with all it holds, log by link or details, upload a file."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from evidence.api.base import (
    CODE_PARAMETER,
    REFERENCE_PARAMETER,
    InvestigationView,
    checked,
    created,
    refusals,
    row_for,
)
from evidence.api.media_shapes import (
    LoggedSerializer,
    MediaDetailSerializer,
    MediaSerializer,
    NewMediaSerializer,
    UploadSerializer,
    details_from,
)
from evidence.api.paging import PAGE_NAMES, PAGE_PARAMETERS, page_of, paged
from evidence.models import MediaFile, MediaItem, MetadataReading
from evidence.permissions import may
from evidence.services.ingest import media_refuse, original_store
from evidence.services.media import Logged, media_create, media_log_file, media_log_links
from evidence.upload import IncomingUploadHandler

_LOGGED = inline_serializer("LoggedMedia", {"results": LoggedSerializer(many=True)})


@extend_schema(parameters=[CODE_PARAMETER])
class MediaList(InvestigationView):
    known_parameters = PAGE_NAMES
    writing_needs = "evidence.log_media"

    @extend_schema(
        operation_id="media_list",
        parameters=PAGE_PARAMETERS,
        responses={200: paged("MediaPage", MediaSerializer), **refusals(400, 401, 404)},
    )
    def get(self, request: Request, code: str) -> Response:
        """The recordings of an investigation."""
        items = MediaItem.objects.filter(investigation=self.investigation)
        page = page_of(items.select_related("author", "place", "created_by"), request)
        return Response({"results": MediaSerializer(page.rows, many=True).data, "next": page.next_url})

    @extend_schema(
        operation_id="media_log",
        request=NewMediaSerializer,
        responses={200: _LOGGED, 201: _LOGGED, **refusals(400, 401, 403, 404)},
    )
    def post(self, request: Request, code: str) -> Response:
        """Log posts by their links, or a recording by its details. 200 when all of it was here already."""
        given = checked(NewMediaSerializer, request)
        details = details_from(given, investigation=self.investigation)
        if given["links"]:
            logged = media_log_links(
                actor=request.user,
                investigation=self.investigation,
                text="\n".join(given["links"]),
                details=details,
            )
        else:
            item = media_create(actor=request.user, investigation=self.investigation, details=details)
            sentence = _("Logged as %(reference)s.") % {"reference": item.reference}
            logged = [Logged(item=item, existed=False, sentence=sentence)]
        return _answer(logged, {"results": LoggedSerializer(logged, many=True).data})


@extend_schema(parameters=[CODE_PARAMETER])
class MediaUpload(InvestigationView):
    writing_needs = "evidence.log_media"
    parser_classes = [MultiPartParser]

    def file_handler(self, request: HttpRequest) -> IncomingUploadHandler:
        return IncomingUploadHandler(request, judge=media_refuse)

    @extend_schema(
        operation_id="media_upload",
        request={"multipart/form-data": UploadSerializer},
        responses={200: LoggedSerializer, 201: LoggedSerializer, **refusals(400, 401, 403, 404, 413, 415)},
    )
    def post(self, request: Request, code: str) -> Response:
        """Store one file. The same bytes again lead to the item that has them: 200, `existed` true."""
        given = checked(UploadSerializer, request)
        item = None
        if given["item"]:
            items = MediaItem.objects.filter(investigation=self.investigation)
            item = row_for(items, reference=given["item"])
        details = details_from(given, investigation=self.investigation)
        logged = media_log_file(
            actor=request.user,
            investigation=self.investigation,
            stored=original_store(given["file"]),
            details=details,
            item=item,
        )
        return _answer([logged], LoggedSerializer(logged).data)


@extend_schema(parameters=[CODE_PARAMETER, REFERENCE_PARAMETER])
class MediaDetail(InvestigationView):
    @extend_schema(operation_id="media_read", responses={200: MediaDetailSerializer, **refusals(401, 404)})
    def get(self, request: Request, code: str, reference: str) -> Response:
        """One recording with its appearances, its files and what they say of themselves."""
        readings = Prefetch("readings", MetadataReading.objects.defer("raw_tags"))
        items = (
            MediaItem.objects.filter(investigation=self.investigation)
            .select_related("author", "place", "created_by")
            .prefetch_related(
                "appearances__posted_by", Prefetch("files", MediaFile.objects.prefetch_related(readings))
            )
        )
        context = {"may_edit": may(request.user, "evidence.edit_media", self.investigation)}
        return Response(MediaDetailSerializer(row_for(items, reference=reference), context=context).data)


def _answer(logged: list[Logged], data: Any) -> Response:
    new = [each for each in logged if not each.existed]
    if not new:
        return Response(data)
    item = new[0].item
    return created(data, reverse("api-media-item", args=[item.investigation.code, item.reference]))
