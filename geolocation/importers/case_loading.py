"""A case while it comes in: the file, and what was made of it so far."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from evidence.models import Claim, Investigation, MediaItem, Place, Source


class CaseUnreadable(Exception):
    """The file is not a case; the message says what is missing."""


@dataclass
class Loading:
    """The case while it comes in: what was made so far, by its key in the file."""

    case: dict[str, Any]
    importer: Any
    investigation: Investigation
    sources: dict[str, Source] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    media: dict[str, MediaItem] = field(default_factory=dict)
    claims: dict[str, Claim] = field(default_factory=dict)

    @property
    def publisher(self) -> str:
        return str(self.case["investigation"]["published_by"])

    @property
    def as_of(self) -> str:
        day = date.fromisoformat(self.case["investigation"]["as_of"])
        return f"{day.day} {day:%B %Y}"


def case_read(path: Path) -> dict[str, Any]:
    try:
        case = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CaseUnreadable(f"{path} cannot be read as JSON: {error}") from error
    missing = {"investigation", "sources", "places", "media", "claims"} - set(case)
    if missing:
        raise CaseUnreadable(f"{path} is not a case: it lacks {', '.join(sorted(missing))}")
    return dict(case)
