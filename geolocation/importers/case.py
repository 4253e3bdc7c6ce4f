"""Load a published case: its facts come in under an import account, its positions are then reviewed.

The file format is the project's own (`geolocation/importers/data/`): investigation, places, sources, media,
claims. Positions enter as proposals "taken over as published" and become verified only through a review by
a second account, with the same services and the same gate as any other.
"""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.dateparse import parse_date, parse_datetime

from evidence.models import (
    Assessment,
    Claim,
    Investigation,
    MediaItem,
    MediaKind,
    Place,
    PlaceKind,
    PostedBasis,
    Role,
    Source,
)
from evidence.platforms import Link, read_link
from evidence.services.catalogue import Name, place_add, source_add
from evidence.services.claims import ClaimDetails, claim_assess, claim_evidence_link, claim_log
from evidence.services.investigations import investigation_open, member_set
from evidence.services.media import MediaDetails, PostedTime, appearance_add, media_create
from geolocation.coordinates.position import Position
from geolocation.models import Decision, Geolocation, Method
from geolocation.review.checklist import CHECKLIST, Answer
from geolocation.services.geolocations import Placed, Proposal, geolocation_propose
from geolocation.services.review import review_decide

CASE_FILE = Path(__file__).parent / "data" / "nagorno_karabakh_2023.json"

# The report gives positions without an uncertainty. These radii are ours, by what the position marks, and
# the reasoning of each revision says so.
ASSUMED_UNCERTAINTY_M = {PlaceKind.BUILDING: 50.0, PlaceKind.STREET: 100.0}
_ASSUMED_OTHERWISE_M = 250.0

_MEDIA_KINDS = {
    "video": MediaKind.VIDEO,
    "photo": MediaKind.PHOTO,
    "satellite image (SAR)": MediaKind.SATELLITE,
}


class CaseUnreadable(Exception):
    """The file is not a case; the message says what is missing."""


@dataclass(kw_only=True)
class CaseReport:
    """What loading did. `changed` is False when the case was there already."""

    code: str
    changed: bool
    claims: int = 0
    media_items: int = 0
    verified: int = 0


@dataclass
class _Loading:
    """The case while it comes in: what was made so far, by its key in the file."""

    case: dict[str, Any]
    importer: Any
    investigation: Investigation
    sources: dict[str, Source] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    media: dict[str, MediaItem] = field(default_factory=dict)
    claims: dict[str, Claim] = field(default_factory=dict)
    proposed: list[Geolocation] = field(default_factory=list)

    @property
    def publisher(self) -> str:
        return str(self.case["investigation"]["published_by"])

    @property
    def as_of(self) -> str:
        day = date.fromisoformat(self.case["investigation"]["as_of"])
        return f"{day.day} {day:%B %Y}"


@transaction.atomic
def case_load(*, path: Path, importer: Any, reviewer: Any) -> CaseReport:
    """Load the case, all or nothing. An investigation with its code is there already: nothing changes.

    Raises CaseUnreadable for a file that is not a case.
    """
    case = _read(path)
    code = case["investigation"]["code"]
    if Investigation.objects.filter(code=code).exists():
        return CaseReport(code=code, changed=False)
    loading = _Loading(case, importer, _open(case, importer))
    member_set(actor=importer, investigation=loading.investigation, user=reviewer, role=Role.REVIEWER)
    for load, section in (
        (_load_source, "sources"),
        (_load_place, "places"),
        (_load_media, "media"),
        (_load_claim, "claims"),
    ):
        for entry in case[section]:
            load(loading, entry)
    for entry in case["claims"]:
        _relate_claim(loading, entry)
    for geolocation in loading.proposed:
        _review(loading, geolocation, reviewer)
    return CaseReport(
        code=code,
        changed=True,
        claims=len(loading.claims),
        media_items=len(loading.media),
        verified=len(loading.proposed),
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        case = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CaseUnreadable(f"{path} cannot be read as JSON: {error}") from error
    missing = {"investigation", "sources", "places", "media", "claims"} - set(case)
    if missing:
        raise CaseUnreadable(f"{path} is not a case: it lacks {', '.join(sorted(missing))}")
    return dict(case)


def _open(case: dict[str, Any], importer: Any) -> Investigation:
    about = case["investigation"]
    return investigation_open(
        actor=importer,
        code=about["code"],
        title=about["title"],
        published_by=about["published_by"],
        researchers=about["researchers"],
        as_of=parse_date(about["as_of"]),
        period_from=parse_date(about["period"]["from"]),
        period_to=parse_date(about["period"]["to"]),
        timezones=about["local_timezones"],
        area_note=about["area_of_interest_note"],
        attribution=f"Findings published by {about['published_by']}",
    )


def _load_source(loading: _Loading, entry: dict[str, Any]) -> None:
    loading.sources[entry["key"]] = source_add(
        actor=loading.importer,
        investigation=loading.investigation,
        key=entry["key"],
        name=entry["name"],
        kind=entry["kind"].replace(" ", "_"),
        platform=entry.get("platform", ""),
        handle=entry.get("handle", ""),
        note=entry.get("note", ""),
    )


def _load_place(loading: _Loading, entry: dict[str, Any]) -> None:
    """Places may lie within places that come later in the file: those are loaded first."""
    if entry["key"] in loading.places:
        return
    within = entry.get("in")
    if within and within not in loading.places:
        _load_place(loading, next(place for place in loading.case["places"] if place["key"] == within))
    names = [Name(name=entry["name"])]
    names += [
        Name(name=name, language=language_of(name), is_shown=True) for name in entry.get("other_names", [])
    ]
    loading.places[entry["key"]] = place_add(
        actor=loading.importer,
        investigation=loading.investigation,
        key=entry["key"],
        kind=entry["kind"],
        names=names,
        within=loading.places[within] if within else None,
        latitude=entry["latitude"],
        longitude=entry["longitude"],
    )


def language_of(name: str) -> str:
    """The language a name's letters tell, as far as they do for this region; empty where they don't."""
    scripts = {unicodedata.name(letter).split()[0] for letter in name if letter.isalpha()}
    if scripts == {"ARMENIAN"}:
        return "hy"
    if scripts == {"CYRILLIC"}:
        return "ru"
    return "az" if "ə" in name.lower() else ""


def _load_media(loading: _Loading, entry: dict[str, Any]) -> None:
    place = entry.get("place")
    position = entry.get("geolocation") or {}
    item = media_create(
        actor=loading.importer,
        investigation=loading.investigation,
        reference=entry["key"],
        details=MediaDetails(
            title=entry["title"],
            kind=_MEDIA_KINDS[entry["kind"]],
            author=loading.sources[entry["author"]],
            place=loading.places[place] if place else None,
            finding=entry.get("finding", ""),
            note=position.get("note", "") if position.get("status") != "verified" else "",
            licence=entry.get("licence", ""),
            attribution=entry.get("attribution", ""),
            description=f"Format: {entry['format']}." if entry.get("format") else "",
        ),
    )
    loading.media[entry["key"]] = item
    _load_appearance(loading, item, entry)
    if position.get("latitude") is not None:
        loading.proposed.append(_propose(loading, item, position))


def _load_appearance(loading: _Loading, item: MediaItem, entry: dict[str, Any]) -> None:
    posted = _posted(entry)
    if not entry.get("platform") and posted.basis == PostedBasis.UNKNOWN:
        return
    shared_by = entry.get("shared_by") or (entry["author"] if entry.get("platform") else None)
    appearance_add(
        actor=loading.importer,
        item=item,
        url=entry.get("url", ""),
        platform=entry.get("platform", ""),
        posted=posted,
        posted_by=loading.sources[shared_by] if shared_by else None,
    )


def _posted(entry: dict[str, Any]) -> PostedTime:
    """A date stays a date. A moment that the post's id holds is read out of the link, not out of the file."""
    seen = entry.get("first_seen_at")
    if seen:
        moment = parse_datetime(seen)
        offset = datetime.fromisoformat(seen).utcoffset()
        return PostedTime(
            posted_at=moment,
            offset_min=int(offset.total_seconds() // 60) if offset is not None else None,
            basis=PostedBasis.FIRST_SEEN,
        )
    if entry.get("posted_on") and not _time_in_link(entry.get("url", "")):
        return PostedTime(posted_on=parse_date(entry["posted_on"]), basis=PostedBasis.DATE_ONLY)
    return PostedTime()


def _time_in_link(url: str) -> bool:
    link = read_link(url) if url else None
    return isinstance(link, Link) and link.posted_at_utc is not None


def _propose(loading: _Loading, item: MediaItem, position: dict[str, Any]) -> Geolocation:
    place = item.place
    kind = PlaceKind(place.kind) if place else PlaceKind.OTHER
    uncertainty_m = ASSUMED_UNCERTAINTY_M.get(kind, _ASSUMED_OTHERWISE_M)
    note = f" Note in the source: {position['note']}." if position.get("note") else ""
    return geolocation_propose(
        actor=loading.importer,
        media_item=item,
        submit=True,
        proposal=Proposal(
            subject=Placed(
                position=Position(position["latitude"], position["longitude"]),
                uncertainty_m=uncertainty_m,
                as_typed=f"{position['latitude']}, {position['longitude']}",
            ),
            method=Method.PUBLISHED,
            reasoning=(
                f"Position as {loading.publisher} published it, findings as of {loading.as_of}: "
                f"{place.display_name if place else 'no place named'}. It is taken to mark what the "
                "recording shows, since a camera position is not given. The publication gives no "
                "uncertainty; "
                f"{uncertainty_m:.0f} m is assumed here for a {kind.label.lower()}.{note}"
            ),
            references=f"{loading.publisher}, {loading.case['investigation']['title']}, {loading.as_of}",
        ),
    )


def _load_claim(loading: _Loading, entry: dict[str, Any]) -> None:
    about = entry.get("about", {})
    keys = entry.get("places") or ([entry["place"]] if entry.get("place") else [])
    loading.claims[entry["key"]] = claim_log(
        actor=loading.importer,
        investigation=loading.investigation,
        reference=entry["key"],
        places=[loading.places[key] for key in keys],
        details=ClaimDetails(
            statement=entry["statement"],
            claimant=loading.sources[entry["claimant"]],
            via=loading.sources[entry["via"]] if entry.get("via") else None,
            made_on=parse_date(entry["made_on"]) if entry.get("made_on") else None,
            about_from=parse_date(about["from"]) if about else None,
            about_to=parse_date(about["to"]) if about else None,
            figures=entry.get("figures", {}),
            note=entry.get("note") or entry.get("evidence_note") or "",
        ),
    )


def _relate_claim(loading: _Loading, entry: dict[str, Any]) -> None:
    """Evidence, contradictions and assessments, once every claim and item is there."""
    claim = loading.claims[entry["key"]]
    if entry.get("contradicts_claim"):
        claim.contradicts.add(loading.claims[entry["contradicts_claim"]])
    for link in entry.get("evidence", []):
        claim_evidence_link(
            actor=loading.importer,
            claim=claim,
            media_item=loading.media[link["media"]],
            relation=link["relation"],
        )
    assessment = entry["assessment"].replace(" ", "_")
    if assessment != Assessment.UNVERIFIED:
        relations = ", ".join(f"{link['media']} {link['relation']} it" for link in entry.get("evidence", []))
        claim_assess(
            actor=loading.importer,
            claim=claim,
            assessment=assessment,
            reason=f"Assessment taken over from {loading.publisher}, as of {loading.as_of}: {relations}.",
        )


def _review(loading: _Loading, geolocation: Geolocation, reviewer: Any) -> None:
    revision = geolocation.current_revision
    assert revision is not None  # noqa: S101  it was proposed with one
    not_repeated = {item.key for item in CHECKLIST} - {"camera_and_subject", "uncertainty_honest"}
    review_decide(
        actor=reviewer,
        revision=revision,
        decision=Decision.APPROVE,
        checklist={
            item.key: (Answer.NOT_APPLICABLE if item.key in not_repeated else Answer.YES).value
            for item in CHECKLIST
        },
        reason=(
            f"The numbers agree with those that {loading.publisher} published and verified. "
            "The geolocation itself was not repeated here."
        ),
    )
