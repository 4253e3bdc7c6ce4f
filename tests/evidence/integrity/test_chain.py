"""The custody chain: an intact one holds, and every way of tampering with one is noticed and named."""

import subprocess
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.integrity.chain import (
    GENESIS_HASH,
    ChainEvent,
    ChainReport,
    canonical_json,
    event_hash,
    verify_chain,
)


def chain_of(contents: list[str], *, first_sequence: int = 1) -> list[ChainEvent]:
    events, previous_hash = [], GENESIS_HASH
    for sequence, content in enumerate(contents, start=first_sequence):
        canonical = canonical_json({"action": content, "sequence": sequence})
        own_hash = event_hash(previous_hash, canonical)
        events.append(ChainEvent(sequence, previous_hash, canonical, own_hash))
        previous_hash = own_hash
    return events


CHAIN = chain_of(["uploaded", "read", "geolocated", "reviewed", "exported"])


def problem_of(events: list[ChainEvent]) -> str:
    report = verify_chain(events)
    assert not report.ok
    assert report.first_problem is not None
    return report.first_problem


def test_an_events_hash_is_what_the_command_line_computes() -> None:
    canonical = '{"place":"Ստեփանակերտ"}'
    content = f"{GENESIS_HASH}\n{canonical}".encode()
    shown = subprocess.run(["sha256sum"], input=content, capture_output=True, check=True).stdout.decode()
    assert event_hash(GENESIS_HASH, canonical) == shown.split()[0]


@given(st.lists(st.text()))
def test_an_intact_chain_holds(contents: list[str]) -> None:
    events = chain_of(contents)
    head_hash = events[-1].hash if events else GENESIS_HASH
    assert verify_chain(iter(events)) == ChainReport(True, len(events), head_hash, None)
    assert verify_chain(events, expected_head_hash=head_hash).ok


def test_a_chain_is_read_only_as_far_as_it_holds() -> None:
    def broken_then_unreadable() -> Iterator[ChainEvent]:
        yield CHAIN[0]
        yield CHAIN[2]
        pytest.fail("read past the first problem")

    assert verify_chain(broken_then_unreadable()).length == 1


@given(
    position=st.integers(0, 4),
    change=st.sampled_from(
        [
            lambda event: replace(event, canonical=event.canonical.replace("e", "E", 1)),
            lambda event: replace(event, canonical=event.canonical + " "),
            lambda event: replace(event, hash="f" * 64),
            lambda event: replace(event, hash=event.hash.upper()),
            lambda event: replace(event, previous_hash="f" * 64),
            lambda event: replace(event, sequence=event.sequence + 100),
            lambda event: replace(event, sequence=event.sequence - 1),
        ]
    ),
)
def test_an_edit_of_any_field_of_any_event_is_noticed_there(position, change) -> None:
    events = list(CHAIN)
    events[position] = change(events[position])
    report = verify_chain(events)
    assert not report.ok
    assert report.length == position


def test_an_edited_event_is_named_even_when_its_own_hash_was_made_to_fit() -> None:
    canonical = CHAIN[1].canonical.replace("read", "lost")
    forged = replace(CHAIN[1], canonical=canonical, hash=event_hash(CHAIN[1].previous_hash, canonical))
    assert "Event 3 does not follow event 2" in problem_of([CHAIN[0], forged, *CHAIN[2:]])


def test_an_edited_event_is_said_to_be_changed() -> None:
    edited = replace(CHAIN[2], canonical='{"action":"nothing"}')
    assert "Event 3 was changed after it was written" in problem_of([*CHAIN[:2], edited, *CHAIN[3:]])


@pytest.mark.parametrize(
    ("kept", "sentence"),
    [
        ([0, 1, 3, 4], "Event 3 is missing: event 2 is followed by event 4."),
        ([0, 4], "Events 2 to 4 are missing: event 1 is followed by event 5."),
        ([1, 2, 3, 4], "The chain begins with event 2 instead of event 1."),
    ],
)
def test_a_gap_is_named(kept: list[int], sentence: str) -> None:
    assert problem_of([CHAIN[index] for index in kept]) == sentence


def test_a_fork_is_named() -> None:
    other = chain_of(["uploaded", "tampered"])[1]
    assert problem_of([CHAIN[0], CHAIN[1], other]) == "Two events have the number 2: the chain forks there."


def test_a_fork_with_a_fresh_number_is_noticed() -> None:
    canonical = '{"action":"second branch"}'
    branch = ChainEvent(3, CHAIN[0].hash, canonical, event_hash(CHAIN[0].hash, canonical))
    assert "Event 3 does not follow event 2" in problem_of([*CHAIN[:2], branch])


def test_a_changed_order_is_named() -> None:
    assert "Event 2 is missing" in problem_of([CHAIN[0], CHAIN[2], CHAIN[1]])
    assert "Event 1 stands after event 2" in problem_of([CHAIN[0], CHAIN[1], CHAIN[0]])


@given(st.permutations(range(5)).filter(lambda order: order != list(range(5))))
def test_no_other_order_holds(order: list[int]) -> None:
    assert not verify_chain([CHAIN[index] for index in order]).ok


def test_renumbering_around_a_removed_event_is_noticed() -> None:
    shifted = [replace(event, sequence=event.sequence - 1) for event in CHAIN[2:]]
    assert "does not follow event 1" in problem_of([CHAIN[0], *shifted])


def test_a_chain_whose_end_was_cut_off_fails_against_the_hash_kept_elsewhere() -> None:
    assert verify_chain(CHAIN[:3]).ok
    report = verify_chain(CHAIN[:3], expected_head_hash=CHAIN[-1].hash)
    assert not report.ok
    assert report.first_problem is not None
    assert "ends after 3 events" in report.first_problem


def test_a_chain_may_start_with_another_number_when_the_caller_says_so() -> None:
    assert verify_chain(chain_of(["a", "b"], first_sequence=0), first_sequence=0).ok
    assert not verify_chain(chain_of(["a", "b"], first_sequence=0)).ok
