"""MediaFingerprint: one perceptual hash; MediaLikeness: two items that may be the same recording."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.lookups import Exact
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evidence.fingerprints import Algorithm
from evidence.fingerprints.verdict import Kind
from evidence.models.bits import BitsField
from evidence.models.investigations import Investigation
from evidence.models.media import MediaFile, MediaItem
from evidence.models.positions import known_values
from evidence.querysets import InInvestigationQuerySet, LikenessQuerySet

_BITS_LENGTH = Func(F("bits"), function="length", output_field=models.IntegerField())


class LikenessKind(models.TextChoices):
    """How two recordings resemble each other."""

    WHOLE = Kind.WHOLE.value, _("The whole recording")
    CLIP = Kind.CLIP.value, _("A part of it")
    MIRRORED = Kind.MIRRORED.value, _("Mirrored")


class LikenessState(models.TextChoices):
    SUGGESTED = "suggested", _("Suggested")
    CONFIRMED = "confirmed", _("Confirmed copy")
    DISMISSED = "dismissed", _("Dismissed")


class MediaFingerprint(models.Model):
    """One hash of one picture, of one keyframe of a video, or of the mirror image of either.

    `bands` holds what the hash is found by, and is empty for a picture with too little in it. Only hashes of
    what is seen are found; those of mirror images are what is asked with.
    """

    investigation = models.ForeignKey(
        Investigation, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    media_file = models.ForeignKey(MediaFile, on_delete=models.CASCADE, related_name="fingerprints")
    algorithm = models.CharField(max_length=16)
    is_mirrored = models.BooleanField()
    time_s = models.FloatField(null=True, blank=True)
    until_s = models.FloatField(null=True, blank=True)
    quality = models.PositiveSmallIntegerField()
    bits = BitsField(max_bits=256)
    bands = ArrayField(models.IntegerField(), blank=True)

    objects = InInvestigationQuerySet.as_manager()

    class Meta:
        ordering = ["media_file", "algorithm", "is_mirrored", "time_s"]
        constraints = [
            known_values("mediafingerprint", "algorithm", [str(each) for each in Algorithm]),
            models.CheckConstraint(
                condition=(Q(algorithm=str(Algorithm.PDQ)) & Q(Exact(_BITS_LENGTH, 256)))
                | (~Q(algorithm=str(Algorithm.PDQ)) & Q(Exact(_BITS_LENGTH, 64))),
                name="mediafingerprint_length_fits_algorithm",
            ),
            models.CheckConstraint(condition=Q(quality__lte=100), name="mediafingerprint_quality_in_range"),
            models.CheckConstraint(
                condition=Q(time_s=None, until_s=None)
                | Q(time_s__isnull=False, until_s__isnull=False, time_s__gte=0, until_s__gte=F("time_s")),
                name="mediafingerprint_time_in_order",
            ),
            models.UniqueConstraint(
                fields=["media_file", "algorithm", "is_mirrored", "time_s"],
                nulls_distinct=False,
                name="mediafingerprint_once",
            ),
        ]
        indexes = [
            # No list of waiting entries: a look-up would have to read it through.
            GinIndex(
                fields=["bands"], condition=Q(is_mirrored=False), fastupdate=False, name="fingerprint_bands"
            )
        ]

    def __str__(self) -> str:
        return f"{self.algorithm} of {self.media_file}"


class MediaLikeness(models.Model):
    """Two items whose files look alike: a suggestion, until a person confirms or dismisses it.

    `evidence` has what was compared: the smallest distance of each algorithm, how many keyframes, the shift
    in time. `dismissed_files` are the pairs of digests that a person dismissed; they never come back.
    """

    investigation = models.ForeignKey(Investigation, on_delete=models.CASCADE, related_name="likenesses")
    item_a = models.ForeignKey(MediaItem, on_delete=models.CASCADE, related_name="+")
    item_b = models.ForeignKey(MediaItem, on_delete=models.CASCADE, related_name="+")
    file_a = models.ForeignKey(MediaFile, on_delete=models.CASCADE, related_name="+")
    file_b = models.ForeignKey(MediaFile, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=16, choices=LikenessKind.choices)
    score = models.FloatField()
    a_from_s = models.FloatField(null=True, blank=True)
    a_to_s = models.FloatField(null=True, blank=True)
    b_from_s = models.FloatField(null=True, blank=True)
    b_to_s = models.FloatField(null=True, blank=True)
    evidence = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=16, choices=LikenessState.choices, default=LikenessState.SUGGESTED)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    dismissed_files = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = LikenessQuerySet.as_manager()

    class Meta:
        ordering = ["-score", "item_a", "item_b"]
        constraints = [
            known_values("medialikeness", "kind", LikenessKind.values),
            known_values("medialikeness", "state", LikenessState.values),
            models.CheckConstraint(condition=Q(item_a__lt=F("item_b")), name="medialikeness_in_order"),
            models.UniqueConstraint(fields=["item_a", "item_b"], name="medialikeness_pair_once"),
            models.CheckConstraint(
                condition=Q(score__gte=0, score__lte=1), name="medialikeness_score_in_range"
            ),
            *[
                models.CheckConstraint(
                    condition=Q(**{f"{side}_from_s": None, f"{side}_to_s": None})
                    | Q(
                        **{
                            f"{side}_from_s__isnull": False,
                            f"{side}_to_s__isnull": False,
                            f"{side}_from_s__gte": 0,
                            f"{side}_to_s__gte": F(f"{side}_from_s"),
                        }
                    ),
                    name=f"medialikeness_{side}_in_order",
                )
                for side in ("a", "b")
            ],
            models.CheckConstraint(
                condition=Q(state=LikenessState.SUGGESTED, decided_by=None, decided_at=None)
                | (~Q(state=LikenessState.SUGGESTED) & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="medialikeness_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state=LikenessState.DISMISSED, reason=""),
                name="medialikeness_dismissed_with_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["investigation", "state", "-score"], name="likeness_list"),
        ]

    def __str__(self) -> str:
        return f"{self.item_a.reference} and {self.item_b.reference}: {self.state}"
