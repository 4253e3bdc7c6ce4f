"""A draft that was taken over knows from which revision, and who wrote that does not decide on it."""

import django.db.models.deletion
from django.db import migrations, models

# Up the whole chain: what was taken over may have been taken over itself.
GUARD = """
CREATE FUNCTION review_taken_over_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        WITH RECURSIVE source AS (
            SELECT g.taken_over_from_id AS revision_id FROM geolocation_geolocation g
                JOIN geolocation_geolocationrevision r ON r.geolocation_id = g.id WHERE r.id = NEW.revision_id
            UNION
            SELECT g.taken_over_from_id FROM source
                JOIN geolocation_geolocationrevision r ON r.id = source.revision_id
                JOIN geolocation_geolocation g ON g.id = r.geolocation_id
        )
        SELECT 1 FROM source JOIN geolocation_geolocationrevision r ON r.id = source.revision_id
            WHERE r.author_id = NEW.reviewer_id
    ) THEN
        RAISE EXCEPTION 'nobody reviews what was taken over from a revision they wrote'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'review_by_nobody_of_the_source';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER review_taken_over_guard BEFORE INSERT ON geolocation_review
    FOR EACH ROW EXECUTE FUNCTION review_taken_over_guard();

CREATE FUNCTION taken_over_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.taken_over_from_id IS DISTINCT FROM OLD.taken_over_from_id THEN
        RAISE EXCEPTION 'where geolocation % was taken over from does not change', NEW.reference
            USING ERRCODE = 'check_violation', CONSTRAINT = 'geolocation_source_stays';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER taken_over_guard BEFORE UPDATE OF taken_over_from_id ON geolocation_geolocation
    FOR EACH ROW EXECUTE FUNCTION taken_over_guard();
"""

GUARD_UNDONE = """
DROP TRIGGER taken_over_guard ON geolocation_geolocation;
DROP FUNCTION taken_over_guard();
DROP TRIGGER review_taken_over_guard ON geolocation_review;
DROP FUNCTION review_taken_over_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("geolocation", "0008_feed")]

    operations = [
        migrations.AddField(
            model_name="geolocation",
            name="taken_over_from",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="taken_over",
                to="geolocation.geolocationrevision",
            ),
        ),
        migrations.RunSQL(GUARD, GUARD_UNDONE),
    ]
