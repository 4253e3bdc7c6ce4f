"""Landmarks of a revision, the picture they count in, and the resection solved from them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

APPEND_ONLY = """
CREATE TRIGGER landmark_append_only BEFORE UPDATE OR DELETE ON geolocation_landmark
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER landmark_never_emptied BEFORE TRUNCATE ON geolocation_landmark
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

APPEND_ONLY_UNDONE = """
DROP TRIGGER landmark_never_emptied ON geolocation_landmark;
DROP TRIGGER landmark_append_only ON geolocation_landmark;
"""

# A revision says how many landmarks it has, and neither can be changed: so none can be added later either.
COMPLETE = """
CREATE FUNCTION revision_landmarks_guard(wanted bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    said integer;
    found integer;
BEGIN
    SELECT landmark_count INTO said FROM geolocation_geolocationrevision WHERE id = wanted;
    SELECT count(*) INTO found FROM geolocation_landmark WHERE revision_id = wanted;
    IF said <> found THEN
        RAISE EXCEPTION 'a revision says that it has % landmarks, and has %', said, found
            USING ERRCODE = 'check_violation', CONSTRAINT = 'revision_landmarks_complete';
    END IF;
END
$$;
CREATE FUNCTION landmarks_of_revision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM revision_landmarks_guard(NEW.id);
    RETURN NULL;
END
$$;
CREATE FUNCTION landmarks_of_landmark() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM revision_landmarks_guard(NEW.revision_id);
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER revision_landmarks_complete AFTER INSERT ON geolocation_geolocationrevision
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.landmark_count > 0)
    EXECUTE FUNCTION landmarks_of_revision();
CREATE CONSTRAINT TRIGGER revision_landmarks_complete AFTER INSERT ON geolocation_landmark
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION landmarks_of_landmark();
"""

COMPLETE_UNDONE = """
DROP TRIGGER revision_landmarks_complete ON geolocation_landmark;
DROP TRIGGER revision_landmarks_complete ON geolocation_geolocationrevision;
DROP FUNCTION landmarks_of_landmark();
DROP FUNCTION landmarks_of_revision();
DROP FUNCTION revision_landmarks_guard(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("geolocation", "0003_utc_text"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Landmark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("label", models.CharField(max_length=80, verbose_name="label")),
                ("x_px", models.FloatField(blank=True, null=True)),
                ("y_px", models.FloatField(blank=True, null=True)),
                ("frame_time_s", models.FloatField(blank=True, null=True)),
                ("latitude", models.FloatField(blank=True, null=True)),
                ("longitude", models.FloatField(blank=True, null=True)),
                ("uncertainty_m", models.FloatField(blank=True, null=True)),
                ("height_m", models.FloatField(blank=True, null=True)),
                ("as_typed", models.CharField(blank=True, max_length=2000)),
                ("is_excluded", models.BooleanField(default=False)),
                ("note", models.TextField(blank=True, verbose_name="note")),
            ],
            options={
                "ordering": ["revision", "number"],
            },
        ),
        migrations.AddField(
            model_name="geolocationrevision",
            name="landmark_count",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="geolocationrevision",
            name="picture_height_px",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="geolocationrevision",
            name="picture_width_px",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="geolocationrevision",
            name="resection",
            field=models.JSONField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="geolocationrevision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("picture_height_px", None), ("picture_width_px", None)),
                    models.Q(
                        ("picture_height_px__gte", 2),
                        ("picture_height_px__isnull", False),
                        ("picture_width_px__gte", 2),
                        ("picture_width_px__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="revision_picture_is_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="geolocationrevision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("resection", None),
                    models.Q(
                        ("landmark_count__gte", 1), ("resection__has_keys", ["version", "problem", "result"])
                    ),
                    _connector="OR",
                ),
                name="revision_resection_has_inputs",
            ),
        ),
        migrations.AddField(
            model_name="landmark",
            name="revision",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="landmarks",
                to="geolocation.geolocationrevision",
            ),
        ),
        migrations.AddConstraint(
            model_name="landmark",
            constraint=models.UniqueConstraint(fields=("revision", "number"), name="landmark_number_unique"),
        ),
        migrations.AddConstraint(
            model_name="landmark",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__gte", 1), models.Q(("label", ""), _negated=True)),
                name="landmark_is_named",
            ),
        ),
        migrations.AddConstraint(
            model_name="landmark",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("x_px", None), ("y_px", None)),
                    models.Q(
                        ("x_px__gte", 0), ("x_px__isnull", False), ("y_px__gte", 0), ("y_px__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="landmark_pixel_is_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="landmark",
            constraint=models.CheckConstraint(
                condition=models.Q(("frame_time_s", None), ("frame_time_s__gte", 0), _connector="OR"),
                name="landmark_frame_time_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="landmark",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("latitude__gte", -90), ("latitude__lte", 90)),
                    ("latitude__isnull", True),
                    _connector="OR",
                ),
                name="landmark_latitude_in_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="landmark",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("longitude__gte", -180), ("longitude__lte", 180)),
                    ("longitude__isnull", True),
                    _connector="OR",
                ),
                name="landmark_longitude_in_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="landmark",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("latitude__isnull", True), ("longitude__isnull", True)),
                    models.Q(("latitude__isnull", False), ("longitude__isnull", False)),
                    _connector="OR",
                ),
                name="landmark_position_is_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="landmark",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("latitude", None), ("uncertainty_m", None)),
                    models.Q(
                        ("latitude__isnull", False),
                        ("uncertainty_m__gt", 0),
                        ("uncertainty_m__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="landmark_uncertainty_positive",
            ),
        ),
        migrations.AddConstraint(
            model_name="landmark",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("is_excluded", True),
                        ("latitude__isnull", False),
                        models.Q(("note", ""), _negated=True),
                    ),
                    models.Q(("is_excluded", False), ("latitude__isnull", False), ("x_px__isnull", False)),
                    _connector="OR",
                ),
                name="landmark_is_pair_or_excluded",
            ),
        ),
        migrations.RunSQL(APPEND_ONLY, APPEND_ONLY_UNDONE),
        migrations.RunSQL(COMPLETE, COMPLETE_UNDONE),
    ]
