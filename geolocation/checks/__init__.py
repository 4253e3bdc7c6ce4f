"""Checks on a revision: pure comparisons, each with a verdict, a figure and a sentence."""

from geolocation.checks import (
    area,
    bearing,
    claim_place,
    clock,
    daylight,
    event_order,
    file_heading,
    file_position,
    journey,
    likeness,
    posting_order,
    resection,
    shadows,
    siblings,
    sight_range,
    suspicious_numbers,
)
from geolocation.checks.base import CheckInputs, CheckResult, Finding, Verdict
from geolocation.checks.registry import PERMANENT_KEYS, registered_checks, run_all, run_many

__all__ = [
    "PERMANENT_KEYS",
    "CheckInputs",
    "CheckResult",
    "Finding",
    "Verdict",
    "area",
    "bearing",
    "claim_place",
    "clock",
    "daylight",
    "event_order",
    "file_heading",
    "file_position",
    "journey",
    "likeness",
    "posting_order",
    "registered_checks",
    "resection",
    "run_all",
    "run_many",
    "shadows",
    "siblings",
    "sight_range",
    "suspicious_numbers",
]
