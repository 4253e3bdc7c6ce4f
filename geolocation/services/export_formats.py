"""The formats that verified points leave in: one list for pages, API and jobs.

Text formats and ZIPs of them are streamed. GeoPackage, FlatGeobuf, GeoParquet and XLSX have an index or a
directory that is written last, so that they are made as a file first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evidence.errors import InvalidInput
from geolocation.errors import ExportTooLarge
from geolocation.exports import csv, geojson, kml, limits, timemap
from geolocation.exports.base import ExportContext
from geolocation.querysets import VerifiedPointQuerySet
from geolocation.services.export_placemarks import kml_stream
from geolocation.services.export_rows import arrow_batches, csv_stream, geojson_sequence_stream
from geolocation.services.exporting import Seen, geojson_stream, point_rows_stream

# A placemark takes some 2 kB: up to here a document stays below what the older kind of ZIP can hold.
_MANY_POINTS = 500_000
_COPY_BYTES = 1024 * 1024

Streamed = Callable[[VerifiedPointQuerySet, ExportContext, Seen | None], Iterator[bytes]]
Written = Callable[[Path, VerifiedPointQuerySet, ExportContext, Seen | None], None]


@dataclass(frozen=True, kw_only=True)
class ExportFormat:
    """One format: how a file of it is named, who reads it, and either how it is streamed or how written.

    `most_points` is what a file of it holds at all; `most_at_once` what one that is written first may hold
    where somebody waits for it: some ten seconds of a web thread. More of them are made by a job.
    """

    key: str
    extension: str
    media_type: str
    label: str
    readers: Any
    stream: Streamed | None = None
    write: Written | None = None
    most_points: int | None = None
    most_at_once: int | None = None

    def refuse_overflow(self, points: VerifiedPointQuerySet) -> None:
        """Raise InvalidInput for more points than a file of this format holds."""
        if self.most_points is not None and points.count() > self.most_points:
            raise InvalidInput(
                _(
                    "A spreadsheet of the kind %(format)s holds %(most)d points at most, and these are more. "
                    "Narrow the filter, or take CSV or GeoPackage."
                )
                % {"format": self.label, "most": self.most_points},
            )

    def refuse_to_wait(self, points: VerifiedPointQuerySet) -> None:
        """Raise ExportTooLarge for more points than are written while somebody waits."""
        most = self.most_at_once
        if most is not None and points.order_by()[: most + 1].count() > most:
            raise ExportTooLarge(
                _(
                    "These are more than %(most)d points, and %(format)s has to be written as a whole before "
                    "the first of it can leave. Sign in and have it made in the background, narrow the "
                    "filter, or take a format that is streamed: GeoJSON, GeoJSONSeq, CSV, KML, KMZ, TimeMap."
                )
                % {"format": self.label, "most": most},
                details={"points_at_once": most},
            )

    def file_name(self, *, code: str | None, day: date) -> str:
        """What a file of it is called, as `verified-points-nk23-2026-11-26.gpkg`."""
        return f"verified-points-{code or 'all'}-{day.isoformat()}.{self.extension}".lower()

    @property
    def address_name(self) -> str:
        """The name of its address in the API."""
        return f"api-points-{self.key}"


def export_chunks(
    wanted: ExportFormat, points: VerifiedPointQuerySet, context: ExportContext
) -> tuple[Iterator[bytes], int | None]:
    """The bytes of one file, and its size in bytes where it is known before the first of them.

    A file that has to be written first lies in `settings.EXPORTS_ROOT` without a name, and is gone once the
    iterator is closed or the process ends. Raises InvalidInput for more points than the format holds.
    """
    if wanted.stream is not None:
        return wanted.stream(points, context, None), None
    with TemporaryDirectory(dir=exports_root(), prefix="download-") as directory:
        path = Path(directory) / f"points.{wanted.extension}"
        export_write(wanted, points, context, path)
        file = path.open("rb")
    return FileChunks(file), file_size(file)


def export_write(
    wanted: ExportFormat,
    points: VerifiedPointQuerySet,
    context: ExportContext,
    path: Path,
    seen: Seen | None = None,
) -> None:
    """Write one file to `path`, which is not there yet. Raises InvalidInput as `export_chunks`."""
    wanted.refuse_overflow(points)
    if wanted.write is not None:
        wanted.write(path, points, context, seen)
    elif wanted.stream is not None:
        with path.open("wb") as file:
            file.writelines(wanted.stream(points, context, seen))


def exports_root() -> Path:
    """The folder of files that are being made or are kept for a while."""
    root = Path(settings.EXPORTS_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    return root


class FileChunks(Iterator[bytes]):
    """The bytes of an open file, which is closed with it, also when nobody read any."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def __next__(self) -> bytes:
        chunk = self._file.read(_COPY_BYTES)
        if not chunk:
            raise StopIteration
        return chunk

    def close(self) -> None:
        self._file.close()


def file_size(file: BinaryIO) -> int:
    """The size of an open file, also of one whose name is gone."""
    size = file.seek(0, 2)
    file.seek(0)
    return size


def _kml(points: VerifiedPointQuerySet, context: ExportContext, seen: Seen | None) -> Iterator[bytes]:
    return kml_stream(points, context, seen=seen)


def _kmz(points: VerifiedPointQuerySet, context: ExportContext, seen: Seen | None) -> Iterator[bytes]:
    document = kml_stream(points, context, seen=seen)
    return kml.packed_chunks(document, context, beyond_2_gib=_are_many(points))


def _timemap(points: VerifiedPointQuerySet, context: ExportContext, seen: Seen | None) -> Iterator[bytes]:
    rows = point_rows_stream(points, seen=seen)
    return timemap.timemap_chunks(rows, context, beyond_2_gib=_are_many(points))


def _are_many(points: VerifiedPointQuerySet) -> bool:
    return points.order_by()[: _MANY_POINTS + 1].count() > _MANY_POINTS


# The libraries behind these take half a second to import, and most processes never write such a file.
def _geopackage(path: Path, points: VerifiedPointQuerySet, context: ExportContext, seen: Seen | None) -> None:
    from geolocation.exports.geo_files import geopackage_write

    geopackage_write(path, arrow_batches(points, seen=seen), context)


def _flatgeobuf(path: Path, points: VerifiedPointQuerySet, context: ExportContext, seen: Seen | None) -> None:
    from geolocation.exports.flatgeobuf import flatgeobuf_write

    flatgeobuf_write(path, arrow_batches(points, seen=seen), context)


def _geoparquet(path: Path, points: VerifiedPointQuerySet, context: ExportContext, seen: Seen | None) -> None:
    from geolocation.exports.geo_files import geoparquet_write

    geoparquet_write(path, arrow_batches(points, seen=seen), context)


def _xlsx(path: Path, points: VerifiedPointQuerySet, context: ExportContext, seen: Seen | None) -> None:
    from geolocation.exports.xlsx import xlsx_write

    xlsx_write(path, point_rows_stream(points, seen=seen), context)


FORMATS: dict[str, ExportFormat] = {
    each.key: each
    for each in (
        ExportFormat(
            key="geojson",
            extension="geojson",
            media_type=geojson.MEDIA_TYPE,
            label="GeoJSON",
            readers=gettext_lazy("QGIS, kepler.gl, geojson.io and most maps on the web."),
            stream=lambda points, context, seen: geojson_stream(points, context, seen=seen),
        ),
        ExportFormat(
            key="geojsonseq",
            extension="geojsons",
            media_type=geojson.SEQUENCE_MEDIA_TYPE,
            label="GeoJSONSeq",
            readers=gettext_lazy("Programs that read one feature a line, such as GDAL and tippecanoe."),
            stream=lambda points, _context, seen: geojson_sequence_stream(points, seen=seen),
        ),
        ExportFormat(
            key="csv",
            extension="csv",
            media_type=csv.MEDIA_TYPE,
            label="CSV",
            readers=gettext_lazy("Spreadsheets, databases and every script."),
            stream=lambda points, _context, seen: csv_stream(points, seen=seen),
        ),
        ExportFormat(
            key="xlsx",
            extension="xlsx",
            media_type=limits.XLSX_MEDIA_TYPE,
            label="XLSX",
            readers=gettext_lazy("Excel and LibreOffice, with days and times as such."),
            write=_xlsx,
            most_at_once=100_000,
            most_points=limits.MOST_POINTS,
        ),
        ExportFormat(
            key="kml",
            extension="kml",
            media_type=kml.MEDIA_TYPE,
            label="KML",
            readers=gettext_lazy(
                "Google Earth, with its time slider and a colour for each kind of recording."
            ),
            stream=_kml,
        ),
        ExportFormat(
            key="kmz",
            extension="kmz",
            media_type=kml.KMZ_MEDIA_TYPE,
            label="KMZ",
            readers=gettext_lazy("Google Earth: the KML, packed to about a tenth of its size."),
            stream=_kmz,
        ),
        ExportFormat(
            key="gpkg",
            extension="gpkg",
            media_type=limits.GEOPACKAGE_MEDIA_TYPE,
            label="GeoPackage",
            readers=gettext_lazy("QGIS and ArcGIS: a file to work in, with its spatial index."),
            write=_geopackage,
            most_at_once=250_000,
        ),
        ExportFormat(
            key="fgb",
            extension="fgb",
            media_type=limits.FLATGEOBUF_MEDIA_TYPE,
            label="FlatGeobuf",
            readers=gettext_lazy("QGIS, GDAL and maps on the web that read only the part they show."),
            write=_flatgeobuf,
            most_at_once=250_000,
        ),
        ExportFormat(
            key="geoparquet",
            extension="parquet",
            media_type=limits.GEOPARQUET_MEDIA_TYPE,
            label="GeoParquet",
            readers=gettext_lazy("DuckDB, geopandas and pyarrow, for analysis of many points."),
            write=_geoparquet,
            most_at_once=250_000,
        ),
        ExportFormat(
            key="timemap",
            extension="timemap.zip",
            media_type=timemap.MEDIA_TYPE,
            label="TimeMap",
            readers=gettext_lazy("TimeMap story pages: events, sources and associations in a ZIP."),
            stream=_timemap,
        ),
    )
}
