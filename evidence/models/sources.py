"""Source: somebody who says or publishes something."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evidence.models.investigations import Investigation
from evidence.models.positions import known_values


class SourceKind(models.TextChoices):
    JOURNALIST = "journalist", _("Journalist")
    INDIVIDUAL = "individual", _("Individual")
    MEDIA_OUTLET = "media_outlet", _("Media outlet")
    STATE_MEDIA = "state_media", _("State media")
    STATE_BODY = "state_body", _("State body")
    OFFICIAL = "official", _("Official")
    OFFICIAL_BODY = "official_body", _("Official body")
    SATELLITE_OPERATOR = "satellite_operator", _("Satellite operator")
    ORGANISATION = "organisation", _("Organisation")
    UNATTRIBUTED = "unattributed", _("Unattributed")


class Reliability(models.TextChoices):
    """Admiralty code, the letter: how reliable the source has been."""

    A = "A", _("A · completely reliable")
    B = "B", _("B · usually reliable")
    C = "C", _("C · fairly reliable")
    D = "D", _("D · not usually reliable")
    E = "E", _("E · unreliable")
    F = "F", _("F · cannot be judged")


class Credibility(models.IntegerChoices):
    """Admiralty code, the number: how credible this one piece of information is."""

    CONFIRMED = 1, _("1 · confirmed by others")
    PROBABLE = 2, _("2 · probably true")
    POSSIBLE = 3, _("3 · possibly true")
    DOUBTFUL = 4, _("4 · doubtful")
    IMPROBABLE = 5, _("5 · improbable")
    UNKNOWN = 6, _("6 · cannot be judged")


class Source(models.Model):
    """Somebody who says or publishes; a claimant, an author, a person who shares."""

    investigation = models.ForeignKey(Investigation, on_delete=models.CASCADE, related_name="sources")
    key = models.SlugField(max_length=80)
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(
        _("kind"), max_length=24, choices=SourceKind.choices, default=SourceKind.INDIVIDUAL
    )
    platform = models.CharField(_("platform"), max_length=24, blank=True)
    handle = models.CharField(_("handle"), max_length=120, blank=True)
    note = models.TextField(_("note"), blank=True)
    reliability = models.CharField(
        _("reliability"), max_length=1, choices=Reliability.choices, default=Reliability.F
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["investigation", "key"], name="source_key_unique"),
            known_values("source", "kind", SourceKind.values),
            known_values("source", "reliability", Reliability.values),
        ]

    def __str__(self) -> str:
        return self.name
