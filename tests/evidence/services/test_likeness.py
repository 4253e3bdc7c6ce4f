"""Copies are suggested by the workers, and copies only when a person says so."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from PIL import Image

from evidence.errors import Conflict, InvalidInput, NotAllowed, NotFound
from evidence.models import (
    CustodyEvent,
    LikenessKind,
    LikenessState,
    MediaFingerprint,
    MediaItem,
    MediaLikeness,
    MetadataReading,
    ReadingState,
)
from evidence.services.appearances import PostedTime, appearance_add
from evidence.services.ingest import original_store
from evidence.services.investigations import investigation_open
from evidence.services.likeness import (
    appearances_of_copies,
    copies_of,
    earliest_of_all,
    likeness_decide,
)
from evidence.services.likeness_search import fingerprints_keep, fingerprints_of, likeness_search
from evidence.services.media import Logged, media_log_file
from evidence.services.reading import reading_run
from osint_catalogue.accounts.models import User
from tests.evidence.fingerprints.scenes import film, jpeg_30, mirrored, quarter_size, scene
from tests.evidence.services.conftest import file_of, picture

pytestmark = pytest.mark.django_db
Log = Callable[..., Logged]


def as_file(image: Image.Image) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=88)
    return stream.getvalue()


def read(logged: Logged) -> MetadataReading:
    """Let the worker do its work; returns the row of the reader."""
    row = MetadataReading.objects.get(media_file=file_of(logged), reader="likeness")
    reading_run(reading_id=row.pk)
    row.refresh_from_db()
    return row


def read_again(logged: Logged) -> MetadataReading:
    MetadataReading.objects.filter(media_file=file_of(logged), reader="likeness").update(
        state=ReadingState.WAITING
    )
    return read(logged)


@pytest.fixture
def log(log_file: Log) -> Callable[..., Logged]:
    """Log a picture and have it read."""

    def go(image: Image.Image, **more: Any) -> Logged:
        logged = log_file(as_file(image), **more)
        assert read(logged).state == ReadingState.DONE
        return logged

    return go


@pytest.fixture
def pair(log: Log) -> MediaLikeness:
    log(scene(1))
    log(jpeg_30(quarter_size(scene(1))))
    return MediaLikeness.objects.get()


def test_a_photo_is_stored_with_its_fingerprints_and_those_of_its_mirror_image(log: Log) -> None:
    media_file = file_of(log(scene(1)))
    rows = MediaFingerprint.objects.filter(media_file=media_file)
    assert rows.count() == 6
    assert {(row.algorithm, row.is_mirrored, len(row.bands)) for row in rows} == {
        (name, is_mirrored, bands)
        for name, bands in (("pdq256", 16), ("phash64", 4), ("dhash64", 4))
        for is_mirrored in (False, True)
    }
    assert MediaLikeness.objects.count() == 0


def test_a_copy_is_suggested_with_what_was_compared(log: Log) -> None:
    first, second = log(scene(1)), log(jpeg_30(quarter_size(scene(1))))
    log(scene(2))
    pair = MediaLikeness.objects.get()
    assert (pair.item_a, pair.item_b) == (first.item, second.item)
    assert (pair.kind, pair.state) == (LikenessKind.WHOLE, LikenessState.SUGGESTED)
    assert pair.score > 0.75
    assert set(pair.evidence["distances"]) == {"pdq256", "phash64", "dhash64"}
    assert CustodyEvent.objects.filter(action="file.fingerprinted").count() == 3


def test_a_mirrored_copy_is_suggested_as_mirrored(log: Log) -> None:
    log(scene(4))
    log(mirrored(scene(4)))
    pair = MediaLikeness.objects.get()
    assert (pair.kind, pair.evidence["is_mirrored"]) == (LikenessKind.MIRRORED, True)


def test_a_clip_and_a_still_are_found_with_their_seconds(log: Log, log_file: Log, tmp_path: Path) -> None:
    shots = tuple(range(100, 108))
    whole = log_file(film(tmp_path / "whole.mp4", shots).read_bytes(), "whole.mp4")
    assert read(whole).state == ReadingState.DONE
    path = film(tmp_path / "clip.mp4", shots, from_s=12.5, to_s=32.5, keyframe_every=40)
    clip = log_file(path.read_bytes(), "clip.mp4")
    read(clip)
    pair = MediaLikeness.objects.get()
    assert (pair.item_a, pair.item_b, pair.kind) == (whole.item, clip.item, LikenessKind.CLIP)
    assert pair.a_from_s == pytest.approx(12.5, abs=2.5)
    assert pair.a_to_s == pytest.approx(32.5, abs=2.5)
    assert pair.b_from_s == pytest.approx(0, abs=2.5)
    # A moment of the whole, plus the shift, is the same moment of the clip.
    assert pair.evidence["shift_s"] == pytest.approx(-12.5, abs=2.5)
    still = log(scene(105, width=360, height=240).crop((0, 0, 320, 240)))
    of_still = MediaLikeness.objects.get(item_a=whole.item, item_b=still.item)
    assert (of_still.kind, of_still.b_from_s) == (LikenessKind.CLIP, None)
    assert of_still.a_from_s == pytest.approx(25, abs=2.5)


def test_a_plain_picture_says_that_no_likeness_is_looked_for(log_file: Log) -> None:
    row = read(log_file(picture("teal")))
    assert row.state == ReadingState.NOTHING_FOUND
    assert "too little in the picture" in row.sentence
    read(log_file(picture("teal", size=(65, 48))))
    assert MediaLikeness.objects.count() == 0


def test_a_broken_file_fails_with_a_sentence(log_file: Log) -> None:
    row = read(log_file(as_file(scene(1))[:200]))
    assert row.state == ReadingState.FAILED
    assert row.sentence.endswith("The original is kept as it is.")


def test_of_two_copies_read_at_once_the_second_finds_the_first(log: Log, log_file: Log) -> None:
    first = file_of(log(scene(1)))
    fingerprints = fingerprints_of(first)
    MediaFingerprint.objects.all().delete()
    second = file_of(log_file(as_file(jpeg_30(scene(1)))))
    here = [first.investigation_id]
    searches = [
        likeness_search(media_file=each, fingerprints=fingerprints, investigation_ids=here)
        for each in (first, second)
    ]
    # Neither search saw the other's fingerprints: none are kept yet.
    assert [search.found.hits for search in searches] == [(), ()]
    assert fingerprints_keep(media_file=first, fingerprints=fingerprints, search=searches[0]) == []
    found = fingerprints_keep(media_file=second, fingerprints=fingerprints, search=searches[1])
    assert [pair.state for pair in found] == [LikenessState.SUGGESTED]


def test_read_again_nothing_is_there_twice(pair: MediaLikeness, log_file: Log) -> None:
    before = MediaFingerprint.objects.count()
    again = MetadataReading.objects.get(media_file=pair.file_b, reader="likeness")
    MetadataReading.objects.filter(pk=again.pk).update(state=ReadingState.WAITING)
    reading_run(reading_id=again.pk)
    assert MediaFingerprint.objects.count() == before
    assert MediaLikeness.objects.get().pk == pair.pk


def test_confirming_is_written_into_the_log_of_both_items(pair: MediaLikeness, investigator: User) -> None:
    likeness_decide(actor=investigator, likeness=pair, decision="confirmed", seen="suggested")
    pair.refresh_from_db()
    assert (pair.state, pair.decided_by) == (LikenessState.CONFIRMED, investigator)
    events = CustodyEvent.objects.filter(action="likeness.confirmed").order_by("sequence")
    assert [(each.object_reference, each.details["other"]) for each in events] == [
        (pair.item_a.reference, pair.item_b.reference),
        (pair.item_b.reference, pair.item_a.reference),
    ]
    assert events[0].details["files"] == [pair.file_a.sha256, pair.file_b.sha256]


def test_dismissing_needs_a_reason(pair: MediaLikeness, investigator: User) -> None:
    with pytest.raises(InvalidInput, match="in what they differ") as refused:
        likeness_decide(actor=investigator, likeness=pair, decision="dismissed", reason="  ")
    assert refused.value.field == "reason"
    with pytest.raises(InvalidInput, match="confirm or to dismiss"):
        likeness_decide(actor=investigator, likeness=pair, decision="suggested")
    pair.refresh_from_db()
    assert pair.state == LikenessState.SUGGESTED


def test_a_dismissed_pair_never_comes_back_for_the_same_files(
    log: Log, log_file: Log, investigator: User
) -> None:
    log(scene(1))
    second = log(jpeg_30(scene(1)))
    pair = MediaLikeness.objects.get()
    likeness_decide(actor=investigator, likeness=pair, decision="dismissed", reason="Another day.")
    read_again(second)
    pair.refresh_from_db()
    assert (pair.state, pair.reason) == (LikenessState.DISMISSED, "Another day.")
    # Another file of the same item is another question.
    log(quarter_size(scene(1)), item=second.item)
    pair.refresh_from_db()
    assert (pair.state, pair.reason, pair.decided_by) == (LikenessState.SUGGESTED, "", None)
    likeness_decide(actor=investigator, likeness=pair, decision="dismissed", reason="Still another day.")
    read_again(second)
    pair.refresh_from_db()
    assert (pair.state, len(pair.dismissed_files)) == (LikenessState.DISMISSED, 2)


def test_a_confirmed_pair_stays_confirmed_when_a_file_is_read_again(log: Log, investigator: User) -> None:
    log(scene(1))
    second = log(jpeg_30(scene(1)))
    likeness_decide(actor=investigator, likeness=MediaLikeness.objects.get(), decision="confirmed")
    read_again(second)
    assert MediaLikeness.objects.get().state == LikenessState.CONFIRMED


def test_two_files_of_one_item_are_no_pair(log: Log) -> None:
    first = log(scene(1))
    log(jpeg_30(scene(1)), item=first.item)
    assert MediaLikeness.objects.count() == 0


def test_a_decision_can_be_changed_but_not_overrun(
    pair: MediaLikeness, investigator: User, reviewer: User
) -> None:
    likeness_decide(actor=investigator, likeness=pair, decision="confirmed", seen="suggested")
    with pytest.raises(Conflict, match="decided meanwhile"):
        likeness_decide(
            actor=reviewer, likeness=pair, decision="dismissed", reason="The light.", seen="suggested"
        )
    with pytest.raises(Conflict):
        likeness_decide(actor=reviewer, likeness=pair, decision="confirmed")
    likeness_decide(
        actor=reviewer, likeness=pair, decision="dismissed", reason="The light.", seen="confirmed"
    )
    pair.refresh_from_db()
    assert (pair.state, pair.decided_by) == (LikenessState.DISMISSED, reviewer)


def test_a_viewer_may_not_decide_and_for_a_stranger_there_is_nothing(
    pair: MediaLikeness, viewer: User, stranger: User
) -> None:
    with pytest.raises(NotAllowed):
        likeness_decide(actor=viewer, likeness=pair, decision="confirmed")
    with pytest.raises(NotFound):
        likeness_decide(actor=stranger, likeness=pair, decision="confirmed")


def decide(one: MediaItem, other: MediaItem, actor: User, decision: str) -> None:
    pair = MediaLikeness.objects.get(item_a=one, item_b=other)
    likeness_decide(actor=actor, likeness=pair, decision=decision, reason="Looked at both.")


def test_copies_share_their_appearances_and_the_earliest_of_all(log: Log, investigator: User) -> None:
    items = [log(change(scene(1))).item for change in (lambda each: each, jpeg_30, quarter_size)]
    first, second, third = items
    assert copies_of(first) == []
    decide(first, second, investigator, "confirmed")
    decide(second, third, investigator, "confirmed")
    decide(first, third, investigator, "dismissed")
    # By way of the second, the third is a copy of the first as well.
    assert copies_of(first) == [second, third]
    assert copies_of(third) == [first, second]
    early = appearance_add(actor=investigator, item=third, url="https://t.me/channel/5", posted=PostedTime())
    late = appearance_add(
        actor=investigator, item=first, url="https://x.com/someone/status/1705000000000000000"
    )
    assert appearances_of_copies([second, third]) == [early]
    assert early.media_item == third
    assert earliest_of_all(second, copies_of(second)) == late


def test_an_investigation_never_finds_what_another_one_has(
    log: Log, investigator: User, editor: User, run_on_commit: Callable[..., Any]
) -> None:
    log(scene(1))
    other = investigation_open(actor=editor, code="OTHER", title="Another case")
    stored = original_store(SimpleUploadedFile("same.jpg", as_file(scene(1))))
    with run_on_commit():
        logged = media_log_file(actor=editor, investigation=other, stored=stored)
    assert read(logged).state == ReadingState.DONE
    assert MediaLikeness.objects.count() == 0


def test_files_from_before_there_was_this_reader_are_read_when_somebody_asks(
    log_file: Log, queued: list[int], run_on_commit: Callable[..., Any]
) -> None:
    logged = log_file(as_file(scene(1)))
    MetadataReading.objects.filter(reader="likeness").delete()
    queued.clear()
    out = io.StringIO()
    with run_on_commit():
        call_command("request_readings", stdout=out)
    assert out.getvalue() == "1 readings were asked for.\n"
    assert MetadataReading.objects.get(media_file=file_of(logged), reader="likeness").pk in queued
