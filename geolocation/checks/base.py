"""What a check is given and what it answers.

A check advises; it never approves. `passed` means that a comparison was made and nothing spoke against the
proposal; when something needed for the comparison is missing, the verdict is `inapplicable`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import StrEnum

from geolocation.checks.inputs import (
    CheckInputs,
    FileFix,
    FileTime,
    Interval,
    JsonObject,
    NamedPoint,
    PlacedPoint,
    Posting,
    SiblingGeolocation,
    encode,
)

__all__ = [
    "CheckInputs",
    "CheckResult",
    "FileFix",
    "FileTime",
    "Finding",
    "Interval",
    "JsonObject",
    "NamedPoint",
    "PlacedPoint",
    "Posting",
    "SiblingGeolocation",
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
    `kind` is `distance`, `compass`, `sun`, `timeline` or `none`. `used` is the part of the inputs that the
    verdict rests on, JSON-safe.
    """

    verdict: Verdict
    sentence: str
    measured_value: float | None = None
    unit: str = ""
    threshold: float | None = None
    drawing: JsonObject = field(default_factory=no_drawing)
    used: JsonObject = field(default_factory=dict)

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
    used: JsonObject


def inapplicable(sentence: str, **used: object) -> Finding:
    """The finding of a check that lacks something; the sentence says what."""
    return Finding(
        verdict=Verdict.INAPPLICABLE,
        sentence=sentence,
        used={name: encode(value) for name, value in used.items()},
    )
