"""What the database holds of fingerprints and likenesses; every test goes around the services with SQL."""

import pytest
from django.db import IntegrityError, connection, transaction

from evidence.models import MediaFile, MediaItem
from evidence.services.investigations import investigation_open
from evidence.services.media import MediaDetails, media_create

pytestmark = pytest.mark.django_db


def insert(table, row):
    columns, places = ", ".join(row), ", ".join(["%s"] * len(row))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({columns}) VALUES ({places})", list(row.values()))


def a_file(item: MediaItem, digit: str) -> MediaFile:
    return MediaFile.objects.create(
        investigation=item.investigation,
        media_item=item,
        role="original",
        sha256=digit * 64,
        size_bytes=10,
        mime_type="image/jpeg",
    )


@pytest.fixture
def files(investigation, investigator) -> tuple[MediaFile, MediaFile]:
    items = [
        media_create(actor=investigator, investigation=investigation, details=MediaDetails(title=title))
        for title in ("One", "Other")
    ]
    return a_file(items[0], "a"), a_file(items[1], "b")


def fingerprint(media_file, **changes):
    return {
        "investigation_id": media_file.investigation_id,
        "media_file_id": media_file.pk,
        "algorithm": "pdq256",
        "is_mirrored": False,
        "quality": 100,
        "bits": "0" * 256,
        "bands": [1],
        "time_s": None,
        "until_s": None,
        **changes,
    }


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"algorithm": "md5"}, "algorithm_is_known"),
        ({"bits": "0" * 64}, "length_fits_algorithm"),
        ({"algorithm": "dhash64"}, "length_fits_algorithm"),
        ({"quality": 101}, "quality_in_range"),
        ({"time_s": -1, "until_s": 1}, "time_in_order"),
        ({"time_s": 2, "until_s": 1}, "time_in_order"),
        ({"time_s": 2}, "time_in_order"),
        ({"until_s": 2}, "time_in_order"),
    ],
)
def test_a_fingerprint_that_makes_no_sense_is_refused(files, changes, constraint):
    with pytest.raises(IntegrityError, match=f"mediafingerprint_{constraint}"):
        insert("evidence_mediafingerprint", fingerprint(files[0], **changes))


def test_a_picture_has_one_fingerprint_of_each_kind(files):
    insert("evidence_mediafingerprint", fingerprint(files[0]))
    insert("evidence_mediafingerprint", fingerprint(files[0], is_mirrored=True))
    insert("evidence_mediafingerprint", fingerprint(files[0], time_s=0, until_s=1))
    with pytest.raises(IntegrityError, match="mediafingerprint_once"):
        insert("evidence_mediafingerprint", fingerprint(files[0]))


def likeness(files, **changes):
    one, other = files
    return {
        "investigation_id": one.investigation_id,
        "item_a_id": one.media_item_id,
        "item_b_id": other.media_item_id,
        "file_a_id": one.pk,
        "file_b_id": other.pk,
        "kind": "whole",
        "score": 0.9,
        "evidence": "{}",
        "state": "suggested",
        "reason": "",
        "dismissed_files": "[]",
        "created_at": "2026-11-25T10:00:00+00:00",
        "decided_by_id": None,
        "decided_at": None,
        **changes,
    }


NOW = "2026-11-25T11:00:00+00:00"


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"kind": "similar"}, "kind_is_known"),
        ({"state": "perhaps", "decided_at": NOW}, "state_is_known|decided_by_somebody"),
        ({"score": 1.1}, "score_in_range"),
        ({"a_from_s": 3, "a_to_s": 2}, "a_in_order"),
        ({"b_from_s": 3}, "b_in_order"),
        ({"state": "confirmed"}, "decided_by_somebody"),
        ({"decided_at": NOW}, "decided_by_somebody"),
    ],
)
def test_a_likeness_that_makes_no_sense_is_refused(files, changes, constraint):
    with pytest.raises(IntegrityError, match=f"medialikeness_({constraint})"):
        insert("evidence_medialikeness", likeness(files, **changes))


def test_a_pair_is_dismissed_with_a_reason_only(files, investigator):
    dismissed = {"state": "dismissed", "decided_by_id": investigator.pk, "decided_at": NOW}
    with pytest.raises(IntegrityError, match="medialikeness_dismissed_with_reason"):
        insert("evidence_medialikeness", likeness(files, **dismissed))
    insert("evidence_medialikeness", likeness(files, **dismissed, reason="Another street."))


def test_two_items_are_one_pair_in_one_order(files):
    insert("evidence_medialikeness", likeness(files))
    with pytest.raises(IntegrityError, match="medialikeness_pair_once"):
        insert("evidence_medialikeness", likeness(files))
    with pytest.raises(IntegrityError, match="medialikeness_in_order"):
        insert("evidence_medialikeness", likeness(files[::-1]))


def test_a_pair_never_reaches_over_two_investigations(files, editor):
    other = investigation_open(actor=editor, code="OTHER", title="Another case")
    elsewhere = a_file(media_create(actor=editor, investigation=other, details=MediaDetails()), "c")
    with pytest.raises(IntegrityError, match="both files of a likeness belong"):
        insert("evidence_medialikeness", likeness((files[0], elsewhere)))
    with pytest.raises(IntegrityError, match="both files of a likeness belong"):
        insert("evidence_medialikeness", likeness(files, file_b_id=files[0].pk))
