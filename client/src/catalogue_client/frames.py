"""Points as a GeoDataFrame. Needs the extra `geo`; everything else of this package works without it."""

from __future__ import annotations

from collections.abc import Iterable
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
    for name in _LISTS:
        columns[name] = ["; ".join(each) for each in columns[name]]
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
    """Moments as UTC and numbers as numbers, also where a column is empty throughout."""
    import pandas  # comes with geopandas

    for name in _MOMENTS:
        if name in made.columns:
            made[name] = pandas.to_datetime(made[name], utc=True, format="ISO8601").astype(
                "datetime64[us, UTC]"
            )
    for name in made.columns:
        if name.endswith(("_latitude", "_longitude")):
            made[name] = made[name].astype("float64")
    return made
