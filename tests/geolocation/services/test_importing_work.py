"""Workers check and bring in by a lease; a killed one loses nothing; people decide on doubtful rows."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from evidence.errors import Conflict, InvalidInput, NotAllowed, NotFound
from evidence.models import CustodyEvent, Role
from evidence.services.investigations import investigation_blind_set, member_set
from evidence.storage import media_storage
from geolocation.models import Geolocation, ImportBatch, ImportState
from geolocation.services import importing_work
from geolocation.services.importing import import_receive, mapping_remembered
from geolocation.services.importing_access import import_named, imports_of
from geolocation.services.importing_decide import RowDecision, import_decide
from geolocation.services.importing_rows import row_said
from geolocation.services.importing_work import (
    import_apply_ask,
    import_cancel,
    import_check_ask,
    import_run,
    imports_sweep,
)

HEADER = "id,lat,lon,date,title\n"
MIXED = (
    f"{HEADER}a,39.8,46.7,2023-09-20,Made-up bridge\nb,0,0,,Nowhere\nc,0,0,3/4/2023,Nowhere else\n"
    "d,139.8,46.7,,Swapped\n"
)
PLAIN = {"upstream_id": "id", "latitude": "lat", "longitude": "lon", "date": "date", "title": "title"}
pytestmark = pytest.mark.django_db


@pytest.fixture
def queued(monkeypatch):
    """What was handed to the queue; nothing leaves the test."""
    found = []
    monkeypatch.setattr(importing_work, "import_enqueue", lambda number: found.append(number) or True)
    return found


@pytest.fixture
def receive(investigator, investigation, queued):
    def received(text, name="points.csv", mapping=PLAIN):
        stored = media_storage().put([text.encode()])
        batch, _existed = import_receive(
            actor=investigator, investigation=investigation, stored=stored, name=name
        )
        if mapping:
            import_check_ask(actor=investigator, batch=batch, mapping=mapping)
            import_run(batch_id=batch.pk)
        batch.refresh_from_db()
        return batch

    return received


def state(batch):
    return ImportBatch.objects.get(pk=batch.pk).state


def applied(batch):
    return batch.rows.filter(applied_at__isnull=False).count()


def test_a_file_is_checked_by_a_worker_and_brought_in_by_another(receive, investigator):
    batch = receive(MIXED)
    assert (batch.state, batch.row_count, batch.lease_until) == (ImportState.CHECKED, 4, None)
    assert not Geolocation.objects.exists()
    import_apply_ask(actor=investigator, batch=batch)
    import_run(batch_id=batch.pk)
    assert state(batch) == ImportState.DONE
    assert [made.state for made in Geolocation.objects.all()] == ["draft"]
    actions = list(CustodyEvent.objects.filter(object_type="import").values_list("action", flat=True))
    assert {"import.staged", "import.asked", "import.finished"} <= set(actions)


def test_the_same_columns_are_read_as_they_were_the_last_time(receive):
    mapping = {"position": "lat", "order": "longitude_latitude", "date": "date", "date_order": "day_first"}
    text = 'lat,date\n"46.7, 39.8",3/4/2023\n'
    first = receive(text, mapping=mapping)
    row = first.rows.get()
    assert (row.latitude, row.longitude, row_said(first, row)["captured_on"]) == (39.8, 46.7, "2023-04-03")
    again = receive(text + '"46.6, 39.7",\n', mapping=None)
    assert mapping_remembered(batch=again) == mapping
    assert mapping_remembered(batch=receive("id,lat,lon\na,1,2\n", mapping=None)) == {
        "upstream_id": "id",
        "latitude": "lat",
        "longitude": "lon",
    }


def test_a_mapping_is_refused_at_its_field(receive, investigator):
    batch = receive(MIXED, mapping=None)
    for mapping, field in (
        ({"latitude": "lat"}, "latitude"),
        ({"latitude": "nothing", "longitude": "lon"}, "latitude"),
        ({**PLAIN, "uncertainty_m": "-3"}, "uncertainty_m"),
    ):
        with pytest.raises(InvalidInput) as refusal:
            import_check_ask(actor=investigator, batch=batch, mapping=mapping)
        assert refusal.value.field == field
    assert state(batch) == ImportState.RECEIVED


def test_a_stated_uncertainty_and_a_default_both_reach_the_row(receive):
    text = "lat,lon,r\n39.8,46.7,25\n39.9,46.8,\n39.7,46.6,near\n"
    mapping = {"latitude": "lat", "longitude": "lon", "uncertainty": "r", "uncertainty_m": "150"}
    batch = receive(text, mapping=mapping)
    rows = batch.rows.order_by("number")
    assert [row_said(batch, row)["uncertainty_m"] for row in rows] == [25, 150, 150]
    assert [row.reasons for row in rows] == [[], [], ["uncertainty_unreadable"]]


def test_work_goes_in_slices_and_goes_on_where_it_stood(receive, investigator, queued, monkeypatch):
    batch = receive(HEADER + "".join(f"r{number},39.8,46.{number},,T\n" for number in range(1, 4)))
    import_apply_ask(actor=investigator, batch=batch)
    queued.clear()
    monkeypatch.setattr(importing_work, "_SLICE_SECONDS", -1.0)
    import_run(batch_id=batch.pk)
    assert (state(batch), queued) == (ImportState.APPLYING, [batch.pk])
    monkeypatch.setattr(importing_work, "_SLICE_SECONDS", 60.0)
    import_run(batch_id=batch.pk)
    assert (state(batch), applied(batch)) == (ImportState.DONE, 3)


def test_a_second_worker_leaves_alone_what_one_holds(receive, investigator):
    batch = receive(MIXED)
    import_apply_ask(actor=investigator, batch=batch)
    ImportBatch.objects.update(lease_until=timezone.now() + timedelta(seconds=60), attempts=1)
    import_run(batch_id=batch.pk)
    assert (state(batch), applied(batch)) == (ImportState.APPLYING, 0)
    with pytest.raises(Conflict):
        import_apply_ask(actor=investigator, batch=batch)


def test_the_sweep_finds_what_was_left_and_gives_up_in_the_end(receive, investigator, queued):
    batch = receive(MIXED)
    import_apply_ask(actor=investigator, batch=batch)
    long_ago = timezone.now() - timedelta(hours=1)
    ImportBatch.objects.update(lease_until=long_ago, attempts=1)
    queued.clear()
    assert (imports_sweep(), queued) == (1, [batch.pk])
    ImportBatch.objects.update(lease_until=long_ago, attempts=importing_work.ATTEMPTS)
    assert imports_sweep() == 0
    assert state(batch) == ImportState.FAILED
    import_apply_ask(actor=investigator, batch=batch)
    import_run(batch_id=batch.pk)
    assert state(batch) == ImportState.DONE


def test_what_is_stopped_stays_stopped_and_can_go_on(receive, investigator):
    batch = receive(MIXED)
    with pytest.raises(Conflict):
        import_cancel(actor=investigator, batch=batch)
    import_apply_ask(actor=investigator, batch=batch)
    import_cancel(actor=investigator, batch=batch)
    import_run(batch_id=batch.pk)
    assert (state(batch), applied(batch)) == (ImportState.CANCELLED, 0)
    import_apply_ask(actor=investigator, batch=batch)
    import_run(batch_id=batch.pk)
    assert applied(batch) == 1


def test_who_lost_the_role_meanwhile_brings_nothing_in(receive, investigator, investigation, editor):
    batch = receive(MIXED)
    import_apply_ask(actor=investigator, batch=batch)
    member_set(actor=editor, investigation=investigation, user=investigator, role=Role.VIEWER)
    import_run(batch_id=batch.pk)
    batch.refresh_from_db()
    assert (batch.state, applied(batch)) == (ImportState.FAILED, 0)
    assert "Your role here is viewer" in batch.sentence


def test_doubtful_rows_are_decided_on_one_by_one_or_all_of_a_reason(receive, reviewer, investigator):
    batch = receive(MIXED.replace("3/4/2023", ""))
    assert import_decide(actor=reviewer, batch=batch, decision=RowDecision.KEEP_OUT, number=2) == 1
    rest = {"batch": batch, "decision": RowDecision.LET_IN, "reason": "zero_position"}
    assert import_decide(actor=reviewer, **rest) == 1
    kept, let = batch.rows.get(number=2), batch.rows.get(number=3)
    assert (kept.kept_out_by, kept.let_in_by) == (reviewer, None)
    assert (let.let_in_by, let.decided_at is not None) == (reviewer, True)
    event = CustodyEvent.objects.filter(action="import.let_in").get()
    assert (event.actor, event.details["rows"]) == (reviewer, [3])
    import_apply_ask(actor=investigator, batch=batch)
    import_run(batch_id=batch.pk)
    assert applied(batch) == 2
    with pytest.raises(NotFound):
        import_decide(actor=reviewer, batch=batch, decision=RowDecision.OPEN, number=3)
    assert import_decide(actor=reviewer, batch=batch, decision=RowDecision.OPEN, number=2) == 1


def test_a_row_with_a_second_doubt_is_not_decided_on_with_the_others(receive, reviewer):
    batch = receive(MIXED)
    rest = {"batch": batch, "decision": RowDecision.LET_IN, "reason": "zero_position"}
    assert import_decide(actor=reviewer, **rest) == 1
    assert batch.rows.get(number=3).reasons == ["zero_position", "date_ambiguous"]
    assert batch.rows.get(number=3).let_in_by is None


def test_a_viewer_may_nothing_and_a_stranger_sees_nothing(receive, investigation, viewer, stranger):
    batch = receive(MIXED)
    for person, refusal in ((viewer, NotAllowed), (stranger, NotFound)):
        for act in (
            lambda: imports_of(actor=person, investigation=investigation),  # noqa: B023  called at once
            lambda: import_apply_ask(actor=person, batch=batch),  # noqa: B023  called at once
            lambda: import_cancel(actor=person, batch=batch),  # noqa: B023  called at once
            lambda: import_check_ask(actor=person, batch=batch),  # noqa: B023  called at once
        ):
            with pytest.raises(refusal):
                act()


def test_where_a_blind_second_is_asked_for_others_see_no_import(receive, investigation, reviewer, editor):
    batch = receive(MIXED)
    one = {"investigation": investigation, "reference": batch.reference}
    assert import_named(actor=reviewer, **one) == batch
    investigation_blind_set(actor=editor, investigation=investigation, on=True)
    investigation.refresh_from_db()
    with pytest.raises(NotFound):
        import_named(actor=reviewer, **one)
    assert import_named(actor=editor, **one) == batch
    assert import_named(actor=batch.created_by, **one) == batch


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_killed_in_the_middle_loses_and_repeats_nothing(receive, investigator, settings):
    """A process of its own, killed with SIGKILL once some rows are in."""
    count = 60
    rows = "".join(f"r{number},39.8,46.{number:03},,Made-up {number}\n" for number in range(count))
    batch = receive(HEADER + rows)
    import_apply_ask(actor=investigator, batch=batch)
    values = connection.settings_dict
    code = (
        "import django; django.setup(); from django.conf import settings\n"
        f"settings.DATABASES['default']['NAME'] = {values['NAME']!r}\n"
        "from django.db import connection; "
        f"connection.settings_dict['NAME'] = {values['NAME']!r}\n"
        f"settings.MEDIA_ROOT = {str(settings.MEDIA_ROOT)!r}\n"
        "from geolocation.services import importing_pieces, importing_work as work\n"
        "importing_pieces.PIECE_ROWS = 4\n"
        "work._SLICE_SECONDS = 600.0\n"
        f"work.import_run(batch_id={batch.pk})\n"
    )
    worker = subprocess.Popen([sys.executable, "-c", code], env=os.environ)
    deadline = time.monotonic() + 60
    while applied(batch) < 5 and time.monotonic() < deadline and worker.poll() is None:
        time.sleep(0.01)
    worker.send_signal(signal.SIGKILL)
    assert worker.wait() == -signal.SIGKILL
    in_the_middle = applied(batch)
    assert 5 <= in_the_middle < count
    assert state(batch) == ImportState.APPLYING
    ImportBatch.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    importing_work._SLICE_SECONDS, before = 600.0, importing_work._SLICE_SECONDS
    try:
        import_run(batch_id=batch.pk)
    finally:
        importing_work._SLICE_SECONDS = before
    assert (state(batch), applied(batch)) == (ImportState.DONE, count)
    assert Geolocation.objects.count() == count
