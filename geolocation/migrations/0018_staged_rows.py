"""Staged rows that are written at nearly COPY's own rate: one index, no JSON parsed, digests that follow."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q, Value
from django.db.models.expressions import CombinedExpression

import geolocation.models.json_text

_DIGEST_THERE = """
CREATE FUNCTION geolocation_staged_digest(own_digest varchar, kept_row text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(nullif(own_digest, ''), encode(sha256(convert_to(kept_row, 'UTF8')), 'hex'))
$$;
"""
_DIGEST_FREE = "DROP FUNCTION geolocation_staged_digest(varchar, text)"
# No other key is as large as the new ones. The deferred foreign key is looked at before tables are altered.
_KEYS = """
UPDATE geolocation_importedpoint AS point SET row_id = staged.batch_id * 4294967296 + staged.number
FROM geolocation_stagedrow AS staged WHERE staged.id = point.row_id;
UPDATE geolocation_stagedrow SET id = batch_id * 4294967296 + number;
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""
_BATCH_BY_KEY = """
DROP TRIGGER stagedrow_has_batch ON geolocation_stagedrow;
CREATE OR REPLACE FUNCTION geolocation_stagedrow_has_batch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- From batch to batch along the key: the rows that came need not be gathered for it.
    IF EXISTS (
        WITH RECURSIVE named AS (
            (SELECT batch_id FROM geolocation_stagedrow ORDER BY id LIMIT 1)
            UNION ALL
            SELECT (
                SELECT batch_id FROM geolocation_stagedrow
                WHERE id >= (named.batch_id + 1) * 4294967296 ORDER BY id LIMIT 1)
            FROM named WHERE named.batch_id IS NOT NULL)
        SELECT FROM named
        WHERE batch_id IS NOT NULL
            AND NOT EXISTS (SELECT FROM geolocation_importbatch AS batch WHERE batch.id = named.batch_id)
    ) THEN
        RAISE foreign_key_violation
            USING MESSAGE = 'a staged row names a batch that is not there', CONSTRAINT = 'stagedrow_has_batch';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER stagedrow_has_batch AFTER INSERT ON geolocation_stagedrow
    FOR EACH STATEMENT EXECUTE FUNCTION geolocation_stagedrow_has_batch();
CREATE OR REPLACE FUNCTION geolocation_importbatch_has_no_rows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM geolocation_stagedrow
        WHERE id >= OLD.id * 4294967296 AND id < (OLD.id + 1) * 4294967296
    ) THEN
        RAISE foreign_key_violation
            USING MESSAGE = 'a batch with staged rows stays', CONSTRAINT = 'importbatch_has_no_rows';
    END IF;
    RETURN OLD;
END $$;
"""
_BATCH_BY_ROWS = """
DROP TRIGGER stagedrow_has_batch ON geolocation_stagedrow;
CREATE OR REPLACE FUNCTION geolocation_stagedrow_has_batch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM (SELECT DISTINCT batch_id FROM incoming) AS named
        WHERE NOT EXISTS (SELECT FROM geolocation_importbatch AS batch WHERE batch.id = named.batch_id)
    ) THEN
        RAISE foreign_key_violation
            USING MESSAGE = 'a staged row names a batch that is not there', CONSTRAINT = 'stagedrow_has_batch';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER stagedrow_has_batch AFTER INSERT ON geolocation_stagedrow
    REFERENCING NEW TABLE AS incoming FOR EACH STATEMENT EXECUTE FUNCTION geolocation_stagedrow_has_batch();
CREATE OR REPLACE FUNCTION geolocation_importbatch_has_no_rows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM geolocation_stagedrow WHERE batch_id = OLD.id) THEN
        RAISE foreign_key_violation
            USING MESSAGE = 'a batch with staged rows stays', CONSTRAINT = 'importbatch_has_no_rows';
    END IF;
    RETURN OLD;
END $$;
"""
# Going back, which begins with the last operation: while the rows are the texts that they have the digests of.
_DIGESTS_KEPT = """
UPDATE geolocation_stagedrow SET own_digest = geolocation_staged_digest(own_digest, "row")
WHERE own_digest = '' AND verdict <> 'refused'
"""


def _altered(name, field):
    return migrations.AlterField(model_name="stagedrow", name=name, field=field)


class Migration(migrations.Migration):
    dependencies = [("geolocation", "0017_import_speed")]

    operations = [
        migrations.RunSQL(_DIGEST_THERE, _DIGEST_FREE),
        migrations.RenameField(model_name="stagedrow", old_name="digest", new_name="own_digest"),
        _altered("own_digest", models.CharField(blank=True, db_default="", max_length=64)),
        migrations.RunSQL(_KEYS, migrations.RunSQL.noop),
        migrations.AlterModelOptions(name="stagedrow", options={"ordering": ["pk"]}),
        migrations.RemoveConstraint(model_name="stagedrow", name="stagedrow_number_unique"),
        _altered("id", models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
        migrations.AddConstraint(
            model_name="stagedrow",
            constraint=models.CheckConstraint(
                condition=Q(
                    id=CombinedExpression(
                        CombinedExpression(F("batch_id"), "*", Value(4294967296)), "+", F("number")
                    )
                ),
                name="stagedrow_key_is_batch_and_number",
            ),
        ),
        migrations.RunSQL(_BATCH_BY_KEY, _BATCH_BY_ROWS),
        _altered(
            "batch",
            models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="geolocation.importbatch",
            ),
        ),
        _altered("row", geolocation.models.json_text.JSONTextField(default=dict)),
        _altered("is_media_alone", models.BooleanField(db_default=False, default=False)),
        _altered("payload", models.JSONField(db_default={}, default=dict)),
        _altered(
            "reasons",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=40),
                blank=True,
                db_default=[],
                default=list,
                size=None,
            ),
        ),
        _altered("sentence", models.TextField(blank=True, db_default="")),
        _altered(
            "verdict",
            models.CharField(
                choices=[
                    ("new", "new"),
                    ("changed", "changed"),
                    ("same", "known, unchanged"),
                    ("doubtful", "doubtful"),
                    ("refused", "refused"),
                ],
                db_default="new",
                max_length=16,
            ),
        ),
        migrations.RunSQL(migrations.RunSQL.noop, _DIGESTS_KEPT),
    ]
