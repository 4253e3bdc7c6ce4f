"""The index finds everything within the threshold, and nothing of an investigation that was not named."""

from __future__ import annotations

import random
from typing import Any

import pytest
from django.db import connection

from evidence.fingerprints import Algorithm, Fingerprint, bands_of, distance
from evidence.models import Investigation, MediaFile, MediaFingerprint, MediaItem
from evidence.services.investigations import investigation_open
from evidence.services.likeness_lookup import likeness_lookup
from osint_catalogue.accounts.models import User
from tests.evidence.fingerprints.test_bands import flipped

pytestmark = pytest.mark.django_db


def stored_file(item: MediaItem, number: int) -> MediaFile:
    return MediaFile.objects.create(
        investigation=item.investigation,
        media_item=item,
        role="original",
        sha256=f"{number:064x}",
        size_bytes=1,
        mime_type="image/jpeg",
    )


def store(
    media_file: MediaFile, hash_bytes: bytes, algorithm: Algorithm = Algorithm.PDQ, **columns: Any
) -> MediaFingerprint:
    row = {
        "investigation": media_file.investigation,
        "media_file": media_file,
        "algorithm": algorithm,
        "is_mirrored": False,
        "quality": 100,
        "bits": hash_bytes,
        "bands": bands_of(algorithm, hash_bytes),
        **columns,
    }
    return MediaFingerprint.objects.create(**row)


def ask(hash_bytes: bytes, algorithm: Algorithm = Algorithm.PDQ, quality: int = 100) -> Fingerprint:
    return Fingerprint(algorithm, False, quality, hash_bytes)


@pytest.fixture
def other_investigation(editor: User) -> Investigation:
    return investigation_open(actor=editor, code="OTHER", title="Another case")


@pytest.fixture
def stored(media_item: MediaItem) -> MediaFile:
    return stored_file(media_item, 1)


def test_bits_come_back_as_they_went_in(stored: MediaFile) -> None:
    for number, value in enumerate((bytes(32), b"\xff" * 32, bytes(31) + b"\x01", b"\x80" + bytes(31))):
        row = store(stored, value, time_s=float(number), until_s=float(number))
        row.refresh_from_db()
        assert row.bits == value


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_every_distance_up_to_the_threshold_is_found_and_none_beyond(
    algorithm: Algorithm, stored: MediaFile
) -> None:
    rng = random.Random(5)
    asked = rng.randbytes(algorithm.bits // 8)
    for apart in range(algorithm.threshold + 8):
        bits = rng.sample(range(algorithm.bits), apart)
        store(stored, flipped(asked, bits), algorithm, time_s=float(apart), until_s=float(apart))
    found = likeness_lookup(asked=[ask(asked, algorithm)], investigation_ids=[stored.investigation_id])
    assert sorted(hit.distance for hit in found.hits) == list(range(algorithm.threshold + 1))
    assert all(hit.time_s == hit.distance for hit in found.hits)
    assert (found.skipped_probes, found.is_cut) == (0, False)


def test_the_index_finds_exactly_what_comparing_everything_finds(media_item: MediaItem) -> None:
    rng = random.Random(6)
    centres = [rng.randbytes(32) for _ in range(6)]
    hashes = [flipped(rng.choice(centres), rng.sample(range(256), rng.randrange(60))) for _ in range(250)]
    for number, value in enumerate(hashes):
        store(stored_file(media_item, number + 1), value)
    files = list(MediaFile.objects.order_by("sha256").values_list("pk", flat=True))
    found = likeness_lookup(
        asked=[ask(each) for each in centres], investigation_ids=[media_item.investigation_id]
    )
    expected = {
        (index, files[number])
        for index, centre in enumerate(centres)
        for number, value in enumerate(hashes)
        if distance(centre, value) <= 31
    }
    assert {(hit.asked, hit.media_file_id) for hit in found.hits} == expected
    assert len(expected) > 50


def test_a_set_of_hashes_is_one_query(stored: MediaFile, django_assert_max_num_queries: Any) -> None:
    store(stored, bytes(32))
    # A savepoint and its release, the setting and its end, and the look-up itself.
    with django_assert_max_num_queries(5):
        likeness_lookup(asked=[ask(bytes(32))] * 40, investigation_ids=[stored.investigation_id])


def test_the_planner_s_setting_is_back_afterwards(stored: MediaFile) -> None:
    likeness_lookup(asked=[ask(bytes(32))], investigation_ids=[stored.investigation_id])
    with connection.cursor() as cursor:
        cursor.execute("SHOW enable_seqscan")
        assert cursor.fetchone() == ("on",)


def test_the_look_up_reads_the_index_and_not_the_table(stored: MediaFile) -> None:
    store(stored, bytes(32))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT id FROM evidence_mediafingerprint WHERE bands && ARRAY[1, 2] AND NOT is_mirrored"
        )
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "fingerprint_bands" in plan


def test_other_investigations_are_never_looked_into(
    stored: MediaFile, other_investigation: Investigation
) -> None:
    store(stored, bytes(32))
    assert likeness_lookup(asked=[ask(bytes(32))], investigation_ids=[other_investigation.pk]).hits == ()
    assert likeness_lookup(asked=[ask(bytes(32))], investigation_ids=[]).hits == ()
    both = likeness_lookup(
        asked=[ask(bytes(32))], investigation_ids=[other_investigation.pk, stored.investigation_id]
    )
    assert [hit.media_file_id for hit in both.hits] == [stored.pk]


def test_a_file_is_not_found_by_itself_nor_mirror_images_nor_algorithms_by_each_other(
    stored: MediaFile, media_item: MediaItem
) -> None:
    store(stored, bytes(32))
    other = stored_file(media_item, 2)
    store(other, bytes(8), Algorithm.PHASH)
    store(other, bytes(32), is_mirrored=True)
    here = [stored.investigation_id]
    assert (
        likeness_lookup(asked=[ask(bytes(32))], investigation_ids=here, except_file_id=stored.pk).hits == ()
    )
    assert likeness_lookup(asked=[ask(bytes(8), Algorithm.DHASH)], investigation_ids=here).hits == ()


def test_a_plain_picture_neither_asks_nor_is_found(stored: MediaFile) -> None:
    store(stored, bytes(32), quality=49, bands=[])
    here = [stored.investigation_id]
    assert likeness_lookup(asked=[ask(bytes(32))], investigation_ids=here).hits == ()
    store(stored, bytes(32), time_s=1.0, until_s=1.0)
    assert likeness_lookup(asked=[ask(bytes(32), quality=49)], investigation_ids=here).hits == ()
    mixed = [ask(bytes(32), quality=3), ask(bytes(32))]
    assert [hit.asked for hit in likeness_lookup(asked=mixed, investigation_ids=here).hits] == [1]


def test_a_band_that_many_hashes_share_is_skipped_and_the_skipping_reported(media_item: MediaItem) -> None:
    rng = random.Random(9)
    hot = b"\x12\x34"
    rows = []
    for number in range(400):
        value = hot + rng.randbytes(30)
        rows.append(
            MediaFingerprint(
                investigation=media_item.investigation,
                media_file=stored_file(media_item, number + 1),
                algorithm=Algorithm.PDQ,
                is_mirrored=False,
                quality=100,
                bits=value,
                bands=bands_of(Algorithm.PDQ, value),
            )
        )
    MediaFingerprint.objects.bulk_create(rows)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE evidence_mediafingerprint")
    here = [media_item.investigation_id]
    wanted = rows[7].bits
    careful = likeness_lookup(asked=[ask(wanted)], investigation_ids=here)
    quick = likeness_lookup(asked=[ask(wanted)], investigation_ids=here, hot_band_rows=100)
    assert careful.skipped_probes == 0
    assert quick.skipped_probes == 1
    # The other fifteen bands still find it.
    assert [hit.media_file_id for hit in quick.hits] == [rows[7].media_file_id]
