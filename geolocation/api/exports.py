"""Files of verified points made in the background: ask for one, see how far it is, take it, end it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from evidence.api.base import CatalogueView, checked, created, refusals
from evidence.api.paging import PAGE_NAMES, PAGE_PARAMETERS, page_of, paged
from evidence.errors import NotFound
from geolocation.api.points import FILTER_NAMES
from geolocation.export_answers import export_answer, export_kept, job_context, job_file_name
from geolocation.exports import csv_metadata
from geolocation.forms.points import PointFilterForm, filter_text
from geolocation.models import ExportJob, ExportState
from geolocation.services.export_formats import FORMATS
from geolocation.services.export_jobs import Since, export_ask, export_end, export_of, export_since

_SINCE = inline_serializer(
    "ExportSince",
    {
        "left": serializers.IntegerField(help_text="Points of the file that are not verified any more."),
        "changed": serializers.IntegerField(help_text="Points of the file that say something else now."),
    },
)


class ExportSerializer(serializers.ModelSerializer[ExportJob]):
    """One file. `since` says what left it after `shown_at`, the moment whose points it holds."""

    id = serializers.UUIDField(source="uid", read_only=True)
    state = serializers.ChoiceField(choices=ExportState.choices, read_only=True)
    filter = serializers.DictField(source="asked", child=serializers.CharField(), read_only=True)
    url = serializers.SerializerMethodField(help_text="Ask again while `state` is queued or running.")
    file_url = serializers.SerializerMethodField(help_text="Null while there is no file.")
    since = serializers.SerializerMethodField()

    class Meta:
        model = ExportJob
        fields = (
            "id",
            "url",
            "format",
            "filter",
            "state",
            "sentence",
            "rows_done",
            "rows_of",
            "asked_at",
            "finished_at",
            "shown_at",
            "attribution",
            "licence",
            "size_bytes",
            "sha256",
            "file_url",
            "expires_at",
            "since",
        )
        read_only_fields = fields

    def get_url(self, job: ExportJob) -> str:
        return self._absolute("api-export", job)

    @extend_schema_field(serializers.URLField(allow_null=True))
    def get_file_url(self, job: ExportJob) -> str | None:
        return self._absolute("api-export-file", job) if job.is_kept else None

    @extend_schema_field(_SINCE)
    def get_since(self, job: ExportJob) -> dict[str, int]:
        since: Since = export_since(job)
        return {"left": since.left, "changed": since.changed}

    def _absolute(self, name: str, job: ExportJob) -> str:
        address: str = self.context["request"].build_absolute_uri(reverse(name, args=[job.uid]))
        return address


class NewExportSerializer(serializers.Serializer[Any]):
    """A format, and the filter of the verified points by the names of its parameters."""

    format = serializers.CharField(help_text=f"One of: {', '.join(FORMATS)}.")
    filter = serializers.DictField(child=serializers.CharField(), default=dict)


class ExportList(CatalogueView):
    known_parameters = PAGE_NAMES

    @extend_schema(
        operation_id="exports_list",
        parameters=PAGE_PARAMETERS,
        responses={200: paged("ExportPage", ExportSerializer), **refusals(400, 401)},
    )
    def get(self, request: Request) -> Response:
        """One's own files, the oldest first, without those of points that one may not read any more."""
        page = page_of(ExportJob.objects.of(request.user), request)
        shown = ExportSerializer(page.rows, many=True, context={"request": request})
        return Response({"results": shown.data, "next": page.next_url})

    @extend_schema(
        operation_id="exports_ask",
        request=NewExportSerializer,
        responses={201: ExportSerializer, **refusals(400, 401, 409)},
    )
    def post(self, request: Request) -> Response:
        """Have a file made in the background. Nobody but who asked for it can read it."""
        given = checked(NewExportSerializer, request)
        form = _filter(given["filter"])
        job = export_ask(
            actor=request.user,
            format_key=given["format"],
            wanted=form.point_filter,
            asked=form.as_asked,
            text=filter_text(form.as_asked),
        )
        shown = ExportSerializer(job, context={"request": request})
        return created(shown.data, reverse("api-export", args=[job.uid]))


def _filter(given: dict[str, str]) -> PointFilterForm:
    unknown = sorted(set(given) - set(FILTER_NAMES))
    if unknown:
        raise ValidationError(
            {
                "filter": _("There is no parameter “%(name)s” here. Known are: %(known)s.")
                % {"name": unknown[0][:80], "known": ", ".join(sorted(FILTER_NAMES))}
            }
        )
    form = PointFilterForm(given)
    if not form.is_valid():
        raise ValidationError({f"filter.{name}": list(errors) for name, errors in form.errors.items()})
    return form


class ExportDetail(CatalogueView):
    @extend_schema(operation_id="exports_read", responses={200: ExportSerializer, **refusals(401, 404)})
    def get(self, request: Request, uid: UUID) -> Response:
        """How far a file is; when it is done its digest, until when it is kept, and what left it since."""
        job = export_of(reader=request.user, uid=uid)
        return Response(ExportSerializer(job, context={"request": request}).data)

    @extend_schema(operation_id="exports_end", responses={204: None, **refusals(401, 404)})
    def delete(self, request: Request, uid: UUID) -> Response:
        """Cancel what is not finished; delete the file and the job of what is."""
        export_end(job=export_of(reader=request.user, uid=uid))
        return Response(status=204)


class ExportFileView(CatalogueView):
    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        # The job names the format; the renderer writes refusals alone.
        renderer = self.get_renderers()[0]
        return renderer, renderer.media_type


_FILE_REFUSALS = {(status, "application/json"): body for status, body in refusals(401, 404, 409, 410).items()}


class ExportFile(ExportFileView):
    @extend_schema(
        operation_id="exports_file",
        responses={
            (200, "application/octet-stream"): OpenApiResponse(OpenApiTypes.BINARY, "The file."),
            **_FILE_REFUSALS,
        },
    )
    def get(self, request: Request, uid: UUID) -> HttpResponseBase:
        """The file. `ETag` and `Repr-Digest` hold its SHA-256; parts of it can be asked for (`Range`)."""
        return export_answer(request._request, uid)


class ExportFileMetadata(ExportFileView):
    @extend_schema(
        operation_id="exports_file_metadata",
        responses={
            (200, csv_metadata.MEDIA_TYPE): OpenApiResponse(OpenApiTypes.OBJECT, "Metadata (CSVW, W3C)."),
            **_FILE_REFUSALS,
        },
    )
    def get(self, request: Request, uid: UUID) -> HttpResponse:
        """What describes the file of a job in CSV: attribution, licence, filter, moment, and its columns."""
        job = export_kept(request._request, uid)
        if job.format != "csv":
            raise NotFound(_("This file holds its own metadata; only CSV has them beside it."))
        name = job_file_name(job)
        answer = HttpResponse(
            csv_metadata.csv_metadata(job_context(job), url=name), content_type=csv_metadata.MEDIA_TYPE
        )
        answer["Content-Disposition"] = f'attachment; filename="{name}{csv_metadata.SUFFIX}"'
        return answer
