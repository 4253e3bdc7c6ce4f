"""Archived copies: kept with their event, read once, refused with a sentence, never lost."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from evidence.archives import CopyKind as ReadKind
from evidence.archives.base import Basis
from evidence.errors import FileKindRefused, FileRefused, FileTooLarge, NotAllowed, NotFound
from evidence.models import (
    Appearance,
    ArchivedCopy,
    CapturedBasis,
    CopyKind,
    CustodyEvent,
    Investigation,
    MediaItem,
    ReadingState,
)
from evidence.services import archived_copies
from evidence.services.appearances import appearance_add
from evidence.services.archived_copies import (
    CopyAdded,
    archived_copies_sweep,
    archived_copy_add,
    archived_copy_read,
    archived_copy_read_again,
    archived_copy_store,
    digests_held,
)
from evidence.services.custody import custody_verify
from evidence.storage import media_storage
from tests.evidence.archives.made import LINK, SAVED_PAGE, record, report, wacz, warc
from tests.evidence.services.conftest import picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def appearance(media_item: MediaItem, investigator: Any) -> Appearance:
    return appearance_add(actor=investigator, item=media_item, url=LINK)


@pytest.fixture
def add(
    appearance: Appearance, investigator: Any, queued: list[int], run_on_commit: Callable[..., Any]
) -> Callable[..., CopyAdded]:
    """`add(content, name)`: what the form does, up to the queue."""

    def keep(content: bytes, name: str = "copy", actor: Any = None) -> CopyAdded:
        stored = archived_copy_store(SimpleUploadedFile(name, content))
        with run_on_commit():
            return archived_copy_add(actor=actor or investigator, appearance=appearance, stored=stored)

    return keep


def read(added: CopyAdded) -> ArchivedCopy:
    archived_copy_read(copy_id=added.copy.pk)
    added.copy.refresh_from_db()
    return added.copy


def events(investigation: Investigation) -> list[str]:
    return list(
        CustodyEvent.objects.filter(investigation=investigation, action__startswith="copy.")
        .order_by("sequence")
        .values_list("action", flat=True)
    )


def test_a_copy_is_kept_as_it_came_noted_and_queued(
    add: Callable[..., CopyAdded], queued: list[int], investigation: Investigation
) -> None:
    content = wacz()
    added = add(content, "C:\\saved\\post.wacz")
    copy = added.copy
    assert (copy.kind, copy.original_name, copy.size_bytes) == ("wacz", "post.wacz", len(content))
    assert (copy.state, added.existed) == (ReadingState.WAITING, False)
    assert media_storage().path_of(copy.sha256).read_bytes() == content
    assert queued == [copy.pk]
    assert events(investigation) == ["copy.added"]


def test_a_worker_reads_it_once_and_the_log_says_what_came_of_it(
    add: Callable[..., CopyAdded], investigation: Investigation
) -> None:
    added = add(wacz())
    copy = read(added)
    assert copy.state == ReadingState.DONE
    assert copy.captured_at == datetime(2023, 9, 21, 6, 1, 2, tzinfo=UTC)
    assert copy.captured_basis == CapturedBasis.WARC_DATE
    assert {finding["verdict"] for finding in copy.verdicts} == {"right"}
    archived_copy_read(copy_id=copy.pk)
    assert events(investigation) == ["copy.added", "copy.read"]
    last = CustodyEvent.objects.get(investigation=investigation, action="copy.read")
    assert last.details["sha256"] == copy.sha256
    assert last.details["verdicts"]["parts"] == "right"
    assert custody_verify(investigation=investigation).ok


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (warc(), "warc"),
        (SAVED_PAGE, "page"),
        (report(), "auto_archiver"),
        (picture("teal", "PNG"), "picture"),
    ],
)
def test_each_kind_is_read(add: Callable[..., CopyAdded], content: bytes, kind: str) -> None:
    copy = read(add(content))
    assert (copy.kind, copy.state) == (kind, ReadingState.DONE)
    assert copy.verdicts


def test_the_same_bytes_lead_to_the_copy_that_is_there(
    add: Callable[..., CopyAdded], investigation: Investigation
) -> None:
    first, again = add(SAVED_PAGE), add(SAVED_PAGE, "other.html")
    assert (again.existed, again.copy.pk) == (True, first.copy.pk)
    assert events(investigation) == ["copy.added"]


def test_the_same_bytes_may_be_a_copy_of_another_posting(
    add: Callable[..., CopyAdded], media_item: MediaItem, investigator: Any
) -> None:
    first = add(wacz())
    other = appearance_add(actor=investigator, item=media_item, url="https://t.me/durov/43")
    stored = archived_copy_store(SimpleUploadedFile("copy", wacz()))
    added = archived_copy_add(actor=investigator, appearance=other, stored=stored)
    assert (added.existed, added.copy.sha256) == (False, first.copy.sha256)


def _bomb() -> bytes:
    return gzip.compress(record(b"\x00" * (70 * 1024 * 1024), kind="resource"), compresslevel=1)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (_bomb(), "unpacks to far more than its size"),
        (wacz(extra={"../../x": b"x"}), "leads out of its folder"),
        (wacz()[:-300], "cannot be read"),
        (b'{"a": 1}', "no report of auto-archiver"),
    ],
    ids=["bomb", "path", "cut", "json"],
)
def test_what_is_made_to_do_harm_is_refused_with_a_sentence_and_kept(
    add: Callable[..., CopyAdded], content: bytes, words: str
) -> None:
    copy = read(add(content))
    assert copy.state == ReadingState.FAILED
    assert words in copy.sentence
    assert copy.sentence.endswith("The copy is kept as it is.")
    assert (copy.captured_at, copy.captured_basis, copy.verdicts) == (None, "unknown", [])
    assert media_storage().path_of(copy.sha256).read_bytes() == content


def test_files_that_are_no_copies_are_not_taken() -> None:
    with pytest.raises(FileKindRefused, match="not a copy of a kind"):
        archived_copy_store(SimpleUploadedFile("a.exe", b"MZ\x90"))
    with pytest.raises(FileRefused, match="is empty"):
        archived_copy_store(SimpleUploadedFile("a.wacz", b""))


def test_a_file_that_is_too_large_is_not_taken(settings: Any) -> None:
    settings.MAX_UPLOAD_BYTES = 10
    with pytest.raises(FileTooLarge):
        archived_copy_store(SimpleUploadedFile("a.html", SAVED_PAGE))


def test_who_may_not_log_media_may_not_add_copies(
    add: Callable[..., CopyAdded], viewer: Any, stranger: Any
) -> None:
    with pytest.raises(NotAllowed):
        add(SAVED_PAGE, actor=viewer)
    with pytest.raises(NotFound):
        add(SAVED_PAGE, actor=stranger)
    assert not ArchivedCopy.objects.exists()


def test_files_of_the_report_are_known_by_their_digests(
    add: Callable[..., CopyAdded], log_file: Callable[..., Any]
) -> None:
    shot = picture("olive", "PNG")
    digest = hashlib.sha256(shot).hexdigest()
    text = report().replace(b"ab" * 32, digest.encode())
    copy = read(add(text))
    assert digests_held(copy=copy) == set()
    add(shot, "screenshot.png")
    assert digests_held(copy=copy) == {digest}


def test_a_copy_whose_bytes_are_gone_says_so(add: Callable[..., CopyAdded]) -> None:
    added = add(SAVED_PAGE)
    media_storage().path_of(added.copy.sha256).unlink()
    assert "not in the storage" in read(added).sentence


def test_a_failed_copy_is_read_again_on_request(
    add: Callable[..., CopyAdded], investigator: Any, queued: list[int], run_on_commit: Callable[..., Any]
) -> None:
    copy = read(add(b'{"a": 1}'))
    with run_on_commit():
        archived_copy_read_again(actor=investigator, copy=copy)
    copy.refresh_from_db()
    assert (copy.state, copy.sentence, queued) == (ReadingState.WAITING, "", [copy.pk, copy.pk])


def test_the_sweep_queues_what_was_left_and_gives_up_what_failed_too_often(
    add: Callable[..., CopyAdded], queued: list[int]
) -> None:
    left, hopeless = add(SAVED_PAGE).copy, add(report()).copy
    long_ago = timezone.now() - timedelta(hours=1)
    ArchivedCopy.objects.filter(pk=left.pk).update(queued_at=long_ago)
    ArchivedCopy.objects.filter(pk=hopeless.pk).update(
        state=ReadingState.READING, attempts=3, lease_until=long_ago
    )
    queued.clear()
    assert archived_copies_sweep() == 1
    assert queued == [left.pk]
    hopeless.refresh_from_db()
    assert (hopeless.state, "3 times" in hopeless.sentence) == (ReadingState.FAILED, True)
    assert archived_copies_sweep() == 0


def test_a_worker_whose_lease_ran_out_writes_nothing(
    add: Callable[..., CopyAdded], monkeypatch: pytest.MonkeyPatch
) -> None:
    added = add(SAVED_PAGE)
    run = archived_copies.run_limited

    def slow(*arguments: Any, **options: Any) -> Any:
        ArchivedCopy.objects.filter(pk=added.copy.pk).update(attempts=2)
        return run(*arguments, **options)

    monkeypatch.setattr(archived_copies, "run_limited", slow)
    assert read(added).state == ReadingState.READING


def test_the_keys_of_the_pure_package_are_those_of_the_model() -> None:
    assert {kind.value for kind in ReadKind} == set(CopyKind.values)
    assert set(get_args(Basis)) == set(CapturedBasis.values)
