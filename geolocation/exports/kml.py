"""KML 2.2 (OGC 07-147r2) for Google Earth, streamed, and the same document in a KMZ.

Times become TimeStamp or TimeSpan, so that the time slider works; a day without a time stays a day
(xsd:date). Coordinates stand as longitude,latitude. All other values stand in ExtendedData. The colour of a
pin says what kind of recording it is; no picture is fetched from anywhere for it.
"""

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from geolocation.exports.base import ExportContext, PointRow, in_chunks, utc_text
from geolocation.exports.csv import LIST_SEPARATOR
from geolocation.exports.geojson import properties
from geolocation.exports.zips import zip_chunks

MEDIA_TYPE: Final = "application/vnd.google-earth.kml+xml"
KMZ_MEDIA_TYPE: Final = "application/vnd.google-earth.kmz"
NAMESPACE: Final = "http://www.opengis.net/kml/2.2"

#: The colour of each kind's pin, as KML writes it: opacity, blue, green, red.
KIND_COLOURS: Final = {"video": "ffb27200", "photo": "ff009fe6", "satellite": "ffa779cc"}
_OTHER_COLOUR: Final = "ff999999"
_OTHER_KIND: Final = "other"

# XML 1.0 (fifth edition), production 2, has no way to write these, not even as references.
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ILLEGAL_OCTETS: Final = bytes(octet for octet in range(32) if octet not in b"\t\n\r")
_NOT_CHARACTERS: Final = ("\ufffe".encode(), "\uffff".encode())


def kml_chunks(rows: Iterable[PointRow], context: ExportContext) -> Iterator[bytes]:
    """One document with a placemark for each point; an empty one is valid too."""
    return document_chunks((placemark(row).encode() for row in rows), context)


def document_chunks(placemarks: Iterable[bytes], context: ExportContext) -> Iterator[bytes]:
    """One document of placemarks that are written already; its head leaves at once."""
    yield head(context)
    yield from in_chunks(placemarks)
    yield b"</Document>\n</kml>\n"


def legal_octets(placemark: bytes) -> bytes:
    """A placemark in UTF-8 without the characters that XML cannot hold."""
    legal = placemark.translate(None, _ILLEGAL_OCTETS)
    # Rare, and begun by these two bytes: most texts of any script have none of them.
    if b"\xef\xbf" in legal:
        for octets in _NOT_CHARACTERS:
            legal = legal.replace(octets, b"")
    return legal


def kmz_chunks(
    rows: Iterable[PointRow], context: ExportContext, *, beyond_2_gib: bool = False
) -> Iterator[bytes]:
    """The document of `kml_chunks` as doc.kml in a ZIP; `beyond_2_gib` as in `zip_chunks`."""
    return packed_chunks(kml_chunks(rows, context), context, beyond_2_gib=beyond_2_gib)


def packed_chunks(
    document: Iterable[bytes], context: ExportContext, *, beyond_2_gib: bool = False
) -> Iterator[bytes]:
    """A document that is written already, as doc.kml in a ZIP."""
    return zip_chunks([("doc.kml", document)], at=context.generated_at_utc, beyond_2_gib=beyond_2_gib)


def head(context: ExportContext) -> bytes:
    """Everything before the first placemark: whose they are, and how each kind is drawn."""
    context_values = {name: value for name, value in context.members.items() if name != "title"}
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="{NAMESPACE}">\n<Document>'
        f"<name>{_text(context.title)}</name>\n{_styles()}{_extended_data(context_values)}\n"
    ).encode()


def placemark(row: PointRow) -> str:
    """One point, ended by a line feed."""
    # The order of the elements is the schema's.
    return (
        f"<Placemark id={quoteattr('p-' + _legal(row.id))}><name>{_text(row.title)}</name>"
        f"<description>{_description(row)}</description>{_time(row)}"
        f"<styleUrl>#{row.kind if row.kind in KIND_COLOURS else _OTHER_KIND}</styleUrl>"
        f"{_extended_data({'id': row.id} | properties(row))}"
        f"<Point><coordinates>{_number(row.longitude)},{_number(row.latitude)}</coordinates></Point>"
        "</Placemark>\n"
    )


def _description(row: PointRow) -> str:
    """Google Earth shows this as HTML: what people typed is escaped once for HTML and once for XML."""
    lines = (html.escape(row.place_name), _link(row.source_url), html.escape(row.attribution))
    return _text("<br>".join(line for line in (*lines, html.escape(row.licence)) if line))


def _link(address: str) -> str:
    """A link to a page of the web; any other text stays text."""
    escaped = html.escape(address)
    is_web = address.startswith(("https://", "http://"))
    return f'<a href="{escaped}">{escaped}</a>' if is_web else escaped


def _styles() -> str:
    colours = KIND_COLOURS | {_OTHER_KIND: _OTHER_COLOUR}
    return "".join(
        f'<Style id="{kind}"><IconStyle><color>{colour}</color></IconStyle></Style>\n'
        for kind, colour in colours.items()
    )


def _time(row: PointRow) -> str:
    begin, end = row.captured_from_utc, row.captured_to_utc
    if begin is None and end is None:
        return f"<TimeStamp><when>{row.captured_on}</when></TimeStamp>" if row.captured_on else ""
    if begin is not None and begin == end:
        return f"<TimeStamp><when>{utc_text(begin)}</when></TimeStamp>"
    edges = (
        f"<begin>{utc_text(begin)}</begin>" if begin else "",
        f"<end>{utc_text(end)}</end>" if end else "",
    )
    return f"<TimeSpan>{''.join(edges)}</TimeSpan>"


def _extended_data(values: Mapping[str, object]) -> str:
    pairs = (
        f'<Data name="{name}"><value>{_text(_value(value))}</value></Data>'
        for name, value in values.items()
        if value not in (None, "", ())
    )
    return f"<ExtendedData>{''.join(pairs)}</ExtendedData>"


def _value(value: object) -> str:
    if isinstance(value, float):
        return _number(value)
    return LIST_SEPARATOR.join(value) if isinstance(value, tuple) else str(value)


def _number(value: float) -> str:
    """The shortest text that is this number, as PostgreSQL writes it: 10, not 10.0."""
    return repr(value).removesuffix(".0")


def _text(text: str) -> str:
    return escape(_legal(text))


def _legal(text: str) -> str:
    return _ILLEGAL.sub("", text)
