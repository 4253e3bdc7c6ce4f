"""The training exercise: an investigation with generated media, so that every step can be tried at once."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.core.files import File
from django.db import transaction

from evidence.models import Investigation, MediaItem, Source, SourceKind
from evidence.services.catalogue import Name, place_add, source_add
from evidence.services.claims import ClaimDetails, claim_evidence_link, claim_log
from evidence.services.ingest import original_store
from evidence.services.investigations import investigation_open
from evidence.services.media import MediaDetails, media_log_file
from evidence.training import LIGHTHOUSE_POSITION, TITLE, generate

CODE = "TRAINING"


def training_load(*, actor: Any) -> Investigation | None:
    """Open the exercise with its media; None if it is there already. Workers read the files afterwards."""
    if Investigation.objects.filter(code=CODE).exists():
        return None
    with tempfile.TemporaryDirectory(prefix="training-") as folder, transaction.atomic():
        investigation = investigation_open(
            actor=actor,
            code=CODE,
            title=TITLE,
            summary="A made-up exercise: the place, the people and every recording are invented.",
            is_training=True,
        )
        author = source_add(
            actor=actor,
            investigation=investigation,
            name="Exercise author (invented)",
            kind=SourceKind.UNATTRIBUTED,
            note="Made up for training.",
        )
        items = _log_files(actor, investigation, author, Path(folder))
        _log_claim(actor, investigation, author, items["T01"])
    return investigation


def _log_files(
    actor: Any, investigation: Investigation, author: Source, folder: Path
) -> dict[str, MediaItem]:
    """Draw every file and log it as a person would; the items by the keys of the exercise."""
    items = {}
    for made in generate(folder):
        with (folder / made.filename).open("rb") as stream:
            logged = media_log_file(
                actor=actor,
                investigation=investigation,
                stored=original_store(File(stream, name=made.filename)),
                details=MediaDetails(title=made.title, kind=made.kind, description=made.says, author=author),
            )
        items[made.key] = logged.item
    return items


def _log_claim(actor: Any, investigation: Investigation, author: Source, item: MediaItem) -> None:
    place = place_add(
        actor=actor,
        investigation=investigation,
        names=[Name(name="The lighthouse that isn't there", language="en")],
        kind="building",
        note="Made up for training.",
        radius_m=300,
        latitude=LIGHTHOUSE_POSITION["latitude"],
        longitude=LIGHTHOUSE_POSITION["longitude"],
    )
    statement = "The lighthouse was lit at noon on the day of the exercise."
    claim = claim_log(
        actor=actor,
        investigation=investigation,
        places=[place],
        details=ClaimDetails(statement=statement, claimant=author),
    )
    claim_evidence_link(actor=actor, claim=claim, media_item=item, relation="context")
