"""Whoever decided on a staged row is held to the table of people by a trigger of decided rows alone.

Two foreign keys were asked for each of a hundred thousand rows that come at once, though they are empty then.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

_PEOPLE_THERE = """
CREATE FUNCTION geolocation_stagedrow_has_decider() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Locked as a foreign key does: the person cannot be deleted before this is committed.
    PERFORM FROM accounts_user WHERE id = coalesce(NEW.let_in_by_id, NEW.kept_out_by_id) FOR KEY SHARE;
    IF NOT FOUND THEN
        RAISE foreign_key_violation
            USING MESSAGE = 'a decided row names a person who is not there', CONSTRAINT = 'stagedrow_has_decider';
    END IF;
    RETURN NULL;
END $$;
-- A row has one decision (stagedrow_one_decision), so one of the two names the person.
CREATE TRIGGER stagedrow_has_decider_in AFTER INSERT ON geolocation_stagedrow
    FOR EACH ROW WHEN (NEW.let_in_by_id IS NOT NULL OR NEW.kept_out_by_id IS NOT NULL)
    EXECUTE FUNCTION geolocation_stagedrow_has_decider();
CREATE TRIGGER stagedrow_has_decider_up AFTER UPDATE OF let_in_by_id, kept_out_by_id ON geolocation_stagedrow
    FOR EACH ROW WHEN (NEW.let_in_by_id IS NOT NULL OR NEW.kept_out_by_id IS NOT NULL)
    EXECUTE FUNCTION geolocation_stagedrow_has_decider();
CREATE FUNCTION geolocation_decider_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM geolocation_stagedrow WHERE let_in_by_id = OLD.id OR kept_out_by_id = OLD.id
    ) THEN
        RAISE foreign_key_violation
            USING MESSAGE = 'a person who decided on staged rows stays', CONSTRAINT = 'stagedrow_decider_stays';
    END IF;
    RETURN NULL;
END $$;
-- After, and not before: a decision that was made meanwhile holds the person until it is committed.
CREATE TRIGGER stagedrow_decider_stays AFTER DELETE ON accounts_user
    FOR EACH ROW EXECUTE FUNCTION geolocation_decider_stays();
"""
_PEOPLE_FREE = """
DROP TRIGGER stagedrow_decider_stays ON accounts_user;
DROP FUNCTION geolocation_decider_stays();
DROP TRIGGER stagedrow_has_decider_up ON geolocation_stagedrow;
DROP TRIGGER stagedrow_has_decider_in ON geolocation_stagedrow;
DROP FUNCTION geolocation_stagedrow_has_decider();
"""


def _person():
    return models.ForeignKey(
        blank=True,
        db_constraint=False,
        db_index=False,
        null=True,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to=settings.AUTH_USER_MODEL,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("geolocation", "0016_export_jobs"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(model_name="stagedrow", name="let_in_by", field=_person()),
        migrations.AlterField(model_name="stagedrow", name="kept_out_by", field=_person()),
        migrations.RunSQL(_PEOPLE_THERE, _PEOPLE_FREE),
    ]
