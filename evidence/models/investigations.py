"""Investigation holds everything; Membership says who may do what in it."""

from __future__ import annotations

from django.conf import settings
from django.contrib.gis.db.models import MultiPolygonField
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evidence.models.checks_at_once import ChecksAtOnce
from evidence.models.positions import known_values
from evidence.querysets import InvestigationQuerySet


class Role(models.TextChoices):
    """viewer < investigator < reviewer < editor: each may do what the ones before it may."""

    VIEWER = "viewer", _("Viewer")
    INVESTIGATOR = "investigator", _("Investigator")
    REVIEWER = "reviewer", _("Reviewer")
    EDITOR = "editor", _("Editor")

    @property
    def rank(self) -> int:
        """0 for a viewer up to 3 for an editor."""
        return list(Role).index(self)


class Visibility(models.TextChoices):
    """Who may read the verified points: members, or everybody."""

    PRIVATE = "private", _("Members only")
    PUBLISHED = "published", _("Verified points are public")


class Investigation(ChecksAtOnce):
    """One case: its sources, places, claims, media, geolocations, members and custody log."""

    code = models.CharField(
        _("code"),
        max_length=16,
        unique=True,
        validators=[
            RegexValidator(
                r"^[A-Z][A-Z0-9-]{1,15}$",
                _("Use 2 to 16 capital letters, digits or hyphens, a letter first."),
            )
        ],
        help_text=_("Short name used in addresses and citations, for example NK23."),
    )
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("summary"), blank=True)
    published_by = models.CharField(_("published by"), max_length=120, blank=True)
    researchers = models.JSONField(default=list, blank=True)
    as_of = models.DateField(_("findings as of"), null=True, blank=True)
    period_from = models.DateField(_("period from"), null=True, blank=True)
    period_to = models.DateField(_("period to"), null=True, blank=True)
    timezones = models.JSONField(_("local time zones"), default=list, blank=True)
    area = MultiPolygonField(_("area on the map"), geography=True, null=True, blank=True)
    area_note = models.TextField(_("area of interest"), blank=True)
    licence = models.CharField(_("licence of the verified points"), max_length=120, blank=True)
    attribution = models.CharField(_("attribution"), max_length=200, blank=True)
    is_training = models.BooleanField(_("training exercise"), default=False)
    visibility = models.CharField(
        _("who may read the verified points"),
        max_length=16,
        choices=Visibility.choices,
        default=Visibility.PRIVATE,
    )
    required_approvals = models.PositiveSmallIntegerField(
        _("approvals needed"), default=1, help_text=_("How many people must approve a revision.")
    )
    blind_since = models.DateTimeField(
        _("blind second geolocation since"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("Revisions written from then on need a second person who placed the item unseen."),
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = InvestigationQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        constraints = [
            known_values("investigation", "visibility", Visibility.values),
            models.CheckConstraint(
                condition=models.Q(required_approvals__gte=1), name="investigation_needs_an_approval"
            ),
            models.CheckConstraint(
                condition=models.Q(code__regex=r"^[A-Z][A-Z0-9-]{1,15}$"), name="investigation_code_format"
            ),
            models.CheckConstraint(
                condition=models.Q(period_from=None)
                | models.Q(period_to=None)
                | models.Q(period_from__lte=models.F("period_to")),
                name="investigation_period_in_order",
            ),
            models.CheckConstraint(
                condition=models.Q(is_training=False) | models.Q(visibility=Visibility.PRIVATE),
                name="investigation_training_is_never_public",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def is_published(self) -> bool:
        return self.visibility == Visibility.PUBLISHED


class Membership(models.Model):
    """One person's role in one investigation."""

    investigation = models.ForeignKey(Investigation, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=16, choices=Role.choices)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["investigation", "user"]
        constraints = [
            models.UniqueConstraint(fields=["investigation", "user"], name="one_membership_a_person"),
            known_values("membership", "role", Role.values),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.role} in {self.investigation.code}"
