"""What goes in and comes out, as frozen dataclasses. Unknown is None (an unknown text is empty), never 0."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from typing import Any

from catalogue_client.errors import InvalidArgument, UnexpectedAnswer

#: A day, a moment with its offset, or either of them as the server takes it in text.
When = date | datetime | str


@dataclass(frozen=True, kw_only=True)
class Point:
    """One verified point, as `/api/v1/schema` describes it.

    `latitude` and `longitude` are WGS 84 degrees, `uncertainty_m` a radius in metres. Where only the day is
    known it stands in `captured_on`, and both moments are None. Moments are in UTC.
    """

    id: str
    url: str
    investigation: str
    reference: str
    media_reference: str
    title: str
    kind: str
    latitude: float
    longitude: float
    uncertainty_m: float
    position_role: str
    disclosure: str
    camera_latitude: float | None
    camera_longitude: float | None
    subject_latitude: float | None
    subject_longitude: float | None
    place_name: str
    captured_from: datetime | None
    captured_to: datetime | None
    captured_on: date | None
    claims: tuple[str, ...]
    source_url: str
    licence: str
    attribution: str
    revision: int
    verified_at: datetime
    verified_by: tuple[str, ...]
    updated_at: datetime

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Point:
        """From one entry of a page. Members not known here are left out; a missing one is an error."""
        try:
            values = {name: row[name] for name in POINT_FIELDS}
            for name in ("captured_from", "captured_to", "verified_at", "updated_at"):
                values[name] = None if values[name] is None else datetime.fromisoformat(values[name])
            if values["captured_on"] is not None:
                values["captured_on"] = date.fromisoformat(values["captured_on"])
            for name in _NUMBERS:  # JSON writes 15 where 15.0 is meant
                values[name] = None if values[name] is None else float(values[name])
            for name in ("claims", "verified_by"):
                values[name] = tuple(values[name])
        except (KeyError, TypeError, ValueError) as error:
            raise UnexpectedAnswer(
                f"A point came without what a point has ({error}). Is this package older than the server?"
            ) from error
        return cls(**values)


POINT_FIELDS = tuple(each.name for each in fields(Point))
_NUMBERS = tuple(each for each in POINT_FIELDS if each.endswith(("latitude", "longitude", "uncertainty_m")))


@dataclass(frozen=True, kw_only=True)
class Removal:
    """A point that left: drop it. `sentence` says for people what happened and why."""

    id: str
    investigation: str
    reason: str
    sentence: str
    removed_at: datetime

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Removal:
        """From a tombstone of the corrections feed."""
        try:
            return cls(
                id=row["id"],
                investigation=row["investigation"],
                reason=row["reason"],
                sentence=row["sentence"],
                removed_at=datetime.fromisoformat(row["removed_at"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise UnexpectedAnswer(f"A removal came without what it has to say ({error}).") from error


@dataclass(frozen=True, kw_only=True)
class ChangePage:
    """One page of the corrections feed: `cursor` continues after it; `more` says to ask on at once."""

    entries: tuple[Point | Removal, ...]
    cursor: str
    more: bool

    @classmethod
    def from_json(cls, body: Any) -> ChangePage:
        """From an answer of the feed. An entry of a kind that is not known is refused, not passed over."""
        try:
            rows, cursor, more = body["results"], str(body["cursor"]), bool(body["more"])
            entries = tuple(_ENTRIES[row["type"]](row) for row in rows)
        except (KeyError, TypeError) as error:
            raise UnexpectedAnswer(f"This is no page of the corrections feed ({error}).") from error
        return cls(entries=entries, cursor=cursor, more=more)


_ENTRIES: dict[str, Any] = {"point": Point.from_json, "tombstone": Removal.from_json}


@dataclass(frozen=True, kw_only=True)
class PointFilter:
    """Which points are meant; what is None is not asked. Everything that is given has to fit.

    `bbox` is (west, south, east, north) in degrees; west greater than east crosses the date line.
    """

    investigation: str | None = None
    bbox: tuple[float, float, float, float] | None = None
    captured_after: When | None = None
    captured_before: When | None = None
    updated_since: When | None = None
    q: str | None = None
    #: True: only what everybody may read, also for a member who may read more.
    published: bool = False

    def parameters(self) -> dict[str, str]:
        """As the API takes it. Raises InvalidArgument for a moment without an offset."""
        asked = {
            "investigation": self.investigation,
            "bbox": None if self.bbox is None else ",".join(map(repr, map(float, self.bbox))),
            "captured_after": when_text(self.captured_after),
            "captured_before": when_text(self.captured_before),
            "updated_since": when_text(self.updated_since),
            "q": self.q,
            "published": "true" if self.published else None,
        }
        return {name: value for name, value in asked.items() if value is not None}


def when_text(when: When | None) -> str | None:
    """A day as a day and a moment in UTC; a text as it is. Raises InvalidArgument for a naive moment."""
    if not isinstance(when, datetime):
        return when.isoformat() if isinstance(when, date) else when
    if when.utcoffset() is None:
        raise InvalidArgument(
            f"{when.isoformat()} has no offset, so that it could be any of 26 hours. Give it a tzinfo, such "
            "as datetime.UTC."
        )
    return when.astimezone(UTC).isoformat().replace("+00:00", "Z")


@dataclass(frozen=True, kw_only=True)
class MediaDetails:
    """What a person says of a recording; every part may be left out. `author` and `place` are keys."""

    title: str = ""
    kind: str | None = None
    description: str = ""
    author: str | None = None
    place: str | None = None
    finding: str = ""
    note: str = ""
    licence: str = ""
    attribution: str = ""
    is_sensitive: bool = False

    def given(self) -> dict[str, Any]:
        """Only what was said."""
        said = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: value for name, value in said.items() if value not in ("", None, False)}


@dataclass(frozen=True, kw_only=True)
class Logged:
    """Where logging led: to a new recording, or (`existed`) to the one that has this post or these bytes.

    `given` is the link or the file name; `sha256` is computed here from the bytes that were sent, and is None
    for a link.
    """

    existed: bool
    sentence: str
    given: str
    reference: str
    title: str
    kind: str
    sha256: str | None = None

    @classmethod
    def from_json(cls, row: Any, *, sha256: str | None = None) -> Logged:
        """From one result of logging or of an upload."""
        try:
            item = row["item"]
            return cls(
                existed=bool(row["existed"]),
                sentence=row["sentence"],
                given=row["given"],
                reference=item["reference"],
                title=item["title"],
                kind=item["kind"],
                sha256=sha256,
            )
        except (KeyError, TypeError) as error:
            raise UnexpectedAnswer(f"The server did not say where logging led ({error}).") from error
