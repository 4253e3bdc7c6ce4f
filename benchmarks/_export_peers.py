"""What the exports are compared with: ogr2ogr, geopandas, djangorestframework-gis, GDAL's writer alone."""

from __future__ import annotations

import os
import subprocess
import warnings
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import unquote, urlsplit

PLAIN = """SELECT p.uid::text AS id, i.code AS investigation, g.reference, p.media_reference, p.title,
        p.media_kind AS kind, p.latitude, p.longitude, p.uncertainty_m, p.position_role, p.camera_latitude,
        p.camera_longitude, p.subject_latitude, p.subject_longitude, p.place_name, p.captured_from,
        p.captured_to, p.captured_on, array_to_string(p.claim_references, '; ') AS claims, p.source_url,
        p.licence, p.attribution, r.number AS revision, p.verified_at,
        array_to_string(p.verified_by, '; ') AS verified_by, p.updated_at{geometry}
    FROM geolocation_verifiedpoint AS p JOIN evidence_investigation AS i ON i.id = p.investigation_id
    JOIN geolocation_geolocation AS g ON g.id = p.geolocation_id
    JOIN geolocation_geolocationrevision AS r ON r.id = p.revision_id"""
WITH_GEOMETRY = PLAIN.format(geometry=", p.position::geometry(Point, 4326) AS geom")
#: So many are enough to tell its rate, and fit into memory.
DRF_POINTS = 20_000
DRF_FIELDS = (
    *("uid", "position", "investigation", "reference", "media_reference", "title", "kind", "uncertainty_m"),
    *("position_role", "camera_latitude", "camera_longitude", "subject_latitude", "subject_longitude"),
    *("place_name", "captured_from", "captured_to", "captured_on", "claims", "source_url", "licence"),
    *("attribution", "revision", "verified_at", "verified_by", "updated_at"),
)
OGR_DRIVERS = {"geojson": "GeoJSON", "csv": "CSV", "kml": "KML", "gpkg": "GPKG", "fgb": "FlatGeobuf"}


def batches_ready() -> list[Any]:
    """Every point as Arrow has it, in memory."""
    from geolocation.models import VerifiedPoint
    from geolocation.services.export_rows import arrow_batches

    return list(arrow_batches(VerifiedPoint.objects.all()))


def by_gdal(batches: list[Any]) -> Iterable[Any]:
    """A FlatGeobuf of the same batches by GDAL's writer; like ours it writes days as text."""
    import pyarrow as pa
    import pyogrio

    day = batches[0].schema.get_field_index("captured_on")
    schema = batches[0].schema.set(day, pa.field("captured_on", pa.string()))
    parts = (batch.cast(schema) for batch in batches)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "points.fgb"
        pyogrio.write_arrow(
            pa.RecordBatchReader.from_batches(schema, parts),
            path,
            driver="FlatGeobuf",
            geometry_name="geometry",
            geometry_type="Point",
            crs="EPSG:4326",
            layer_options={"TEMPORARY_DIR": folder},
        )
        yield range(path.stat().st_size)


def by_own_flatgeobuf(batches: list[Any]) -> Iterable[Any]:
    """The same by our writer."""
    from geolocation.exports.flatgeobuf import flatgeobuf_write
    from geolocation.services.exporting import export_context

    context = export_context(investigation=None, filter_text="all", now=datetime.now(UTC))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "points.fgb"
        flatgeobuf_write(path, batches, context)
        yield range(path.stat().st_size)


def by_drf_gis(most: int) -> Iterable[bytes]:
    """A GeoFeatureModelSerializer with the same members, as a view of that library has it."""
    from rest_framework import serializers
    from rest_framework.renderers import JSONRenderer
    from rest_framework_gis.fields import GeometryField
    from rest_framework_gis.serializers import GeoFeatureModelSerializer

    from geolocation.models import VerifiedPoint

    class Peer(GeoFeatureModelSerializer):
        position = GeometryField()
        investigation = serializers.CharField(source="investigation.code")
        reference = serializers.CharField(source="geolocation.reference")
        kind = serializers.CharField(source="media_kind")
        claims = serializers.ListField(source="claim_references")
        revision = serializers.IntegerField(source="revision.number")

        class Meta:
            model = VerifiedPoint
            geo_field = "position"
            id_field = "uid"
            fields = DRF_FIELDS

    joined = VerifiedPoint.objects.select_related("investigation", "geolocation", "revision")
    yield JSONRenderer().render(Peer(joined.order_by("pk")[:most], many=True).data)


def by_ogr2ogr(kind: str) -> Iterable[bytes]:
    address = urlsplit(os.environ["DATABASE_URL"])
    host, _, port = unquote(address.netloc.rpartition("@")[2]).rpartition(":")
    source = f"PG:host={host} port={port} user={address.username} dbname={address.path.lstrip('/')}"
    with TemporaryDirectory() as folder:
        path = f"{folder}/points.{kind}"
        extra = ["-lco", "RFC7946=YES"] if kind == "geojson" else []
        command = ["ogr2ogr", "-f", OGR_DRIVERS[kind], *extra, path, source, "-sql", WITH_GEOMETRY]
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
        yield range(Path(path).stat().st_size)


def by_geopandas(kind: str, limit: str) -> Iterable[Any]:
    import geopandas
    import psycopg

    warnings.simplefilter("ignore")
    url = os.environ["DATABASE_URL"].replace("postgis://", "postgresql://", 1)
    with TemporaryDirectory() as folder, psycopg.connect(url) as connection:
        frame = geopandas.read_postgis(WITH_GEOMETRY + limit, connection)
        path = f"{folder}/points.{kind}"
        frame.to_parquet(path) if kind == "parquet" else frame.to_file(path)
        yield range(Path(path).stat().st_size)
