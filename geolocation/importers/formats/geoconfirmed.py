"""GeoConfirmed: its KMZ, its CSV with semicolons, and the JSON list of its map."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from geolocation.importers.formats.atlos import columns
from geolocation.importers.formats.containers import csv_lines, json_value, numbered, placemarks
from geolocation.importers.formats.fields import Fields, Row, read_row
from geolocation.importers.formats.row import RefusedRow

NAME = "geoconfirmed"


def sniff(head: str, name: str) -> float:
    """How sure it is, 0 to 1, from the first characters and the file's name."""
    if {"pluscode", "geolocation", "origin", "latitude"} <= columns(head):
        return 0.95
    if '"la"' in head and '"lo"' in head:
        return 0.9
    return 0.6 if "geoconfirmed" in name.lower() else 0.0


def rows(path: Path) -> Iterator[Row]:
    """Each point, or refused; the same placemark in several folders comes as the same row again."""
    with path.open("rb") as stream:
        head = stream.read(64).lstrip(b"\xef\xbb\xbf \r\n\t")
    if head.startswith((b"PK", b"<")):
        lines, fields = placemarks(path), _PLACEMARK
    elif head.startswith(b"["):
        lines, fields = numbered(json_value(path)), _MAP
    else:
        lines, fields = csv_lines(path), _TABLE
    for line in lines:
        yield line if isinstance(line, RefusedRow) else read_row(*line, fields)


_PLACEMARK = Fields(
    latitude="latitude", longitude="longitude", date="name", description="description", links=("description",)
)
_MAP = Fields(upstream_id="id", latitude="la", longitude="lo", date="date")
_TABLE = Fields(
    upstream_id="Id",
    latitude="Latitude",
    longitude="Longitude",
    date="Date",
    title="Name",
    description="Description",
    links=("Source", "Geolocation"),
    tags=("Faction", "Equipment", "Units"),
)
