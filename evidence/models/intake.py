"""IntakeBatch: many files brought in at once, and what became of each of them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evidence.models.investigations import Investigation
from evidence.models.media import SHA256, MediaItem
from evidence.models.positions import known_values
from evidence.querysets import InInvestigationQuerySet


class BatchKind(models.TextChoices):
    ZIP = "zip", _("ZIP")
    FOLDER = "folder", _("Folder")


class BatchState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    READING = "reading", _("Being brought in")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class MemberState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    NEW = "new", _("new")
    KNOWN = "known", _("known")
    REFUSED = "refused", _("refused")
    FAILED = "failed", _("failed")


class IntakeBatch(models.Model):
    """A folder or a ZIP: where it came from, and how far it is. A worker holds it by a lease."""

    investigation = models.ForeignKey(Investigation, on_delete=models.CASCADE, related_name="batches")
    reference = models.CharField(max_length=16)
    kind = models.CharField(max_length=8, choices=BatchKind.choices)
    source_name = models.CharField(_("name"), max_length=500)
    # Of the ZIP as it was sent; it is kept in the storage like an original. A folder has none.
    sha256 = models.CharField(max_length=64, blank=True)
    size_bytes = models.BigIntegerField(null=True, blank=True)
    state = models.CharField(max_length=16, choices=BatchState.choices, default=BatchState.WAITING)
    sentence = models.TextField(blank=True)
    is_listed = models.BooleanField(default=False)
    is_sensitive = models.BooleanField(
        _("sensitive"), default=False, help_text=_("Each recording is shown blurred until somebody asks.")
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    queued_at = models.DateTimeField(default=timezone.now)
    lease_until = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = InInvestigationQuerySet.as_manager()

    class Meta:
        ordering = ["investigation", "-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["investigation", "reference"], name="batch_reference_unique"),
            models.UniqueConstraint(
                fields=["investigation", "sha256"],
                condition=models.Q(kind=BatchKind.ZIP),
                name="batch_zip_once",
            ),
            known_values("intakebatch", "kind", BatchKind.values),
            known_values("intakebatch", "state", BatchState.values),
            models.CheckConstraint(
                condition=models.Q(kind=BatchKind.FOLDER, sha256="")
                | models.Q(kind=BatchKind.ZIP, sha256__regex=SHA256),
                name="intakebatch_zip_has_digest",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.source_name}"

    @property
    def is_unfinished(self) -> bool:
        return self.state in (BatchState.WAITING, BatchState.READING)


class IntakeMember(models.Model):
    """One file of a batch. Its name is what the ZIP or folder calls it, a label and never a path of ours."""

    batch = models.ForeignKey(IntakeBatch, on_delete=models.CASCADE, related_name="members")
    position = models.PositiveIntegerField()
    name = models.CharField(max_length=1000)
    state = models.CharField(max_length=16, choices=MemberState.choices, default=MemberState.WAITING)
    sentence = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size_bytes = models.BigIntegerField(null=True, blank=True)
    # Of a folder's file, its size and time of change: a file with the same is not read again.
    stamp = models.CharField(max_length=64, blank=True)
    media_item = models.ForeignKey(
        MediaItem, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["batch", "position"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "position"], name="member_position_unique"),
            known_values("intakemember", "state", MemberState.values),
            models.CheckConstraint(
                condition=~models.Q(state__in=[MemberState.NEW, MemberState.KNOWN])
                | models.Q(sha256__regex=SHA256, media_item__isnull=False),
                name="intakemember_kept_has_item",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.state}"
