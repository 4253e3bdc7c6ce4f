"""Other people's points: the file they came in, each of its rows as judged, and what became of them."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evidence.models import Investigation, MediaItem
from evidence.models.positions import known_values, position_constraints
from evidence.querysets import InInvestigationQuerySet
from geolocation.importers.formats.row import row_digest
from geolocation.models.geolocations import Geolocation, GeolocationRevision
from geolocation.models.json_text import JSONTextField

# More than a row's number can be.
_NUMBERS: Final = 1 << 32


def _decider() -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )


class RowVerdict(models.TextChoices):
    """What bringing in a row would do."""

    NEW = "new", _("new")
    CHANGED = "changed", _("changed")
    SAME = "same", _("known, unchanged")
    DOUBTFUL = "doubtful", _("doubtful")
    REFUSED = "refused", _("refused")


class ImportState(models.TextChoices):
    """How far an import is."""

    RECEIVED = "received", _("columns to be confirmed")
    CHECKING = "checking", _("being checked")
    CHECKED = "checked", _("checked, nothing brought in")
    APPLYING = "applying", _("being brought in")
    DONE = "done", _("brought in")
    CANCELLED = "cancelled", _("stopped")
    FAILED = "failed", _("failed")


class ImportBatch(models.Model):
    """One file read in one format, kept in the storage under its SHA-256. A worker holds it by a lease."""

    investigation = models.ForeignKey(Investigation, on_delete=models.CASCADE, related_name="imports")
    reference = models.CharField(max_length=16)
    source_name = models.CharField(_("name"), max_length=500)
    sha256 = models.CharField(max_length=64)
    size_bytes = models.BigIntegerField()
    format = models.CharField(max_length=32)
    mapping = models.JSONField(default=dict, blank=True)
    # Of plain files, sorted: the same columns again are read as they were the last time.
    columns = ArrayField(models.TextField(), default=list, blank=True)
    state = models.CharField(max_length=16, choices=ImportState.choices, default=ImportState.RECEIVED)
    # Why it failed, for whoever looks at it.
    sentence = models.TextField(blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    queued_at = models.DateTimeField(default=timezone.now)
    lease_until = models.DateTimeField(null=True, blank=True)
    # For whom a worker reads the file or brings it in.
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    finished_at = models.DateTimeField(null=True, blank=True)
    row_count = models.PositiveIntegerField(default=0)
    staged_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = InInvestigationQuerySet.as_manager()

    class Meta:
        ordering = ["investigation", "-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["investigation", "reference"], name="import_reference_unique"),
            models.UniqueConstraint(fields=["investigation", "sha256", "format"], name="import_file_once"),
            known_values("importbatch", "state", ImportState.values),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.source_name}"

    @property
    def rows(self) -> models.QuerySet[StagedRow]:
        """Its rows in their order, found by the one index there is on them."""
        first, beyond = StagedRow.key(self.pk, 0), StagedRow.key(self.pk + 1, 0)
        return StagedRow.objects.filter(pk__gte=first, pk__lt=beyond)

    @property
    def is_at_work(self) -> bool:
        return self.state in (ImportState.CHECKING, ImportState.APPLYING)


class StagedRow(models.Model):
    """One row, with the row itself. Nothing of it is in the catalogue until `applied_at`.

    A hundred thousand come at once, most of them plainly points: columns that only other rows fill have their
    defaults in the database, and batch and number are the key, so that there is one index to be kept.
    """

    id = models.BigIntegerField(primary_key=True, editable=False)
    # Held to its batch by triggers, once a statement: asking for each row takes longer than writing it.
    batch = models.ForeignKey(
        ImportBatch, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    number = models.PositiveIntegerField()
    upstream_id = models.CharField(max_length=200, blank=True)
    # Empty where it is the digest of the text that `row` is kept as.
    own_digest = models.CharField(max_length=64, blank=True, db_default="")
    verdict = models.CharField(max_length=16, choices=RowVerdict.choices, db_default=RowVerdict.NEW)
    reasons = ArrayField(models.CharField(max_length=40), default=list, db_default=[], blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    # A recording by its link, without a position: auto-archiver's rows.
    is_media_alone = models.BooleanField(default=False, db_default=False)
    row = JSONTextField(default=dict)
    # Device and network fields; never shown to viewers and never part of a proposal.
    private = models.JSONField(null=True, blank=True)
    payload = models.JSONField(default=dict, db_default={})
    # A person let a doubtful row out of quarantine. Not indexed, and held to the people by a trigger of
    # decided rows alone.
    let_in_by = _decider()
    # Or decided that it stays out.
    kept_out_by = _decider()
    decided_at = models.DateTimeField(null=True, blank=True)
    applied_at = models.DateTimeField(null=True, blank=True)
    # Why the catalogue did not take the row, where it did not.
    sentence = models.TextField(blank=True, db_default="")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(id=models.F("batch_id") * _NUMBERS + models.F("number")),
                name="stagedrow_key_is_batch_and_number",
            ),
            known_values("stagedrow", "verdict", RowVerdict.values),
            *position_constraints("stagedrow"),
            models.CheckConstraint(
                condition=models.Q(verdict=RowVerdict.REFUSED)
                | models.Q(latitude__isnull=False, is_media_alone=False)
                | models.Q(latitude__isnull=True, is_media_alone=True),
                name="stagedrow_placed_or_refused",
            ),
            models.CheckConstraint(
                condition=models.Q(let_in_by__isnull=True) | models.Q(kept_out_by__isnull=True),
                name="stagedrow_one_decision",
            ),
        ]

    def __str__(self) -> str:
        return f"row {self.number}: {self.verdict}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.pk = self.key(self.batch_id, self.number)
        super().save(*args, **kwargs)

    @staticmethod
    def key(batch_id: int, number: Any) -> Any:
        """The primary key of a row by its number, or of many by an array of numbers."""
        return batch_id * _NUMBERS + number

    @property
    def digest(self) -> str:
        """SHA-256 of the row as canonical JSON, with what is private; empty for a refused row."""
        return "" if self.verdict == RowVerdict.REFUSED else self.own_digest or row_digest(self.row)


class ImportedPoint(models.Model):
    """What stands for an upstream id, and which wording of it was brought in last.

    A geolocation; or, of a row without a position, the recording alone.
    """

    investigation = models.ForeignKey(Investigation, on_delete=models.CASCADE, related_name="+")
    format = models.CharField(max_length=32)
    upstream_id = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    row = models.ForeignKey(StagedRow, on_delete=models.PROTECT, related_name="+")
    geolocation = models.ForeignKey(
        Geolocation, on_delete=models.PROTECT, null=True, blank=True, related_name="imported_from"
    )
    revision = models.ForeignKey(
        GeolocationRevision, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    media_item = models.ForeignKey(
        MediaItem, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["investigation", "format", "upstream_id"], name="importedpoint_once"
            ),
            models.CheckConstraint(
                condition=models.Q(geolocation__isnull=False, revision__isnull=False)
                | models.Q(geolocation__isnull=True, revision__isnull=True, media_item__isnull=False),
                name="importedpoint_stands_for_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.format} {self.upstream_id}"
