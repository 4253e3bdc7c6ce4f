"""Any CSV, XLSX, GeoJSON, KML or GPX: the columns are guessed from their names unless they are given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from geolocation.importers.formats.containers import Line, csv_lines, features, placemarks
from geolocation.importers.formats.fields import Fields, Raw, Row, read_row
from geolocation.importers.formats.gpx import waypoints
from geolocation.importers.formats.row import FileUnreadable, Reason, RefusedRow
from geolocation.importers.formats.values import DAY_FIRST, MONTH_FIRST, read_metres
from geolocation.importers.formats.workbooks import is_workbook, sheet_rows

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
    "uncertainty": ("uncertainty_m", "accuracy_m", "radius_m", "uncertainty (m)", "accuracy (m)"),
}
# What a mapping may say besides columns, and the values it may have; `uncertainty_m` is a number of metres
# for rows that give none.
CHOICES: dict[str, tuple[str, ...]] = {
    "order": ("latitude_longitude", "longitude_latitude"),
    "date_order": (DAY_FIRST, MONTH_FIRST),
}
DEFAULT_M = "uncertainty_m"
_PREVIEWED = 50
_HEAD_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Preview:
    """The columns of a file, and the first rows as text."""

    columns: tuple[str, ...]
    samples: tuple[dict[str, str], ...]


def preview(path: Path, *, samples: int = 3) -> Preview:
    """What its first rows show. FileUnreadable if there is nothing to see."""
    rows = [line[1] for line in islice(_lines(path), _PREVIEWED) if not isinstance(line, RefusedRow)]
    columns = tuple(dict.fromkeys(str(name) for row in rows for name in row))
    if not columns:
        raise FileUnreadable("No rows were found in this file.")
    shown = [{name: _shown(row.get(name)) for name in columns} for row in rows[:samples]]
    return Preview(columns, tuple(shown))


def _shown(value: object) -> str:
    return "" if value is None else str(value)[:200]


def sniff(head: str, name: str) -> float:
    """How sure it is, 0 to 1: never more than a format that knows its own columns."""
    return 0.1 if head.strip() else 0.0


def rows(path: Path, mapping: Mapping[str, str] | None = None) -> Iterator[Row]:
    """Each row as a point, or refused. `mapping` says which column is what, as in GUESSES."""
    lines = _lines(path)
    first = list(islice(lines, _PREVIEWED))
    if not first:
        return
    named = next((list(line[1]) for line in first if not isinstance(line, RefusedRow)), [])
    fields = fields_of(mapping or mapping_guess(named))
    for line in chain(first, lines):
        yield line if isinstance(line, RefusedRow) else read_row(line[0], line[1], fields)


def row_read(number: int, row: Raw, mapping: Mapping[str, str]) -> Row:
    """One row that was kept, read again. `mapping` as it was read with; guessed where there was none."""
    return read_row(number, row, fields_of(mapping or mapping_guess(row)))


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
    """The mapping as fields; FileUnreadable where it names no position or what cannot be named."""
    _mapping_refuse(mapping)
    columns = {key: mapping[key] for key in GUESSES if mapping.get(key)}
    links, uncertainty = columns.pop("links", ""), columns.pop("uncertainty", "")
    if columns.get("latitude") and columns.get("longitude"):
        columns.pop("position", None)
    default_m = read_metres(mapping[DEFAULT_M]) if mapping.get(DEFAULT_M) else None

    def uncertainty_m(raw: Raw) -> float | None:
        return read_metres(raw.get(uncertainty)) or default_m

    def doubts(raw: Raw) -> tuple[Reason, ...]:
        given = str(raw.get(uncertainty) or "").strip() if uncertainty else ""
        return (Reason.UNCERTAINTY_UNREADABLE,) if given and read_metres(given) is None else ()

    # The names are fields of `Fields`; a mapping cannot tell the type checker so.
    return Fields(
        **columns,  # type: ignore[arg-type]
        links=tuple(links.split("\n")) if links else (),
        longitude_first=mapping.get("order") == "longitude_latitude",
        date_order=mapping.get("date_order", ""),
        uncertainty=uncertainty,
        uncertainty_m=uncertainty_m,
        doubts=doubts,
    )


def _mapping_refuse(mapping: Mapping[str, str]) -> None:
    if unknown := mapping.keys() - GUESSES.keys() - CHOICES.keys() - {DEFAULT_M}:
        raise FileUnreadable(f"A mapping cannot name {', '.join(sorted(unknown))}.")
    for name, values in CHOICES.items():
        if mapping.get(name, "") not in ("", *values):
            raise FileUnreadable(f"{name} is one of {', '.join(values)}.")
    if mapping.get(DEFAULT_M) and read_metres(mapping[DEFAULT_M]) is None:
        raise FileUnreadable("An uncertainty is a number of metres, more than 0.")
    if not mapping.get("position") and not (mapping.get("latitude") and mapping.get("longitude")):
        raise FileUnreadable("No columns for latitude and longitude were found. Say which they are.")


def _lines(path: Path) -> Iterator[Line]:
    with path.open("rb") as stream:
        head = stream.read(_HEAD_BYTES).lstrip(b"\xef\xbb\xbf \r\n\t")
    if head.startswith(b"PK"):
        return sheet_rows(path) if is_workbook(path) else placemarks(path)
    if head.startswith(b"<"):
        return waypoints(path) if b"<gpx" in head else placemarks(path)
    return features(path) if head.startswith(b"{") else csv_lines(path)
