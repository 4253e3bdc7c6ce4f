"""osint-geo-extractor: a JSON list or GeoJSON; two of its values stand for nothing known."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from geolocation.importers.formats.containers import features, json_value, numbered
from geolocation.importers.formats.fields import Fields, Raw, Row, read_row
from geolocation.importers.formats.row import Reason, RefusedRow

NAME = "geo_extractor"
# What it writes where it could not read a date.
FALLBACK_DATE = "2022-02-24"


def sniff(head: str, name: str) -> float:
    """How sure it is, 0 to 1, from the first characters and the file's name."""
    return 0.9 if '"place_desc"' in head else 0.0


def rows(path: Path) -> Iterator[Row]:
    """Each entry as a point, or refused."""
    with path.open("rb") as stream:
        is_list = stream.read(64).lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"[")
    for line in numbered(json_value(path)) if is_list else features(path):
        yield line if isinstance(line, RefusedRow) else read_row(*line, _FIELDS)


def _doubts(raw: Raw) -> tuple[Reason, ...]:
    return (Reason.DATE_FALLBACK,) if str(raw.get("date") or "").startswith(FALLBACK_DATE) else ()


_FIELDS = Fields(
    upstream_id="id",
    latitude="latitude",
    longitude="longitude",
    date="date",
    title="title",
    description="description",
    source_name="source",
    links=("links",),
    doubts=_doubts,
)
