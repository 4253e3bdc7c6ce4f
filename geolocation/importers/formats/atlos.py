"""Atlos: its CSV export. Labels that a project defined stay in the row."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from geolocation.importers.formats.containers import csv_lines
from geolocation.importers.formats.fields import Fields, Raw, Row, read_row
from geolocation.importers.formats.row import RefusedRow

NAME = "atlos"
# How exact Atlos lets its users be, in metres.
PRECISION_M = {"exact": 10.0, "vicinity": 100.0, "locality": 1000.0}
_MOST_SOURCES = 50


def sniff(head: str, name: str) -> float:
    """How sure it is, 0 to 1, from the first characters and the file's name."""
    return 0.95 if {"slug", "inserted_at", "latitude", "longitude"} <= columns(head) else 0.0


def columns(head: str) -> set[str]:
    """The column names in a first line, lower case."""
    first = head.partition("\n")[0]
    for mark in ";\t|":
        first = first.replace(mark, ",")
    return {name.strip().strip('"').lower() for name in first.split(",")}


def rows(path: Path) -> Iterator[Row]:
    """Each row of the file as a point, or refused."""
    for line in csv_lines(path):
        if isinstance(line, RefusedRow):
            yield line
            continue
        number, raw = line
        yield read_row(number, {key.lower(): value for key, value in raw.items()}, FIELDS)


def _uncertainty_m(raw: Raw) -> float | None:
    for column, value in raw.items():
        if "precision" in column and value:
            return PRECISION_M.get(str(value).split()[0].strip("(:").lower())
    return None


def _is_sensitive(raw: Raw) -> bool:
    return str(raw.get("sensitive") or "").strip().lower() not in ("", "not sensitive", "no", "false")


FIELDS = Fields(
    upstream_id="slug",
    latitude="latitude",
    longitude="longitude",
    date="date",
    title="description",
    description="description",
    links=tuple(f"source_{number}" for number in range(1, _MOST_SOURCES + 1)),
    tags=("tags",),
    uncertainty_m=_uncertainty_m,
    is_sensitive=_is_sensitive,
)
