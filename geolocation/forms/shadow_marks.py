"""The marks of a shadow in a picture and how the camera was held: one part of the workbench's form."""

from __future__ import annotations

import math
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from geolocation.resection.problem import PICKING_SIGMA_PX, PITCH_SIGMA_DEG, ROLL_SIGMA_DEG
from geolocation.shadows.in_picture import InPicture, Marks, NotMeasurable, Pixel, Pose, shadow_in_picture
from geolocation.shadows.record import record_of

POINTS = ("foot", "tip", "top")
HEADING_ERROR_DEG, FIELD_ERROR_DEG = 2.0, 3.0
# What a mark's error lands at when it is not the mark itself that is missing.
FIELD_OF_MARK = {"foot": "foot_y", "tip": "tip_y", "top": "top_y", "heading": "heading_deg"}


class Seen(models.TextChoices):
    """From where the picture was taken."""

    GROUND = "ground", gettext_lazy("From the ground or obliquely")
    ABOVE = "above", gettext_lazy("From straight above")


# Least and most of the fields that have both; errors may be 0 where a camera is known exactly.
LIMITS = {
    "heading_deg": (0.0, 360.0),
    "heading_error_deg": (0.0, 180.0),
    "field_of_view_deg": (1.0, 170.0),
    "field_of_view_error_deg": (0.0, 60.0),
    "pitch_deg": (-89.0, 89.0),
    "pitch_error_deg": (0.0, 45.0),
    "roll_deg": (-89.0, 89.0),
    "roll_error_deg": (0.0, 45.0),
    "frame_time_s": (0.0, 1e6),
    "pixel_sigma_px": (0.01, 1000.0),
}
DEFAULTS = {
    "seen": Seen.GROUND.value,
    "pixel_sigma_px": PICKING_SIGMA_PX,
    "heading_error_deg": HEADING_ERROR_DEG,
    "field_of_view_error_deg": FIELD_ERROR_DEG,
    "pitch_deg": 0.0,
    "pitch_error_deg": PITCH_SIGMA_DEG,
    "roll_deg": 0.0,
    "roll_error_deg": ROLL_SIGMA_DEG,
}


def number_field(label: Any, hint: Any = "", **attributes: str) -> forms.FloatField:
    return forms.FloatField(
        label=label,
        help_text=hint,
        required=False,
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal", **attributes}),
    )


class MarkFields(forms.Form):
    """Foot, tip and top in pixels of the original, and how the camera was held."""

    picture_width_px = forms.IntegerField(
        label=gettext_lazy("Picture's width, pixels"), required=False, min_value=2, max_value=1_000_000
    )
    picture_height_px = forms.IntegerField(
        label=gettext_lazy("Picture's height, pixels"), required=False, min_value=2, max_value=1_000_000
    )
    frame_time_s = number_field(gettext_lazy("Frame, seconds"), min="0")
    foot_x = number_field(gettext_lazy("Foot x"), min="0")
    foot_y = number_field(gettext_lazy("Foot y"), min="0")
    tip_x = number_field(gettext_lazy("Tip x"), min="0")
    tip_y = number_field(gettext_lazy("Tip y"), min="0")
    top_x = number_field(gettext_lazy("Top x"), min="0")
    top_y = number_field(gettext_lazy("Top y"), min="0")
    horizon_y = number_field(gettext_lazy("Horizon y"))
    pixel_sigma_px = number_field(
        gettext_lazy("± pixels of a mark"), gettext_lazy("One standard deviation."), min="0"
    )
    seen = forms.ChoiceField(
        label=gettext_lazy("Taken"), choices=Seen.choices, required=False, widget=forms.RadioSelect
    )
    heading_deg = number_field(
        gettext_lazy("Heading"),
        gettext_lazy("Where the lens looked, from true north; from above: the picture's upper edge."),
        min="0",
        max="359.999999",
    )
    heading_error_deg = number_field(gettext_lazy("± degrees"), min="0", max="180")
    field_of_view_deg = number_field(
        gettext_lazy("Field of view"), gettext_lazy("From the left edge to the right."), min="1", max="170"
    )
    field_of_view_error_deg = number_field(gettext_lazy("± degrees"), min="0", max="60")
    pitch_deg = number_field(
        gettext_lazy("Tilt upwards"), gettext_lazy("0: level. A marked horizon replaces it."), min="-89"
    )
    pitch_error_deg = number_field(gettext_lazy("± degrees"), min="0", max="45")
    roll_deg = number_field(
        gettext_lazy("Turned clockwise"), gettext_lazy("0: upright."), min="-89", max="89"
    )
    roll_error_deg = number_field(gettext_lazy("± degrees"), min="0", max="45")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.measured: InPicture | None = None
        self.marks: Marks | None = None
        self.pose: Pose | None = None

    @property
    def record(self) -> dict[str, Any] | None:
        """The marks as a revision keeps them; None where nothing was marked."""
        if self.marks is None or self.pose is None or self.measured is None:
            return None
        return record_of(self.marks, self.pose, self.cleaned_data.get("frame_time_s"))

    def refuse_outside_limits(self) -> None:
        """An error at each field whose number no camera has."""
        for name, (least, most) in LIMITS.items():
            self._refuse_outside(name, least, most)

    @property
    def has_marks(self) -> bool:
        """Whether anything was marked."""
        return any(self.cleaned_data.get(f"{point}_{axis}") is not None for point in POINTS for axis in "xy")

    def _refuse_outside(self, name: str, least: float, most: float) -> None:
        value = self.cleaned_data.get(name)
        if value is None:
            return
        is_turn = name == "heading_deg" and value == most
        if not (math.isfinite(value) and least <= value <= most) or is_turn:
            self.add_error(
                name,
                _("Give a number from %(least)s to %(most)s.") % {"least": f"{least:g}", "most": f"{most:g}"},
            )

    def measure(self) -> None:
        """Fill `measured` from the marks, or say at a field why they give nothing."""
        data = self.cleaned_data
        for point in POINTS:
            pair = [data.get(f"{point}_{axis}") for axis in "xy"]
            is_missing = pair == [None, None] and point != "top"
            if is_missing or (None in pair and pair != [None, None]):
                self.add_error(f"{point}_{'x' if pair[0] is None else 'y'}", _("A mark needs both x and y."))
        for name in ("picture_width_px", "picture_height_px"):
            if data.get(name) is None and name not in self.errors:
                self.add_error(name, _("Its pixels need the picture's width and height."))
        is_above = data.get("seen") == Seen.ABOVE
        if not is_above and data.get("field_of_view_deg") is None:
            self.add_error(
                "field_of_view_deg",
                _("Marks need the field of view. If it is not known, state the shadow below."),
            )
        if self.errors:
            return
        self._refuse_outside_picture()
        if self.errors:
            return
        self.marks, self.pose = self._marks(), self._pose(is_above=is_above)
        try:
            self.measured = shadow_in_picture(self.marks, self.pose)
        except NotMeasurable as error:
            sentence = error.sentence
            self.add_error(FIELD_OF_MARK[error.mark], _(sentence.template) % sentence.values)

    def _refuse_outside_picture(self) -> None:
        data = self.cleaned_data
        for point in POINTS:
            for axis, side in (("x", "picture_width_px"), ("y", "picture_height_px")):
                value = data.get(f"{point}_{axis}")
                if value is not None and not 0 <= value <= data[side]:
                    self.add_error(f"{point}_{axis}", _("This pixel lies outside the picture."))

    def _marks(self) -> Marks:
        data = self.cleaned_data
        top = Pixel(data["top_x"], data["top_y"]) if data["top_x"] is not None else None
        return Marks(
            width_px=data["picture_width_px"],
            height_px=data["picture_height_px"],
            foot=Pixel(data["foot_x"], data["foot_y"]),
            tip=Pixel(data["tip_x"], data["tip_y"]),
            top=top,
            horizon_y=data["horizon_y"],
            sigma_px=self._given("pixel_sigma_px"),
        )

    def _pose(self, *, is_above: bool) -> Pose:
        field = self.cleaned_data["field_of_view_deg"]
        return Pose(
            heading_deg=self.cleaned_data["heading_deg"],
            field_of_view_deg=60.0 if field is None else field,
            is_from_above=is_above,
            **{
                name: self._given(name)
                for name in (
                    "heading_error_deg",
                    "field_of_view_error_deg",
                    "pitch_deg",
                    "pitch_error_deg",
                    "roll_deg",
                    "roll_error_deg",
                )
            },
        )

    def _given(self, name: str) -> float:
        value = self.cleaned_data.get(name)
        # Defaults of other fields are texts and lists; those that are asked for here are numbers.
        return float(DEFAULTS[name]) if value is None else float(value)  # type: ignore[arg-type]
