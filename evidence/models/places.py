"""Place: a named place, with its names per language and script, and a position if one is known."""

from __future__ import annotations

from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evidence.models.investigations import Investigation
from evidence.models.positions import generated_point, known_values, position_constraints


class PlaceKind(models.TextChoices):
    BUILDING = "building", _("Building")
    STREET = "street", _("Street")
    SITE = "site", _("Site")
    CITY = "city", _("City")
    ROUTE = "route", _("Route")
    REGION = "region", _("Region")
    OTHER = "other", _("Other")


class Place(models.Model):
    """A named place. Both names of a disputed place are shown, in the order its names have."""

    investigation = models.ForeignKey(Investigation, on_delete=models.CASCADE, related_name="places")
    key = models.SlugField(max_length=80)
    kind = models.CharField(_("kind"), max_length=16, choices=PlaceKind.choices, default=PlaceKind.OTHER)
    within = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name=_("within"),
    )
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    position = generated_point()
    radius_m = models.FloatField(_("radius in metres"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["key"]
        constraints = [
            models.UniqueConstraint(fields=["investigation", "key"], name="place_key_unique"),
            known_values("place", "kind", PlaceKind.values),
            models.CheckConstraint(
                condition=models.Q(radius_m=None) | models.Q(radius_m__gt=0), name="place_radius_positive"
            ),
            *position_constraints("place"),
        ]
        indexes = [GistIndex(fields=["position"], name="place_position")]

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        """The names the editor put first, joined: "Stepanakert / Khankendi"."""
        names = [entry.name for entry in self.names.all()]
        shown = [names[0]] if names else [self.key]
        shown += [entry.name for entry in self.names.all() if entry.is_shown and entry.name not in shown]
        return " / ".join(shown)


class PlaceName(models.Model):
    """One name of a place in one language and script (BCP 47 tag; empty where it is not known)."""

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="names")
    name = models.CharField(_("name"), max_length=200)
    language = models.CharField(_("language"), max_length=16, blank=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    is_shown = models.BooleanField(_("shown beside the first name"), default=False)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["place", "name"], name="place_name_once")]

    def __str__(self) -> str:
        return self.name
