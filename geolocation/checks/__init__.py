"""Checks on a revision: pure comparisons, each with a verdict, a figure and a sentence."""

from geolocation.checks import (
    bearing,
    claim_place,
    clock,
    daylight,
    file_heading,
    file_position,
    posting_order,
    siblings,
    suspicious_numbers,
)
from geolocation.checks.base import CheckInputs, CheckResult, Finding, Verdict
from geolocation.checks.registry import PERMANENT_KEYS, registered_checks, run_all

__all__ = [
    "PERMANENT_KEYS",
    "CheckInputs",
    "CheckResult",
    "Finding",
    "Verdict",
    "bearing",
    "claim_place",
    "clock",
    "daylight",
    "file_heading",
    "file_position",
    "posting_order",
    "registered_checks",
    "run_all",
    "siblings",
    "suspicious_numbers",
]
