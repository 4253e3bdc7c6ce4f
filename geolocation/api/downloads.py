"""Whole filters as one file, in every format: streamed while they are read, or written first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar
from urllib.parse import quote

from django.http import StreamingHttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request

from evidence.api.base import OPEN_TO_ALL, refusals
from evidence.models import Investigation
from geolocation.api.point_shapes import FILTER_PARAMETERS
from geolocation.api.points import FILTER_NAMES, PublicView, filter_form
from geolocation.exports.base import ExportContext, utc_text
from geolocation.forms.points import PointFilterForm, filter_text
from geolocation.models import VerifiedPoint
from geolocation.services.export_formats import FORMATS, export_chunks
from geolocation.services.exporting import export_context

Get = TypeVar("Get", bound=Callable[..., StreamingHttpResponse])


class DownloadView(PublicView):
    """One format. Subclasses name it."""

    known_parameters = FILTER_NAMES
    key: ClassVar[str]

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        # The address names the format; what the client would accept does not change the file.
        # This renderer writes refusals alone.
        renderer = self.get_renderers()[0]
        return renderer, renderer.media_type

    def download(self, request: Request) -> StreamingHttpResponse:
        wanted = FORMATS[self.key]
        form = filter_form(request)
        points = VerifiedPoint.objects.readable_by(request.user).matching(form.point_filter)
        context = self._context(request, form)
        chunks, size_bytes = export_chunks(wanted, points, context)
        answer = StreamingHttpResponse(chunks, content_type=wanted.media_type)
        if size_bytes is not None:
            answer["Content-Length"] = str(size_bytes)
        name = f"verified-points-{form.cleaned_data['investigation'] or 'all'}-{timezone.now():%Y-%m-%d}"
        answer["Content-Disposition"] = f'attachment; filename="{name.lower()}.{wanted.extension}"'
        for header, value in _headers(context).items():
            answer[header] = value
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


def _headers(context: ExportContext) -> dict[str, str]:
    """What CSV and text sequences have no place for, beside every format: UTF-8, percent-encoded."""
    return {
        "X-Attribution": quote(context.attribution, safe=" ,;:/()"),
        "X-Licence": quote(context.licence, safe=" ,;:/()"),
        "X-Filter": quote(context.filter_text, safe=" ,;:/()="),
        "X-Generated-At": utc_text(context.generated_at_utc),
    }


def described(key: str, what: str) -> Callable[[Get], Get]:
    """The description that the formats share."""
    return extend_schema(
        operation_id=f"verified_points_{key}",
        parameters=FILTER_PARAMETERS,
        responses={
            (200, FORMATS[key].media_type.partition(";")[0]): OpenApiResponse(OpenApiTypes.BINARY, what),
            **{(status, "application/json"): body for status, body in refusals(400, 401).items()},
        },
        auth=OPEN_TO_ALL,
    )


class GeoJsonDownload(DownloadView):
    key = "geojson"

    @described(key, "A FeatureCollection (RFC 7946).")
    def get(self, request: Request) -> StreamingHttpResponse:
        """Everything that fits the filter, as GeoJSON: QGIS, kepler.gl and most maps open it."""
        return self.download(request)


class GeoJsonSequenceDownload(DownloadView):
    key = "geojsonseq"

    @described(key, "One feature a line, each after a record separator (RFC 8142).")
    def get(self, request: Request) -> StreamingHttpResponse:
        """Everything that fits the filter, one feature a line, for programs that read as it arrives."""
        return self.download(request)


class CsvDownload(DownloadView):
    key = "csv"

    @described(key, "A header and one line a point (RFC 4180, UTF-8).")
    def get(self, request: Request) -> StreamingHttpResponse:
        """Everything that fits the filter, as CSV. A text that a spreadsheet would run begins with '."""
        return self.download(request)


class XlsxDownload(DownloadView):
    key = "xlsx"

    @described(key, "A workbook with the points and a sheet about them.")
    def get(self, request: Request) -> StreamingHttpResponse:
        """Everything that fits the filter, for a spreadsheet. Times are UTC; no text is a formula."""
        return self.download(request)


class KmlDownload(DownloadView):
    key = "kml"

    @described(key, "A KML 2.2 document.")
    def get(self, request: Request) -> StreamingHttpResponse:
        """Everything that fits the filter, as KML for Google Earth, with its time slider."""
        return self.download(request)


class KmzDownload(DownloadView):
    key = "kmz"

    @described(key, "A ZIP with doc.kml.")
    def get(self, request: Request) -> StreamingHttpResponse:
        """Everything that fits the filter, as KMZ for Google Earth: the KML, packed."""
        return self.download(request)


class GeoPackageDownload(DownloadView):
    key = "gpkg"

    @described(key, "A GeoPackage with the layer verified_points.")
    def get(self, request: Request) -> StreamingHttpResponse:
        """Everything that fits the filter, as a GeoPackage with its spatial index, to work in with QGIS."""
        return self.download(request)


class FlatGeobufDownload(DownloadView):
    key = "fgb"

    @described(key, "A FlatGeobuf with its packed index.")
    def get(self, request: Request) -> StreamingHttpResponse:
        """Everything that fits the filter, as FlatGeobuf, which can be read in parts. Days are text in it."""
        return self.download(request)


class GeoParquetDownload(DownloadView):
    key = "geoparquet"

    @described(key, "A GeoParquet file, version 1.1.")
    def get(self, request: Request) -> StreamingHttpResponse:
        """Everything that fits the filter, as GeoParquet: DuckDB, geopandas and pyarrow read it."""
        return self.download(request)


class TimeMapDownload(DownloadView):
    key = "timemap"

    @described(key, "A ZIP of events.json, sources.json, associations.json and about.json.")
    def get(self, request: Request) -> StreamingHttpResponse:
        """Everything that fits the filter, as the bundle that TimeMap story pages read."""
        return self.download(request)
