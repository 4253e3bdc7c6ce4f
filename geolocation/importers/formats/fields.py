"""From a row and the names of its columns to a point: the one place where rows are judged."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from geolocation.importers.formats.row import ImportedRow, Reason, RefusedRow, row_text, text_digest
from geolocation.importers.formats.values import (
    MONTH_FIRST,
    read_links,
    read_list,
    read_place,
    read_place_text,
    read_when,
)

Raw = Mapping[str, Any]
Row = ImportedRow | RefusedRow


@dataclass(frozen=True, kw_only=True)
class Fields:
    """Which column says what; an empty name is a column the file does not have.

    `position` is one column with both values, instead of latitude and longitude; `longitude_first` says the
    order of bare numbers in it. `date_order` is that of dates in bare numbers. `uncertainty_m` reads the
    metres from the row, of a plain file from the column `uncertainty`; `doubts` names what this format's
    rows are known to get wrong.
    """

    latitude: str = ""
    longitude: str = ""
    position: str = ""
    upstream_id: str = ""
    date: str = ""
    title: str = ""
    description: str = ""
    source_name: str = ""
    links: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    longitude_first: bool = False
    date_order: str = MONTH_FIRST
    private: frozenset[str] = frozenset()
    uncertainty: str = ""
    uncertainty_m: Callable[[Raw], float | None] = lambda _raw: None
    archived_url: Callable[[Raw], str] = lambda _raw: ""
    publishers: Callable[[Raw], tuple[tuple[str, str], ...]] = lambda _raw: ()
    # A row without a position is a recording alone.
    may_be_unplaced: bool = False
    is_sensitive: Callable[[Raw], bool] = lambda _raw: False
    doubts: Callable[[Raw], tuple[Reason, ...]] = lambda _raw: ()


def read_row(number: int, raw: Raw, fields: Fields) -> Row:
    """The point that a row gives, with its doubts; or why it gives none. Never raises for any row."""
    try:
        text = row_text(raw)
        digest = text_digest(text)
    except (ValueError, RecursionError):
        return RefusedRow(number, {}, (Reason.NOT_A_ROW,))
    if "\\u0000" in text:
        return RefusedRow(number, {}, (Reason.NUL_CHARACTER,))
    get = raw.get
    place = (
        read_place_text(get(fields.position), longitude_first=fields.longitude_first)
        if fields.position
        else read_place(get(fields.latitude), get(fields.longitude))
    )
    is_alone = fields.may_be_unplaced and place.refused == Reason.NO_POSITION
    if place.refused is not None and not is_alone:
        return RefusedRow(number, _shown(raw, fields), (place.refused,))
    when = read_when(get(fields.date), order=fields.date_order)
    doubts = [doubt for doubt in (place.doubt, when.doubt) if doubt is not None]
    doubts += fields.doubts(raw)
    if "\ufffd" in text:
        doubts.append(Reason.TEXT_DAMAGED)
    return ImportedRow(
        number=number,
        upstream_id=_word(get(fields.upstream_id))[:200] or f"sha256:{digest}",
        row=_shown(raw, fields),
        digest=digest,
        latitude=None if is_alone else place.latitude,
        longitude=None if is_alone else place.longitude,
        as_typed=place.as_typed,
        uncertainty_m=fields.uncertainty_m(raw),
        captured_on=when.on,
        captured_at=when.at,
        title=_word(get(fields.title)),
        description=_word(get(fields.description)),
        links=read_links(*[get(name) for name in fields.links]),
        source_name=_word(get(fields.source_name)),
        tags=tuple(tag for name in fields.tags for tag in read_list(get(name))),
        archived_url=fields.archived_url(raw),
        publishers=fields.publishers(raw),
        is_sensitive=fields.is_sensitive(raw),
        doubts=tuple(dict.fromkeys(doubts)),
        private={name: raw[name] for name in raw if name in fields.private} or None,
    )


def _shown(raw: Raw, fields: Fields) -> Raw:
    return {name: raw[name] for name in raw if name not in fields.private} if fields.private else raw


def _word(value: Any) -> str:
    return "" if value is None else str(value).strip()
