"""Whole filters as one file, in every format: streamed while they are read, or written first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar
from urllib.parse import quote, urlencode

from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request

from evidence.api.base import OPEN_TO_ALL, refusals
from geolocation.api.point_shapes import FILTER_PARAMETERS
from geolocation.api.points import FILTER_NAMES, PublicView, filter_form
from geolocation.errors import ExportTooLarge
from geolocation.exports import csv_metadata
from geolocation.exports.base import ExportContext, utc_text
from geolocation.forms.points import PointFilterForm, filter_text
from geolocation.models import VerifiedPoint
from geolocation.services.export_formats import FORMATS, export_chunks
from geolocation.services.exporting import export_context_for

Get = TypeVar("Get", bound=Callable[..., HttpResponseBase])


class DownloadView(PublicView):
    """One format. Subclasses name it."""

    known_parameters = FILTER_NAMES
    key: ClassVar[str]

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        # The address names the format; what the client would accept does not change the file.
        # This renderer writes refusals alone.
        renderer = self.get_renderers()[0]
        return renderer, renderer.media_type

    def download(self, request: Request) -> HttpResponseBase:
        wanted = FORMATS[self.key]
        form = filter_form(request)
        points = VerifiedPoint.objects.readable_by(request.user).matching(form.point_filter)
        try:
            wanted.refuse_to_wait(points)
        except ExportTooLarge as refusal:
            return self._instead(request, form, refusal)
        context = context_asked(request, form)
        chunks, size_bytes = export_chunks(wanted, points, context)
        answer = StreamingHttpResponse(chunks, content_type=wanted.media_type)
        if size_bytes is not None:
            answer["Content-Length"] = str(size_bytes)
        name = wanted.file_name(code=form.point_filter.investigation, day=context.generated_at_utc.date())
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        for header, value in context_headers(context).items():
            answer[header] = value
        return answer

    def _instead(self, request: Request, form: PointFilterForm, refusal: ExportTooLarge) -> HttpResponseBase:
        """A person in a browser gets the page that asks for a job, a program what to send."""
        if "text/html" in request.headers.get("Accept", ""):
            query = urlencode({**form.as_asked, "format": self.key})
            return HttpResponseRedirect(f"{reverse('geolocation:export-ask')}?{query}")
        body = {"format": self.key, "filter": form.as_asked}
        job = {"method": "POST", "url": request.build_absolute_uri(reverse("api-exports")), "body": body}
        refusal.details = {**refusal.details, "job": job}
        raise refusal


def context_asked(request: Request, form: PointFilterForm) -> ExportContext:
    """Whose points the filter asks for, as this reader may know it, at this moment."""
    return export_context_for(
        reader=request.user,
        code=form.point_filter.investigation,
        filter_text=filter_text(form.as_asked),
        now=timezone.now(),
    )


def context_headers(context: ExportContext) -> dict[str, str]:
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
    def get(self, request: Request) -> HttpResponseBase:
        """Everything that fits the filter, as GeoJSON: QGIS, kepler.gl and most maps open it."""
        return self.download(request)


class GeoJsonSequenceDownload(DownloadView):
    key = "geojsonseq"

    @described(key, "One feature a line, each after a record separator (RFC 8142).")
    def get(self, request: Request) -> HttpResponseBase:
        """Everything that fits the filter, one feature a line, for programs that read as it arrives."""
        return self.download(request)


class CsvDownload(DownloadView):
    key = "csv"

    @described(key, "A header and one line a point (RFC 4180, UTF-8).")
    def get(self, request: Request) -> HttpResponseBase:
        """Everything that fits the filter, as CSV. A text that a spreadsheet would run begins with '.

        The header `Link` names what describes it.
        """
        answer = self.download(request)
        address = f"{reverse('api-points-csv-metadata')}?{request._request.GET.urlencode()}".rstrip("?")
        answer["Link"] = described_by(request.build_absolute_uri(address))
        return answer


class CsvMetadata(DownloadView):
    key = "csv"

    @extend_schema(
        operation_id="verified_points_csv_metadata",
        parameters=FILTER_PARAMETERS,
        responses={
            (200, csv_metadata.MEDIA_TYPE): OpenApiResponse(OpenApiTypes.OBJECT, "Metadata (CSVW, W3C)."),
            **{(status, "application/json"): body for status, body in refusals(400, 401).items()},
        },
        auth=OPEN_TO_ALL,
    )
    def get(self, request: Request) -> HttpResponse:
        """What describes the CSV of the same filter: whose it is, what was asked for, when, its columns."""
        form = filter_form(request)
        address = f"{reverse('api-points-csv')}?{request._request.GET.urlencode()}".rstrip("?")
        text = csv_metadata.csv_metadata(
            context_asked(request, form), url=request.build_absolute_uri(address)
        )
        return HttpResponse(text, content_type=csv_metadata.MEDIA_TYPE)


def described_by(address: str) -> str:
    """The header that names what describes a CSV file."""
    return f'<{address}>; rel="describedby"; type="{csv_metadata.MEDIA_TYPE}"'


class XlsxDownload(DownloadView):
    key = "xlsx"

    @described(key, "A workbook with the points and a sheet about them.")
    def get(self, request: Request) -> HttpResponseBase:
        """Everything that fits the filter, for a spreadsheet. Times are UTC; no text is a formula."""
        return self.download(request)


class KmlDownload(DownloadView):
    key = "kml"

    @described(key, "A KML 2.2 document.")
    def get(self, request: Request) -> HttpResponseBase:
        """Everything that fits the filter, as KML for Google Earth, with its time slider."""
        return self.download(request)


class KmzDownload(DownloadView):
    key = "kmz"

    @described(key, "A ZIP with doc.kml.")
    def get(self, request: Request) -> HttpResponseBase:
        """Everything that fits the filter, as KMZ for Google Earth: the KML, packed."""
        return self.download(request)


class GeoPackageDownload(DownloadView):
    key = "gpkg"

    @described(key, "A GeoPackage with the layer verified_points.")
    def get(self, request: Request) -> HttpResponseBase:
        """Everything that fits the filter, as a GeoPackage with its spatial index, to work in with QGIS."""
        return self.download(request)


class FlatGeobufDownload(DownloadView):
    key = "fgb"

    @described(key, "A FlatGeobuf with its packed index.")
    def get(self, request: Request) -> HttpResponseBase:
        """Everything that fits the filter, as FlatGeobuf, which can be read in parts. Days are text in it."""
        return self.download(request)


class GeoParquetDownload(DownloadView):
    key = "geoparquet"

    @described(key, "A GeoParquet file, version 1.1.")
    def get(self, request: Request) -> HttpResponseBase:
        """Everything that fits the filter, as GeoParquet: DuckDB, geopandas and pyarrow read it."""
        return self.download(request)


class TimeMapDownload(DownloadView):
    key = "timemap"

    @described(key, "A ZIP of events.json, sources.json, associations.json and about.json.")
    def get(self, request: Request) -> HttpResponseBase:
        """Everything that fits the filter, as the bundle that TimeMap story pages read."""
        return self.download(request)
