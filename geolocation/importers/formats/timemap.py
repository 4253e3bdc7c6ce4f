"""ukraine-timemap and TimeMap: `events.json` alone or in one object with `sources`, and exported sheets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from geolocation.importers.formats.atlos import columns
from geolocation.importers.formats.containers import csv_lines, json_value, numbered
from geolocation.importers.formats.fields import Fields, Raw, Row, read_row
from geolocation.importers.formats.row import Reason, RefusedRow

NAME = "timemap"
# Its publishers move positions by up to so much on purpose.
OBSCURED_M = 150.0


def sniff(head: str, name: str) -> float:
    """How sure it is, 0 to 1, from the first characters and the file's name."""
    if '"civId"' in head or '"time_precision"' in head or '"time_display"' in head:
        return 0.9
    return 0.9 if {"association1", "source1", "latitude"} <= columns(head) else 0.0


def rows(path: Path) -> Iterator[Row]:
    """Each event as a point. Given sources lend it their links; an id without one is a doubt."""
    with path.open("rb") as stream:
        is_json = stream.read(64).lstrip(b"\xef\xbb\xbf \r\n\t").startswith((b"[", b"{"))
    if not is_json:
        yield from _read(csv_lines(path), _FIELDS)
        return
    found = json_value(path)
    sources: Any = found.get("sources") if isinstance(found, dict) else None
    events = found.get("events") if isinstance(found, dict) else found
    known = sources if isinstance(sources, dict) else None
    yield from _read(numbered(events), _FIELDS, known)


def _read(lines: Iterator[Any], fields: Fields, known: Mapping[str, Any] | None = None) -> Iterator[Row]:
    for line in lines:
        if isinstance(line, RefusedRow):
            yield line
            continue
        number, raw = line
        yield read_row(number, raw if known is None else _joined(raw, known), fields)


def _joined(raw: Raw, known: Mapping[str, Any]) -> Raw:
    ids = [str(source) for source in raw.get("sources") or [] if isinstance(source, str | int)]
    links: list[Any] = []
    for source in (known.get(key) for key in ids):
        if isinstance(source, dict):
            paths = source.get("paths")
            links += [source.get("url"), *(paths if isinstance(paths, list) else [])]
    return {
        **raw,
        "source_links": [link for link in links if isinstance(link, str)],
        "sources_missing": [key for key in ids if key not in known],
    }


def _doubts(raw: Raw) -> tuple[Reason, ...]:
    return (Reason.SOURCE_DANGLING,) if raw.get("sources_missing") else ()


_FIELDS = Fields(
    upstream_id="id",
    latitude="latitude",
    longitude="longitude",
    date="date",
    title="description",
    description="description",
    links=("source_links", "sources", "source1"),
    tags=("associations", "association1", "association2", "association3"),
    uncertainty_m=lambda _raw: OBSCURED_M,
    is_sensitive=lambda raw: str(raw.get("graphic") or "").strip().lower() in ("true", "yes", "1"),
    doubts=_doubts,
)
