"""Blind rounds: who places an item without seeing the first proposal, and what a point then needs."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

# Who is in a round, and what stays as it was compared.
ENTRIES = """
CREATE FUNCTION blind_entry_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    placed geolocation_blindround%ROWTYPE;
    before geolocation_geolocationrevision%ROWTYPE;
    wording geolocation_geolocationrevision%ROWTYPE;
BEGIN
    SELECT * INTO placed FROM geolocation_blindround WHERE id = NEW.round_id;
    SELECT * INTO wording FROM geolocation_geolocationrevision WHERE id = NEW.revision_id;
    IF wording.geolocation_id <> NEW.geolocation_id OR NOT EXISTS (
            SELECT 1 FROM geolocation_geolocation WHERE id = NEW.geolocation_id
            AND author_id = NEW.author_id AND media_item_id = placed.media_item_id) THEN
        RAISE EXCEPTION 'an entry is its author''s own proposal about the item of the round'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'blindentry_of_its_author_and_item';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF placed.state NOT IN ('open', 'with_editor') THEN
            RAISE EXCEPTION 'round % is over', placed.id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'blindentry_while_live';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.round_id, NEW.geolocation_id, NEW.author_id) IS DISTINCT FROM
        (OLD.round_id, OLD.geolocation_id, OLD.author_id) THEN
        RAISE EXCEPTION 'an entry keeps its round, its proposal and its author'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'blindentry_of_its_author_and_item';
    END IF;
    SELECT * INTO before FROM geolocation_geolocationrevision WHERE id = OLD.revision_id;
    IF placed.state NOT IN ('open', 'with_editor') AND (
        wording.camera_latitude, wording.camera_longitude, wording.camera_uncertainty_m,
        wording.subject_latitude, wording.subject_longitude, wording.subject_uncertainty_m) IS DISTINCT FROM (
        before.camera_latitude, before.camera_longitude, before.camera_uncertainty_m,
        before.subject_latitude, before.subject_longitude, before.subject_uncertainty_m) THEN
        RAISE EXCEPTION 'after the round only words may change, no position'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'blindentry_places_the_same';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER blind_entry_guard BEFORE INSERT OR UPDATE ON geolocation_blindentry
    FOR EACH ROW EXECUTE FUNCTION blind_entry_guard();
CREATE TRIGGER blind_entry_kept BEFORE DELETE ON geolocation_blindentry
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER blind_sighting_append_only BEFORE UPDATE OR DELETE ON geolocation_blindsighting
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE FUNCTION blind_round_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.state IN ('agreed', 'resolved', 'ended')
        AND (NEW.state, NEW.chosen_id) IS DISTINCT FROM (OLD.state, OLD.chosen_id)
        AND NOT (OLD.state = 'agreed' AND NEW.state = 'agreed') THEN
        RAISE EXCEPTION 'round % is over', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'blindround_over_is_over';
    END IF;
    IF NEW.resolved_by_id IS NOT NULL AND EXISTS (SELECT 1 FROM geolocation_blindentry
            WHERE round_id = NEW.id AND author_id = NEW.resolved_by_id) THEN
        RAISE EXCEPTION 'nobody decides a round in which they placed the item'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'blindround_resolved_by_somebody_else';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER blind_round_guard BEFORE INSERT OR UPDATE ON geolocation_blindround
    FOR EACH ROW EXECUTE FUNCTION blind_round_guard();
CREATE TRIGGER blind_round_kept BEFORE DELETE ON geolocation_blindround
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE FUNCTION review_blind_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    proposal geolocation_geolocation%ROWTYPE;
BEGIN
    SELECT g.* INTO proposal FROM geolocation_geolocation g
        JOIN geolocation_geolocationrevision r ON r.geolocation_id = g.id WHERE r.id = NEW.revision_id;
    IF proposal.state = 'awaiting_second' THEN
        RAISE EXCEPTION 'geolocation % waits for a blind second look', proposal.reference
            USING ERRCODE = 'check_violation', CONSTRAINT = 'review_after_the_blind_round';
    END IF;
    IF EXISTS (SELECT 1 FROM geolocation_blindentry own
            JOIN geolocation_blindentry other ON other.round_id = own.round_id
            WHERE own.author_id = NEW.reviewer_id AND other.geolocation_id = proposal.id) THEN
        RAISE EXCEPTION 'nobody reviews what they placed blind beside it'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'review_by_nobody_of_the_round';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER review_blind_guard BEFORE INSERT ON geolocation_review
    FOR EACH ROW EXECUTE FUNCTION review_blind_guard();
"""

ENTRIES_UNDONE = """
DROP TRIGGER review_blind_guard ON geolocation_review;
DROP FUNCTION review_blind_guard();
DROP TRIGGER blind_round_kept ON geolocation_blindround;
DROP TRIGGER blind_round_guard ON geolocation_blindround;
DROP FUNCTION blind_round_guard();
DROP TRIGGER blind_sighting_append_only ON geolocation_blindsighting;
DROP TRIGGER blind_entry_kept ON geolocation_blindentry;
DROP TRIGGER blind_entry_guard ON geolocation_blindentry;
DROP FUNCTION blind_entry_guard();
"""

# Beside `verified_point_gate`, for investigations that ask for a blind second: the point's own revision has
# an entry in a round that an editor resolved in its favour, or in which the database itself finds the
# positions within their joint uncertainty. Revisions from before the switch are not asked.
GATE = """
CREATE FUNCTION blind_role_agrees(
    one geography, one_m double precision, other geography, other_m double precision
) RETURNS boolean LANGUAGE sql STABLE AS $$
    -- NULL where a side has none. A millimetre for the difference between two geodesic algorithms.
    SELECT ST_Distance(one, other) <= sqrt(one_m * one_m + other_m * other_m) + 0.001
$$;

CREATE FUNCTION blind_gate(wanted_geolocation bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    point geolocation_verifiedpoint%ROWTYPE;
    wording geolocation_geolocationrevision%ROWTYPE;
    asked_since timestamptz;
BEGIN
    SELECT * INTO point FROM geolocation_verifiedpoint WHERE geolocation_id = wanted_geolocation;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    SELECT blind_since INTO asked_since FROM evidence_investigation WHERE id = point.investigation_id;
    SELECT * INTO wording FROM geolocation_geolocationrevision WHERE id = point.revision_id;
    IF asked_since IS NULL OR wording.created_at < asked_since THEN
        RETURN;
    END IF;
    IF EXISTS (
        SELECT 1 FROM geolocation_blindentry own
        JOIN geolocation_blindround placed ON placed.id = own.round_id
        WHERE own.revision_id = point.revision_id AND NOT own.is_withdrawn AND (
            (placed.state = 'resolved' AND placed.chosen_id = point.geolocation_id)
            OR (placed.state = 'agreed' AND EXISTS (
                SELECT 1 FROM geolocation_blindentry other
                JOIN geolocation_geolocationrevision theirs ON theirs.id = other.revision_id,
                LATERAL (SELECT
                    blind_role_agrees(wording.camera_position, wording.camera_uncertainty_m,
                        theirs.camera_position, theirs.camera_uncertainty_m) AS camera,
                    blind_role_agrees(wording.subject_position, wording.subject_uncertainty_m,
                        theirs.subject_position, theirs.subject_uncertainty_m) AS subject) AS agrees
                WHERE other.round_id = own.round_id AND other.author_id <> own.author_id
                    AND NOT other.is_withdrawn
                    AND COALESCE(agrees.camera, true) AND COALESCE(agrees.subject, true)
                    AND COALESCE(agrees.camera, agrees.subject, false))))) THEN
        RETURN;
    END IF;
    RAISE EXCEPTION 'revision % has no blind round that agreed or that an editor resolved for it', wording.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'verified_point_blind_round';
END
$$;

CREATE FUNCTION blind_gate_of_point() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM blind_gate(NEW.geolocation_id);
    RETURN NULL;
END
$$;
CREATE FUNCTION blind_gate_of_round() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM blind_gate(geolocation_id) FROM geolocation_blindentry WHERE round_id = NEW.id;
    RETURN NULL;
END
$$;
CREATE FUNCTION blind_gate_of_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM blind_gate(geolocation_id) FROM geolocation_blindentry WHERE round_id = NEW.round_id;
    RETURN NULL;
END
$$;
CREATE FUNCTION blind_gate_of_investigation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM blind_gate(geolocation_id) FROM geolocation_verifiedpoint WHERE investigation_id = NEW.id;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER blind_gate AFTER INSERT OR UPDATE ON geolocation_verifiedpoint
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION blind_gate_of_point();
CREATE CONSTRAINT TRIGGER blind_gate AFTER UPDATE ON geolocation_blindround
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION blind_gate_of_round();
CREATE CONSTRAINT TRIGGER blind_gate AFTER UPDATE ON geolocation_blindentry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION blind_gate_of_entry();
CREATE CONSTRAINT TRIGGER blind_gate AFTER UPDATE OF blind_since ON evidence_investigation
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION blind_gate_of_investigation();
"""

GATE_UNDONE = """
DROP TRIGGER blind_gate ON evidence_investigation;
DROP TRIGGER blind_gate ON geolocation_blindentry;
DROP TRIGGER blind_gate ON geolocation_blindround;
DROP TRIGGER blind_gate ON geolocation_verifiedpoint;
DROP FUNCTION blind_gate_of_investigation();
DROP FUNCTION blind_gate_of_entry();
DROP FUNCTION blind_gate_of_round();
DROP FUNCTION blind_gate_of_point();
DROP FUNCTION blind_gate(bigint);
DROP FUNCTION blind_role_agrees(geography, double precision, geography, double precision);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("evidence", "0009_blind_since"),
        ("geolocation", "0005_light_and_shadow"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BlindEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_withdrawn", models.BooleanField(default=False)),
                ("placed_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ["round", "pk"],
            },
        ),
        migrations.CreateModel(
            name="BlindRound",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Waits for somebody to place it blind"),
                            ("with_editor", "Waits for an editor"),
                            ("agreed", "They agree"),
                            ("resolved", "An editor decided"),
                            ("ended", "Ended without a result"),
                        ],
                        default="open",
                        max_length=16,
                    ),
                ),
                (
                    "cause",
                    models.CharField(
                        blank=True,
                        choices=[
                            (
                                "apart",
                                "The positions are further apart than both uncertainties together allow.",
                            ),
                            ("not_comparable", "No point is placed by both, so nothing can be compared."),
                            ("third", "A third person has placed it."),
                            (
                                "seen",
                                "Others could see an earlier proposal for this item, so nobody places it blind.",
                            ),
                            ("moved", "A revision changed a position after others had seen it."),
                            ("withdrawn", "Every proposal was withdrawn."),
                            ("switched_off", "Blind second geolocation was switched off."),
                        ],
                        max_length=16,
                    ),
                ),
                ("wanted", models.PositiveSmallIntegerField(default=2)),
                ("comparisons", models.JSONField(default=list)),
                ("reason", models.TextField(blank=True)),
                ("opened_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["media_item", "pk"],
            },
        ),
        migrations.CreateModel(
            name="BlindSighting",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("as_role", models.CharField(max_length=16)),
                ("seen_until", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ["geolocation", "pk"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="geolocation",
            name="geolocation_state_is_known",
        ),
        migrations.AddField(
            model_name="geolocation",
            name="is_sealed",
            field=models.BooleanField(
                default=False, help_text="Only its author, editors and who placed the item too may see it."
            ),
        ),
        migrations.AlterField(
            model_name="geolocation",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "Draft"),
                    ("awaiting_second", "Blind second look"),
                    ("in_review", "In review"),
                    ("changes_requested", "Changes requested"),
                    ("verified", "Verified"),
                    ("rejected", "Rejected"),
                    ("withdrawn", "Withdrawn"),
                    ("retracted", "Retracted"),
                    ("supporting", "Supports another"),
                ],
                default="draft",
                max_length=20,
                verbose_name="state",
            ),
        ),
        migrations.AddIndex(
            model_name="geolocation",
            index=models.Index(
                condition=models.Q(("is_sealed", True)),
                fields=["investigation", "reference"],
                name="geolocation_sealed",
            ),
        ),
        migrations.AddConstraint(
            model_name="geolocation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "draft",
                            "awaiting_second",
                            "in_review",
                            "changes_requested",
                            "verified",
                            "rejected",
                            "withdrawn",
                            "retracted",
                            "supporting",
                        ],
                    )
                ),
                name="geolocation_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="geolocation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_sealed", False),
                    ("state__in", ["draft", "awaiting_second", "withdrawn"]),
                    _connector="OR",
                ),
                name="geolocation_sealed_before_review",
            ),
        ),
        migrations.AddField(
            model_name="blindentry",
            name="author",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="blindentry",
            name="geolocation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="blind_entries",
                to="geolocation.geolocation",
            ),
        ),
        migrations.AddField(
            model_name="blindentry",
            name="revision",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="blind_entries",
                to="geolocation.geolocationrevision",
            ),
        ),
        migrations.AddField(
            model_name="blindround",
            name="chosen",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="geolocation.geolocation",
            ),
        ),
        migrations.AddField(
            model_name="blindround",
            name="investigation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="blind_rounds",
                to="evidence.investigation",
            ),
        ),
        migrations.AddField(
            model_name="blindround",
            name="media_item",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="blind_rounds",
                to="evidence.mediaitem",
            ),
        ),
        migrations.AddField(
            model_name="blindround",
            name="resolved_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="blindentry",
            name="round",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="entries",
                to="geolocation.blindround",
            ),
        ),
        migrations.AddField(
            model_name="blindsighting",
            name="geolocation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="sightings",
                to="geolocation.geolocation",
            ),
        ),
        migrations.AddField(
            model_name="blindsighting",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="blindround",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "with_editor", "agreed", "resolved", "ended"])),
                name="blindround_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="blindround",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "cause__in",
                        [
                            "",
                            "apart",
                            "not_comparable",
                            "third",
                            "seen",
                            "moved",
                            "withdrawn",
                            "switched_off",
                        ],
                    )
                ),
                name="blindround_cause_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="blindround",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["open", "with_editor"])),
                fields=("media_item",),
                name="blindround_one_live",
            ),
        ),
        migrations.AddConstraint(
            model_name="blindround",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at", None), ("state__in", ["open", "with_editor"])),
                    models.Q(
                        models.Q(("state__in", ["open", "with_editor"]), _negated=True),
                        ("closed_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="blindround_closed_when_over",
            ),
        ),
        migrations.AddConstraint(
            model_name="blindround",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "resolved"), _negated=True),
                    models.Q(models.Q(("reason", ""), _negated=True), ("resolved_by__isnull", False)),
                    _connector="OR",
                ),
                name="blindround_resolved_with_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="blindentry",
            constraint=models.UniqueConstraint(fields=("round", "author"), name="blindentry_one_a_person"),
        ),
        migrations.AddConstraint(
            model_name="blindentry",
            constraint=models.UniqueConstraint(
                fields=("round", "geolocation"), name="blindentry_one_a_geolocation"
            ),
        ),
        migrations.AddConstraint(
            model_name="blindsighting",
            constraint=models.UniqueConstraint(fields=("geolocation", "person"), name="blindsighting_once"),
        ),
        migrations.RunSQL(ENTRIES, ENTRIES_UNDONE),
        migrations.RunSQL(GATE, GATE_UNDONE),
    ]
