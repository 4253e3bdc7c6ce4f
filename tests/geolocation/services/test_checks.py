"""When checks run, and that running them again changes nothing unless something changed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from evidence.models import MediaFile, MetadataReading, ReadingState
from evidence.services.appearances import PostedTime, appearance_add
from evidence.services.catalogue import Name, place_add, source_add
from evidence.services.claims import ClaimDetails, claim_evidence_link, claim_log
from evidence.services.media import MediaDetails, media_change
from evidence.signals import reading_finished
from geolocation.checks import PERMANENT_KEYS, registered_checks
from geolocation.coordinates.position import Position
from geolocation.models import CheckRun, Geolocation
from geolocation.services.checks import checks_newest, checks_run, checks_sweep
from geolocation.services.geolocations import Placed, geolocation_propose, geolocation_withdraw
from geolocation.services.review import review_decide
from tests.geolocation.conftest import a_proposal

pytestmark = pytest.mark.django_db

FAR = Placed(position=Position(39.9, 46.9), uncertainty_m=15)


@pytest.fixture
def queued(monkeypatch):
    """What was handed to the queue: the ids, in order."""
    sent = []

    def send_task(name, args, **kwargs):
        sent.append(args[0])

    monkeypatch.setattr("geolocation.services.checks.current_app.send_task", send_task)
    return sent


def waits(geolocation):
    geolocation.refresh_from_db()
    done = geolocation.checks_done_at
    return geolocation.checks_requested_at is not None and (
        done is None or done < geolocation.checks_requested_at
    )


@pytest.fixture
def checked(in_review):
    checks_run(geolocation_id=in_review.pk)
    assert not waits(in_review)
    return in_review


def test_submitting_asks_for_checks_once_it_is_committed(media_item, investigator, queued, run_on_commit):
    with run_on_commit():
        made = geolocation_propose(
            actor=investigator, media_item=media_item, proposal=a_proposal(), submit=True
        )
        assert queued == []
    assert queued == [made.pk]


def test_every_check_runs_and_keeps_the_inputs_it_read(checked):
    runs = checks_newest(revision=checked.current_revision)
    assert set(runs) == set(PERMANENT_KEYS)
    for check in registered_checks():
        assert set(runs[check.key].inputs) == set(check.reads)
    assert runs["file_position"].inputs["camera"]["uncertainty_m"] == 15


def test_run_again_they_add_nothing(checked):
    before = CheckRun.objects.count()
    assert checks_run(geolocation_id=checked.pk) == []
    assert CheckRun.objects.count() == before


def test_run_again_after_a_change_they_add_only_what_differs(checked, investigator):
    place = place_add(
        actor=investigator,
        investigation=checked.investigation,
        names=[Name(name="Far away")],
        latitude=41.0,
        longitude=49.0,
    )
    details = MediaDetails(title=checked.media_item.title, place=place)
    media_change(actor=investigator, item=checked.media_item, details=details)
    assert {run.key for run in checks_run(geolocation_id=checked.pk)} == {"claim_place"}


def test_a_geolocation_that_is_gone_is_passed_over(db):
    assert checks_run(geolocation_id=123456) == []


def test_a_new_appearance_asks_again(checked, investigator):
    appearance_add(
        actor=investigator, item=checked.media_item, url="https://t.me/somechannel/7", posted=PostedTime()
    )
    assert waits(checked)


def test_a_new_claim_asks_again(checked, investigator):
    source = source_add(actor=investigator, investigation=checked.investigation, name="Port authority")
    claim = claim_log(
        actor=investigator,
        investigation=checked.investigation,
        details=ClaimDetails(statement="A fire.", claimant=source),
    )
    claim_evidence_link(actor=investigator, claim=claim, media_item=checked.media_item, relation="context")
    assert waits(checked)


def test_a_finished_reading_asks_again_and_its_position_is_compared(checked, investigator):
    stored = MediaFile.objects.create(
        investigation=checked.investigation,
        media_item=checked.media_item,
        role="original",
        sha256="a" * 64,
        size_bytes=1,
        mime_type="image/jpeg",
        added_by=investigator,
    )
    fix = {"latitude": 40.0, "longitude": 46.758423, "source": "EXIF GPS", "status": "ok"}
    MetadataReading.objects.create(
        media_file=stored,
        reader="walker",
        state=ReadingState.DONE,
        fields={"positions": [fix], "preferred_position": fix, "times": []},
    )
    reading_finished.send(sender=MetadataReading, item=checked.media_item)
    assert waits(checked)
    checks_run(geolocation_id=checked.pk)
    run = checks_newest(revision=checked.current_revision)["file_position"]
    assert run.verdict == "failed"
    # Meridian arc from 39.821232 to 40 degrees on WGS 84: 111.03 km a degree there.
    assert run.measured_value == pytest.approx(0.178768 * 111_033, rel=1e-4)


@pytest.fixture
def sibling(checked, editor) -> Geolocation:
    return geolocation_propose(
        actor=editor, media_item=checked.media_item, proposal=a_proposal(camera=FAR), submit=True
    )


def test_another_geolocation_of_the_item_has_the_first_one_checked_again(checked, sibling):
    assert waits(checked)
    checks_run(geolocation_id=checked.pk)
    assert checks_newest(revision=checked.current_revision)["siblings"].verdict == "failed"


@pytest.mark.parametrize("ending", ["withdrawn", "rejected"])
def test_when_the_other_one_ends_the_first_one_is_checked_again(checked, sibling, editor, reviewer, ending):
    checks_run(geolocation_id=checked.pk)
    if ending == "withdrawn":
        geolocation_withdraw(actor=editor, geolocation=sibling)
    else:
        review_decide(
            actor=reviewer,
            revision=sibling.current_revision,
            decision="reject",
            checklist={},
            reason="Elsewhere.",
        )
    assert waits(checked)
    checks_run(geolocation_id=checked.pk)
    assert checks_newest(revision=checked.current_revision)["siblings"].verdict == "inapplicable"


def test_a_closed_geolocation_is_left_alone(checked, investigator):
    geolocation_withdraw(actor=investigator, geolocation=checked)
    appearance_add(
        actor=investigator, item=checked.media_item, url="https://t.me/somechannel/7", posted=PostedTime()
    )
    assert not waits(checked)


def test_with_the_broker_down_the_proposal_is_kept_and_the_sweep_finds_it(
    media_item, investigator, monkeypatch, run_on_commit
):
    def unreachable(*args, **kwargs):
        raise ConnectionError("connection refused")

    with monkeypatch.context() as patched, run_on_commit():
        patched.setattr("geolocation.services.checks.current_app.send_task", unreachable)
        made = geolocation_propose(
            actor=investigator, media_item=media_item, proposal=a_proposal(), submit=True
        )
    assert waits(made)
    sent = []
    monkeypatch.setattr(
        "geolocation.services.checks.current_app.send_task", lambda name, args, **kwargs: sent.append(args[0])
    )
    assert checks_sweep() == 0, "too early: a worker may be at it"
    Geolocation.objects.update(checks_requested_at=timezone.now() - timedelta(minutes=2))
    assert checks_sweep() == 1
    assert sent == [made.pk]
    checks_run(geolocation_id=made.pk)
    assert checks_sweep() == 0
