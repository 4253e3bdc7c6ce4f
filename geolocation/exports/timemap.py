"""TimeMap bundle: events.json, sources.json and associations.json, as TimeMap story pages read them.

Latitude and longitude are texts with a decimal point. `date` is written M/D/YYYY and `time` HH:MM:SS, both in
UTC; a capture known only by its day has no time, and one known only as an interval has its beginning, with
the whole of it in `time_display`. `time_precision` says which it is. Each event has the uncertainty, licence
and attribution in `comments`, and points to one source by its id.
"""

import tempfile
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from typing import Final

import orjson

from geolocation.exports.base import ExportContext, PointRow, in_chunks, utc_text
from geolocation.exports.zips import zip_chunks

MEDIA_TYPE: Final = "application/zip"
#: So much of the sources stays in memory while the events are written; the rest goes to a temporary file.
_SPOOL_BYTES: Final = 1_000_000


def timemap_chunks(
    rows: Iterable[PointRow], context: ExportContext, *, beyond_2_gib: bool = False
) -> Iterator[bytes]:
    """The ZIP of the three files and of about.json, which says whose these are. Rows are read once."""
    with tempfile.SpooledTemporaryFile(_SPOOL_BYTES) as sources:
        kinds: set[str] = set()

        def events() -> Iterator[bytes]:
            yield b"["
            for number, row in enumerate(rows):
                kinds.add(row.kind)
                lead = b",\n" if number else b"\n"
                sources.write(lead + orjson.dumps(row.id) + b":" + orjson.dumps(_source(row)))
                yield lead + orjson.dumps(_event(row))
            yield b"\n]\n"

        def written_sources() -> Iterator[bytes]:
            sources.seek(0)
            yield b"{"
            while chunk := sources.read(65_536):
                yield chunk
            yield b"\n}\n"

        def associations() -> Iterator[bytes]:
            yield orjson.dumps([_association(kind) for kind in sorted(kinds)], option=orjson.OPT_INDENT_2)

        yield from zip_chunks(
            (
                ("events.json", in_chunks(events())),
                ("sources.json", written_sources()),
                ("associations.json", associations()),
                ("about.json", [_about(context)]),
            ),
            at=context.generated_at_utc,
            beyond_2_gib=beyond_2_gib,
        )


def _event(row: PointRow) -> dict[str, object]:
    begin = row.captured_from_utc or row.captured_to_utc
    day = row.captured_on or (None if begin is None else begin.astimezone(UTC).date())
    return {
        "id": row.id,
        "civId": f"{row.investigation} {row.reference}",
        "description": row.title,
        "graphic": "",
        "date": "" if day is None else _month_day_year(day),
        "time": "" if begin is None else begin.astimezone(UTC).strftime("%H:%M:%S"),
        "time_precision": _precision(row),
        "time_display": _time_display(row),
        "location": row.place_name,
        "latitude": repr(row.latitude),
        "longitude": repr(row.longitude),
        "type": row.position_role,
        "category": row.kind,
        "category_full": row.kind,
        "associations": [row.kind],
        "sources": [row.id],
        "comments": "; ".join(_comments(row)),
    }


def _comments(row: PointRow) -> Iterator[str]:
    if row.uncertainty_m is not None:
        yield f"± {row.uncertainty_m:g} m"
    yield f"revision {row.revision}, verified {utc_text(row.verified_at_utc)}"
    yield from (text for text in (row.attribution, row.licence) if text)


def _source(row: PointRow) -> dict[str, object]:
    return {
        "id": row.id,
        "title": f"{row.media_reference} {row.title}".strip(),
        "thumbnail": "",
        "paths": [row.source_url] if row.source_url else [],
        "type": row.kind,
        "affil_s": [],
        "url": row.source_url,
        "description": row.place_name,
        "parent": "",
        "author": row.attribution,
        "date": "" if row.captured_on is None else _month_day_year(row.captured_on),
        "notes": row.licence,
    }


def _association(kind: str) -> dict[str, object]:
    return {"id": kind, "title": kind, "desc": "", "mode": "CATEGORY", "filter_paths": [kind]}


def _about(context: ExportContext) -> bytes:
    return orjson.dumps(context.members, option=orjson.OPT_INDENT_2)


def _month_day_year(day: date) -> str:
    return f"{day.month}/{day.day}/{day.year:04d}"


def _precision(row: PointRow) -> str:
    begin, end = row.captured_from_utc, row.captured_to_utc
    if begin is None and end is None:
        return "day" if row.captured_on else ""
    return "moment" if begin == end else "interval"


def _time_display(row: PointRow) -> str:
    def text(moment: datetime | None) -> str:
        return "…" if moment is None else utc_text(moment)

    match _precision(row):
        case "interval":
            return f"{text(row.captured_from_utc)} – {text(row.captured_to_utc)}"
        case "moment":
            return text(row.captured_from_utc)
        case _:
            return "" if row.captured_on is None else row.captured_on.isoformat()
