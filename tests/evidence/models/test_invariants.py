"""Invariants of evidence that the database holds: every test here goes around the services with SQL."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import IntegrityError, connection, transaction

from evidence.integrity.chain import canonical_json, event_hash
from evidence.models import (
    Appearance,
    ArchivedCopy,
    CustodyEvent,
    Investigation,
    MediaFile,
    MediaItem,
    Place,
)
from evidence.services.custody import custody_verify

pytestmark = pytest.mark.django_db


def sql(statement, params=()):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(statement, params)


@pytest.fixture
def original(media_item: MediaItem) -> MediaFile:
    return MediaFile.objects.create(
        investigation=media_item.investigation,
        media_item=media_item,
        role="original",
        sha256="ab" * 32,
        size_bytes=10,
        mime_type="image/jpeg",
    )


def event_row(investigation: Investigation, **changes):
    last = CustodyEvent.objects.filter(investigation=investigation).order_by("-sequence").first()
    said = {
        "action": "media.logged",
        "actor": None,
        "actor_name": "worker",
        "details": {},
        "investigation": investigation.code,
        "object_reference": "M99",
        "object_type": "media",
        "occurred_at": "2026-11-23T10:00:00+00:00",
        "sequence": last.sequence + 1,
    }
    canonical = canonical_json(said)
    return {
        **{
            name: said[name]
            for name in ("action", "actor_name", "object_reference", "object_type", "sequence")
        },
        "details": json.dumps(said["details"]),
        "occurred_at": said["occurred_at"],
        "investigation_id": investigation.pk,
        "previous_hash": last.hash,
        "canonical": canonical,
        "hash": event_hash(last.hash, canonical),
        **changes,
    }


def insert_event(row):
    columns = ", ".join(row)
    places = ", ".join(["%s"] * len(row))
    sql(f"INSERT INTO evidence_custodyevent ({columns}) VALUES ({places})", list(row.values()))


@pytest.mark.parametrize(("latitude", "longitude"), [(90.1, 0), (-91, 0), (0, 180.5), (0, -181), (45, None)])
def test_a_position_out_of_range_or_half_given_is_refused(investigation, latitude, longitude):
    with pytest.raises(
        IntegrityError, match=r"place_(latitude_in_range|longitude_in_range|position_is_whole)"
    ):
        sql(
            "INSERT INTO evidence_place (investigation_id, key, kind, latitude, longitude, note, created_at)"
            " VALUES (%s, 'x', 'other', %s, %s, '', now())",
            [investigation.pk, latitude, longitude],
        )


def test_the_geography_follows_the_numbers_exactly(investigation):
    place = Place.objects.create(
        investigation=investigation, key="x", latitude=39.821232, longitude=46.758423
    )
    place.refresh_from_db()
    assert (place.position.y, place.position.x) == (39.821232, 46.758423)


@pytest.mark.parametrize("digest", ["AB" * 32, "ab" * 31, "zz" * 32, ""])
def test_a_digest_that_is_not_sha256_is_refused(original, digest):
    with pytest.raises(IntegrityError, match="mediafile_digest_is_sha256"):
        sql(
            "INSERT INTO evidence_mediafile (investigation_id, media_item_id, role, sha256, size_bytes,"
            " mime_type, original_name, created_at) VALUES (%s, %s, 'copy', %s, 1, 'image/png', '', now())",
            [original.investigation_id, original.media_item_id, digest],
        )


@pytest.mark.parametrize(
    "change",
    ["sha256 = repeat('0', 64)", "size_bytes = 11", "role = 'copy'", "media_item_id = media_item_id + 1"],
)
def test_what_identifies_an_original_cannot_be_updated(original, change):
    with pytest.raises(IntegrityError, match="never updated or deleted"):
        sql(f"UPDATE evidence_mediafile SET {change} WHERE id = %s", [original.pk])


def test_an_original_cannot_be_deleted_or_truncated_away(original):
    with pytest.raises(IntegrityError, match="never updated or deleted"):
        sql("DELETE FROM evidence_mediafile WHERE id = %s", [original.pk])
    with pytest.raises(IntegrityError, match="never updated or deleted"):
        sql("TRUNCATE evidence_mediafile CASCADE")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE evidence_custodyevent SET actor_name = 'somebody else'",
        "DELETE FROM evidence_custodyevent",
        "TRUNCATE evidence_custodyevent",
    ],
)
def test_custody_events_cannot_be_changed_or_removed(investigation, statement):
    with pytest.raises(IntegrityError, match="never updated or deleted"):
        sql(statement)


def test_a_true_next_event_is_accepted_and_the_chain_verifies(investigation):
    insert_event(event_row(investigation))
    report = custody_verify(investigation=investigation)
    assert report.ok
    assert report.length == CustodyEvent.objects.filter(investigation=investigation).count()


def test_the_chain_accepts_no_gap(investigation):
    row = event_row(investigation)
    with pytest.raises(IntegrityError, match="follows"):
        insert_event({**row, "sequence": row["sequence"] + 1})


def test_the_chain_accepts_no_fork(investigation):
    row = event_row(investigation)
    insert_event(row)
    with pytest.raises(IntegrityError, match=r"follows|custody_no_fork"):
        insert_event(row)


def test_an_event_must_hold_the_hash_of_the_one_before_it(investigation):
    row = event_row(investigation)
    with pytest.raises(IntegrityError, match="hash of the one before"):
        insert_event({**row, "previous_hash": "0" * 64, "hash": event_hash("0" * 64, row["canonical"])})


def test_an_event_must_hold_the_hash_of_its_own_text(investigation):
    with pytest.raises(IntegrityError, match="not that of its text"):
        insert_event({**event_row(investigation), "hash": "0" * 64})


@pytest.mark.parametrize(
    "change",
    [{"action": "media.changed"}, {"actor_name": "X"}, {"object_reference": "M1"}, {"details": '{"a": 1}'}],
)
def test_the_columns_of_an_event_must_say_what_its_text_says(investigation, change):
    with pytest.raises(IntegrityError, match="do not say what its text says"):
        insert_event({**event_row(investigation), **change})


@contextmanager
def refused_by(constraint: str) -> Iterator[None]:
    """The database refuses, and names this constraint or trigger."""
    with pytest.raises(IntegrityError) as refusal:
        yield
    assert refusal.value.__cause__.diag.constraint_name == constraint


@pytest.fixture
def archived_copy(media_item: MediaItem) -> ArchivedCopy:
    appearance = Appearance.objects.create(
        investigation=media_item.investigation, media_item=media_item, added_by=media_item.created_by
    )
    return ArchivedCopy.objects.create(
        investigation=media_item.investigation,
        appearance=appearance,
        kind="wacz",
        sha256="cd" * 32,
        size_bytes=10,
        mime_type="application/wacz",
        added_by=media_item.created_by,
    )


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("sha256 = repeat('ef', 32)", "archivedcopy_bytes_kept"),
        ("size_bytes = 11", "archivedcopy_bytes_kept"),
        ("kind = 'warc'", "archivedcopy_bytes_kept"),
        ("original_name = 'other'", "archivedcopy_bytes_kept"),
        ("added_at = now()", "archivedcopy_bytes_kept"),
        ("captured_at = now()", "archivedcopy_time_has_basis"),
        ("captured_basis = 'warc_date'", "archivedcopy_time_has_basis"),
        ("captured_basis = 'guess', captured_at = now()", "archivedcopy_captured_basis_is_known"),
        ("state = 'nothing_found'", "archivedcopy_state_is_known"),
        ("verdicts = '{}'::jsonb", "archivedcopy_verdicts_are_a_list"),
    ],
)
def test_what_an_archived_copy_is_cannot_be_changed(
    archived_copy: ArchivedCopy, change: str, constraint: str
) -> None:
    with refused_by(constraint):
        sql(f"UPDATE evidence_archivedcopy SET {change} WHERE id = %s", [archived_copy.pk])


def test_an_archived_copy_is_never_deleted(archived_copy: ArchivedCopy) -> None:
    with refused_by("archivedcopy_never_deleted"):
        sql("DELETE FROM evidence_archivedcopy")
    with refused_by("archivedcopy_never_emptied"):
        sql("TRUNCATE evidence_archivedcopy")


def test_a_posting_with_a_copy_cannot_be_deleted(archived_copy: ArchivedCopy) -> None:
    with pytest.raises(IntegrityError, match="archivedcopy"):
        sql("DELETE FROM evidence_appearance WHERE id = %s", [archived_copy.appearance_id])


@pytest.mark.parametrize(
    ("columns", "constraint"),
    [
        ({"sha256": "'CD'"}, "archivedcopy_digest_is_sha256"),
        ({"size_bytes": "0"}, "archivedcopy_size_positive"),
        ({"kind": "'pdf'"}, "archivedcopy_kind_is_known"),
        ({}, "archivedcopy_once"),
    ],
)
def test_an_archived_copy_is_inserted_whole_and_once(
    archived_copy: ArchivedCopy, columns: dict[str, str], constraint: str
) -> None:
    names = [field.column for field in ArchivedCopy._meta.concrete_fields if field.column != "id"]
    values = ", ".join(columns.get(name, name) for name in names)
    table = ArchivedCopy._meta.db_table
    with refused_by(constraint):
        sql(f"INSERT INTO {table} ({', '.join(names)}) SELECT {values} FROM {table}")
