"""What the database holds of imports, asked past Python."""

import pytest
from django.db import IntegrityError, connection, transaction

from geolocation.importers.formats.row import text_digest
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
        'INSERT INTO geolocation_stagedrow (id, batch_id, number, upstream_id, verdict, "row")'
        " VALUES (%s, %s, 2, '', 'refused', '{}')",
        StagedRow.key(batch.pk + 1, 2),
        batch.pk + 1,
    )
    assert "names a batch that is not there" in told
    told = refused(
        'INSERT INTO geolocation_stagedrow (id, batch_id, number, upstream_id, verdict, "row")'
        " VALUES (%s, %s, 3, '', 'refused', '{}')",
        StagedRow.key(batch.pk, 2),
        batch.pk,
    )
    assert "stagedrow_key_is_batch_and_number" in told
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
        f'INSERT INTO geolocation_stagedrow (id, batch_id, number, upstream_id, verdict, "row", {column})'
        " VALUES (%s, %s, 2, '', 'refused', '{}', %s)",
        StagedRow.key(batch.pk, 2),
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


def test_the_digest_of_a_plain_row_is_that_of_the_text_it_is_kept_as(batch):
    row = StagedRow.objects.create(
        batch=batch, number=2, verdict="new", latitude=1, longitude=2, row={"b": "é", "a": [1, None]}
    )
    row.refresh_from_db()
    assert row.row == {"b": "é", "a": [1, None]}
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT "row", geolocation_staged_digest(own_digest, "row")'
            " FROM geolocation_stagedrow WHERE id = %s",
            [row.pk],
        )
        text, digest = cursor.fetchone()
    assert text == '{"a":[1,null],"b":"é"}'
    assert digest == row.digest == text_digest(text)
    row.own_digest = "f" * 64
    row.save()
    assert StagedRow.objects.get(pk=row.pk).digest == "f" * 64
    row.verdict = "refused"
    assert row.digest == ""
