"""ExportJob: a file of verified points that a person had made in the background, and what became of it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evidence.models import Investigation, Visibility
from evidence.models.positions import known_values


class ExportState(models.TextChoices):
    """`expired` had a file that was kept for its time; `cancelled` never had one."""

    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Being made")
    DONE = "done", _("Ready")
    FAILED = "failed", _("Failed")
    EXPIRED = "expired", _("No longer kept")
    CANCELLED = "cancelled", _("Cancelled")


UNFINISHED = (ExportState.QUEUED, ExportState.RUNNING)


class ExportJobQuerySet(models.QuerySet[Any]):
    """Jobs as the people who asked for them may see them."""

    def of(self, user: Any) -> ExportJobQuerySet:
        """One's own, without those that concern an investigation whose points one may not read any more."""
        memberships = user.memberships.values("investigation")
        concerned = ExportJob.holds.through.objects.filter(exportjob=OuterRef("pk"))
        closed = concerned.exclude(
            Q(investigation__visibility=Visibility.PUBLISHED) | Q(investigation__in=memberships)
        )
        return self.filter(~Exists(closed), asked_by=user)

    def unfinished(self) -> ExportJobQuerySet:
        """Those that wait or are being made."""
        return self.filter(state__in=UNFINISHED)


class ExportJob(models.Model):
    """One file: who asked for which points in which format, how far it is, and until when it is kept.

    `asked` is the filter as it was written, `wanted` as it was understood. `holds` names each investigation
    that the filter names or the file has a point of: whoever may not read one of them gets no file. The file
    shows the points as they were at `shown_at`, and `feed_place` is where the corrections feed stood then.
    """

    uid = models.UUIDField(default=uuid4, unique=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="export_jobs"
    )
    holds = models.ManyToManyField(Investigation, related_name="+")
    format = models.CharField(max_length=16)
    asked = models.JSONField(default=dict)
    wanted = models.JSONField(default=dict)
    filter_text = models.TextField()
    state = models.CharField(max_length=10, choices=ExportState.choices, default=ExportState.QUEUED)
    # For people: why it failed, or who ended it.
    sentence = models.TextField(blank=True)
    rows_done = models.PositiveIntegerField(default=0)
    rows_of = models.PositiveIntegerField(null=True, blank=True)
    size_bytes = models.PositiveBigIntegerField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    title = models.CharField(max_length=300, blank=True)
    attribution = models.CharField(max_length=200, blank=True)
    licence = models.CharField(max_length=120, blank=True)
    shown_at = models.DateTimeField(null=True, blank=True)
    feed_place = models.BigIntegerField(default=0)
    asked_at = models.DateTimeField(default=timezone.now)
    queued_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    objects = ExportJobQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            known_values("exportjob", "state", ExportState.values),
            models.CheckConstraint(
                condition=Q(sha256="") | Q(sha256__regex=r"^[0-9a-f]{64}$"), name="exportjob_digest_is_sha256"
            ),
            models.CheckConstraint(
                condition=~Q(state=ExportState.DONE)
                | (
                    Q(
                        rows_of__isnull=False,
                        size_bytes__isnull=False,
                        shown_at__isnull=False,
                        expires_at__isnull=False,
                    )
                    & ~Q(sha256="")
                ),
                name="exportjob_done_has_its_file",
            ),
            models.CheckConstraint(
                condition=~Q(state=ExportState.RUNNING) | Q(lease_until__isnull=False),
                name="exportjob_running_has_a_lease",
            ),
        ]
        indexes = [
            models.Index(fields=["asked_by", "-id"], name="exportjob_own"),
            models.Index(
                fields=["queued_at"],
                name="exportjob_unfinished",
                condition=Q(state__in=["queued", "running"]),
            ),
            models.Index(fields=["expires_at"], name="exportjob_kept", condition=Q(state="done")),
        ]

    def __str__(self) -> str:
        return f"{self.format} {self.uid} {self.state}"

    def get_absolute_url(self) -> str:
        return reverse("geolocation:export", args=[self.uid])

    @property
    def is_unfinished(self) -> bool:
        """Whether it waits or is being made."""
        return self.state in UNFINISHED

    @property
    def is_kept(self) -> bool:
        """Whether its file is there: made, and within its time, also where the sweep is late."""
        return self.state == ExportState.DONE and (self.expires_at or timezone.now()) > timezone.now()
