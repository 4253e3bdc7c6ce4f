"""What a CSV file cannot say of itself, as CSV on the Web has it (W3C, Metadata Vocabulary for Tabular Data).

Whose the points are, under which licence, what was asked for and when, and what each column holds: a reader
of CSVW makes numbers, days and moments of the cells by it.
"""

from collections.abc import Mapping
from typing import Final

import orjson

from geolocation.exports.base import ExportContext, utc_text
from geolocation.exports.csv import COLUMNS, LIST_SEPARATOR

MEDIA_TYPE: Final = "application/csvm+json"
#: What comes after the name of the CSV file (section 5.2 of CSVW's model: its default location).
SUFFIX: Final = "-metadata.json"

_NUMBER: Final = {"base": "double"}
_MOMENT: Final = {"base": "dateTimeStamp"}
_TYPES: Final[Mapping[str, object]] = {
    "latitude": {"base": "double", "minimum": -90, "maximum": 90},
    "longitude": {"base": "double", "minimum": -180, "maximum": 180},
    "uncertainty_m": _NUMBER,
    "camera_latitude": _NUMBER,
    "camera_longitude": _NUMBER,
    "subject_latitude": _NUMBER,
    "subject_longitude": _NUMBER,
    "captured_from": _MOMENT,
    "captured_to": _MOMENT,
    "captured_on": {"base": "date", "format": "yyyy-MM-dd"},
    "revision": {"base": "integer"},
    "verified_at": _MOMENT,
    "updated_at": _MOMENT,
}
_LISTS: Final = ("claims", "verified_by")
_DESCRIPTIONS: Final[Mapping[str, str]] = {
    "latitude": "WGS 84, degrees",
    "longitude": "WGS 84, degrees",
    "uncertainty_m": "Radius in metres",
    "position_role": "What stands at latitude and longitude: camera or subject",
    "captured_on": "Where only the day is known",
    "revision": "The revision that was approved",
}


def csv_metadata(context: ExportContext, *, url: str) -> bytes:
    """The JSON document that describes the CSV file at `url`, which is absolute or beside the document."""
    document = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": url,
        "dc:title": context.title,
        "dc:rights": context.attribution,
        "dc:license": {"@value": context.licence},
        "dc:description": f"filter: {context.filter_text}",
        "dc:created": {"@value": utc_text(context.generated_at_utc), "@type": "xsd:dateTime"},
        "dialect": {
            "encoding": "utf-8",
            "header": True,
            "delimiter": ",",
            "quoteChar": '"',
            "doubleQuote": True,
        },
        "notes": [
            {"attribution": context.attribution, "licence": context.licence, "filter": context.filter_text}
        ],
        "tableSchema": {"columns": [_column(name) for name in COLUMNS], "primaryKey": "id"},
    }
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _column(name: str) -> dict[str, object]:
    column: dict[str, object] = {"name": name, "titles": name, "datatype": _TYPES.get(name, "string")}
    if name in _LISTS:
        column["separator"] = LIST_SEPARATOR
    if name in _DESCRIPTIONS:
        column["dc:description"] = _DESCRIPTIONS[name]
    return column
