"""Rows of a plain CSV, quickly: what is plainly a point is judged in one go, all others by `read_row`.

The verdict is the same either way, and a test compares the two. It matters because most rows of most files
have two decimal numbers and a date: for those, making an object of each value costs more than judging it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

import orjson

from geolocation.importers.formats.containers import csv_cells
from geolocation.importers.formats.fields import Fields, Row, read_row
from geolocation.importers.formats.plain import fields_of, mapping_guess
from geolocation.importers.formats.row import RefusedRow
from geolocation.importers.formats.values import PLAIN_NUMBER, read_metres, read_when

_DAMAGED, _NUL = "\ufffd".encode(), b"\\u0000"
_REMEMBERED = 10_000


class PlainPoint(NamedTuple):
    """A row without any doubt. `text` is the canonical JSON of the row; its SHA-256 is the digest."""

    number: int
    upstream_id: str
    digest: str
    latitude: float
    longitude: float
    text: str


def csv_points(path: Path, mapping: Mapping[str, str] | None) -> Iterator[PlainPoint | Row]:
    """Each row of a CSV: as a PlainPoint where nothing about it is doubtful, else as `read_row` has it."""
    names, lines = csv_cells(path)
    fields, width = fields_of(mapping or mapping_guess(names)), len(names)
    quick = _quick(names, fields)
    for line in lines:
        if isinstance(line, RefusedRow):
            yield line
            continue
        number, cells = line
        point = quick(number, cells) if len(cells) == width else None
        yield point or read_row(number, dict(zip(names, cells, strict=False)), fields)


def _quick(names: list[str], fields: Fields) -> Callable[[int, list[str]], PlainPoint | None]:
    """What makes a PlainPoint of the cells of a row, or None where it has to be looked at closely."""
    if fields.position or not {fields.latitude, fields.longitude} <= set(names):
        return lambda _number, _cells: None
    at = {name: place for place, name in enumerate(names)}
    pair = itemgetter(at[fields.latitude], at[fields.longitude])
    identity, when = at.get(fields.upstream_id), at.get(fields.date)
    radius = at.get(fields.uncertainty)
    is_number, is_sure = PLAIN_NUMBER.fullmatch, _Sure(fields.date_order)
    dumps, sha256, sort = orjson.dumps, hashlib.sha256, orjson.OPT_SORT_KEYS

    def quick(number: int, cells: list[str]) -> PlainPoint | None:
        first, second = pair(cells)
        if not is_number(first) or not is_number(second):
            return None
        latitude, longitude = float(first), float(second)
        if not (-90 <= latitude <= 90 and -180 <= longitude <= 180) or latitude == longitude == 0:
            return None
        if when is not None and not is_sure.date(cells[when]):
            return None
        if radius is not None and not is_sure.radius(cells[radius]):
            return None
        text = dumps(dict(zip(names, cells, strict=True)), option=sort)
        if _DAMAGED in text or _NUL in text:
            return None
        digest = sha256(text).hexdigest()
        upstream_id = cells[identity].strip()[:200] if identity is not None else ""
        return PlainPoint(
            number, upstream_id or f"sha256:{digest}", digest, latitude, longitude, text.decode()
        )

    return quick


class _Sure:
    """Whether a cell leaves no doubt, remembered: dates and radii repeat."""

    def __init__(self, date_order: str) -> None:
        self._order = date_order
        self._dates: dict[str, bool] = {"": True}
        self._radii: dict[str, bool] = {"": True}

    def date(self, cell: str) -> bool:
        known = self._dates.get(cell)
        return self._ask(self._dates, cell, self._date_read) if known is None else known

    def radius(self, cell: str) -> bool:
        known = self._radii.get(cell)
        return self._ask(self._radii, cell, _radius_read) if known is None else known

    def _date_read(self, cell: str) -> bool:
        return read_when(cell, order=self._order).doubt is None

    @staticmethod
    def _ask(remembered: dict[str, bool], cell: str, read: Callable[[str], bool]) -> bool:
        answer = read(cell)
        if len(remembered) < _REMEMBERED:
            remembered[cell] = answer
        return answer


def _radius_read(cell: str) -> bool:
    return not cell.strip() or read_metres(cell) is not None


def is_csv(head: bytes) -> bool:
    """Whether a file that begins so is read as CSV."""
    return not head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith((b"PK", b"<", b"{"))
