"""Many files at once: each ends by itself, twice changes nothing, and what was cut off goes on."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from celery import Celery
from django.core.management import CommandError, call_command
from django.utils import timezone
from kombu.exceptions import OperationalError

from evidence.errors import NotAllowed
from evidence.intake_report import cell, report_rows
from evidence.models import (
    BatchState,
    CustodyEvent,
    IntakeBatch,
    IntakeMember,
    Investigation,
    MediaFile,
    MediaItem,
    Membership,
    MemberState,
)
from evidence.services import intake_zip
from evidence.services.custody import custody_verify
from evidence.services.ingest import ATTEMPTS
from evidence.services.intake import batch_claim, batch_counts, batch_of_zip, batch_retry, batches_sweep
from evidence.services.intake_zip import batch_run
from evidence.storage import media_storage
from osint_catalogue.accounts.models import User
from tests.evidence.services.conftest import picture
from tests.evidence.zips.hostile import packed, raw

pytestmark = pytest.mark.django_db
Begin = Callable[..., IntakeBatch]
PHOTOS = [(f"photos/{n:02}.jpg", picture(f"#00{n * 20:02x}30")) for n in range(12)]


@pytest.fixture
def begin(investigation: Investigation, investigator: User, queued: list[int]) -> Begin:
    """`begin(content)`: the batch of a ZIP that was sent."""

    def begun(content: bytes, name: str = "sent.zip", **more: Any) -> IntakeBatch:
        batch, _existed = batch_of_zip(
            actor=investigator,
            investigation=investigation,
            stored=media_storage().put([content]),
            name=name,
            **more,
        )
        return batch

    return begun


def run_to_the_end(batch: IntakeBatch) -> IntakeBatch:
    """What workers do, one slice after the other."""
    for _slice in range(200):
        batch_run(batch_id=batch.pk)
        batch.refresh_from_db()
        if not batch.is_unfinished:
            return batch
    raise AssertionError("it never ends")


def states(batch: IntakeBatch) -> dict[str, str]:
    return dict(batch.members.values_list("name", "state"))


def test_every_file_of_a_zip_becomes_an_item_with_its_lines_in_the_log(begin: Begin) -> None:
    batch = run_to_the_end(begin(packed(PHOTOS)))
    assert batch.state == BatchState.DONE
    assert batch_counts(batch) == {"waiting": 0, "new": 12, "known": 0, "refused": 0, "failed": 0}
    for member in batch.members.select_related("media_item"):
        stored = MediaFile.objects.get(sha256=member.sha256)
        assert stored.media_item == member.media_item
        assert stored.original_name == member.name.removeprefix("photos/")
        assert media_storage().path_of(member.sha256).read_bytes() == dict(PHOTOS)[member.name]
    actions = list(CustodyEvent.objects.order_by("sequence").values_list("action", flat=True))
    assert actions.count("file.stored") == actions.count("media.logged") == 12
    assert (actions.count("batch.begun"), actions.count("batch.finished")) == (1, 1)
    assert custody_verify(investigation=batch.investigation).ok
    assert not list(media_storage().incoming.iterdir())


def test_one_bad_file_never_stops_the_others(begin: Begin) -> None:
    content = raw(
        [
            (b"good.jpg", picture("red"), {}),
            (b"broken.jpg", picture("green"), {"crc": 5}),
            (b"locked.jpg", picture("blue"), {"flags": 1}),
            (b"notes.txt", b"hello", {}),
            (b"__MACOSX/._good.jpg", b"resource", {}),
            (b"again.jpg", picture("red"), {}),
            (b"link.jpg", b"/etc/passwd", {"mode": 0o120777}),
            (b"inner.zip", packed(PHOTOS[:1]), {}),
            (b"../../last.jpg", picture("white"), {}),
        ]
    )
    batch = run_to_the_end(begin(content))
    assert batch.state == BatchState.DONE
    assert states(batch) == {
        "good.jpg": "new",
        "broken.jpg": "failed",
        "locked.jpg": "refused",
        "notes.txt": "refused",
        "__MACOSX/._good.jpg": "refused",
        "again.jpg": "known",
        "link.jpg": "refused",
        "inner.zip": "refused",
        "../../last.jpg": "new",
    }
    assert not batch.members.exclude(state="new").filter(sentence="").exists()
    again = batch.members.get(name="again.jpg")
    assert again.media_item == batch.members.get(name="good.jpg").media_item
    assert MediaItem.objects.count() == 2


def test_the_same_zip_again_is_the_same_batch_and_changes_nothing(begin: Begin) -> None:
    first = run_to_the_end(begin(packed(PHOTOS)))
    events = CustodyEvent.objects.count()
    again = begin(packed(PHOTOS), name="renamed.zip")
    assert again.pk == first.pk
    batch_run(batch_id=again.pk)
    assert (MediaItem.objects.count(), CustodyEvent.objects.count()) == (12, events)


def test_files_that_are_known_from_elsewhere_lead_to_their_items(begin: Begin) -> None:
    run_to_the_end(begin(packed(PHOTOS[:5])))
    batch = run_to_the_end(begin(packed(PHOTOS)))
    assert batch_counts(batch) == {"waiting": 0, "new": 7, "known": 5, "refused": 0, "failed": 0}
    assert MediaItem.objects.count() == 12


def test_it_is_done_in_slices_that_let_others_have_their_turn(
    begin: Begin, queued: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake_zip, "_SLICE_FILES", 5)
    batch = begin(packed(PHOTOS))
    counts = []
    for _slice in range(3):
        queued.clear()
        batch_run(batch_id=batch.pk)
        counts.append(batch.members.filter(state=MemberState.NEW).count())
    assert counts == [5, 10, 12]
    batch.refresh_from_db()
    assert (batch.state, batch.attempts) == (BatchState.DONE, 1)


class Killed(BaseException):
    """The end of a worker, as its own code sees it: none of it runs any more."""


def test_a_worker_that_is_killed_in_the_middle_costs_nothing_and_doubles_nothing(
    begin: Begin, queued: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = begin(packed(PHOTOS))
    store, count = intake_zip.member_store, 0

    def dies(*args: Any) -> None:
        nonlocal count
        count += 1
        if count == 5:
            raise Killed
        store(*args)

    with monkeypatch.context() as patch:
        patch.setattr(intake_zip, "member_store", dies)
        with pytest.raises(Killed):
            batch_run(batch_id=batch.pk)
    assert batch_claim(batch_id=batch.pk) is None  # its lease stands
    assert batches_sweep() == 0
    IntakeBatch.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    queued.clear()
    assert batches_sweep() == 1
    assert queued == [batch.pk]
    run_to_the_end(batch)
    assert batch_counts(batch)["new"] == 12
    assert MediaItem.objects.count() == 12
    actions = list(CustodyEvent.objects.values_list("action", flat=True))
    assert actions.count("file.stored") == 12


def test_a_batch_that_ends_every_worker_is_given_up_with_a_sentence_and_can_be_tried_again(
    begin: Begin, investigator: User
) -> None:
    batch = begin(packed(PHOTOS))
    for _attempt in range(ATTEMPTS):
        assert batch_claim(batch_id=batch.pk) is not None
        IntakeBatch.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        batches_sweep()
    batch.refresh_from_db()
    assert batch.state == BatchState.FAILED
    assert "stopped 3 times" in batch.sentence
    batch_retry(actor=investigator, batch=batch)
    assert batch_counts(run_to_the_end(batch))["new"] == 12


def test_a_broker_that_is_down_costs_no_batch_and_the_sweep_queues_it_later(
    begin: Begin, queued: list[int], monkeypatch: pytest.MonkeyPatch, run_on_commit: Callable[..., Any]
) -> None:
    def down(*args: object, **options: object) -> None:
        raise OperationalError("connection refused")

    with monkeypatch.context() as broken:
        broken.setattr(Celery, "send_task", down)
        with run_on_commit():
            batch = begin(packed(PHOTOS[:2]))
    assert batch.state == BatchState.WAITING
    assert batches_sweep() == 0
    IntakeBatch.objects.update(queued_at=timezone.now() - timedelta(minutes=1))
    assert batches_sweep() == 1
    assert queued == [batch.pk]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"PK\x03\x04 and then nothing of a ZIP", "not a ZIP that can be opened"),
        (packed([(f"{n}.jpg", b"x") for n in range(25)]), "holds 25 entries; at most 20"),
        (raw([(f"{n}.jpg".encode(), picture(), {"size": 4_000_000_000}) for n in range(9)]), ""),
    ],
)
def test_a_zip_that_cannot_be_taken_as_a_whole_ends_with_a_sentence(
    begin: Begin, settings: Any, content: bytes, sentence: str
) -> None:
    settings.INTAKE_MOST_FILES = 20
    batch = run_to_the_end(begin(content))
    assert batch.state == (BatchState.FAILED if sentence else BatchState.DONE)
    assert sentence in batch.sentence
    assert MediaItem.objects.count() == 0


def test_a_zip_that_unpacks_to_more_than_there_is_room_for_is_refused(
    begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Usage:
        free = 100

    monkeypatch.setattr(intake_zip.shutil, "disk_usage", lambda path: Usage)
    batch = run_to_the_end(begin(packed(PHOTOS)))
    assert batch.state == BatchState.FAILED
    assert "100\xa0bytes are free on the disk" in batch.sentence


def test_a_file_that_brings_the_child_down_is_blamed_and_the_rest_goes_on(
    begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = intake_zip.run_child

    def killed_at_two(module: str, *arguments: str, **options: Any) -> Any:
        if arguments[0] == "extract" and "2" in arguments[-3:] and arguments[-1] == "2":
            from evidence.sandbox import Failure, FailureReason

            return Failure(FailureReason.crashed, "The program that reads the file crashed (signal 11).", "")
        return real(module, *arguments, **options)

    monkeypatch.setattr(intake_zip, "_SLICE_FILES", 1)
    monkeypatch.setattr(intake_zip, "run_child", killed_at_two)
    batch = run_to_the_end(begin(packed(PHOTOS[:4])))
    assert [member.state for member in batch.members.all()] == ["new", "new", "failed", "new"]
    assert "crashed (signal 11)" in batch.members.get(position=2).sentence


def test_who_may_not_log_may_not_bring_in(
    investigation: Investigation, viewer: User, investigator: User, begin: Begin
) -> None:
    with pytest.raises(NotAllowed):
        batch_of_zip(
            actor=viewer, investigation=investigation, stored=media_storage().put([b"x"]), name="a.zip"
        )
    batch = begin(packed(PHOTOS))
    Membership.objects.filter(user=investigator).update(role="viewer")
    run_to_the_end(batch)
    assert batch.state == BatchState.FAILED
    assert "does not carry this" in batch.sentence
    assert MediaItem.objects.count() == 0


def test_everything_in_a_batch_marked_sensitive_is_sensitive(begin: Begin) -> None:
    run_to_the_end(begin(packed(PHOTOS[:3]), is_sensitive=True))
    assert MediaItem.objects.filter(is_sensitive=True).count() == 3


# --- the command


def log_media(*arguments: str) -> str:
    out = StringIO()
    call_command("log_media", "TEST1", *arguments, "--as", "investigator@example.org", stdout=out)
    return out.getvalue()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "collected"
    for name, content in PHOTOS:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (root / "notes.txt").write_text("hello")
    (root / "empty.jpg").touch()
    (root / ".DS_Store").write_bytes(b"x")
    (root / "link.jpg").symlink_to("/etc/passwd")
    (root / os.fsdecode(b"bad\xff.jpg")).write_bytes(picture("pink"))
    return root


def test_a_folder_is_brought_in_by_a_named_person_and_ends_with_a_report(
    folder: Path, investigation: Investigation, investigator: User, queued: list[int], tmp_path: Path
) -> None:
    report = tmp_path / "report.csv"
    said = log_media(str(folder), "--report", str(report))
    assert f"B01 {folder}: 13 new, 4 refused." in said
    assert MediaItem.objects.filter(created_by=investigator).count() == 13
    lines = report.read_text().splitlines()
    assert lines[0] == "batch,name,state,reference,sentence,sha256,size_bytes"
    assert len(lines) == 18
    assert not any("passwd" in line for line in lines)


def test_a_folder_twice_changes_nothing_and_takes_what_is_new(
    folder: Path, investigation: Investigation, investigator: User, queued: list[int]
) -> None:
    log_media(str(folder))
    files, members = MediaFile.objects.count(), IntakeMember.objects.count()
    stored = CustodyEvent.objects.filter(action="file.stored").count()
    log_media(str(folder))
    assert (MediaFile.objects.count(), IntakeMember.objects.count()) == (files, members)
    assert CustodyEvent.objects.filter(action="file.stored").count() == stored
    assert IntakeBatch.objects.count() == 1
    (folder / "late.jpg").write_bytes(picture("gold"))
    log_media(str(folder))
    assert (MediaFile.objects.count(), IntakeMember.objects.count()) == (files + 1, members + 1)


def test_a_zip_and_a_single_file_are_taken_too(
    investigation: Investigation, investigator: User, queued: list[int], tmp_path: Path
) -> None:
    (tmp_path / "sent.zip").write_bytes(packed(PHOTOS))
    (tmp_path / "one.jpg").write_bytes(picture("gold"))
    said = log_media(str(tmp_path / "sent.zip"), str(tmp_path / "one.jpg"))
    assert "sent.zip: 12 new." in said
    assert "one.jpg: 1 new." in said


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("NOWHERE", "/tmp", "--as", "investigator@example.org"), "no such investigation"),
        (("TEST1", "/tmp", "--as", "nobody@example.org"), "no such person"),
        (("TEST1", "/no/such/folder", "--as", "investigator@example.org"), "Not found: /no/such/folder"),
        (("TEST1", "/tmp", "--as", "viewer@example.org"), "does not carry this"),
    ],
)
def test_the_command_says_what_is_wrong(
    investigation: Investigation, arguments: tuple[str, ...], why: str
) -> None:
    with pytest.raises(CommandError, match=why):
        call_command("log_media", *arguments, stdout=StringIO())


def test_the_report_is_safe_to_open_in_a_spreadsheet(begin: Begin) -> None:
    batch = run_to_the_end(begin(packed([("=HYPERLINK(1).jpg", picture()), ("@x.jpg", b"no")])))
    names = [row[1] for row in report_rows(batch)]
    assert names == ["'=HYPERLINK(1).jpg", "'@x.jpg"]
    assert cell("plain.jpg") == "plain.jpg"
