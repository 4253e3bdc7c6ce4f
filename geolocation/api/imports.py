"""Imports: send a file of other people's points, read the report, decide, have it brought in."""

from __future__ import annotations

import orjson
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
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
)
from evidence.api.paging import PAGE_NAMES, PAGE_PARAMETERS, page_of, paged
from evidence.errors import InvalidInput
from evidence.upload import IncomingUploadHandler
from geolocation.api.import_shapes import (
    ImportDecisionSerializer,
    ImportSerializer,
    MappingSerializer,
    NewImportSerializer,
    RowSerializer,
)
from geolocation.import_reasons import REASONS
from geolocation.importers.formats import plain
from geolocation.models import ImportBatch, RowVerdict
from geolocation.services.importing import import_receive, mapping_remembered
from geolocation.services.importing_access import import_named, import_refuse, import_store, imports_of
from geolocation.services.importing_decide import RowDecision, import_decide
from geolocation.services.importing_report import errors_csv, report_rows, row_filter, rows_matching
from geolocation.services.importing_work import import_apply_ask, import_cancel, import_check_ask

_WRITES = {200: ImportSerializer, **refusals(400, 401, 403, 404, 409)}
_ASKED = {202: ImportSerializer, **refusals(400, 401, 403, 404, 409)}


class _ImportView(InvestigationView):
    """One import, for those who may propose here."""

    writing_needs = "geolocation.propose"

    def batch(self, reference: str) -> ImportBatch:
        """Read from the database at each call: what was asked for has changed it."""
        return import_named(actor=self.request.user, investigation=self.investigation, reference=reference)

    def asked(self, reference: str) -> Response:
        """202: workers are at it."""
        return Response(ImportSerializer(self.batch(reference)).data, status=202)


@extend_schema(parameters=[CODE_PARAMETER])
class ImportList(InvestigationView):
    known_parameters = PAGE_NAMES
    writing_needs = "geolocation.propose"
    parser_classes = [MultiPartParser]

    def file_handler(self, request: HttpRequest) -> IncomingUploadHandler:
        return IncomingUploadHandler(request, judge=import_refuse)

    @extend_schema(
        operation_id="imports_list",
        parameters=PAGE_PARAMETERS,
        responses={200: paged("ImportPage", ImportSerializer), **refusals(400, 401, 403, 404)},
    )
    def get(self, request: Request, code: str) -> Response:
        """The imports of an investigation, for those who may propose."""
        page = page_of(imports_of(actor=request.user, investigation=self.investigation), request)
        return Response({"results": ImportSerializer(page.rows, many=True).data, "next": page.next_url})

    @extend_schema(
        operation_id="import_send",
        request={"multipart/form-data": NewImportSerializer},
        responses={200: ImportSerializer, 201: ImportSerializer, **refusals(400, 401, 403, 404, 413, 415)},
    )
    def post(self, request: Request, code: str) -> Response:
        """Send a file; workers judge its rows (state `checking`, then `checked`) and nothing comes in.

        `mapping` is JSON, for plain files: `{"latitude": "Breite", "longitude": "Länge"}`. Without it the
        columns are read as they were the last time, else guessed. The same file again is the same import.
        """
        given = checked(NewImportSerializer, request)
        mapping = _mapping(given["mapping"])
        batch, existed = import_receive(
            actor=request.user,
            investigation=self.investigation,
            stored=import_store(given["file"]),
            name=given["file"].name or "",
            format_name=given["format"],
        )
        if existed:
            return Response(ImportSerializer(batch).data)
        if batch.format == plain.NAME:
            mapping = mapping or mapping_remembered(batch=batch)
        import_check_ask(actor=request.user, batch=batch, mapping=mapping)
        batch.refresh_from_db()
        return created(ImportSerializer(batch).data, reverse("api-import", args=[code, batch.reference]))


def _mapping(text: str) -> dict[str, str]:
    try:
        mapping = orjson.loads(text or "{}")
    except orjson.JSONDecodeError:
        mapping = None
    if isinstance(mapping, dict) and all(isinstance(value, str) for value in mapping.values()):
        return mapping
    raise InvalidInput(_("A mapping is a JSON object of texts: a field and its column."), field="mapping")


@extend_schema(parameters=[CODE_PARAMETER, REFERENCE_PARAMETER])
class ImportDetail(_ImportView):
    @extend_schema(operation_id="import_read", responses={200: ImportSerializer, **refusals(401, 403, 404)})
    def get(self, request: Request, code: str, reference: str) -> Response:
        """How far an import is, and its report: rows by verdict and by reason."""
        return Response(ImportSerializer(self.batch(reference)).data)


@extend_schema(parameters=[CODE_PARAMETER, REFERENCE_PARAMETER])
class ImportCheck(_ImportView):
    @extend_schema(operation_id="import_check", request=MappingSerializer, responses=_ASKED)
    def post(self, request: Request, code: str, reference: str) -> Response:
        """Have the rows judged again, with other columns if `mapping` says so."""
        batch = self.batch(reference)
        given = checked(MappingSerializer, request)
        mapping = given.get("mapping") or batch.mapping
        import_check_ask(actor=request.user, batch=batch, mapping=mapping)
        return self.asked(reference)


@extend_schema(parameters=[CODE_PARAMETER, REFERENCE_PARAMETER])
class ImportApply(_ImportView):
    @extend_schema(operation_id="import_apply", request=None, responses=_ASKED)
    def post(self, request: Request, code: str, reference: str) -> Response:
        """Have what is new, changed or let in brought in, as drafts. Ask again until its state is `done`."""
        import_apply_ask(actor=request.user, batch=self.batch(reference))
        return self.asked(reference)


@extend_schema(parameters=[CODE_PARAMETER, REFERENCE_PARAMETER])
class ImportCancel(_ImportView):
    @extend_schema(operation_id="import_cancel", request=None, responses=_WRITES)
    def post(self, request: Request, code: str, reference: str) -> Response:
        """Stop bringing in. What is in stays; `apply` goes on with the rest."""
        import_cancel(actor=request.user, batch=self.batch(reference))
        return Response(ImportSerializer(self.batch(reference)).data)


@extend_schema(parameters=[CODE_PARAMETER, REFERENCE_PARAMETER])
class ImportDecisions(_ImportView):
    @extend_schema(operation_id="import_decide", request=ImportDecisionSerializer, responses=_WRITES)
    def post(self, request: Request, code: str, reference: str) -> Response:
        """Let a doubtful row in, keep it out, or take that back: one row, or all open ones of a reason."""
        batch = self.batch(reference)
        given = checked(ImportDecisionSerializer, request)
        if (given.get("row") is None) == (not given.get("reason")):
            raise InvalidInput(_("Name a row or a reason, not both."), field="row")
        import_decide(
            actor=request.user,
            batch=batch,
            decision=RowDecision(given["decision"]),
            number=given.get("row"),
            reason=given.get("reason", ""),
        )
        return Response(ImportSerializer(self.batch(reference)).data)


@extend_schema(parameters=[CODE_PARAMETER, REFERENCE_PARAMETER])
class ImportRows(_ImportView):
    known_parameters = (*PAGE_NAMES, "verdict", "reason", "words")

    @extend_schema(
        operation_id="import_rows",
        parameters=[
            *PAGE_PARAMETERS,
            OpenApiParameter("verdict", str, enum=RowVerdict.values),
            OpenApiParameter("reason", str, enum=REASONS),
            OpenApiParameter("words", str, description="Anywhere in the row."),
        ],
        responses={200: paged("ImportRowPage", RowSerializer), **refusals(400, 401, 403, 404)},
    )
    def get(self, request: Request, code: str, reference: str) -> Response:
        """The rows as judged, in the order of the file, with each reason at its field."""
        batch = self.batch(reference)
        asked = request.query_params
        wanted = row_filter(**{name: asked.get(name, "") for name in ("verdict", "reason", "words")})
        page = page_of(rows_matching(batch, wanted), request)
        data = RowSerializer(report_rows(batch, page.rows), many=True).data
        return Response({"results": data, "next": page.next_url})


@extend_schema(parameters=[CODE_PARAMETER, REFERENCE_PARAMETER])
class ImportErrors(_ImportView):
    @extend_schema(
        operation_id="import_errors",
        responses={
            (200, "text/csv"): OpenApiResponse(
                str, "Number, verdict, what is wrong, and the row's own cells."
            ),
            **refusals(401, 403, 404),
        },
    )
    def get(self, request: Request, code: str, reference: str) -> HttpResponseBase:
        """Doubtful and refused rows with what is wrong, as CSV."""
        batch = self.batch(reference)
        answer = StreamingHttpResponse(errors_csv(batch), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="{code}_{batch.reference}_errors.csv"'
        answer["Cache-Control"] = "private, no-store"
        return answer
