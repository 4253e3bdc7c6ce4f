"""CSV, JSON and KML files opened row by row, within limits that a hostile file cannot pass."""

from __future__ import annotations

import csv
import json
import zipfile
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any
from xml.parsers import expat

from geolocation.importers.formats.row import FileUnreadable, Reason, RefusedRow

MOST_JSON_BYTES = 64 << 20
MOST_KML_BYTES = 256 << 20
_LONGEST_CELL = 1 << 20
_PIECE = 1 << 16
_DELIMITERS = ",;\t|"
Line = tuple[int, dict[str, Any]] | RefusedRow
NumberedCells = tuple[int, list[str]] | RefusedRow


def csv_lines(path: Path) -> Iterator[Line]:
    """Each row by its header, numbered from 1; a row that cannot be read is refused, the others go on."""
    header, delimiter = csv_names(path)
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        rows = csv_rows(stream, delimiter)
        next(rows)
        for line in cells_numbered(rows, len(header)):
            if isinstance(line, RefusedRow):
                yield line
            else:
                yield line[0], dict(zip(header, line[1], strict=False))


def csv_names(path: Path) -> tuple[list[str], str]:
    """The names of the columns, and what separates the cells."""
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        first = stream.readline(_LONGEST_CELL)
        stream.seek(0)
        delimiter = delimiter_of(first)
        return csv_header(next(csv_rows(stream, delimiter), [])), delimiter


def csv_header(cells: list[str] | None) -> list[str]:
    """The names of the columns out of the first row; FileUnreadable where they are none."""
    if cells is None:
        raise FileUnreadable("The first line cannot be read as the names of columns.")
    header = [name.strip() for name in cells]
    if not any(header) or len(set(header)) != len(header):
        raise FileUnreadable("The first line has to name the columns, each name once.")
    return header


def csv_rows(lines: Iterable[str], delimiter: str) -> Iterator[list[str] | None]:
    """The cells of each row, None for one that cannot be read."""
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(lines, delimiter=delimiter)
    while True:
        try:
            yield from reader
            return
        except csv.Error:
            yield None


def cells_numbered(rows: Iterator[list[str] | None], width: int, number: int = 0) -> Iterator[NumberedCells]:
    """Rows that say anything, numbered after `number`; those that cannot be read are refused."""
    for cells in rows:
        if cells is None:
            number += 1
            yield RefusedRow(number, {}, (Reason.NOT_A_ROW,))
        elif any(cells):
            number += 1
            if len(cells) > width:
                yield RefusedRow(number, {"cells": cells[: 2 * width]}, (Reason.TOO_MANY_COLUMNS,))
            else:
                yield number, cells


def delimiter_of(line: str) -> str:
    """The separator that occurs most in a header line; a comma where none does."""
    return max(_DELIMITERS, key=line.count)


def json_value(path: Path) -> Any:
    """The whole of a JSON file of at most 64 MiB."""
    if path.stat().st_size > MOST_JSON_BYTES:
        raise FileUnreadable("A JSON file may have at most 64 MiB. Use CSV for more.")
    return json_bytes(path.read_bytes())


def json_bytes(content: bytes) -> Any:
    """JSON in UTF-8; numbers that are not finite are None."""
    try:
        return json.loads(content.decode("utf-8-sig"), parse_constant=lambda _name: None)
    except (ValueError, RecursionError) as error:
        raise FileUnreadable("This is not readable as JSON in UTF-8.") from error


def numbered(entries: Any) -> Iterator[Line]:
    """The objects of a JSON list, numbered from 1; what is not an object is refused."""
    if not isinstance(entries, list):
        raise FileUnreadable("A list was expected in this JSON.")
    for number, entry in enumerate(entries, start=1):
        if isinstance(entry, dict):
            yield number, entry
        else:
            yield RefusedRow(number, {}, (Reason.NOT_A_ROW,))


def features(path: Path) -> Iterator[Line]:
    """GeoJSON points as rows: the properties, with `id`, `longitude` and `latitude` from the feature."""
    found = json_value(path)
    if not isinstance(found, dict):
        raise FileUnreadable("A GeoJSON FeatureCollection was expected.")
    for line in numbered(found.get("features")):
        if isinstance(line, RefusedRow):
            yield line
            continue
        number, feature = line
        properties, geometry = feature.get("properties"), feature.get("geometry")
        row = dict(properties) if isinstance(properties, dict) else {}
        if feature.get("id") is not None:
            row["id"] = feature["id"]
        if isinstance(geometry, dict) and geometry.get("type") == "Point":
            pair = geometry.get("coordinates")
            if isinstance(pair, list) and len(pair) >= 2:
                row["longitude"], row["latitude"] = pair[0], pair[1]
        yield number, row


def placemarks(path: Path) -> Iterator[Line]:
    """Placemarks of a KML or KMZ as rows of `name, description, coordinates`, numbered from 1.

    The folder is left out, so that the same placemark in two folders is the same row.
    """
    with path.open("rb") as stream:
        is_zip = stream.read(2) == b"PK"
        stream.seek(0)
        if not is_zip:
            yield from xml_rows(stream, _Placemarks(), kind="KML")
            return
    try:
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if name.lower().endswith(".kml")]
            if not names:
                raise FileUnreadable("This KMZ holds no KML.")
            with archive.open("doc.kml" if "doc.kml" in names else names[0]) as inner:
                yield from xml_rows(inner, _Placemarks(), kind="KML")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise FileUnreadable("This KMZ is damaged or uses a compression that is not read.") from error


class XmlRows(ABC):
    """Collects rows of texts while XML is read; no more than one piece's worth of them is held.

    `row` is the one at hand, None outside of any; `names` the elements that are open; `text` what was read in
    the innermost.
    """

    def __init__(self) -> None:
        self.row: dict[str, str] | None = None
        self.names: list[str] = []
        self.text: list[str] = []
        self._done: list[tuple[dict[str, str], Reason | None]] = []

    @abstractmethod
    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins; its name comes after its namespace and a space."""

    @abstractmethod
    def end(self, tag: str) -> None:
        """It ends."""

    def read(self, data: str) -> None:
        """Some of its text."""
        if self.row is not None:
            self.text.append(data)

    def take_up(self, row: dict[str, str], refused: Reason | None = None) -> None:
        """A row is whole."""
        self._done.append((row, refused))
        self.row = None

    def taken(self) -> list[tuple[dict[str, str], Reason | None]]:
        """The rows since the last time."""
        done, self._done = self._done, []
        return done


def xml_rows(stream: IO[bytes], found: XmlRows, *, kind: str) -> Iterator[Line]:
    """The rows found in XML of at most 256 MiB, numbered from 1. Refuses a document type declaration."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.EndElementHandler = found.start, found.end
    parser.CharacterDataHandler = found.read
    parser.StartDoctypeDeclHandler = _no_doctype
    number = read = 0
    while True:
        piece = stream.read(_PIECE)
        read += len(piece)
        if read > MOST_KML_BYTES:
            raise FileUnreadable(f"The {kind} has more than 256 MiB.")
        try:
            parser.Parse(piece, not piece)
        except expat.ExpatError as error:
            raise FileUnreadable(f"This {kind} is not well-formed XML.") from error
        for row, refused in found.taken():
            number += 1
            yield (number, row) if refused is None else RefusedRow(number, row, (refused,))
        if not piece:
            return


def _no_doctype(*_declared: Any) -> None:
    raise FileUnreadable("A file with a document type declaration is not read.")


class _Placemarks(XmlRows):
    """Collects the texts of each Placemark."""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(" ")[2]
        if name == "Placemark":
            self.row = {}
        self.names.append(name)
        self.text = []

    def end(self, tag: str) -> None:
        name = tag.rpartition(" ")[2]
        self.names.pop()
        if self.row is None:
            return
        if name == "Placemark":
            self.take_up(self.row)
        elif name in ("name", "description", "when") and self.names[-1] in ("Placemark", "TimeStamp"):
            self.row[name] = "".join(self.text).strip()
        elif name == "coordinates" and self.names[-1] == "Point":
            longitude, _comma, rest = "".join(self.text).strip().partition(",")
            self.row["longitude"], self.row["latitude"] = longitude, rest.partition(",")[0]
        self.text = []
