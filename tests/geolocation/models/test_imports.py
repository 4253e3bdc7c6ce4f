"""What the database holds of imports, asked past Python."""

import pytest
from django.db import IntegrityError, connection, transaction

from geolocation.models import ImportBatch, StagedRow

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch(investigation, investigator):
    made = ImportBatch.objects.create(
        investigation=investigation,
        reference="I01",
        source_name="points.csv",
        sha256="0" * 64,
        size_bytes=1,
        format="plain",
        created_by=investigator,
    )
    StagedRow.objects.create(batch=made, number=1, verdict="new", latitude=1, longitude=2)
    return made


def refused(statement, *values):
    with pytest.raises(IntegrityError) as refusal, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
    return str(refusal.value)


def test_a_staged_row_names_a_batch_that_is_there_and_keeps_it(batch):
    told = refused(
        'INSERT INTO geolocation_stagedrow (batch_id, number, upstream_id, digest, verdict, reasons, "row",'
        " payload, sentence, is_media_alone) VALUES (%s, 2, '', '', 'refused', '{}', '{}', '{}', '', false)",
        batch.pk + 1,
    )
    assert "names a batch that is not there" in told
    assert "keeps its batch" in refused("UPDATE geolocation_stagedrow SET batch_id = %s", batch.pk + 1)
    assert "a batch with staged rows stays" in refused("DELETE FROM geolocation_importbatch")


def test_a_state_that_is_not_known_and_two_decisions_are_refused(batch, investigator):
    assert "importbatch_state_is_known" in refused("UPDATE geolocation_importbatch SET state = 'lost'")
    told = refused(
        "UPDATE geolocation_stagedrow SET let_in_by_id = %s, kept_out_by_id = %s",
        investigator.pk,
        investigator.pk,
    )
    assert "stagedrow_one_decision" in told


@pytest.mark.parametrize("column", ["let_in_by_id", "kept_out_by_id"])
def test_whoever_decided_on_a_row_is_there_and_stays(batch, column, django_user_model):
    decider = django_user_model.objects.create(email="decider@example.org")
    told = refused(f"UPDATE geolocation_stagedrow SET {column} = %s", decider.pk + 1000)
    assert "names a person who is not there" in told
    told = refused(
        'INSERT INTO geolocation_stagedrow (batch_id, number, upstream_id, digest, verdict, reasons, "row",'
        f" payload, sentence, is_media_alone, {column})"
        " VALUES (%s, 2, '', '', 'refused', '{}', '{}', '{}', '', false, %s)",
        batch.pk,
        decider.pk + 1000,
    )
    assert "names a person who is not there" in told
    StagedRow.objects.update(**{column: decider.pk})
    told = refused("DELETE FROM accounts_user WHERE id = %s", decider.pk)
    assert "who decided on staged rows stays" in told
    StagedRow.objects.update(**{column: None})
    decider.delete()


def test_a_batch_goes_with_its_rows(batch):
    batch.delete()
    assert not StagedRow.objects.exists()
