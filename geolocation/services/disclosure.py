"""What leaves the workroom of a verified position: exactly, as a circle drawn once, or not at all."""

from __future__ import annotations

import math
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evidence.errors import InvalidInput
from evidence.permissions import require
from evidence.services.custody import action_register, custody_record
from geolocation.errors import ReasonRequired
from geolocation.models import (
    RADIUS_LEAST_M,
    RADIUS_MOST_M,
    Disclosure,
    DisclosureKind,
    Geolocation,
    Snapshot,
)
from geolocation.services.disclosed import LEAST_TIMES, placed_of
from geolocation.services.export_keeping import exports_overtake
from geolocation.services.geolocations import geolocation_locked
from geolocation.services.verified_points import point_follow_disclosure

DISCLOSED = action_register("geolocation.disclosed", gettext_lazy("decided what is given out of"))


@transaction.atomic
def disclosure_set(
    *, actor: Any, geolocation: Geolocation, kind: str, radius_m: float | None = None, reason: str
) -> Disclosure:
    """Decide what everybody outside the investigation's pages gets, in any state before or after approval.

    `radius_m` (metres) is for a generalised position alone. A verified point follows in this transaction: it
    changes, leaves with a tombstone, or comes back. Raises InvalidInput at `kind` or `radius_m`, and
    ReasonRequired. What was published before cannot be called back; `snapshots_holding` says where it stays.
    """
    require(actor, "geolocation.disclose", geolocation.investigation)
    if kind not in DisclosureKind.values:
        raise InvalidInput(_("Choose what is given out: exact, generalised or withheld."), field="kind")
    if not reason.strip():
        raise ReasonRequired(_("Say why; members of the investigation will see it."), field="reason")
    geolocation = geolocation_locked(geolocation, actor=actor)
    kept_radius_m = _radius(geolocation, radius_m) if kind == DisclosureKind.GENERALISED else None
    decided = Disclosure.objects.create(
        geolocation=geolocation, kind=kind, radius_m=kept_radius_m, reason=reason.strip(), decided_by=actor
    )
    custody_record(
        investigation=geolocation.investigation,
        actor=actor,
        action=DISCLOSED,
        object_type="geolocation",
        object_reference=geolocation.reference,
        details={
            "media": geolocation.media_item.reference,
            "disclosure": kind,
            **({"radius_m": kept_radius_m} if kept_radius_m else {}),
            "reason": decided.reason,
        },
    )
    point_follow_disclosure(geolocation=geolocation)
    if kind != DisclosureKind.EXACT:
        exports_overtake(investigation=geolocation.investigation)
    return decided


def snapshots_holding(geolocation: Geolocation) -> list[Snapshot]:
    """The snapshots that keep a position of this geolocation whatever is decided now."""
    return list(Snapshot.objects.filter(points__geolocation=geolocation).order_by("number"))


def _radius(geolocation: Geolocation, radius_m: float | None) -> float:
    if radius_m is None or not math.isfinite(radius_m):
        raise InvalidInput(_("Give the radius of the circle in metres."), field="radius_m")
    if not RADIUS_LEAST_M <= radius_m <= RADIUS_MOST_M:
        raise InvalidInput(
            _("The radius lies between %(least)d m and %(most)d km.")
            % {"least": RADIUS_LEAST_M, "most": RADIUS_MOST_M / 1000},
            field="radius_m",
        )
    if geolocation.current_revision is not None:
        _role, _position, uncertainty_m = placed_of(geolocation)
        if radius_m < LEAST_TIMES * uncertainty_m:
            raise InvalidInput(
                _(
                    "The position itself is uncertain by %(own)s m, so a circle of %(radius)s m would "
                    "show it. Take at least twice the uncertainty."
                )
                % {"own": f"{uncertainty_m:g}", "radius": f"{radius_m:g}"},
                field="radius_m",
            )
    return radius_m
