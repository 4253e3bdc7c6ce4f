"""Archived copies: files in which a posting was kept, and what was found in each."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.lookups import Exact
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evidence.models.investigations import Investigation
from evidence.models.media import SHA256, Appearance, ReadingState
from evidence.models.positions import known_values


class CopyKind(models.TextChoices):
    """The keys are those of `evidence.archives.CopyKind`."""

    WACZ = "wacz", _("Web archive (WACZ)")
    WARC = "warc", _("Web archive (WARC)")
    PAGE = "page", _("Saved page")
    PICTURE = "picture", _("Screenshot")
    AUTO_ARCHIVER = "auto_archiver", _("auto-archiver’s report")


class CapturedBasis(models.TextChoices):
    """How the time of capture is known. The keys are those of `evidence.archives.base.Basis`."""

    UNKNOWN = "unknown", _("not known")
    WARC_DATE = "warc_date", _("from the record in the archive")
    WACZ_PAGE = "wacz_page", _("from the archive’s list of pages")
    PAGE_COMMENT = "page_comment", _("as the saved page says")
    ARCHIVER = "archiver", _("as auto-archiver says")
    FILE = "file", _("as the picture says")


COPY_STATES = [ReadingState.WAITING, ReadingState.READING, ReadingState.DONE, ReadingState.FAILED]


class ArchivedCopy(models.Model):
    """One kept file of a posting. Its bytes never change; what was found in them is filled in once read.

    `verdicts` is a list of findings as `evidence.archives.Finding` has them (key, verdict, sentence), `said`
    what else the copy says of itself. Unknown is null, and `captured_basis` says so.
    """

    investigation = models.ForeignKey(Investigation, on_delete=models.CASCADE, related_name="+")
    appearance = models.ForeignKey(Appearance, on_delete=models.PROTECT, related_name="archived_copies")
    kind = models.CharField(max_length=16, choices=CopyKind.choices)
    sha256 = models.CharField(max_length=64)
    size_bytes = models.BigIntegerField()
    mime_type = models.CharField(max_length=80)
    original_name = models.CharField(max_length=255, blank=True)
    state = models.CharField(max_length=16, choices=ReadingState.choices, default=ReadingState.WAITING)
    sentence = models.TextField(blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    queued_at = models.DateTimeField(default=timezone.now)
    lease_until = models.DateTimeField(null=True, blank=True)
    captured_at = models.DateTimeField(null=True, blank=True)
    captured_basis = models.CharField(
        max_length=16, choices=CapturedBasis.choices, default=CapturedBasis.UNKNOWN
    )
    captured_url = models.CharField(max_length=2000, blank=True)
    title = models.CharField(max_length=500, blank=True)
    verdicts = models.JSONField(default=list, blank=True)
    said = models.JSONField(default=dict, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["appearance", "pk"]
        constraints = [
            known_values("archivedcopy", "kind", CopyKind.values),
            known_values("archivedcopy", "state", [str(state) for state in COPY_STATES]),
            known_values("archivedcopy", "captured_basis", CapturedBasis.values),
            models.CheckConstraint(
                condition=models.Q(sha256__regex=SHA256), name="archivedcopy_digest_is_sha256"
            ),
            models.CheckConstraint(condition=models.Q(size_bytes__gt=0), name="archivedcopy_size_positive"),
            models.CheckConstraint(
                condition=models.Q(captured_basis=CapturedBasis.UNKNOWN, captured_at=None)
                | (~models.Q(captured_basis=CapturedBasis.UNKNOWN) & models.Q(captured_at__isnull=False)),
                name="archivedcopy_time_has_basis",
            ),
            models.CheckConstraint(
                condition=Exact(
                    models.Func(
                        models.F("verdicts"), function="jsonb_typeof", output_field=models.CharField()
                    ),
                    models.Value("array"),
                ),
                name="archivedcopy_verdicts_are_a_list",
            ),
            models.UniqueConstraint(fields=["appearance", "sha256"], name="archivedcopy_once"),
        ]
        indexes = [
            models.Index(
                fields=["queued_at"],
                condition=models.Q(state__in=[ReadingState.WAITING, ReadingState.READING]),
                name="archivedcopy_unfinished",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.sha256[:12]}"

    @property
    def is_unfinished(self) -> bool:
        return self.state in (ReadingState.WAITING, ReadingState.READING)
