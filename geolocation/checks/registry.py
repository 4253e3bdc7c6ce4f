"""The checks by their permanent keys, and the one function that runs them all."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from geolocation.checks.base import CheckInputs, CheckResult, Finding, Verdict, no_drawing

# Stored with every check run, so a key is never renamed and never used again for something else. Their order
# is the order in which results come out and are shown.
PERMANENT_KEYS = (
    "file_position",
    "file_heading",
    "bearing",
    "claim_place",
    "siblings",
    "posting_order",
    "daylight",
    "clock",
    "suspicious_numbers",
)

INTERNAL_ERROR = (
    "This check stopped with an internal error ({error}). The other checks are not affected. "
    "Run the checks again; if it stays, report it."
)

CheckFunction = Callable[[CheckInputs], Finding]
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RegisteredCheck:
    """One check; `title` is what people read. A changed algorithm raises `version`."""

    key: str
    version: int
    title: str
    function: CheckFunction


_checks: dict[str, RegisteredCheck] = {}


def check(key: str, version: int, *, title: str) -> Callable[[CheckFunction], CheckFunction]:
    """Register a check function. Raises ValueError for a key that is unknown or already taken."""
    if key not in PERMANENT_KEYS:
        raise ValueError(f"{key!r} is not among the permanent keys of checks")
    if key in _checks:
        raise ValueError(f"the key {key!r} already belongs to a check")
    if version < 1:
        raise ValueError("versions of checks count from 1")

    def register(function: CheckFunction) -> CheckFunction:
        _checks[key] = RegisteredCheck(key, version, title, function)
        return function

    return register


def registered_checks() -> tuple[RegisteredCheck, ...]:
    """All checks in their order."""
    return tuple(_checks[key] for key in PERMANENT_KEYS if key in _checks)


def run_all(inputs: CheckInputs) -> tuple[CheckResult, ...]:
    """The result of every check, in the order of `PERMANENT_KEYS`. Never raises for one that breaks."""
    return tuple(run_one(registered, inputs) for registered in registered_checks())


def run_one(registered: RegisteredCheck, inputs: CheckInputs) -> CheckResult:
    """The result of one check; an exception inside it becomes the verdict `error`."""
    try:
        finding = registered.function(inputs)
    except Exception as broken:
        logger.exception("check %s version %d broke", registered.key, registered.version)
        finding = Finding(
            verdict=Verdict.ERROR,
            sentence=INTERNAL_ERROR.format(error=type(broken).__name__),
            drawing=no_drawing(),
        )
    return CheckResult(
        key=registered.key,
        version=registered.version,
        verdict=finding.verdict,
        measured_value=finding.measured_value,
        unit=finding.unit,
        threshold=finding.threshold,
        sentence=finding.sentence,
        drawing=finding.drawing,
        used=finding.used,
    )
