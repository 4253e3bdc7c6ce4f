"""Whole filters as one file: GeoJSON, CSV and KML, streamed while they are read from the database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, ClassVar, TypeVar

from django.http import StreamingHttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request

from evidence.api.base import OPEN_TO_ALL, refusals
from evidence.models import Investigation
from geolocation.api.point_shapes import FILTER_PARAMETERS
from geolocation.api.points import FILTER_NAMES, PublicView, filter_form
from geolocation.exports import csv, geojson, kml
from geolocation.exports.base import ExportContext
from geolocation.forms.points import PointFilterForm, filter_text
from geolocation.models import VerifiedPoint
from geolocation.querysets import VerifiedPointQuerySet
from geolocation.services.exporting import export_context, geojson_stream, point_rows_stream

Get = TypeVar("Get", bound=Callable[..., StreamingHttpResponse])


class DownloadView(PublicView):
    """One format. Subclasses say its media type and how points become bytes."""

    known_parameters = FILTER_NAMES
    media_type: ClassVar[str]
    extension: ClassVar[str]

    def chunks(self, points: VerifiedPointQuerySet, context: ExportContext) -> Iterator[bytes]:
        raise NotImplementedError

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        # The address names the format; what the client would accept does not change the file.
        # This renderer writes refusals alone.
        renderer = self.get_renderers()[0]
        return renderer, renderer.media_type

    def download(self, request: Request) -> StreamingHttpResponse:
        form = filter_form(request)
        points = VerifiedPoint.objects.readable_by(request.user).matching(form.point_filter)
        context = self._context(request, form)
        answer = StreamingHttpResponse(self.chunks(points, context), content_type=self.media_type)
        name = f"verified-points-{form.cleaned_data['investigation'] or 'all'}-{timezone.now():%Y-%m-%d}"
        answer["Content-Disposition"] = f'attachment; filename="{name.lower()}.{self.extension}"'
        return answer

    def _context(self, request: Request, form: PointFilterForm) -> ExportContext:
        code = form.point_filter.investigation
        investigation = None
        if code:
            readable = Investigation.objects.published() | Investigation.objects.filter(
                pk__in=Investigation.objects.for_user(request.user).values("pk")
            )
            investigation = readable.filter(code=code).first()
        return export_context(
            investigation=investigation, filter_text=filter_text(form.as_asked), now=timezone.now()
        )


def described(operation_id: str, media_type: str, what: str) -> Callable[[Get], Get]:
    """The description that the three formats share."""
    return extend_schema(
        operation_id=operation_id,
        parameters=FILTER_PARAMETERS,
        responses={
            (200, media_type.partition(";")[0]): OpenApiResponse(OpenApiTypes.BINARY, what),
            **{(status, "application/json"): body for status, body in refusals(400, 401).items()},
        },
        auth=OPEN_TO_ALL,
    )


class GeoJsonDownload(DownloadView):
    media_type = geojson.MEDIA_TYPE
    extension = "geojson"

    @described("verified_points_geojson", media_type, "A FeatureCollection (RFC 7946).")
    def get(self, request: Request) -> StreamingHttpResponse:
        """Everything that fits the filter, as GeoJSON: QGIS, kepler.gl and most maps open it."""
        return self.download(request)

    def chunks(self, points: VerifiedPointQuerySet, context: ExportContext) -> Iterator[bytes]:
        return geojson_stream(points, context)


class CsvDownload(DownloadView):
    media_type = csv.MEDIA_TYPE
    extension = "csv"

    @described("verified_points_csv", media_type, "A header and one line a point (RFC 4180, UTF-8).")
    def get(self, request: Request) -> StreamingHttpResponse:
        """Everything that fits the filter, as CSV. A text that a spreadsheet would run begins with '."""
        return self.download(request)

    def chunks(self, points: VerifiedPointQuerySet, context: ExportContext) -> Iterator[bytes]:
        return csv.csv_chunks(point_rows_stream(points))


class KmlDownload(DownloadView):
    media_type = kml.MEDIA_TYPE
    extension = "kml"

    @described("verified_points_kml", media_type, "A KML 2.2 document.")
    def get(self, request: Request) -> StreamingHttpResponse:
        """Everything that fits the filter, as KML for Google Earth, with its time slider."""
        return self.download(request)

    def chunks(self, points: VerifiedPointQuerySet, context: ExportContext) -> Iterator[bytes]:
        return kml.kml_chunks(point_rows_stream(points), context)
