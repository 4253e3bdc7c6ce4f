"""KML as PostgreSQL writes it: each placemark is one text of the database, and no object is made of a row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from geolocation.exports import kml
from geolocation.exports.base import ExportContext
from geolocation.exports.csv import COLUMNS
from geolocation.querysets import VerifiedPointQuerySet
from geolocation.services.export_rows import MOMENTS, column_source
from geolocation.services.exporting import Seen, copy_points, one_moment, with_points

# A row of COPY's binary format: two bytes for the number of fields, four for the length of the only one.
# Before the first row stand signature, flags and the length of an extension that there is none of.
_FILE_HEAD: Final = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
_ROW_HEAD_BYTES: Final = 6
_FILE_END: Final = b"\xff\xff"

# In this order: the ampersand of an entity must not be escaped again.
_XML: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
# What Google Earth shows as HTML: escaped for HTML, and that for XML.
_HTML: Final = {
    "&": "&amp;amp;",
    "<": "&amp;lt;",
    ">": "&amp;gt;",
    '"': "&amp;quot;",
    "''": "&amp;#x27;",
}
# Position, and what stands elsewhere in a placemark, are no values of ExtendedData.
_DATA: Final = tuple(name for name in COLUMNS if name not in ("latitude", "longitude"))
_NO_TEXT: Final = frozenset(
    {
        "id",
        "uncertainty_m",
        "camera_latitude",
        "camera_longitude",
        "subject_latitude",
        "subject_longitude",
        "captured_on",
        "revision",
    }
)


def kml_stream(
    points: VerifiedPointQuerySet, context: ExportContext, *, seen: Seen | None = None
) -> Iterator[bytes]:
    """The file of `geolocation.exports.kml.kml_chunks`: its head at once, its placemarks by the database."""
    return kml.document_chunks(_placemarks(points, seen), context)


def _placemarks(points: VerifiedPointQuerySet, seen: Seen | None) -> Iterator[bytes]:
    with one_moment():
        for row in copy_points(kml_statement, points, seen=seen):
            if row != _FILE_END:
                yield kml.legal_octets(row.removeprefix(_FILE_HEAD)[_ROW_HEAD_BYTES:])


def kml_statement(points: VerifiedPointQuerySet) -> tuple[str, tuple[object, ...]]:
    """The COPY that writes one placemark a point, and its parameters."""
    return with_points(_STATEMENT, points)


def _statement() -> str:
    """The statement with every value and every escaping in its place."""
    values = ",\n".join(
        f"""'<Data name="{name}"><value>' || {_value(name)} || '</value></Data>'""" for name in _DATA
    )
    kinds = ", ".join(f"'{kind}'" for kind in kml.KIND_COLOURS)
    text = (Path(__file__).parent / "point_placemarks.sql").read_text()
    text = text.replace("$DATA", values).replace("$KINDS", kinds)
    text = re.sub(r"\bXML\(([a-z_.]+)\)", lambda found: xml_text(found[1]), text)
    return re.sub(r"\bHTML\(([a-z_.]+)\)", lambda found: html_text(found[1]), text)


def _value(name: str) -> str:
    """SQL of one value as text; NULL where it is not known or empty, so that it is left out."""
    source = column_source(name)
    if name in MOMENTS:
        return f"utc_text({source})"
    return source if name in _NO_TEXT else f"NULLIF({xml_text(source)}, '')"


def xml_text(source: str) -> str:
    """SQL that escapes the text of this SQL as `geolocation.exports.kml` does; a test compares."""
    return _escaped(source, _XML)


def html_text(source: str) -> str:
    """SQL that escapes it for the HTML of a description, and that for XML."""
    return _escaped(source, _HTML)


def _escaped(source: str, entities: Mapping[str, str]) -> str:
    for character, entity in entities.items():
        source = f"replace({source}, '{character}', '{entity}')"
    return source


_STATEMENT: Final = _statement()
