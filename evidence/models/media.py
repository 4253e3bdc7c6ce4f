"""MediaItem: one recording; its stored files, where it was published, and what its files say."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Length
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evidence.models.checks_at_once import ChecksAtOnce
from evidence.models.investigations import Investigation
from evidence.models.places import Place
from evidence.models.positions import known_values, position_constraints
from evidence.models.sources import Source
from evidence.querysets import InInvestigationQuerySet

SHA256 = r"^[0-9a-f]{64}$"


class MediaKind(models.TextChoices):
    VIDEO = "video", _("Video")
    PHOTO = "photo", _("Photo")
    SATELLITE = "satellite", _("Satellite image")
    UNKNOWN = "unknown", _("Not known yet")


class FileRole(models.TextChoices):
    ORIGINAL = "original", _("Original as collected")
    COPY = "copy", _("Another copy")
    THUMBNAIL = "thumbnail", _("Thumbnail")
    PREVIEW = "preview", _("Preview")
    POSTER = "poster", _("Poster frame")
    CONTACT_SHEET = "contact_sheet", _("Contact sheet")
    PROXY = "proxy", _("Viewing copy")
    WAVEFORM = "waveform", _("Waveform of the sound")


COLLECTED_ROLES = [FileRole.ORIGINAL, FileRole.COPY]


class PostedBasis(models.TextChoices):
    """How the time of posting is known."""

    UNKNOWN = "unknown", _("not known")
    DATE_ONLY = "date_only", _("date only")
    PLATFORM_ID = "platform_id", _("from the post id")
    AS_POSTED = "as_posted", _("as posted")
    FIRST_SEEN = "first_seen", _("first seen")


class ReadingState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    READING = "reading", _("Reading")
    DONE = "done", _("Done")
    NOTHING_FOUND = "nothing_found", _("Nothing found")
    FAILED = "failed", _("Failed")


class MediaItem(ChecksAtOnce):
    """One recording. It may start as a link alone, a file alone, or both."""

    investigation = models.ForeignKey(Investigation, on_delete=models.CASCADE, related_name="media_items")
    reference = models.CharField(max_length=16)
    kind = models.CharField(_("kind"), max_length=16, choices=MediaKind.choices, default=MediaKind.UNKNOWN)
    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    author = models.ForeignKey(
        Source,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="media_made",
        verbose_name=_("made by"),
    )
    place = models.ForeignKey(
        Place,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="media_items",
        verbose_name=_("named place"),
    )
    finding = models.TextField(_("finding"), blank=True)
    note = models.TextField(_("note"), blank=True)
    licence = models.CharField(_("licence"), max_length=120, blank=True)
    attribution = models.CharField(_("attribution"), max_length=200, blank=True)
    is_sensitive = models.BooleanField(
        _("sensitive"), default=False, help_text=_("Shown blurred until somebody asks to see it.")
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = InInvestigationQuerySet.as_manager()

    class Meta:
        ordering = ["investigation", "reference"]
        constraints = [
            models.UniqueConstraint(fields=["investigation", "reference"], name="media_reference_unique"),
            known_values("mediaitem", "kind", MediaKind.values),
        ]
        indexes = [
            # By which `reference_next` finds the last one without reading the others.
            models.Index(
                models.F("investigation"),
                Length("reference").desc(),
                models.F("reference").desc(),
                name="media_reference_last",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"


class MediaFile(models.Model):
    """One stored file: addressed by its SHA-256, never overwritten. Derivatives name their parent."""

    investigation = models.ForeignKey(Investigation, on_delete=models.CASCADE, related_name="+")
    media_item = models.ForeignKey(MediaItem, on_delete=models.PROTECT, related_name="files")
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="derivatives"
    )
    role = models.CharField(max_length=16, choices=FileRole.choices)
    sha256 = models.CharField(max_length=64)
    size_bytes = models.BigIntegerField()
    mime_type = models.CharField(max_length=80)
    original_name = models.CharField(max_length=255, blank=True)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["media_item", "pk"]
        constraints = [
            known_values("mediafile", "role", FileRole.values),
            models.CheckConstraint(
                condition=models.Q(sha256__regex=SHA256), name="mediafile_digest_is_sha256"
            ),
            models.CheckConstraint(condition=models.Q(size_bytes__gt=0), name="mediafile_size_positive"),
            models.CheckConstraint(
                condition=models.Q(role__in=COLLECTED_ROLES, parent=None)
                | (~models.Q(role__in=COLLECTED_ROLES) & models.Q(parent__isnull=False)),
                name="mediafile_only_derivatives_have_parents",
            ),
            models.UniqueConstraint(
                fields=["investigation", "sha256"],
                condition=models.Q(role__in=COLLECTED_ROLES),
                name="mediafile_collected_once",
            ),
            models.UniqueConstraint(
                fields=["parent", "role"],
                condition=models.Q(parent__isnull=False),
                name="mediafile_one_derivative_a_role",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.sha256[:12]}"

    @property
    def storage_name(self) -> str:
        """Where the bytes are: `sha256/ab/cd/<digest>`."""
        return f"sha256/{self.sha256[:2]}/{self.sha256[2:4]}/{self.sha256}"


class Appearance(models.Model):
    """One place where a recording was published or seen."""

    investigation = models.ForeignKey(Investigation, on_delete=models.CASCADE, related_name="+")
    media_item = models.ForeignKey(MediaItem, on_delete=models.CASCADE, related_name="appearances")
    url = models.URLField(_("link"), max_length=2000, blank=True)
    canonical_url = models.URLField(max_length=2000, blank=True)
    platform = models.CharField(max_length=24, blank=True)
    post_id = models.CharField(max_length=200, blank=True)
    posted_on = models.DateField(_("posted on"), null=True, blank=True)
    posted_at = models.DateTimeField(_("posted at"), null=True, blank=True)
    posted_offset_min = models.SmallIntegerField(
        null=True, blank=True, help_text=_("Offset from UTC, in minutes, in which the time was given.")
    )
    posted_basis = models.CharField(max_length=16, choices=PostedBasis.choices, default=PostedBasis.UNKNOWN)
    posted_precision_s = models.FloatField(null=True, blank=True)
    derivation = models.TextField(blank=True)
    posted_by = models.ForeignKey(
        Source, on_delete=models.PROTECT, null=True, blank=True, related_name="appearances"
    )
    archived_url = models.URLField(_("archived copy"), max_length=2000, blank=True)
    is_earliest_known = models.BooleanField(default=False)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["posted_at", "posted_on", "pk"]
        constraints = [
            known_values("appearance", "posted_basis", PostedBasis.values),
            models.UniqueConstraint(
                fields=["investigation", "canonical_url"],
                condition=~models.Q(canonical_url=""),
                name="appearance_post_once",
            ),
            models.UniqueConstraint(
                fields=["media_item"],
                condition=models.Q(is_earliest_known=True),
                name="appearance_one_earliest",
            ),
            models.CheckConstraint(
                condition=models.Q(posted_basis=PostedBasis.UNKNOWN, posted_at=None, posted_on=None)
                | models.Q(posted_basis=PostedBasis.DATE_ONLY, posted_at=None, posted_on__isnull=False)
                | (
                    models.Q(posted_at__isnull=False)
                    & ~models.Q(posted_basis__in=[PostedBasis.UNKNOWN, PostedBasis.DATE_ONLY])
                ),
                name="appearance_time_has_basis",
            ),
        ]

    def __str__(self) -> str:
        return self.canonical_url or f"{self.media_item.reference}: {self.get_posted_basis_display()}"


class MetadataReading(models.Model):
    """What one reader made of one file, and how far it is with it.

    `fields` holds the normalised values and `raw_tags` every tag as read; both are JSON as
    `evidence.metadata.MetadataReading.to_json` writes them. Unknown is null.
    """

    media_file = models.ForeignKey(MediaFile, on_delete=models.CASCADE, related_name="readings")
    reader = models.CharField(max_length=24)
    reader_version = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=16, choices=ReadingState.choices, default=ReadingState.WAITING)
    sentence = models.TextField(blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    # How far a long reading is; null where it does not say.
    progress_pct = models.PositiveSmallIntegerField(null=True, blank=True)
    queued_at = models.DateTimeField(default=timezone.now)
    lease_until = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    captured_at = models.DateTimeField(null=True, blank=True)
    fields = models.JSONField(default=dict, blank=True)
    raw_tags = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["media_file", "reader"]
        constraints = [
            models.UniqueConstraint(fields=["media_file", "reader"], name="one_reading_a_reader"),
            known_values("metadatareading", "state", ReadingState.values),
            models.CheckConstraint(
                condition=models.Q(progress_pct=None) | models.Q(progress_pct__lte=100),
                name="metadatareading_progress_in_range",
            ),
            *position_constraints("metadatareading"),
        ]
        indexes = [
            models.Index(
                fields=["queued_at"],
                condition=models.Q(state__in=[ReadingState.WAITING, ReadingState.READING]),
                name="reading_unfinished",
            )
        ]

    def __str__(self) -> str:
        return f"{self.reader} of {self.media_file}: {self.state}"

    @property
    def is_unfinished(self) -> bool:
        return self.state in (ReadingState.WAITING, ReadingState.READING)
