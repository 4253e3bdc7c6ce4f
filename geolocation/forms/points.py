"""The filter of verified points as it stands in an address: one form for page, exports and API."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from geolocation.querysets import PointFilter

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?([Zz]|[+-]\d{2}:?\d{2})?")
# In an address a plus sign means a space, so "+04:00" arrives as " 04:00" unless it was written %2B.
_LOST_PLUS = re.compile(r".*\d{2}:\d{2}.* (\d{2}:?\d{2})")
_CODE = re.compile(r"[A-Z][A-Z0-9-]{1,15}")
_EDGES = ("west", "south", "east", "north")
Bbox = tuple[float, float, float, float]


class PointFilterForm(forms.Form):
    """Each field's sentence says what is wrong with it and how it is written. Empty asks for everything."""

    bbox = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    investigation = forms.CharField(label=gettext_lazy("Investigation"), required=False, max_length=40)
    captured_after = forms.CharField(
        label=gettext_lazy("Captured from"),
        required=False,
        max_length=40,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    captured_before = forms.CharField(
        label=gettext_lazy("Captured to"),
        required=False,
        max_length=40,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    updated_since = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    q = forms.CharField(
        label=gettext_lazy("Words"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search"}),
    )

    published = forms.CharField(required=False, max_length=10, widget=forms.HiddenInput)

    def clean_bbox(self) -> Bbox | None:
        return bbox_understand(self.cleaned_data["bbox"])

    def clean_investigation(self) -> str:
        code: str = self.cleaned_data["investigation"].upper()
        if code and not _CODE.fullmatch(code):
            raise ValidationError(_("“%(code)s” is not the code of an investigation.") % {"code": code})
        return code

    def clean_captured_after(self) -> datetime | None:
        return capture_edge_understand(self.cleaned_data["captured_after"], at=time.min)

    def clean_captured_before(self) -> datetime | None:
        return capture_edge_understand(self.cleaned_data["captured_before"], at=time.max)

    def clean_updated_since(self) -> datetime | None:
        return moment_understand(self.cleaned_data["updated_since"])

    def clean_published(self) -> bool:
        text = self.cleaned_data["published"]
        if text not in ("", "true"):
            raise ValidationError(_("Write published=true, or leave it out."))
        return bool(text)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        after, before = cleaned.get("captured_after"), cleaned.get("captured_before")
        if after and before and after > before:
            self.add_error("captured_before", _("The end of the capture lies before its beginning."))
        return cleaned

    @property
    def point_filter(self) -> PointFilter:
        """What was asked for; only after `is_valid()`, and without the fields that were refused."""
        return PointFilter(**{name: self.cleaned_data.get(name) or None for name in self.base_fields})

    @property
    def as_asked(self) -> dict[str, str]:
        """The valid, non-empty fields exactly as they were written, for links to the same filter."""
        return {name: self.data[name].strip() for name in self.base_fields if self.cleaned_data.get(name)}


def filter_text(asked: Mapping[str, str]) -> str:
    """The filter as an export names it: `bbox=46,39,47,40; q=bridge`, or "all" without one."""
    return "; ".join(f"{name}={value}" for name, value in asked.items()) or "all"


def bbox_understand(text: str) -> Bbox | None:
    """`west,south,east,north` in degrees. West greater than east is a box across the date line."""
    if not text.strip():
        return None
    parts = [part.strip() for part in text.split(",")]
    if len(parts) != 4:
        raise ValidationError(
            _("Write bbox as west,south,east,north in degrees: four numbers, not %(count)d.")
            % {"count": len(parts)}
        )
    west, south, east, north = (
        _degrees(part, edge, 180 if edge in ("west", "east") else 90)
        for part, edge in zip(parts, _EDGES, strict=True)
    )
    if south > north:
        raise ValidationError(
            _("South (%(south)s) lies north of north (%(north)s). The order is west,south,east,north.")
            % {"south": parts[1], "north": parts[3]}
        )
    return west, south, east, north


def _degrees(text: str, edge: str, limit: int) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ValidationError(
            _("The %(edge)s of bbox is “%(text)s”, which is not a number.") % {"edge": edge, "text": text}
        )
    if abs(value) > limit:
        raise ValidationError(
            _("The %(edge)s of bbox is %(text)s, outside -%(limit)d to %(limit)d degrees.")
            % {"edge": edge, "text": text, "limit": limit}
        )
    return value


def capture_edge_understand(text: str, *, at: time) -> datetime | None:
    """A day, taken in UTC from its first or to its last moment (`at`), or a moment with its offset."""
    text = text.strip()
    if not _DATE.fullmatch(text):
        return moment_understand(text)
    try:
        return datetime.combine(date.fromisoformat(text), at, UTC)
    except ValueError:
        raise ValidationError(_("There is no such day as %(day)s.") % {"day": text}) from None


def moment_understand(text: str) -> datetime | None:
    """A moment with its offset, in UTC. A time without one is refused: it could be any of 26 hours."""
    text = text.strip()
    if not text:
        return None
    plus_lost = _LOST_PLUS.fullmatch(text)
    if plus_lost:
        raise ValidationError(
            _("The + before %(offset)s was lost on the way: in an address it is written %%2B.")
            % {"offset": plus_lost[1]}
        )
    found = _MOMENT.fullmatch(text)
    if found is None:
        raise ValidationError(_("Write a time with its offset, as 2023-09-20T14:00:00Z."))
    if found[3] is None:
        raise ValidationError(
            _(
                "This time has no offset from UTC, so it could be any of 26 hours. "
                "Write %(time)sZ if it is UTC."
            )
            % {"time": text}
        )
    try:
        return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValidationError(_("There is no such time as %(time)s.") % {"time": text}) from None
