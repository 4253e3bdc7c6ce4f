"""Load a published case: its facts come in under an import account, its positions are then reviewed.

The file format is the project's own (`geolocation/importers/data/`): investigation, places, sources, media,
claims. Positions enter as proposals "taken over as published" and become verified only through a review by
a second account, with the same services and the same gate as any other.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.dateparse import parse_date

from evidence.models import Investigation, MediaItem, PlaceKind, Role
from evidence.services.investigations import investigation_open, member_set
from geolocation.coordinates.position import Position
from geolocation.importers.case_evidence import (
    claim_load,
    claim_relate,
    media_load,
    place_load,
    source_load,
)
from geolocation.importers.case_loading import CaseUnreadable, Loading, case_read
from geolocation.models import Decision, Geolocation, Method
from geolocation.review.checklist import CHECKLIST, Answer
from geolocation.services.geolocations import Placed, Proposal, geolocation_propose
from geolocation.services.review import review_decide

__all__ = ["CASE_FILE", "CaseReport", "CaseUnreadable", "case_load"]

CASE_FILE = Path(__file__).parent / "data" / "nagorno_karabakh_2023.json"

# The report gives positions without an uncertainty. These radii are ours, by what the position marks, and
# the reasoning of each revision says so.
ASSUMED_UNCERTAINTY_M = {PlaceKind.BUILDING: 50.0, PlaceKind.STREET: 100.0}
_ASSUMED_OTHERWISE_M = 250.0


@dataclass(kw_only=True)
class CaseReport:
    """What loading did. `changed` is False when the case was there already."""

    code: str
    changed: bool
    claims: int = 0
    media_items: int = 0
    verified: int = 0


@transaction.atomic
def case_load(*, path: Path, importer: Any, reviewer: Any) -> CaseReport:
    """Load the case, all or nothing. An investigation with its code is there already: nothing changes.

    Raises CaseUnreadable for a file that is not a case.
    """
    case = case_read(path)
    code = case["investigation"]["code"]
    if Investigation.objects.filter(code=code).exists():
        return CaseReport(code=code, changed=False)
    loading = Loading(case, importer, _open(case, importer))
    member_set(actor=importer, investigation=loading.investigation, user=reviewer, role=Role.REVIEWER)
    for load, section in (
        (source_load, "sources"),
        (place_load, "places"),
        (media_load, "media"),
        (claim_load, "claims"),
    ):
        for entry in case[section]:
            load(loading, entry)
    for entry in case["claims"]:
        claim_relate(loading, entry)
    proposed = [
        _propose(loading, loading.media[entry["key"]], entry["geolocation"])
        for entry in case["media"]
        if entry.get("geolocation", {}).get("latitude") is not None
    ]
    for geolocation in proposed:
        _review(loading, geolocation, reviewer)
    return CaseReport(
        code=code,
        changed=True,
        claims=len(loading.claims),
        media_items=len(loading.media),
        verified=len(proposed),
    )


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


def _propose(loading: Loading, item: MediaItem, position: dict[str, Any]) -> Geolocation:
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


def _review(loading: Loading, geolocation: Geolocation, reviewer: Any) -> None:
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
