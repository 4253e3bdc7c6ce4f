"""Points as a GeoDataFrame. Needs the extra `geo`; everything else of this package works without it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from catalogue_client.errors import MissingExtra
from catalogue_client.models import POINT_FIELDS, Point

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

#: The endings of files that become a GeoDataFrame again without losing a column.
READABLE = ("gpkg", "geojson", "fgb", "parquet")
_MOMENTS = ("captured_from", "captured_to", "verified_at", "updated_at")
_LISTS = ("claims", "verified_by")


def geopandas() -> Any:
    """The package, or MissingExtra with the command that installs it."""
    try:
        # Here, because who only wants files or logs media does not need GDAL on the machine.
        import geopandas as package
    except ImportError as error:
        raise MissingExtra(
            'A GeoDataFrame needs geopandas and pyogrio: pip install "catalogue-client[geo]".'
        ) from error
    return package


def frame(points: Iterable[Point]) -> GeoDataFrame:
    """One row a point, in WGS 84 (EPSG:4326), with a column for every field of `Point`.

    Moments are UTC timestamps, NaT where unknown; `claims` and `verified_by` are one text joined by `; `, as
    in the server's own files.
    """
    package = geopandas()
    rows = list(points)
    columns: dict[str, Any] = {name: [getattr(row, name) for row in rows] for name in POINT_FIELDS}
    made = package.GeoDataFrame(
        columns,
        geometry=package.points_from_xy(columns["longitude"], columns["latitude"]),
        crs="EPSG:4326",
    )
    return with_types(made)


def read(path: Path) -> GeoDataFrame:
    """A file of the server, or the layer of a mirror, with the same types as `frame` gives."""
    package = geopandas()
    if path.suffix == ".parquet":
        return with_types(package.read_parquet(path))
    layer = {"layer": "verified_points"} if path.suffix == ".gpkg" else {}
    return with_types(package.read_file(path, engine="pyogrio", **layer))


def with_types(made: Any) -> Any:
    """Moments as UTC, days as days (a day is no midnight), lists as text, numbers as numbers.

    Whatever the format has made of them, and also where a column is empty throughout.
    """
    import pandas  # comes with geopandas

    # GeoParquet calls it OGC:CRS84: the same system, and geopandas always has x as the longitude.
    made = made.set_crs("EPSG:4326", allow_override=True)

    for name in _MOMENTS:
        told = pandas.to_datetime(made[name], utc=True, format="ISO8601")
        made[name] = told.astype("datetime64[us, UTC]")
    for name in _LISTS:
        made[name] = made[name].map(_joined).astype("str")
    made["captured_on"] = pandas.Series(map(_day, made["captured_on"]), index=made.index, dtype="object")
    if "latitude" not in made.columns:  # GeoJSON and FlatGeobuf have them in the geometry alone
        made["latitude"], made["longitude"] = made.geometry.y, made.geometry.x
    for name in made.columns:
        if name.endswith(("latitude", "longitude", "uncertainty_m")):
            made[name] = made[name].astype("float64")
    return made


def _joined(value: Any) -> str:
    return value if isinstance(value, str) else "; ".join(() if value is None else value)


def _day(value: Any) -> date | None:
    """A day out of a date, of text, or of pandas' timestamp (NaT is a datetime too, and equals nothing)."""
    if value is None or value != value:
        return None
    if isinstance(value, str):
        return date.fromisoformat(value[:10]) if value else None
    return value.date() if isinstance(value, datetime) else date(value.year, value.month, value.day)
