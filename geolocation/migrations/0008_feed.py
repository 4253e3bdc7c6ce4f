"""Who learns of which change of a point, addresses that are told, and snapshots that never change."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

# Triggers, so that no writer can forget it, and in the writer's own transaction: whoever changes a point takes
# its place in the feed away. `services.feed.changes_order` gives it a new one after the commit.
CHANGES = """
CREATE SEQUENCE geolocation_pointchange_place;

CREATE FUNCTION point_change_note(wanted_geolocation bigint, wanted_audience text, happened text)
RETURNS void LANGUAGE sql AS $$
    INSERT INTO geolocation_pointchange AS change
        (geolocation_id, investigation_id, audience, kind, place, changed_at, ordered_at)
    SELECT id, investigation_id, wanted_audience, happened, NULL, clock_timestamp(), NULL
        FROM geolocation_geolocation WHERE id = wanted_geolocation
    ON CONFLICT (geolocation_id, audience) DO UPDATE SET
        -- A new point that is described better before anybody heard of it is still a new one.
        kind = CASE WHEN change.place IS NULL AND change.kind = 'verified' AND EXCLUDED.kind = 'changed'
            THEN 'verified' ELSE EXCLUDED.kind END,
        place = NULL, ordered_at = NULL, changed_at = EXCLUDED.changed_at
$$;

CREATE FUNCTION point_change_of_point() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    point geolocation_verifiedpoint%ROWTYPE;
    happened text;
BEGIN
    IF TG_OP = 'DELETE' THEN
        point := OLD;
        happened := 'removed';
    ELSE
        point := NEW;
        happened := CASE TG_OP WHEN 'INSERT' THEN 'verified' ELSE 'changed' END;
        IF TG_OP = 'UPDATE' AND OLD IS NOT DISTINCT FROM NEW THEN
            RETURN NULL;
        END IF;
    END IF;
    PERFORM point_change_note(point.geolocation_id, 'members', happened);
    IF EXISTS (SELECT 1 FROM evidence_investigation
               WHERE id = point.investigation_id AND visibility = 'published') THEN
        PERFORM point_change_note(point.geolocation_id, 'public', happened);
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER point_change AFTER INSERT OR UPDATE OR DELETE ON geolocation_verifiedpoint
    FOR EACH ROW EXECUTE FUNCTION point_change_of_point();

CREATE FUNCTION point_change_of_investigation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.visibility = 'published' THEN
        -- What left while it was closed to the public has a reason now; before its points, which are verified.
        PERFORM point_change_note(geolocation_id, 'public', 'removed')
            FROM geolocation_pointchange AS change
            WHERE investigation_id = NEW.id AND audience = 'public' AND NOT EXISTS (
                SELECT 1 FROM geolocation_verifiedpoint AS point
                WHERE point.geolocation_id = change.geolocation_id)
            ORDER BY id;
        PERFORM point_change_note(geolocation_id, 'public', 'verified')
            FROM geolocation_verifiedpoint WHERE investigation_id = NEW.id ORDER BY id;
    ELSE
        PERFORM point_change_note(geolocation_id, 'public', 'removed')
            FROM geolocation_verifiedpoint WHERE investigation_id = NEW.id ORDER BY id;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER point_change AFTER UPDATE OF visibility ON evidence_investigation FOR EACH ROW
    WHEN (OLD.visibility IS DISTINCT FROM NEW.visibility) EXECUTE FUNCTION point_change_of_investigation();

-- What there was before there was a feed. Of points that left long ago only what everybody could know.
INSERT INTO geolocation_pointchange (geolocation_id, investigation_id, audience, kind, changed_at)
SELECT DISTINCT ON (stone.geolocation_id, audience)
    stone.geolocation_id, stone.investigation_id, audience, 'removed', stone.removed_at
FROM geolocation_tombstone AS stone
JOIN evidence_investigation AS investigation ON investigation.id = stone.investigation_id
CROSS JOIN (VALUES ('members'), ('public')) AS told(audience)
WHERE (audience = 'members' OR investigation.visibility = 'published')
    AND NOT EXISTS (SELECT 1 FROM geolocation_verifiedpoint AS point
                    WHERE point.geolocation_id = stone.geolocation_id)
ORDER BY stone.geolocation_id, audience, stone.id DESC;
INSERT INTO geolocation_pointchange (geolocation_id, investigation_id, audience, kind, changed_at)
SELECT point.geolocation_id, point.investigation_id, audience, 'verified', point.updated_at
FROM geolocation_verifiedpoint AS point
JOIN evidence_investigation AS investigation ON investigation.id = point.investigation_id
CROSS JOIN (VALUES ('members'), ('public')) AS told(audience)
WHERE audience = 'members' OR investigation.visibility = 'published';
WITH waiting AS MATERIALIZED (
    SELECT id FROM geolocation_pointchange ORDER BY changed_at, id
), numbered AS MATERIALIZED (
    SELECT id, nextval('geolocation_pointchange_place') AS place FROM waiting
)
UPDATE geolocation_pointchange AS change SET place = numbered.place, ordered_at = clock_timestamp()
FROM numbered WHERE change.id = numbered.id;
"""

CHANGES_UNDONE = """
DROP TRIGGER point_change ON evidence_investigation;
DROP TRIGGER point_change ON geolocation_verifiedpoint;
DROP FUNCTION point_change_of_investigation();
DROP FUNCTION point_change_of_point();
DROP FUNCTION point_change_note(bigint, text, text);
DROP SEQUENCE geolocation_pointchange_place;
"""

# A snapshot is inserted whole, in one transaction, and is what it was from then on.
SNAPSHOTS = """
CREATE TRIGGER snapshot_append_only BEFORE UPDATE OR DELETE ON geolocation_snapshot
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER snapshot_never_emptied BEFORE TRUNCATE ON geolocation_snapshot
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER snapshotpoint_append_only BEFORE UPDATE OR DELETE ON geolocation_snapshotpoint
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER snapshotpoint_never_emptied BEFORE TRUNCATE ON geolocation_snapshotpoint
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE FUNCTION snapshot_whole() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.point_count <> (SELECT count(*) FROM geolocation_snapshotpoint WHERE snapshot_id = NEW.id) THEN
        RAISE EXCEPTION 'snapshot % does not have as many points as it says', NEW.identifier
            USING ERRCODE = 'check_violation', CONSTRAINT = 'snapshot_is_whole';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER snapshot_is_whole AFTER INSERT ON geolocation_snapshot
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION snapshot_whole();

CREATE FUNCTION snapshot_takes_no_more() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM geolocation_snapshot AS snapshot
               WHERE snapshot.id IN (SELECT snapshot_id FROM added) AND snapshot.point_count <
                   (SELECT count(*) FROM geolocation_snapshotpoint WHERE snapshot_id = snapshot.id)) THEN
        RAISE EXCEPTION 'a snapshot takes no point beyond those it was published with'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'snapshot_takes_no_more';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER snapshot_takes_no_more AFTER INSERT ON geolocation_snapshotpoint
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION snapshot_takes_no_more();
"""

SNAPSHOTS_UNDONE = """
DROP TRIGGER snapshot_takes_no_more ON geolocation_snapshotpoint;
DROP FUNCTION snapshot_takes_no_more();
DROP TRIGGER snapshot_is_whole ON geolocation_snapshot;
DROP FUNCTION snapshot_whole();
DROP TRIGGER snapshotpoint_never_emptied ON geolocation_snapshotpoint;
DROP TRIGGER snapshotpoint_append_only ON geolocation_snapshotpoint;
DROP TRIGGER snapshot_never_emptied ON geolocation_snapshot;
DROP TRIGGER snapshot_append_only ON geolocation_snapshot;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("evidence", "0009_blind_since"),
        ("geolocation", "0007_workbench"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Snapshot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("identifier", models.CharField(max_length=80, unique=True)),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("note", models.TextField(blank=True, verbose_name="note")),
                ("filter_text", models.CharField(max_length=200)),
                ("attribution", models.CharField(blank=True, max_length=200)),
                ("licence", models.CharField(blank=True, max_length=120)),
                ("point_count", models.PositiveIntegerField()),
                ("geojson_sha256", models.CharField(max_length=64)),
                ("geojson_bytes", models.PositiveBigIntegerField()),
                ("manifest", models.TextField()),
                ("manifest_sha256", models.CharField(max_length=64)),
                ("changelog", models.JSONField()),
                ("published_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "investigation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="snapshots",
                        to="evidence.investigation",
                    ),
                ),
                (
                    "previous",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="following",
                        to="geolocation.snapshot",
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="SnapshotPoint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField()),
                ("media_reference", models.CharField(max_length=16)),
                ("title", models.CharField(max_length=200)),
                ("sha256", models.CharField(max_length=64)),
                (
                    "geolocation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="geolocation.geolocation",
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="geolocation.geolocationrevision",
                    ),
                ),
                (
                    "snapshot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="points",
                        to="geolocation.snapshot",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Webhook",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("url", models.CharField(max_length=1000, verbose_name="address")),
                (
                    "events",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("point.verified", "a point was verified"),
                                ("point.changed", "what a point says was changed"),
                                ("point.retracted", "a point was retracted"),
                                ("point.reopened", "a point is under review again"),
                            ],
                            max_length=20,
                        ),
                        size=None,
                    ),
                ),
                ("nonce", models.CharField(max_length=64)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("paused_at", models.DateTimeField(blank=True, null=True)),
                ("pause_reason", models.CharField(blank=True, max_length=400)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "investigation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="webhooks",
                        to="evidence.investigation",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="WebhookDelivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, unique=True)),
                (
                    "event",
                    models.CharField(
                        choices=[
                            ("point.verified", "a point was verified"),
                            ("point.changed", "what a point says was changed"),
                            ("point.retracted", "a point was retracted"),
                            ("point.reopened", "a point is under review again"),
                        ],
                        max_length=20,
                    ),
                ),
                ("point_uid", models.UUIDField()),
                ("body", models.TextField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting"),
                            ("sending", "being sent"),
                            ("delivered", "delivered"),
                            ("failed", "failed"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("attempts", models.JSONField(default=list)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("next_attempt_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("leased_until", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "webhook",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="geolocation.webhook",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="PointChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "audience",
                    models.CharField(choices=[("public", "Public"), ("members", "Members")], max_length=8),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("verified", "Verified"), ("changed", "Changed"), ("removed", "Removed")],
                        max_length=8,
                    ),
                ),
                ("place", models.BigIntegerField(null=True, unique=True)),
                ("changed_at", models.DateTimeField()),
                ("ordered_at", models.DateTimeField(null=True)),
                (
                    "geolocation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="geolocation.geolocation",
                    ),
                ),
                (
                    "investigation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="evidence.investigation",
                    ),
                ),
            ],
            options={
                "ordering": ["place"],
                "indexes": [
                    models.Index(fields=["audience", "place"], name="pointchange_public_page"),
                    models.Index(fields=["investigation", "audience", "place"], name="pointchange_page"),
                    models.Index(
                        condition=models.Q(("place", None)), fields=["changed_at"], name="pointchange_waiting"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("audience__in", ["public", "members"])),
                        name="pointchange_audience_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["verified", "changed", "removed"])),
                        name="pointchange_kind_is_known",
                    ),
                    models.UniqueConstraint(
                        fields=("geolocation", "audience"), name="pointchange_one_a_point_and_audience"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ordered_at", None), ("place", None)),
                            models.Q(("ordered_at__isnull", False), ("place__isnull", False)),
                            _connector="OR",
                        ),
                        name="pointchange_ordered_as_a_whole",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="snapshot",
            constraint=models.UniqueConstraint(
                fields=("investigation", "number"), name="snapshot_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="snapshot",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__gte", 1)), name="snapshot_numbers_from_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="snapshot",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("geojson_sha256__regex", "^[0-9a-f]{64}$"), ("manifest_sha256__regex", "^[0-9a-f]{64}$")
                ),
                name="snapshot_digests_are_sha256",
            ),
        ),
        migrations.AddConstraint(
            model_name="snapshotpoint",
            constraint=models.UniqueConstraint(fields=("snapshot", "geolocation"), name="snapshotpoint_once"),
        ),
        migrations.AddConstraint(
            model_name="snapshotpoint",
            constraint=models.CheckConstraint(
                condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")), name="snapshotpoint_digest_is_sha256"
            ),
        ),
        migrations.AddConstraint(
            model_name="webhook",
            constraint=models.CheckConstraint(
                condition=models.Q(("events__len__gt", 0)), name="webhook_asks_for_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="webhook",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "events__contained_by",
                        ["point.verified", "point.changed", "point.retracted", "point.reopened"],
                    )
                ),
                name="webhook_events_are_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="webhook",
            constraint=models.CheckConstraint(
                condition=models.Q(("url__regex", "^https?://")), name="webhook_address_is_of_the_web"
            ),
        ),
        migrations.AddIndex(
            model_name="webhookdelivery",
            index=models.Index(fields=["webhook", "-id"], name="webhookdelivery_log"),
        ),
        migrations.AddIndex(
            model_name="webhookdelivery",
            index=models.Index(
                condition=models.Q(("state__in", ["waiting", "sending"])),
                fields=["next_attempt_at"],
                name="webhookdelivery_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="webhookdelivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("event__in", ["point.verified", "point.changed", "point.retracted", "point.reopened"])
                ),
                name="webhookdelivery_event_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="webhookdelivery",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["waiting", "sending", "delivered", "failed"])),
                name="webhookdelivery_state_is_known",
            ),
        ),
        migrations.RunSQL(CHANGES, CHANGES_UNDONE),
        migrations.RunSQL(SNAPSHOTS, SNAPSHOTS_UNDONE),
    ]
