"""A shadow measured on the workbench as initial values of a geolocation's form: kept once that is saved."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from evidence.models import MediaItem
from geolocation.coordinates.format import format_position
from geolocation.coordinates.outcome import Notation
from geolocation.forms.proposal import CaptureKind
from geolocation.forms.shadow import ShadowForm
from geolocation.local_time import offset_text
from geolocation.services.nearby import nearby
from geolocation.shadows.days import local_days, times_of
from geolocation.views.shadow_answer import FitRow, fit_rows

# Present in an address that brings the workbench's values along.
TAKEN = "shadow"
BASIS_LENGTH = 200


def shadow_taken(request: HttpRequest, item: MediaItem, *, is_new: bool) -> dict[str, Any]:
    """What the workbench fills in; empty without its values, and with a message where they give nothing.

    For a revision only the shadow and, if chosen, the time of capture: where it was made is not touched.
    """
    if TAKEN not in request.GET:
        return {}
    form = ShadowForm(request.GET, near=nearby(item))
    if not form.is_valid() or form.shadow is None:
        messages.error(request, _("The shadow could not be taken over. Measure it again on the workbench."))
        return {}
    shadow = form.shadow
    values: dict[str, Any] = {
        "light_seen": "day",
        "shadow_azimuth_deg": _rounded(shadow.azimuth_deg, 2, below=360.0),
        "shadow_azimuth_error_deg": _rounded(shadow.azimuth_error_deg, 2),
        "shadow_length_ratio": _rounded(shadow.length_ratio, 3),
        "shadow_length_ratio_error": _rounded(shadow.length_ratio_error, 3),
        "shadow_marks": form.record,
    }
    if is_new:
        values |= _where(form)
    messages.info(
        request,
        _("The shadow from the workbench is filled in under “Light and shadow”. Say how you know, and save."),
    )
    return values | _captured(request, form)


def _where(form: ShadowForm) -> dict[str, Any]:
    position = form.position
    values = {
        "camera": form.cleaned_data["camera"] if position else "",
        "bearing_deg": form.cleaned_data["heading_deg"],
        "field_of_view_deg": form.cleaned_data["field_of_view_deg"],
    }
    if position and not form.cleaned_data["camera"].strip():
        values["camera"] = format_position(position, Notation.DECIMAL, 7)
    days = form.days
    if days and days[0] == days[1]:
        values |= {"capture_kind": CaptureKind.DATE, "captured_on": days[0]}
    return values


def _captured(request: HttpRequest, form: ShadowForm) -> dict[str, Any]:
    """The chosen interval, in the offset that clocks had when it began."""
    row = _chosen(request, form)
    if row is None:
        return {}
    offset = row.start.utcoffset() or timedelta(0)
    length = row.end_utc - row.start_utc
    start = row.start.replace(tzinfo=None)
    basis = _("sun and shadows, 95 in 100")
    return {
        "capture_kind": CaptureKind.INTERVAL,
        "captured_on": None,
        "captured_from": start,
        "captured_to": start + length,
        "captured_offset": offset_text(round(offset.total_seconds() / 60)),
        "captured_basis": basis[:BASIS_LENGTH],
    }


def _chosen(request: HttpRequest, form: ShadowForm) -> FitRow | None:
    number = request.GET.get("fit", "")
    if form.position is None or form.days is None or form.shadow is None or not number.isdecimal():
        return None
    days = local_days(form.position, *form.days)
    rows = fit_rows(days, times_of(form.position, form.shadow, days).fits)
    return next((row for row in rows if row.number == int(number)), None)


def _rounded(value: float | None, digits: int, *, below: float | None = None) -> float | None:
    """For a field that a person reads; an error never becomes 0, and a turn of 360 is 0."""
    if value is None:
        return None
    shown = round(value, digits)
    if below is not None and shown >= below:
        return 0.0
    return max(shown, 10.0**-digits) if value > 0 else shown
