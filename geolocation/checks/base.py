"""What a check is given and what it answers.

A check advises; it never approves. `passed` means that a comparison was made and nothing spoke against the
proposal; when something needed for the comparison is missing, the verdict is `inapplicable`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import StrEnum

from geolocation.checks.given import (
    Crowd,
    Event,
    FileFix,
    FileTime,
    Interval,
    NamedPoint,
    PlacedPoint,
    Posting,
    Recording,
    Resected,
    Shadow,
    SiblingGeolocation,
    Twin,
)
from geolocation.checks.inputs import CheckInputs, JsonObject, encode

__all__ = [
    "CheckInputs",
    "CheckResult",
    "Crowd",
    "Event",
    "FileFix",
    "FileTime",
    "Finding",
    "Interval",
    "JsonObject",
    "NamedPoint",
    "PlacedPoint",
    "Posting",
    "Recording",
    "Resected",
    "Shadow",
    "SiblingGeolocation",
    "Twin",
    "Verdict",
    "encode",
    "inapplicable",
    "no_drawing",
]


class Verdict(StrEnum):
    """What came out of a check.

    `passed`: compared, and nothing speaks against the proposal. `flagged`: somebody should look and explain.
    `failed`: the parts contradict each other beyond any error of measurement. `inapplicable`: something
    needed is missing. `error`: the check itself broke.
    """

    PASSED = "passed"
    FLAGGED = "flagged"
    FAILED = "failed"
    INAPPLICABLE = "inapplicable"
    ERROR = "error"


def no_drawing() -> JsonObject:
    """The drawing of a result with nothing to draw."""
    return {"kind": "none"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one check function found.

    `measured_value` and `threshold` are in `unit`. `drawing` holds the figures of a small picture; its
    `kind` is `distance`, `compass`, `sun`, `timeline`, `year` or `none`.
    """

    verdict: Verdict
    sentence: str
    measured_value: float | None = None
    unit: str = ""
    threshold: float | None = None
    drawing: JsonObject = field(default_factory=no_drawing)

    def __post_init__(self) -> None:
        if any(
            value is not None and not math.isfinite(value) for value in (self.measured_value, self.threshold)
        ):
            raise ValueError("a check measures finite numbers, or None")


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """A finding with the key and version of the check that made it."""

    key: str
    version: int
    verdict: Verdict
    measured_value: float | None
    unit: str
    threshold: float | None
    sentence: str
    drawing: JsonObject


def inapplicable(sentence: str) -> Finding:
    """The finding of a check that lacks something; the sentence says what."""
    return Finding(verdict=Verdict.INAPPLICABLE, sentence=sentence)
