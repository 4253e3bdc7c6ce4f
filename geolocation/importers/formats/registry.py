"""The formats that are read, and which of them a file probably is."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from geolocation.importers.formats import (
    atlos,
    auto_archiver,
    eyes_on_russia,
    geo_extractor,
    geoconfirmed,
    plain,
    proofmode,
    timemap,
)
from geolocation.importers.formats.fields import Row
from geolocation.importers.formats.row import FileUnreadable

_FORMATS = (
    atlos,
    timemap,
    geo_extractor,
    geoconfirmed,
    eyes_on_russia,
    proofmode,
    auto_archiver,
    plain,
)
_READERS: dict[str, Callable[[Path], Iterator[Row]]] = {found.NAME: found.rows for found in _FORMATS}
_SNIFFERS: dict[str, Callable[[str, str], float]] = {found.NAME: found.sniff for found in _FORMATS}
NAMES = tuple(_READERS)
_HEAD_BYTES = 1 << 16


def format_guess(path: Path, name: str) -> str:
    """The format surest of the first 64 KiB and the names in a ZIP; `plain` where none knows its columns."""
    with path.open("rb") as stream:
        head = stream.read(_HEAD_BYTES).decode("utf-8-sig", "replace")
    if head.startswith("PK") and zipfile.is_zipfile(path):
        head += "\n" + "\n".join(_names(path))
    return max(NAMES, key=lambda known: _SNIFFERS[known](head, name))


def _names(path: Path) -> list[str]:
    """What a ZIP holds: its names stand at the end of it."""
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.namelist()
    # A damaged index, names that do not decode, a version of ZIP that Python does not know.
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return []


def rows_read(path: Path, *, format_name: str, mapping: Mapping[str, str] | None = None) -> Iterator[Row]:
    """Every row of the file, each judged by itself. `mapping` is for plain files alone."""
    if format_name == plain.NAME:
        return plain.rows(path, mapping)
    if format_name not in _READERS:
        raise FileUnreadable(f"There is no format {format_name}.")
    return _READERS[format_name](path)
