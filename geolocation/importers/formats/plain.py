"""Any CSV, GeoJSON or KML: the columns are guessed from their names unless they are given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path

from geolocation.importers.formats.containers import Line, csv_lines, features, placemarks
from geolocation.importers.formats.fields import Fields, Row, read_row
from geolocation.importers.formats.row import FileUnreadable, RefusedRow

NAME = "plain"
# What a mapping may name, and the column names that are taken for it, best first.
GUESSES: dict[str, tuple[str, ...]] = {
    "latitude": ("latitude", "lat", "y", "breite"),
    "longitude": ("longitude", "lon", "lng", "long", "x"),
    "position": ("position", "coordinates", "coordinate", "coords", "geolocation", "location"),
    "upstream_id": ("id", "uid", "key", "reference"),
    "date": ("date", "captured_on", "event_date", "timestamp", "time", "when"),
    "title": ("title", "name"),
    "description": ("description", "summary", "note", "notes"),
    "source_name": ("source_name", "author", "credit"),
    "links": ("link", "links", "url", "source", "sources", "source_url"),
}


def sniff(head: str, name: str) -> float:
    """How sure it is, 0 to 1: never more than a format that knows its own columns."""
    return 0.1 if head.strip() else 0.0


def rows(path: Path, mapping: Mapping[str, str] | None = None) -> Iterator[Row]:
    """Each row as a point, or refused. `mapping` says which column is what, as in GUESSES."""
    lines = _lines(path)
    first = next(lines, None)
    if first is None:
        return
    names = list(first[1]) if not isinstance(first, RefusedRow) else []
    fields = fields_of(mapping or mapping_guess(names))
    for line in chain([first], lines):
        yield line if isinstance(line, RefusedRow) else read_row(line[0], line[1], fields)


def mapping_guess(columns: Iterable[str]) -> dict[str, str]:
    """Which column probably says what, by its name alone; a column is used once."""
    free = {column.strip().lower(): column for column in columns}
    found: dict[str, str] = {}
    for field, names in GUESSES.items():
        if field == "position" and {"latitude", "longitude"} <= found.keys():
            continue
        for name in names:
            if name in free:
                found[field] = free.pop(name)
                break
    return found


def fields_of(mapping: Mapping[str, str]) -> Fields:
    """The mapping as fields; FileUnreadable where it names no position."""
    if unknown := mapping.keys() - GUESSES.keys():
        raise FileUnreadable(f"A mapping cannot name {', '.join(sorted(unknown))}.")
    if not mapping.get("position") and not (mapping.get("latitude") and mapping.get("longitude")):
        raise FileUnreadable("No columns for latitude and longitude were found. Say which they are.")
    named = {key: value for key, value in mapping.items() if key != "links"}
    if named.get("latitude") and named.get("longitude"):
        named.pop("position", None)
    links = tuple(mapping["links"].split("\n")) if mapping.get("links") else ()
    # The names are fields of `Fields`; a mapping cannot tell the type checker so.
    return Fields(**named, links=links)  # type: ignore[arg-type]


def _lines(path: Path) -> Iterator[Line]:
    with path.open("rb") as stream:
        head = stream.read(64).lstrip(b"\xef\xbb\xbf \r\n\t")
    if head.startswith((b"PK", b"<")):
        return placemarks(path)
    return features(path) if head.startswith(b"{") else csv_lines(path)
