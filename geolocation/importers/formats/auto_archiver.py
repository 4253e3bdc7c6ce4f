"""auto-archiver: its sheet as CSV or XLSX, or a ZIP of its folders. A row is a posting that was archived.

Most have no position. Folders, each a `metadata.json` with its files, are read by `auto_archiver_folders`.
Its "UTC" on a post's time is a label that was put on, so that time stays in the row as written.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from geolocation.importers.formats.atlos import columns
from geolocation.importers.formats.auto_archiver_folders import REPORT, folder_lines
from geolocation.importers.formats.containers import Line, csv_lines
from geolocation.importers.formats.fields import Fields, Raw, Row, read_row
from geolocation.importers.formats.row import Reason, RefusedRow
from geolocation.importers.formats.values import read_links
from geolocation.importers.formats.workbooks import is_workbook, sheet_rows

NAME = "auto_archiver"


def sniff(head: str, name: str) -> float:
    """How sure it is, 0 to 1, from its beginning or the names in a ZIP. A workbook has to be named."""
    if head.startswith("PK"):
        return 0.9 if any(line.rpartition("/")[2] == REPORT for line in head.split("\n")) else 0.0
    return 0.95 if {"link", "archive status", "archive location"} <= columns(head) else 0.0


def rows(path: Path) -> Iterator[Row]:
    """Each row as a recording by its link, placed where columns `latitude` and `longitude` say so."""
    for line in _lines(path):
        if isinstance(line, RefusedRow):
            yield line
            continue
        number, raw = line
        row = read_row(number, {str(name).lower(): value for name, value in raw.items()}, FIELDS)
        has_link = isinstance(row, RefusedRow) or bool(row.links)
        yield row if has_link else RefusedRow(number, row.row, (Reason.NO_LINK,))


def _lines(path: Path) -> Iterator[Line]:
    with path.open("rb") as stream:
        is_zip = stream.read(2) == b"PK"
    if not is_zip:
        return csv_lines(path)
    return sheet_rows(path) if is_workbook(path) else folder_lines(path)


def _archived_url(raw: Raw) -> str:
    """Where the archive is, if that is a web address and not a folder."""
    found = read_links(raw.get("archive location"))
    return found[0] if found and len(found[0]) <= 2000 else ""


def _doubts(raw: Raw) -> tuple[Reason, ...]:
    """Of a folder: a file that is not the one that the report states."""
    files = raw.get("files")
    differs = isinstance(files, list) and any(file["differs"] for file in files)
    return (Reason.DIGEST_DIFFERS,) if differs else ()


FIELDS = Fields(
    upstream_id="link",
    latitude="latitude",
    longitude="longitude",
    title="upload title",
    description="text content",
    links=("link",),
    archived_url=_archived_url,
    may_be_unplaced=True,
    doubts=_doubts,
)
