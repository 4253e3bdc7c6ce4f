"""Eyes on Russia: GeoJSON of its map, and the CSV of its ArcGIS layer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from geolocation.importers.formats.atlos import columns
from geolocation.importers.formats.containers import csv_lines, features
from geolocation.importers.formats.fields import Fields, Raw, Row, read_row
from geolocation.importers.formats.row import RefusedRow

NAME = "eyes_on_russia"


def sniff(head: str, name: str) -> float:
    """How sure it is, 0 to 1, from the first characters and the file's name."""
    if '"verifiedDate"' in head or "Link_geolocation" in head:
        return 0.9
    return 0.9 if {"entry_number", "link_geolocation"} <= columns(head) else 0.0


def rows(path: Path) -> Iterator[Row]:
    """Each entry as a point, or refused."""
    with path.open("rb") as stream:
        is_json = stream.read(64).lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{")
    for line in features(path) if is_json else csv_lines(path):
        if isinstance(line, RefusedRow):
            yield line
            continue
        number, raw = line
        if "Entry_Number" in raw:
            yield read_row(number, _with_moment(raw), _LAYER)
        else:
            yield read_row(number, raw, _MAP)


def _with_moment(raw: Raw) -> Raw:
    """Milliseconds as text, as a CSV has them, become the number that they are."""
    stamp = raw.get("TIMESTAMP")
    return {**raw, "TIMESTAMP": int(stamp)} if isinstance(stamp, str) and stamp.isdecimal() else raw


_MAP = Fields(
    upstream_id="id",
    latitude="latitude",
    longitude="longitude",
    title="title",
    description="description",
    source_name="credit",
    links=("url",),
    tags=("categories",),
)
_LAYER = Fields(
    upstream_id="Entry_Number",
    latitude="latitude",
    longitude="longitude",
    date="TIMESTAMP",
    title="Description",
    description="Description",
    source_name="Credit",
    links=("Link", "Link_geolocation"),
    tags=("Primary_category", "Secondary_category"),
    is_sensitive=lambda raw: bool(str(raw.get("Graphic_content_level") or "").strip()),
)
