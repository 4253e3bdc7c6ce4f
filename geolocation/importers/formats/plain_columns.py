"""Rows of a plain CSV, quickly: what is plainly a point is judged by columns, all others by `read_row`.

The verdict is the same either way, and a test compares the two. It matters because most rows of most files
have two decimal numbers and a date: for those, making an object of each value costs more than judging it.

Arrow reads a block of rows (see csv_blocks). One that it would read otherwise than Python's `csv` (a row with
too few or too many cells, bytes that are not UTF-8) goes the careful way alone; so does what follows the last
block.
"""

from __future__ import annotations

import functools
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from geolocation.importers.formats.containers import NumberedCells, cells_numbered, csv_names, csv_rows
from geolocation.importers.formats.csv_blocks import CsvBlocks, first_row_end
from geolocation.importers.formats.fields import Fields, Row, read_row
from geolocation.importers.formats.plain import fields_of, mapping_guess
from geolocation.importers.formats.row import RefusedRow, text_digest
from geolocation.importers.formats.values import read_metres, read_when

_BOM: Final = b"\xef\xbb\xbf"
_DAMAGED, _NUL = "\ufffd", "\x00"
# Narrower than what `read_place` takes for a plain number: no plus sign, the ten digits of ASCII alone.
_NUMBER: Final = r"^-?\d{1,3}(?:\.\d+)?$"
# An id that `str.strip` and a limit of 200 characters leave as it is.
_PLAIN_ID: Final = r"^[!-~](?:[ -~]{0,198}[!-~])?$"
_ESCAPED: Final = r'["\\\x00-\x1f]'
_REMEMBERED: Final = 10_000
_HEAD_BYTES: Final = 4096
_CAREFUL_ROWS: Final = 2000


@dataclass(frozen=True, slots=True)
class PlainPoints:
    """Rows without any doubt, as columns of one length.

    `numbers` are int64, `latitudes` and `longitudes` float64 in degrees; `upstream_ids` and `texts` are Arrow
    strings. A text is the canonical JSON of its row; its SHA-256 is the row's digest.
    """

    numbers: Any
    upstream_ids: pa.Array
    latitudes: Any
    longitudes: Any
    texts: pa.Array

    def __len__(self) -> int:
        return len(self.texts)


@dataclass(frozen=True, slots=True)
class Judged:
    """Some rows of a file: those that are plainly points, and the others as `read_row` has them."""

    points: PlainPoints | None
    rows: list[Row]
    last_number: int


def csv_judged(path: Path, mapping: Mapping[str, str] | None) -> Iterator[Judged]:
    """Every row of a CSV in pieces, one after the other; within a piece not in the order of their numbers.

    FileUnreadable if the first line names no columns, or none of them a position.
    """
    names, delimiter = csv_names(path)
    judge = _Judge(names, delimiter, fields_of(mapping or mapping_guess(names)))
    with path.open("rb") as stream:
        stream.seek(len(_BOM) if stream.read(len(_BOM)) == _BOM else 0)
        blocks, header_bytes, last = CsvBlocks(stream, delimiter), None, 0
        for block in blocks:
            if header_bytes is None:
                header_bytes = first_row_end(block)
                block = block[header_bytes:]
            for piece in judge.block(block, last):
                last = piece.last_number
                yield piece
        if blocks.rest_from is None:
            return
        stream.seek(blocks.rest_from)
        with io.TextIOWrapper(stream, "utf-8", "replace", newline="") as rest:
            rows = csv_rows(rest, delimiter)
            if header_bytes is None:
                next(rows)
            yield from judge.carefully(rows, last)


class _Judge:
    """What a file's rows are judged by: its columns, and which of them says what."""

    def __init__(self, names: list[str], delimiter: str, fields: Fields) -> None:
        self._names, self._delimiter, self._fields = names, delimiter, fields
        self._has_columns = (
            not fields.position
            and {fields.latitude, fields.longitude} <= set(names)
            and not any(_DAMAGED in name or _NUL in name for name in names)
        )
        self._is_sure_date = _Remembered(lambda cell: read_when(cell, order=fields.date_order).doubt is None)
        self._is_sure_radius = _Remembered(lambda cell: not cell.strip() or read_metres(cell) is not None)

    def block(self, block: bytes, last: int) -> Iterator[Judged]:
        """The rows of a block that begins and ends with whole rows, numbered after `last`."""
        table = self._read(block) if self._has_columns else None
        if table is not None:
            yield self._by_columns(table, block, last)
            return
        lines = io.StringIO(block.decode("utf-8", "replace"), newline="")
        yield from self.carefully(csv_rows(lines, self._delimiter), last)

    def carefully(self, rows: Iterator[list[str] | None], last: int) -> Iterator[Judged]:
        """Each row by itself."""
        lines = cells_numbered(rows, len(self._names), last)
        while judged := [self._row(line) for line in islice(lines, _CAREFUL_ROWS)]:
            yield Judged(None, judged, judged[-1].number)

    def _row(self, line: NumberedCells) -> Row:
        if isinstance(line, RefusedRow):
            return line
        return read_row(line[0], dict(zip(self._names, line[1], strict=False)), self._fields)

    def _read(self, block: bytes) -> dict[str, pa.Array] | None:
        """The columns as texts, without rows that say nothing; None where Arrow and `csv` might differ."""
        try:
            read = arrow_csv.read_csv(
                pa.BufferReader(block),
                read_options=arrow_csv.ReadOptions(
                    column_names=self._names, use_threads=False, block_size=len(block) + 1
                ),
                parse_options=arrow_csv.ParseOptions(delimiter=self._delimiter, newlines_in_values=True),
                convert_options=arrow_csv.ConvertOptions(
                    column_types=dict.fromkeys(self._names, pa.string()), strings_can_be_null=False
                ),
            )
        except pa.ArrowInvalid:
            return None
        first = read[self._fields.latitude]
        if pc.any(pc.equal(first, "")).as_py():
            says = [pc.not_equal(column, "") for column in read.columns]
            read = read.filter(functools.reduce(pc.or_, says))
        return {name: read[name].combine_chunks() for name in self._names}

    def _by_columns(self, cells: dict[str, pa.Array], block: bytes, last: int) -> Judged:
        count = len(cells[self._names[0]])
        numbers = np.arange(last + 1, last + 1 + count)
        is_sure, latitudes, longitudes = self._positions(cells)
        for name, judge in (
            (self._fields.date, self._is_sure_date),
            (self._fields.uncertainty, self._is_sure_radius),
        ):
            if name in cells:
                is_sure &= judge.mask(cells[name])
        for text in (_DAMAGED, _NUL):
            if text.encode() in block:
                for column in cells.values():
                    is_sure &= ~_mask(pc.match_substring(column, text))
        rows = self._rows(cells, numbers, ~is_sure)
        if rows:
            sure = pa.array(is_sure)
            cells = {name: column.filter(sure) for name, column in cells.items()}
            numbers, latitudes, longitudes = numbers[is_sure], latitudes[is_sure], longitudes[is_sure]
        texts = _json_texts(cells)
        points = PlainPoints(numbers, self._ids(cells, texts), latitudes, longitudes, texts)
        return Judged(points if len(points) else None, rows, last + count)

    def _positions(self, cells: dict[str, pa.Array]) -> tuple[Any, Any, Any]:
        """Which rows have plain numbers in range, and the numbers; of the others they mean nothing."""
        pair = cells[self._fields.latitude], cells[self._fields.longitude]
        is_number = np.logical_and(*(_mask(pc.match_substring_regex(column, _NUMBER)) for column in pair))
        given = pa.array(is_number)
        latitudes, longitudes = (
            pc.cast(pc.if_else(given, column, "0"), pa.float64()).to_numpy() for column in pair
        )
        in_range = (np.abs(latitudes) <= 90) & (np.abs(longitudes) <= 180)
        return is_number & in_range & ((latitudes != 0) | (longitudes != 0)), latitudes, longitudes

    def _rows(self, cells: dict[str, pa.Array], numbers: Any, doubtful: Any) -> list[Row]:
        if not doubtful.any():
            return []
        wanted = pa.array(doubtful)
        columns = [cells[name].filter(wanted).to_pylist() for name in self._names]
        found = zip(numbers[doubtful].tolist(), zip(*columns, strict=True), strict=True)
        return [self._row((number, list(row))) for number, row in found]

    def _ids(self, cells: dict[str, pa.Array], texts: pa.Array) -> pa.Array:
        """The upstream ids; of a row without one, the digest of its text."""
        ids = cells.get(self._fields.upstream_id)
        if ids is None:
            return pa.array([f"sha256:{text_digest(text)}" for text in texts.to_pylist()], pa.string())
        others = pc.invert(pc.match_substring_regex(ids, _PLAIN_ID))
        if not pc.any(others).as_py():
            return ids
        given = zip(ids.filter(others).to_pylist(), texts.filter(others).to_pylist(), strict=True)
        put_right = [each.strip()[:200] or f"sha256:{text_digest(text)}" for each, text in given]
        return pc.replace_with_mask(ids, others, pa.array(put_right, pa.string()))


class _Remembered:
    """Whether a cell leaves no doubt, remembered: dates and radii repeat."""

    def __init__(self, is_sure: Callable[[str], bool]) -> None:
        self._is_sure = is_sure
        self._known: dict[str, bool] = {}

    def mask(self, column: pa.Array) -> Any:
        """The same question of a whole column: booleans."""
        sure = [cell for cell in pc.unique(column).to_pylist() if self._ask(cell)]
        return _mask(pc.is_in(column, pa.array(sure, pa.string())))

    def _ask(self, cell: str) -> bool:
        known = self._known.get(cell)
        if known is None:
            known = self._is_sure(cell)
            if len(self._known) < _REMEMBERED:
                self._known[cell] = known
        return known


def _json_texts(cells: dict[str, pa.Array]) -> pa.Array:
    """Each row as canonical JSON: keys sorted, no spaces, as `row_text` writes it."""
    parts: list[Any] = []
    opening = "{"
    for name in sorted(cells):
        parts += [f'{opening}{orjson.dumps(name).decode()}:"', _escaped(cells[name])]
        opening = '",'
    return pc.binary_join_element_wise(*parts, '"}', "")


def _escaped(column: pa.Array) -> pa.Array:
    """Texts as they stand between quotes in JSON."""
    others = pc.match_substring_regex(column, _ESCAPED)
    if not pc.any(others).as_py():
        return column
    put_right = [orjson.dumps(cell)[1:-1].decode() for cell in column.filter(others).to_pylist()]
    return pc.replace_with_mask(column, others, pa.array(put_right, pa.string()))


def _mask(answers: pa.Array) -> Any:
    return answers.to_numpy(zero_copy_only=False)


def is_csv(path: Path) -> bool:
    """Whether a plain file is read as CSV."""
    with path.open("rb") as stream:
        head = stream.read(_HEAD_BYTES).lstrip(_BOM + b" \r\n\t")
    return not head.startswith((b"PK", b"<", b"{"))
