"""Files made in the background: whole, of one moment, under a lease, for one person, for a while."""

import hashlib
import threading
from datetime import timedelta

import orjson
import pytest
from celery import Celery
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from evidence.errors import Conflict, InvalidInput, NotFound
from evidence.services.investigations import investigation_publish, member_remove
from geolocation.models import ExportJob, ExportState, VerifiedPoint
from geolocation.querysets import PointFilter
from geolocation.services import export_making
from geolocation.services.disclosure import disclosure_set
from geolocation.services.export_formats import FORMATS, exports_root
from geolocation.services.export_jobs import (
    export_ask,
    export_end,
    export_of,
    export_since,
    file_path,
    kept_root,
    points_path,
)
from geolocation.services.export_keeping import exports_expire, exports_sweep
from geolocation.services.export_making import ExportStopped, Report, export_claim, export_run
from geolocation.services.exporting import counted
from geolocation.services.geolocations import geolocation_retract
from tests.geolocation.api.conftest import verified

__all__ = ["verified"]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def queued(monkeypatch):
    """The numbers of the jobs that went to the queue, with the queue's name."""
    sent = []
    monkeypatch.setattr(
        Celery, "send_task", lambda _app, _name, args, queue, **_how: sent.append((args[0], queue))
    )
    return sent


@pytest.fixture
def ask(queued, viewer):
    def asked(key="geojson", actor=viewer, **wanted):
        return export_ask(actor=actor, format_key=key, wanted=PointFilter(**wanted), asked={}, text="all")

    return asked


def made(job) -> ExportJob:
    export_run(job_id=job.pk)
    job.refresh_from_db()
    return job


@pytest.mark.parametrize("key", FORMATS)
def test_the_file_is_whole_and_its_digest_is_that_of_its_bytes(ask, queued, verified, key):
    verified(39.8, 46.7, title="Ստեփանակերտ")
    job = ask(key, investigation="TEST1")
    assert queued == [(job.pk, "long")]
    made(job)
    assert job.state == ExportState.DONE, job.sentence
    octets = file_path(job.uid, job.format).read_bytes()
    assert job.sha256 == hashlib.sha256(octets).hexdigest()
    assert job.size_bytes == len(octets)
    assert (job.rows_done, job.rows_of) == (1, 1)
    assert job.expires_at - job.finished_at == timedelta(days=7)
    assert sorted(path.name for path in exports_root().iterdir()) == ["kept"]


def test_the_file_says_the_moment_it_shows_and_what_was_asked_for(ask, verified, investigation):
    verified(39.8, 46.7)
    before = timezone.now()
    job = made(ask(investigation="TEST1"))
    assert before < job.shown_at < timezone.now()
    collection = orjson.loads(file_path(job.uid, job.format).read_bytes())
    assert collection["generated_at"] == job.shown_at.isoformat().replace("+00:00", "Z")
    assert collection["filter"] == "all"
    assert job.title == collection["title"] == "Verified points of Harbour fire"


def test_a_point_verified_while_the_file_is_made_is_not_in_it(ask, verified, monkeypatch):
    """Counting, writing and the place in the feed are of one moment."""
    verified(39.8, 46.7)
    real = export_making.export_write

    def slow(*arguments):
        thread = threading.Thread(target=lambda: (verified(39.9, 46.8), connection.close()))
        thread.start()
        thread.join()
        real(*arguments)

    monkeypatch.setattr(export_making, "export_write", slow)
    job = made(ask())
    assert VerifiedPoint.objects.count() == 2
    assert len(orjson.loads(file_path(job.uid, job.format).read_bytes())["features"]) == job.rows_of == 1


def test_it_holds_what_the_person_may_read_and_nothing_else(ask, verified, stranger):
    verified(39.8, 46.7)
    assert made(ask(actor=stranger)).rows_of == 0


def test_a_closed_investigation_is_refused_as_one_that_is_not_there(ask, investigation, stranger):
    sentences = []
    for code in ("TEST1", "NEVER"):
        with pytest.raises(InvalidInput) as refused:
            ask(actor=stranger, investigation=code)
        sentences.append(refused.value.sentence.replace(code, "X"))
    assert sentences[0] == sentences[1]


def test_who_lost_access_finds_no_job_any_more(ask, verified, viewer, editor, investigation):
    verified(39.8, 46.7)
    job = made(ask())
    assert export_of(reader=viewer, uid=job.uid) == job
    member_remove(actor=editor, investigation=investigation, user=viewer)
    with pytest.raises(NotFound):
        export_of(reader=viewer, uid=job.uid)


def test_what_everybody_may_read_stays_with_who_asked_and_closes_with_the_investigation(
    ask, verified, stranger, editor, investigation
):
    investigation_publish(actor=editor, investigation=investigation, public=True)
    verified(39.8, 46.7)
    job = made(ask(actor=stranger))
    assert export_of(reader=stranger, uid=job.uid).rows_of == 1
    investigation_publish(actor=editor, investigation=investigation, public=False)
    with pytest.raises(NotFound):
        export_of(reader=stranger, uid=job.uid)


def test_nobody_reads_the_job_of_somebody_else(ask, verified, editor):
    with pytest.raises(NotFound):
        export_of(reader=editor, uid=made(ask()).uid)


def test_a_point_that_left_is_told_and_one_outside_of_the_file_is_not(ask, verified, editor):
    inside, outside = verified(39.8, 46.7), verified(-10, 20)
    job = made(ask(bbox=(46, 39, 47, 40)))
    geolocation_retract(actor=editor, geolocation=outside.geolocation, reason="Another mast.")
    assert export_since(job).is_current
    geolocation_retract(actor=editor, geolocation=inside.geolocation, reason="Another mast.")
    assert export_since(job).left == 1
    assert not export_since(job).is_current


def test_one_person_has_so_many_at_once(ask, verified, settings):
    settings.EXPORTS_AT_ONCE = 2
    jobs = [ask(), ask()]
    with pytest.raises(Conflict, match="as many as one person may have"):
        ask()
    export_end(job=jobs[0])
    ask()


def test_without_room_none_is_begun_and_one_that_grows_beyond_it_is_given_up(
    ask, verified, settings, monkeypatch
):
    verified(39.8, 46.7)
    settings.EXPORTS_KEPT_BYTES = 10
    job = ask()

    def until_noticed(*arguments):
        arguments[3].write_bytes(b"x" * 100)
        Report.note(reports[0])
        list(counted(range(5000), arguments[4]))

    reports = []
    begin = Report.begin
    monkeypatch.setattr(Report, "begin", lambda self, rows: (reports.append(self), begin(self, rows)))
    monkeypatch.setattr(export_making, "export_write", until_noticed)
    assert made(job).state == ExportState.FAILED
    assert "room" in job.sentence
    settings.EXPORTS_KEPT_BYTES = 0
    with pytest.raises(Conflict, match="no room"):
        ask()


def test_a_format_that_is_not_known_is_refused_with_those_that_are(ask, db):
    with pytest.raises(InvalidInput, match="geojson, geojsonseq, csv") as refused:
        ask("shapefile")
    assert refused.value.field == "format"


def test_a_cancelled_job_stops_and_leaves_nothing(ask, verified, monkeypatch):
    verified(39.8, 46.7)
    job = ask()
    reports = []
    begin = Report.begin
    monkeypatch.setattr(Report, "begin", lambda self, rows: (reports.append(self), begin(self, rows)))

    def cancelled_meanwhile(*arguments):
        thread = threading.Thread(target=lambda: (export_end(job=job), connection.close()))
        thread.start()
        thread.join()
        reports[0].note()
        with pytest.raises(ExportStopped):
            arguments[4](5000)
        raise ExportStopped

    monkeypatch.setattr(export_making, "export_write", cancelled_meanwhile)
    assert made(job).state == ExportState.CANCELLED
    assert list(kept_root().iterdir()) == []


def test_a_job_taken_over_by_another_worker_is_kept_once(ask, verified, monkeypatch):
    """The first worker was silent too long; what it comes back with is thrown away."""
    verified(39.8, 46.7)
    job = ask()
    real = export_making._make

    def silent(*arguments):
        outcome = real(*arguments)
        ExportJob.objects.filter(pk=job.pk).update(attempts=7)
        return outcome

    monkeypatch.setattr(export_making, "_make", silent)
    export_run(job_id=job.pk)
    job.refresh_from_db()
    assert job.state == ExportState.RUNNING
    assert list(kept_root().iterdir()) == []


def test_a_claim_is_taken_once_and_again_when_its_worker_fell_silent(ask, db):
    job = ask()
    assert export_claim(job_id=job.pk) is not None
    assert export_claim(job_id=job.pk) is None
    ExportJob.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert export_claim(job_id=job.pk).attempts == 2


def test_what_a_dead_worker_left_is_queued_again_and_given_up_after_three_times(ask, queued, db):
    job = ask()
    export_claim(job_id=job.pk)
    queued.clear()
    assert exports_sweep() == 0
    ExportJob.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert exports_sweep() == 1
    assert queued == [(job.pk, "long")]
    ExportJob.objects.update(attempts=3)
    assert exports_sweep() == 0
    job.refresh_from_db()
    assert job.state == ExportState.FAILED
    assert "3 times" in job.sentence


def test_a_job_that_never_reached_the_queue_is_found(ask, queued, db):
    ask()
    queued.clear()
    ExportJob.objects.update(queued_at=timezone.now() - timedelta(minutes=2))
    assert exports_sweep() == 1


def test_a_failure_is_logged_and_told_in_a_sentence(ask, verified, monkeypatch):
    def broken(*_arguments):
        raise RuntimeError("disk of a test")

    monkeypatch.setattr(export_making, "export_write", broken)
    job = made(ask())
    assert job.state == ExportState.FAILED
    assert "disk of a test" not in job.sentence
    assert "again" in job.sentence
    assert sorted(path.name for path in exports_root().iterdir()) == []


def test_a_file_goes_when_its_time_is_over(ask, verified):
    verified(39.8, 46.7)
    job, other = made(ask()), made(ask())
    ExportJob.objects.filter(pk=job.pk).update(expires_at=timezone.now())
    job.refresh_from_db()
    assert not job.is_kept
    assert exports_expire() == 1
    job.refresh_from_db()
    assert job.state == ExportState.EXPIRED
    assert {path.name.partition(".")[0] for path in kept_root().iterdir()} == {str(other.uid)}


def test_deleting_takes_file_and_row(ask, verified):
    job = made(ask())
    export_end(job=job)
    assert not ExportJob.objects.exists()
    assert not points_path(job.uid).exists()
    assert list(kept_root().iterdir()) == []


def test_the_database_takes_no_finished_job_without_its_file(ask, db):
    job = ask()
    for columns in ({"state": "done"}, {"state": "running"}, {"sha256": "abc"}, {"state": "lost"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ExportJob.objects.filter(pk=job.pk).update(**columns)


def test_a_filter_is_understood_later_as_it_was_now():
    wanted = PointFilter(
        bbox=(46, 39.5, 47, 40), investigation="NK23", captured_after=timezone.now(), q="quay", published=True
    )
    assert PointFilter.from_json(orjson.loads(orjson.dumps(wanted.to_json()))) == wanted


def test_no_kept_file_shows_a_position_that_is_not_given_out_any_more(ask, verified, editor):
    point = verified(39.821237, 46.751238)
    kept, running = made(ask()), ask()
    claimed = export_claim(job_id=running.pk)
    disclosure_set(
        actor=editor, geolocation=point.geolocation, kind="generalised", radius_m=5000, reason="A home."
    )
    kept.refresh_from_db()
    running.refresh_from_db()
    assert not kept.is_kept
    exports_expire()
    assert not file_path(kept.uid, kept.format).exists()
    # The worker that was at it may not finish; the job is taken again, and shows the circle.
    assert running.state == ExportState.QUEUED
    assert not export_making._claimed(claimed).exists()
    made(running)
    assert b"39.821237" not in file_path(running.uid, running.format).read_bytes()
