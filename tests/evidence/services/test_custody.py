"""The custody log: appended under a lock, chained, and verified from what is stored."""

from __future__ import annotations

import hashlib
import json
import threading
from typing import Any

import pytest
from django.db import connection

from evidence.integrity.chain import GENESIS_HASH
from evidence.models import CustodyEvent
from evidence.services import custody
from evidence.services.catalogue import source_add
from evidence.services.custody import (
    CustodyEntry,
    action_register,
    custody_gather,
    custody_record,
    custody_verify,
)
from evidence.services.investigations import investigation_open


def test_each_event_is_chained_to_the_one_before_it(investigation: Any) -> None:
    previous = GENESIS_HASH
    for number, event in enumerate(CustodyEvent.objects.filter(investigation=investigation), start=1):
        assert (event.sequence, event.previous_hash) == (number, previous)
        # Computed here from the documented rule, not by the code that wrote it.
        assert event.hash == hashlib.sha256(f"{previous}\n{event.canonical}".encode()).hexdigest()
        previous = event.hash
    report = custody_verify(investigation=investigation)
    assert (report.ok, report.length, report.head_hash) == (True, 4, previous)


def test_the_hashed_text_says_what_the_columns_say(investigation: Any, investigator: Any) -> None:
    event = custody_record(
        investigation=investigation,
        actor=investigator,
        action=custody.FILE_READ,
        object_type="media",
        object_reference="M01",
        details={"reader": "walker", "ratio": 0.5},
    )
    body = json.loads(event.canonical)
    assert body == {
        "action": event.action,
        "actor": investigator.pk,
        "actor_name": "Ines Investigator",
        "details": event.details,
        "investigation": "TEST1",
        "object_reference": "M01",
        "object_type": "media",
        "occurred_at": event.occurred_at.isoformat(),
        "sequence": event.sequence,
    }


def _read(reference: str, **details: Any) -> CustodyEntry:
    return CustodyEntry(
        action=custody.FILE_READ, object_type="media", object_reference=reference, details=details
    )


def test_many_acts_are_recorded_in_the_order_of_the_acts(investigation: Any, investigator: Any) -> None:
    length = custody_verify(investigation=investigation).length
    with custody_gather(investigation=investigation, actor=investigator) as gathered:
        for place, entry in ((1, _read("M02")), (0, _read("M01")), (1, _read("M02", ratio=0.5))):
            gathered.add(place, entry)
        assert CustodyEvent.objects.filter(investigation=investigation).count() == length
    written = CustodyEvent.objects.filter(investigation=investigation, sequence__gt=length)
    assert [(event.object_reference, event.details) for event in written.order_by("sequence")] == [
        ("M01", {}),
        ("M02", {}),
        ("M02", {"ratio": 0.5}),
    ]
    report = custody_verify(investigation=investigation)
    assert (report.ok, report.length) == (True, length + 3)


def test_what_fails_in_between_records_nothing_of_all(investigation: Any, investigator: Any) -> None:
    def fail() -> None:
        with custody_gather(investigation=investigation, actor=investigator) as gathered:
            gathered.add(0, _read("M01"))
            source_add(actor=investigator, investigation=investigation, name="Made-up desk")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert not CustodyEvent.objects.filter(action__in=[custody.FILE_READ, custody.SOURCE_ADDED]).exists()
    with pytest.raises(ValueError, match="not registered"):
        CustodyEntry(action="made.up", object_type="media", object_reference="M01")


def test_what_no_person_did_is_signed_by_the_worker(investigation: Any) -> None:
    event = custody_record(
        investigation=investigation,
        actor=None,
        action=custody.FILE_READ,
        object_type="media",
        object_reference="M01",
    )
    assert (event.actor, event.actor_name) == (None, "worker")


def test_an_action_nobody_registered_is_a_programming_error(investigation: Any, editor: Any) -> None:
    with pytest.raises(ValueError, match="not registered"):
        custody_record(
            investigation=investigation,
            actor=editor,
            action="media.vanished",
            object_type="media",
            object_reference="M01",
        )


def test_an_action_is_named_once() -> None:
    with pytest.raises(ValueError, match="registered twice"):
        action_register(custody.MEDIA_LOGGED, "logged again")


def test_investigations_have_chains_of_their_own(investigation: Any, editor: Any) -> None:
    other = investigation_open(actor=editor, code="OTHER", title="Other")
    assert CustodyEvent.objects.get(investigation=other).previous_hash == GENESIS_HASH
    assert custody_verify(investigation=other).length == 1


@pytest.mark.django_db(transaction=True)
def test_two_writers_at_once_make_one_chain_without_a_fork(investigation: Any, investigator: Any) -> None:
    start = threading.Barrier(4)
    failures: list[BaseException] = []

    def write(name: str) -> None:
        try:
            start.wait(10)
            for n in range(5):
                source_add(actor=investigator, investigation=investigation, name=f"{name} {n}")
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    writers = [threading.Thread(target=write, args=(f"Writer {n}",)) for n in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    assert failures == []
    report = custody_verify(investigation=investigation)
    assert (report.ok, report.length) == (True, 4 + 20)
