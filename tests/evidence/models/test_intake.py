"""What the database holds of batches: every test goes around the services with SQL."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from evidence.models import IntakeBatch, IntakeMember, Investigation, MediaItem
from osint_catalogue.accounts.models import User

pytestmark = pytest.mark.django_db


def sql(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.fixture
def batch(investigation: Investigation, investigator: User) -> IntakeBatch:
    return IntakeBatch.objects.create(
        investigation=investigation,
        reference="B01",
        kind="zip",
        source_name="card.zip",
        sha256="ab" * 32,
        created_by=investigator,
    )


@pytest.fixture
def member(batch: IntakeBatch) -> IntakeMember:
    return IntakeMember.objects.create(batch=batch, position=0, name="1.jpg")


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ("sha256 = ''", "intakebatch_zip_has_digest"),
        ("sha256 = 'AB'", "intakebatch_zip_has_digest"),
        ("kind = 'folder'", "intakebatch_zip_has_digest"),
        ("kind = 'tape', sha256 = ''", "intakebatch_(kind_is_known|zip_has_digest)"),
        ("state = 'lost'", "intakebatch_state_is_known"),
    ],
)
def test_a_batch_is_of_a_known_kind_and_a_zip_has_its_digest(
    batch: IntakeBatch, change: str, rule: str
) -> None:
    with pytest.raises(IntegrityError, match=rule):
        sql(f"UPDATE evidence_intakebatch SET {change}")


def test_the_same_zip_is_one_batch_of_an_investigation(batch: IntakeBatch) -> None:
    batch.pk, batch.reference = None, "B02"
    with pytest.raises(IntegrityError, match="batch_zip_once"), transaction.atomic():
        batch.save()
    batch.sha256, batch.reference = "cd" * 32, "B01"
    with pytest.raises(IntegrityError, match="batch_reference_unique"), transaction.atomic():
        batch.save()


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ("state = 'lost'", "intakemember_state_is_known"),
        ("state = 'new'", "intakemember_kept_has_item"),
        ("state = 'known', sha256 = repeat('ab', 32)", "intakemember_kept_has_item"),
    ],
)
def test_a_file_that_was_kept_names_its_digest_and_its_item(
    member: IntakeMember, change: str, rule: str
) -> None:
    with pytest.raises(IntegrityError, match=rule):
        sql(f"UPDATE evidence_intakemember SET {change}")


def test_a_position_is_taken_once(member: IntakeMember) -> None:
    with pytest.raises(IntegrityError, match="member_position_unique"):
        sql(
            "INSERT INTO evidence_intakemember (batch_id, position, name, state, sentence, sha256, stamp)"
            f" VALUES ({member.batch_id}, 0, 'x', 'waiting', '', '', '')"
        )


@pytest.mark.parametrize("role", ["proxy", "waveform"])
def test_a_viewing_copy_has_a_parent(media_item: MediaItem, role: str) -> None:
    with pytest.raises(IntegrityError, match="mediafile_only_derivatives_have_parents"):
        sql(
            "INSERT INTO evidence_mediafile (investigation_id, media_item_id, role, sha256, size_bytes,"
            f" mime_type, original_name, created_at) VALUES ({media_item.investigation_id}, {media_item.pk},"
            f" '{role}', repeat('ab', 32), 1, 'video/webm', '', now())"
        )
