"""Claim: a statement by a source; ClaimEvidence ties media to it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evidence.models.investigations import Investigation
from evidence.models.media import MediaItem
from evidence.models.places import Place
from evidence.models.positions import known_values
from evidence.models.sources import Credibility, Source
from evidence.querysets import InInvestigationQuerySet


class Assessment(models.TextChoices):
    UNVERIFIED = "unverified", _("Unverified")
    SUPPORTED = "supported", _("Supported")
    PARTLY_SUPPORTED = "partly_supported", _("Partly supported")
    CONTRADICTED = "contradicted", _("Contradicted")
    INCONCLUSIVE = "inconclusive", _("Inconclusive")


class Relation(models.TextChoices):
    SUPPORTS = "supports", _("Supports")
    CONTRADICTS = "contradicts", _("Contradicts")
    CONTEXT = "context", _("Context")


class Claim(models.Model):
    """Who said what, when, about which places and period, and what the team makes of it."""

    investigation = models.ForeignKey(Investigation, on_delete=models.CASCADE, related_name="claims")
    reference = models.CharField(max_length=16)
    statement = models.TextField(_("statement"), help_text=_("In neutral words, as the claimant means it."))
    claimant = models.ForeignKey(
        Source, on_delete=models.PROTECT, related_name="claims", verbose_name=_("claimant")
    )
    via = models.ForeignKey(
        Source,
        on_delete=models.PROTECT,
        related_name="claims_carried",
        null=True,
        blank=True,
        verbose_name=_("reported by"),
    )
    made_on = models.DateField(_("made on"), null=True, blank=True)
    about_from = models.DateField(_("about the period from"), null=True, blank=True)
    about_to = models.DateField(_("to"), null=True, blank=True)
    places = models.ManyToManyField(Place, blank=True, related_name="claims", verbose_name=_("places"))
    figures = models.JSONField(_("figures"), default=dict, blank=True)
    credibility = models.PositiveSmallIntegerField(
        _("credibility"), choices=Credibility.choices, default=Credibility.UNKNOWN
    )
    contradicts = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="contradicted_by", verbose_name=_("contradicts")
    )
    note = models.TextField(_("note"), blank=True)
    assessment = models.CharField(
        _("assessment"), max_length=20, choices=Assessment.choices, default=Assessment.UNVERIFIED
    )
    assessment_reason = models.TextField(_("reason"), blank=True)
    assessed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    assessed_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = InInvestigationQuerySet.as_manager()

    class Meta:
        ordering = ["investigation", "reference"]
        constraints = [
            models.UniqueConstraint(fields=["investigation", "reference"], name="claim_reference_unique"),
            known_values("claim", "assessment", Assessment.values),
            known_values("claim", "credibility", Credibility.values),
            models.CheckConstraint(
                condition=models.Q(about_from=None)
                | models.Q(about_to=None)
                | models.Q(about_from__lte=models.F("about_to")),
                name="claim_period_in_order",
            ),
            models.CheckConstraint(
                condition=models.Q(assessment=Assessment.UNVERIFIED) | ~models.Q(assessment_reason=""),
                name="claim_assessment_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.statement[:60]}"


class ClaimEvidence(models.Model):
    """One media item that supports, contradicts or gives context to one claim."""

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="evidence")
    media_item = models.ForeignKey(MediaItem, on_delete=models.CASCADE, related_name="claim_links")
    relation = models.CharField(_("relation"), max_length=16, choices=Relation.choices)
    note = models.TextField(_("note"), blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["claim", "media_item"]
        constraints = [
            models.UniqueConstraint(fields=["claim", "media_item"], name="one_relation_a_claim_and_item"),
            known_values("claimevidence", "relation", Relation.values),
        ]

    def __str__(self) -> str:
        return f"{self.media_item.reference} {self.relation} {self.claim.reference}"
