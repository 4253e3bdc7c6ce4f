"""GeoJSON (RFC 7946) and GeoJSON text sequences (RFC 8142), streamed.

Coordinates are WGS 84 and stand as [longitude, latitude], and are written as exactly as they are stored.
The context of the export stands in foreign members (RFC 7946, section 6.1) before the features.
"""

from collections.abc import Iterable, Iterator
from typing import Final

import orjson

from geolocation.exports.base import (
    BoundingBox,
    ExportContext,
    PointRow,
    in_chunks,
    optional_utc_text,
    utc_text,
)

MEDIA_TYPE: Final = "application/geo+json"
SEQUENCE_MEDIA_TYPE: Final = "application/geo+json-seq"
#: RFC 8142 begins every text with this, so that a reader finds the next one after a broken one.
RECORD_SEPARATOR: Final = b"\x1e"


def feature(row: PointRow) -> dict[str, object]:
    """One point as a GeoJSON feature: `id` on the feature, everything else flat in its properties."""
    return {
        "type": "Feature",
        "id": row.id,
        "geometry": {"type": "Point", "coordinates": (row.longitude, row.latitude)},
        "properties": properties(row),
    }


def properties(row: PointRow) -> dict[str, object]:
    """The properties of a feature. Unknown is null; a day without a time stands in `captured_on` alone."""
    return {
        "investigation": row.investigation,
        "reference": row.reference,
        "media_reference": row.media_reference,
        "title": row.title,
        "kind": row.kind,
        "uncertainty_m": row.uncertainty_m,
        "position_role": row.position_role,
        "disclosure": row.disclosure,
        "camera_latitude": row.camera_latitude,
        "camera_longitude": row.camera_longitude,
        "subject_latitude": row.subject_latitude,
        "subject_longitude": row.subject_longitude,
        "place_name": row.place_name,
        "captured_from": optional_utc_text(row.captured_from_utc),
        "captured_to": optional_utc_text(row.captured_to_utc),
        "captured_on": None if row.captured_on is None else row.captured_on.isoformat(),
        "claims": row.claims,
        "source_url": row.source_url,
        "licence": row.licence,
        "attribution": row.attribution,
        "revision": row.revision,
        "verified_at": utc_text(row.verified_at_utc),
        "verified_by": row.verified_by,
        "updated_at": utc_text(row.updated_at_utc),
    }


def feature_collection_chunks(
    rows: Iterable[PointRow], context: ExportContext, *, bounding_box: BoundingBox | None = None
) -> Iterator[bytes]:
    """One FeatureCollection. The bounding box, when the caller knows it, stands before the features."""
    return in_chunks(_collection_pieces(rows, context, bounding_box))


def feature_sequence_chunks(rows: Iterable[PointRow], *, record_separators: bool = True) -> Iterator[bytes]:
    """One feature a line. Without the record separators of RFC 8142 it is newline-delimited GeoJSON."""
    prefix = RECORD_SEPARATOR if record_separators else b""
    return in_chunks(prefix + orjson.dumps(feature(row), option=orjson.OPT_APPEND_NEWLINE) for row in rows)


def _collection_pieces(
    rows: Iterable[PointRow], context: ExportContext, bounding_box: BoundingBox | None
) -> Iterator[bytes]:
    head: dict[str, object] = {"type": "FeatureCollection"}
    if bounding_box is not None:
        head["bbox"] = (bounding_box.west, bounding_box.south, bounding_box.east, bounding_box.north)
    head |= context.members
    # The object stays open: its closing brace comes after the last feature.
    yield orjson.dumps(head)[:-1] + b',"features":['
    separator = b"\n"
    for row in rows:
        yield separator + orjson.dumps(feature(row))
        separator = b",\n"
    yield b"\n]}\n"
