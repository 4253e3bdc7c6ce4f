"""The hash chain of a custody log: each event holds the hash of the one before it.

An event's hash is the SHA-256, in hexadecimal, of `previous_hash`, a line feed and the event's canonical
JSON, all in UTF-8. PostgreSQL computes the same as
`encode(sha256(convert_to(previous_hash || E'\\n' || canonical, 'UTF8')), 'hex')`.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from evidence.integrity.canonical import canonical_json

__all__ = ["GENESIS_HASH", "ChainEvent", "ChainReport", "canonical_json", "event_hash", "verify_chain"]

#: What the first event of a chain names as the hash before it.
GENESIS_HASH: Final = "0" * 64


@dataclass(frozen=True, slots=True)
class ChainEvent:
    """One event as it was stored: its number, the hash before it, its canonical JSON and its own hash."""

    sequence: int
    previous_hash: str
    canonical: str
    hash: str


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What a walk along the chain found.

    `length` counts the events that hold, from the first one; `head_hash` is the hash of the last of them
    (GENESIS_HASH when there is none). `first_problem` says in a sentence where and how the chain breaks.
    """

    ok: bool
    length: int
    head_hash: str
    first_problem: str | None


def event_hash(previous_hash: str, canonical: str) -> str:
    """The hash that an event must carry: 64 lower-case hexadecimal digits."""
    return hashlib.sha256(f"{previous_hash}\n{canonical}".encode()).hexdigest()


def verify_chain(
    events: Iterable[ChainEvent], *, first_sequence: int = 1, expected_head_hash: str | None = None
) -> ChainReport:
    """Walk the events in the log's order, in constant memory, and stop at the first that does not hold.

    A chain cannot show by itself that its end was cut off or that all of it was written anew. Whoever kept
    the last hash elsewhere passes it as `expected_head_hash`.
    """
    length, head_hash, sequence = 0, GENESIS_HASH, first_sequence - 1
    for event in events:
        problem = _problem(event, sequence + 1, head_hash, is_first=length == 0)
        if problem:
            return ChainReport(ok=False, length=length, head_hash=head_hash, first_problem=problem)
        length, head_hash, sequence = length + 1, event.hash, event.sequence
    if expected_head_hash is not None and head_hash != expected_head_hash:
        problem = (
            f"The chain ends after {length} events with the hash {head_hash}, "
            f"but {expected_head_hash} was expected: events are missing "
            "from its end, were added, or the whole chain was written anew."
        )
        return ChainReport(ok=False, length=length, head_hash=head_hash, first_problem=problem)
    return ChainReport(ok=True, length=length, head_hash=head_hash, first_problem=None)


def _problem(event: ChainEvent, expected_sequence: int, head_hash: str, *, is_first: bool) -> str | None:
    """Why `event` cannot follow an event with `head_hash`, or None when it can."""
    if event.sequence != expected_sequence:
        return _sequence_problem(event.sequence, expected_sequence, is_first=is_first)
    if event.previous_hash != head_hash:
        before = "the beginning of a chain" if is_first else f"event {expected_sequence - 1}"
        return (
            f"Event {event.sequence} does not follow {before}: "
            f"it names {event.previous_hash} as the hash before it, which is {head_hash}."
        )
    computed = event_hash(event.previous_hash, event.canonical)
    if event.hash != computed:
        return (
            f"Event {event.sequence} was changed after it was written: "
            f"its contents have the hash {computed}, but it carries {event.hash}."
        )
    return None


def _sequence_problem(sequence: int, expected_sequence: int, *, is_first: bool) -> str:
    if is_first:
        return f"The chain begins with event {sequence} instead of event {expected_sequence}."
    last = expected_sequence - 1
    if sequence == last:
        return f"Two events have the number {sequence}: the chain forks there."
    if sequence < last:
        return f"Event {sequence} stands after event {last}: the events are out of order or the chain forks."
    if sequence == expected_sequence + 1:
        return f"Event {expected_sequence} is missing: event {last} is followed by event {sequence}."
    missing = f"Events {expected_sequence} to {sequence - 1}"
    return f"{missing} are missing: event {last} is followed by event {sequence}."
