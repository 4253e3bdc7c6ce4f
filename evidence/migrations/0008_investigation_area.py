"""The area that an investigation looks at: valid, and with no more corners than a check should keep."""

import django.contrib.gis.db.models.fields
from django.db import migrations

VALID = """
ALTER TABLE evidence_investigation ADD CONSTRAINT investigation_area_is_valid
    CHECK (area IS NULL OR (ST_IsValid(area::geometry) AND ST_NPoints(area::geometry) <= 600));
"""
VALID_UNDONE = "ALTER TABLE evidence_investigation DROP CONSTRAINT investigation_area_is_valid;"


class Migration(migrations.Migration):
    dependencies = [("evidence", "0007_intake_batches_and_viewing_copies")]

    operations = [
        migrations.AddField(
            model_name="investigation",
            name="area",
            field=django.contrib.gis.db.models.fields.MultiPolygonField(
                blank=True, geography=True, null=True, srid=4326, verbose_name="area on the map"
            ),
        ),
        migrations.RunSQL(VALID, VALID_UNDONE),
    ]
