"""Archived copies: files in which a posting was kept. Their bytes never change, and no row is removed."""

import django.db.models.deletion
import django.db.models.lookups
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

KEPT = """
CREATE TRIGGER archivedcopy_never_emptied BEFORE TRUNCATE ON evidence_archivedcopy
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER archivedcopy_never_deleted BEFORE DELETE ON evidence_archivedcopy
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER archivedcopy_bytes_kept BEFORE UPDATE ON evidence_archivedcopy FOR EACH ROW
    WHEN (OLD.sha256 IS DISTINCT FROM NEW.sha256
        OR OLD.size_bytes IS DISTINCT FROM NEW.size_bytes
        OR OLD.kind IS DISTINCT FROM NEW.kind
        OR OLD.original_name IS DISTINCT FROM NEW.original_name
        OR OLD.appearance_id IS DISTINCT FROM NEW.appearance_id
        OR OLD.investigation_id IS DISTINCT FROM NEW.investigation_id
        OR OLD.added_by_id IS DISTINCT FROM NEW.added_by_id
        OR OLD.added_at IS DISTINCT FROM NEW.added_at)
    EXECUTE FUNCTION refuse_change();
"""

KEPT_UNDONE = """
DROP TRIGGER archivedcopy_bytes_kept ON evidence_archivedcopy;
DROP TRIGGER archivedcopy_never_deleted ON evidence_archivedcopy;
DROP TRIGGER archivedcopy_never_emptied ON evidence_archivedcopy;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("evidence", "0004_reading_progress"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ArchivedCopy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("wacz", "Web archive (WACZ)"),
                            ("warc", "Web archive (WARC)"),
                            ("page", "Saved page"),
                            ("picture", "Screenshot"),
                            ("auto_archiver", "auto-archiver’s report"),
                        ],
                        max_length=16,
                    ),
                ),
                ("sha256", models.CharField(max_length=64)),
                ("size_bytes", models.BigIntegerField()),
                ("mime_type", models.CharField(max_length=80)),
                ("original_name", models.CharField(blank=True, max_length=255)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("reading", "Reading"),
                            ("done", "Done"),
                            ("nothing_found", "Nothing found"),
                            ("failed", "Failed"),
                        ],
                        default="waiting",
                        max_length=16,
                    ),
                ),
                ("sentence", models.TextField(blank=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("queued_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("captured_at", models.DateTimeField(blank=True, null=True)),
                (
                    "captured_basis",
                    models.CharField(
                        choices=[
                            ("unknown", "not known"),
                            ("warc_date", "from the record in the archive"),
                            ("wacz_page", "from the archive’s list of pages"),
                            ("page_comment", "as the saved page says"),
                            ("archiver", "as auto-archiver says"),
                            ("file", "as the picture says"),
                        ],
                        default="unknown",
                        max_length=16,
                    ),
                ),
                ("captured_url", models.CharField(blank=True, max_length=2000)),
                ("title", models.CharField(blank=True, max_length=500)),
                ("verdicts", models.JSONField(blank=True, default=list)),
                ("said", models.JSONField(blank=True, default=dict)),
                ("added_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "appearance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="archived_copies",
                        to="evidence.appearance",
                    ),
                ),
                (
                    "investigation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="evidence.investigation",
                    ),
                ),
            ],
            options={
                "ordering": ["appearance", "pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["waiting", "reading"])),
                        fields=["queued_at"],
                        name="archivedcopy_unfinished",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["wacz", "warc", "page", "picture", "auto_archiver"])
                        ),
                        name="archivedcopy_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "reading", "done", "failed"])),
                        name="archivedcopy_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "captured_basis__in",
                                ["unknown", "warc_date", "wacz_page", "page_comment", "archiver", "file"],
                            )
                        ),
                        name="archivedcopy_captured_basis_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")),
                        name="archivedcopy_digest_is_sha256",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("size_bytes__gt", 0)), name="archivedcopy_size_positive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("captured_at", None), ("captured_basis", "unknown")),
                            models.Q(
                                models.Q(("captured_basis", "unknown"), _negated=True),
                                ("captured_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="archivedcopy_time_has_basis",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.Exact(
                            models.Func(
                                models.F("verdicts"), function="jsonb_typeof", output_field=models.CharField()
                            ),
                            models.Value("array"),
                        ),
                        name="archivedcopy_verdicts_are_a_list",
                    ),
                    models.UniqueConstraint(fields=("appearance", "sha256"), name="archivedcopy_once"),
                ],
            },
        ),
        migrations.RunSQL(KEPT, KEPT_UNDONE),
    ]
