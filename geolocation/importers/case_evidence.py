"""The evidence of a case: sources, places, media with their appearances, claims."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime

from evidence.models import Assessment, MediaItem, MediaKind, PostedBasis
from evidence.platforms import Link, read_link
from evidence.services.appearances import PostedTime, appearance_add
from evidence.services.catalogue import Name, place_add, source_add
from evidence.services.claims import ClaimDetails, claim_assess, claim_evidence_link, claim_log
from evidence.services.media import MediaDetails, media_create
from geolocation.importers.case_loading import Loading

_MEDIA_KINDS = {
    "video": MediaKind.VIDEO,
    "photo": MediaKind.PHOTO,
    "satellite image (SAR)": MediaKind.SATELLITE,
}


def source_load(loading: Loading, entry: dict[str, Any]) -> None:
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


def place_load(loading: Loading, entry: dict[str, Any]) -> None:
    """Places may lie within places that come later in the file: those are loaded first."""
    if entry["key"] in loading.places:
        return
    within = entry.get("in")
    if within and within not in loading.places:
        place_load(loading, next(place for place in loading.case["places"] if place["key"] == within))
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


def media_load(loading: Loading, entry: dict[str, Any]) -> None:
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


def _load_appearance(loading: Loading, item: MediaItem, entry: dict[str, Any]) -> None:
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


def claim_load(loading: Loading, entry: dict[str, Any]) -> None:
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


def claim_relate(loading: Loading, entry: dict[str, Any]) -> None:
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
