"""The checks by their permanent keys, and the functions that run them: on one revision or on thousands."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from geolocation.checks.base import CheckInputs, CheckResult, Finding, Verdict, no_drawing
from geolocation.checks.measures import Measures

# Stored with every check run, so a key is never renamed and never used again for something else. Their order
# is the order in which results come out and are shown.
PERMANENT_KEYS = (
    "file_position",
    "file_heading",
    "sight_range",
    "bearing",
    "resection",
    "claim_place",
    "area",
    "siblings",
    "likeness",
    "journey",
    "clock",
    "posting_order",
    "event_order",
    "daylight",
    "shadows",
    "suspicious_numbers",
    "blind_second",
)

INTERNAL_ERROR = (
    "This check stopped with an internal error ({error}). The other checks are not affected. "
    "Run the checks again; if it stays, report it."
)

CheckFunction = Callable[[CheckInputs, Measures], Finding]
# What a check wants computed for a whole batch before its function is called on each of the inputs.
PrepareFunction = Callable[[Sequence[CheckInputs], Measures], None]
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RegisteredCheck:
    """One check; `title` is what people read. A changed algorithm raises `version`.

    `reads` names the inputs that it looks at: with those alone it answers the same, so those are stored.
    """

    key: str
    version: int
    title: str
    reads: tuple[str, ...]
    function: CheckFunction
    prepare: PrepareFunction | None = None


_checks: dict[str, RegisteredCheck] = {}


def check(
    key: str, version: int, *, title: str, reads: Sequence[str], prepare: PrepareFunction | None = None
) -> Callable[[CheckFunction], CheckFunction]:
    """Register a check function.

    Raises ValueError for a key that is unknown or already taken, and for inputs that do not exist.
    """
    if key not in PERMANENT_KEYS:
        raise ValueError(f"{key!r} is not among the permanent keys of checks")
    if key in _checks:
        raise ValueError(f"the key {key!r} already belongs to a check")
    if version < 1:
        raise ValueError("versions of checks count from 1")
    if unknown := set(reads) - set(CheckInputs.__dataclass_fields__):
        raise ValueError(f"no such inputs: {', '.join(sorted(unknown))}")

    def register(function: CheckFunction) -> CheckFunction:
        _checks[key] = RegisteredCheck(key, version, title, tuple(reads), function, prepare)
        return function

    return register


def registered_checks() -> tuple[RegisteredCheck, ...]:
    """All checks in their order."""
    return tuple(_checks[key] for key in PERMANENT_KEYS if key in _checks)


def run_all(inputs: CheckInputs) -> tuple[CheckResult, ...]:
    """The result of every check, in the order of `PERMANENT_KEYS`. Never raises for one that breaks."""
    measures = Measures()
    return tuple(run_one(registered, inputs, measures) for registered in registered_checks())


def run_many(batch: Sequence[CheckInputs]) -> list[tuple[CheckResult, ...]]:
    """What `run_all` gives for each of the inputs, with sun and magnetic field computed in arrays."""
    measures = Measures()
    checks = registered_checks()
    for registered in checks:
        if registered.prepare is None:
            continue
        try:
            registered.prepare(batch, measures)
        except Exception:
            # What could not be prepared is computed, or breaks, where it is asked for: at one revision.
            logger.exception("check %s could not prepare a batch", registered.key)
    # One check over all, then the next: the same code and figures stay in the processor's cache.
    columns = [[run_one(registered, inputs, measures) for inputs in batch] for registered in checks]
    return list(zip(*columns, strict=True)) if batch else []


def run_one(
    registered: RegisteredCheck, inputs: CheckInputs, measures: Measures | None = None
) -> CheckResult:
    """The result of one check; an exception inside it becomes the verdict `error`."""
    try:
        finding = registered.function(inputs, Measures() if measures is None else measures)
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
    )
