"""BlindRound: people who place one item without seeing each other; its entries, and who has seen too much."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evidence.models import Investigation, MediaItem
from evidence.models.positions import known_values
from geolocation.models.geolocations import Geolocation, GeolocationRevision
from geolocation.querysets import BlindRoundQuerySet


class RoundState(models.TextChoices):
    OPEN = "open", _("Waits for somebody to place it blind")
    WITH_EDITOR = "with_editor", _("Waits for an editor")
    AGREED = "agreed", _("They agree")
    RESOLVED = "resolved", _("An editor decided")
    ENDED = "ended", _("Ended without a result")


class RoundCause(models.TextChoices):
    """Why a round waits for an editor, or ended without a result."""

    APART = "apart", _("The positions are further apart than both uncertainties together allow.")
    NOT_COMPARABLE = "not_comparable", _("No point is placed by both, so nothing can be compared.")
    THIRD = "third", _("A third person has placed it.")
    SEEN = "seen", _("Others could see an earlier proposal for this item, so nobody places it blind.")
    MOVED = "moved", _("A revision changed a position after others had seen it.")
    WITHDRAWN = "withdrawn", _("Every proposal was withdrawn.")
    SWITCHED_OFF = "switched_off", _("Blind second geolocation was switched off.")


LIVE = [RoundState.OPEN.value, RoundState.WITH_EDITOR.value]


class BlindRound(models.Model):
    """One attempt to have an item placed by people who do not see each other's proposals.

    `wanted` is how many have to place it before the round goes on. `comparisons` holds what was measured
    between each two of them, see `geolocation.checks.placings`. `chosen` is what an editor sent to review.
    """

    investigation = models.ForeignKey(Investigation, on_delete=models.PROTECT, related_name="blind_rounds")
    media_item = models.ForeignKey(MediaItem, on_delete=models.PROTECT, related_name="blind_rounds")
    state = models.CharField(max_length=16, choices=RoundState.choices, default=RoundState.OPEN)
    cause = models.CharField(max_length=16, choices=RoundCause.choices, blank=True)
    wanted = models.PositiveSmallIntegerField(default=2)
    comparisons = models.JSONField(default=list)
    chosen = models.ForeignKey(Geolocation, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    reason = models.TextField(blank=True)
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = BlindRoundQuerySet.as_manager()

    class Meta:
        ordering = ["media_item", "pk"]
        constraints = [
            known_values("blindround", "state", RoundState.values),
            known_values("blindround", "cause", ["", *RoundCause.values]),
            models.UniqueConstraint(
                fields=["media_item"], condition=models.Q(state__in=LIVE), name="blindround_one_live"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=LIVE, closed_at=None)
                | models.Q(~models.Q(state__in=LIVE), closed_at__isnull=False),
                name="blindround_closed_when_over",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=RoundState.RESOLVED)
                | models.Q(~models.Q(reason=""), resolved_by__isnull=False),
                name="blindround_resolved_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.media_item.reference} {self.state}"

    @property
    def is_live(self) -> bool:
        return self.state in LIVE


class BlindEntry(models.Model):
    """One person's proposal in a round, with the revision that was compared or follows it unmoved."""

    round = models.ForeignKey(BlindRound, on_delete=models.PROTECT, related_name="entries")
    geolocation = models.ForeignKey(Geolocation, on_delete=models.PROTECT, related_name="blind_entries")
    revision = models.ForeignKey(GeolocationRevision, on_delete=models.PROTECT, related_name="blind_entries")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    is_withdrawn = models.BooleanField(default=False)
    placed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["round", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["round", "author"], name="blindentry_one_a_person"),
            models.UniqueConstraint(fields=["round", "geolocation"], name="blindentry_one_a_geolocation"),
        ]

    def __str__(self) -> str:
        return f"{self.geolocation.reference} in {self.round}"


class BlindSighting(models.Model):
    """Somebody who could see a sealed proposal and is not what let them any more: never its blind second."""

    geolocation = models.ForeignKey(Geolocation, on_delete=models.PROTECT, related_name="sightings")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    as_role = models.CharField(max_length=16)
    seen_until = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["geolocation", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["geolocation", "person"], name="blindsighting_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person} saw {self.geolocation.reference}"
