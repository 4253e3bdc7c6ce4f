"""ukraine-timemap and TimeMap: `events.json` alone or with `sources` in one object or ZIP, and its sheets.

The authors of its sources become Sources of the catalogue, as those who published the links. Its associations
are categories and narratives, kept as tags: the format has no claims.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from geolocation.importers.formats.atlos import columns
from geolocation.importers.formats.containers import (
    MOST_JSON_BYTES,
    csv_lines,
    json_bytes,
    json_value,
    numbered,
)
from geolocation.importers.formats.fields import Fields, Raw, Row, read_row
from geolocation.importers.formats.row import FileUnreadable, Reason, RefusedRow
from geolocation.importers.formats.values import read_links

NAME = "timemap"
# Its publishers move positions by up to so much on purpose.
OBSCURED_M = 150.0


def sniff(head: str, name: str) -> float:
    """How sure it is, 0 to 1, from the first characters and the file's name."""
    if head.startswith("PK") and "events.json" in head:
        return 0.9
    if '"civId"' in head or '"time_precision"' in head or '"time_display"' in head:
        return 0.9
    return 0.9 if {"association1", "source1", "latitude"} <= columns(head) else 0.0


def rows(path: Path) -> Iterator[Row]:
    """Each event as a point. Given sources lend it their links; an id without one is a doubt."""
    with path.open("rb") as stream:
        head = stream.read(64).lstrip(b"\xef\xbb\xbf \r\n\t")
    if not head.startswith((b"[", b"{", b"PK")):
        yield from _read(csv_lines(path), _FIELDS)
        return
    found = _bundle(path) if head.startswith(b"PK") else json_value(path)
    sources: Any = found.get("sources") if isinstance(found, dict) else None
    events = found.get("events") if isinstance(found, dict) else found
    known = sources if isinstance(sources, dict) else None
    yield from _read(numbered(events), _FIELDS, known)


def _bundle(path: Path) -> dict[str, Any]:
    """`events` and `sources` of a ZIP that holds `events.json` and, where it has one, `sources.json`."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = {member.filename.rpartition("/")[2]: member for member in archive.infolist()}
            if "events.json" not in members:
                raise FileUnreadable("This ZIP holds no events.json.")
            found = {
                name: json_bytes(archive.read(members[f"{name}.json"]))
                for name in ("events", "sources")
                if f"{name}.json" in members and _fits(members[f"{name}.json"])
            }
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise FileUnreadable("This ZIP is damaged, locked or uses a compression that is not read.") from error
    return found


def _fits(member: zipfile.ZipInfo) -> bool:
    if member.file_size > MOST_JSON_BYTES:
        raise FileUnreadable("A JSON file may have at most 64 MiB. Use CSV for more.")
    return True


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
    authors: list[list[str]] = []
    for source in (known.get(key) for key in ids):
        if isinstance(source, dict):
            paths = source.get("paths")
            theirs = [source.get("url"), *(paths if isinstance(paths, list) else [])]
            links += theirs
            author = source.get("author")
            if isinstance(author, str) and author.strip():
                authors += [[link, author.strip()[:200]] for link in read_links(theirs)]
    return {
        **raw,
        "source_links": [link for link in links if isinstance(link, str)],
        **({"source_authors": authors} if authors else {}),
        "sources_missing": [key for key in ids if key not in known],
    }


def _publishers(raw: Raw) -> tuple[tuple[str, str], ...]:
    return tuple((link, author) for link, author in raw.get("source_authors") or [])


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
    publishers=_publishers,
    doubts=_doubts,
)
