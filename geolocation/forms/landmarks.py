"""The landmark part of a proposal: rows of pixel and place, their picture, and the subject's area."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evidence.errors import CatalogueError
from geolocation.coordinates.outcome import Parsed, Refused
from geolocation.coordinates.parse import LONGEST_TEXT, Nearby, parse_position
from geolocation.coordinates.position import Position
from geolocation.resection.problem import (
    GROUND_UNCERTAINTY_M,
    LEAST_FIELD_DEG,
    PICKING_SIGMA_PX,
    WIDEST_FIELD_DEG,
)
from geolocation.services.landmarks import (
    MOST_LANDMARKS,
    LandmarkGiven,
    Landmarks,
    Solved,
    area_polygon,
    landmarks_refuse,
    resection_solve,
)

BLANK_ROWS = 4


def _number(label: Any, hint: Any = "", *, step: str = "any", **attributes: str) -> forms.FloatField:
    return forms.FloatField(
        label=label,
        help_text=hint,
        required=False,
        widget=forms.NumberInput(attrs={"step": step, "inputmode": "decimal", **attributes}),
    )


class LandmarkForm(forms.Form):
    """One landmark. An empty row is none; `outcome` is what became of the text of its position."""

    label = forms.CharField(
        label=gettext_lazy("Label"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    x_px = _number(gettext_lazy("x, pixels"), min="0")
    y_px = _number(gettext_lazy("y, pixels"), min="0")
    frame_time_s = _number(gettext_lazy("Frame, seconds"), min="0")
    position = forms.CharField(
        label=gettext_lazy("Place on the ground"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "class": "mono"}),
    )
    uncertainty_m = _number(gettext_lazy("± metres"), min="0")
    height_m = _number(gettext_lazy("Height, metres"))
    is_excluded = forms.BooleanField(label=gettext_lazy("Excluded candidate"), required=False)
    note = forms.CharField(
        label=gettext_lazy("Note"), required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def __init__(self, *args: Any, near: Nearby | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.near = near
        self.outcome: Parsed | Refused | None = None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        text = cleaned.get("position") or ""
        if text:
            self.outcome = parse_position(text, near=self.near)
            if isinstance(self.outcome, Refused):
                sentence = self.outcome.sentence
                self.add_error("position", _(sentence.template) % sentence.values)
        return cleaned

    @property
    def is_blank(self) -> bool:
        """Whether nobody wrote anything in this row."""
        return not any(self.cleaned_data.get(name) not in (None, "", False) for name in self.fields)

    def landmark(self) -> LandmarkGiven:
        """What a valid row says."""
        data = self.cleaned_data
        uncertainty_m = data["uncertainty_m"]
        return LandmarkGiven(
            label=data["label"],
            x_px=data["x_px"],
            y_px=data["y_px"],
            frame_time_s=data["frame_time_s"],
            position=self.outcome.position if isinstance(self.outcome, Parsed) else None,
            uncertainty_m=GROUND_UNCERTAINTY_M if uncertainty_m is None else uncertainty_m,
            height_m=data["height_m"],
            as_typed=data["position"],
            is_excluded=data["is_excluded"],
            note=data["note"],
        )


class PictureForm(forms.Form):
    """The picture that the pixels count in, its lens, the error of a click; and the area of the subject."""

    picture_width_px = forms.IntegerField(
        label=gettext_lazy("Picture's width, pixels"), required=False, min_value=2, max_value=1_000_000
    )
    picture_height_px = forms.IntegerField(
        label=gettext_lazy("Picture's height, pixels"), required=False, min_value=2, max_value=1_000_000
    )
    lens_field_of_view_deg = _number(
        gettext_lazy("Lens angle, degrees"),
        gettext_lazy("From left to right, if known from the camera. Empty: solved, with a fourth landmark."),
        min=str(LEAST_FIELD_DEG),
        max=str(WIDEST_FIELD_DEG),
    )
    pixel_sigma_px = _number(
        gettext_lazy("Error of a mark, ± pixels"),
        gettext_lazy("How far off a mark in the picture usually is."),
        min="0",
    )
    subject_area = forms.CharField(
        label=gettext_lazy("Subject area"),
        required=False,
        max_length=20_000,
        help_text=gettext_lazy(
            "Its corners in order, one position a line, in any notation. An area alone is enough where no "
            "point is known."
        ),
        widget=forms.Textarea(attrs={"rows": 3, "class": "mono", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, near: Nearby | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.near = near
        self.corners: tuple[Position, ...] = ()

    def clean_subject_area(self) -> str:
        text: str = self.cleaned_data["subject_area"]
        corners = []
        for number, line in enumerate(filter(str.strip, text.splitlines()), start=1):
            outcome = parse_position(line.strip(), near=self.near)
            if isinstance(outcome, Refused):
                sentence = _(outcome.sentence.template) % outcome.sentence.values
                raise forms.ValidationError(
                    _("Corner %(number)d: %(sentence)s"), params={"number": number, "sentence": sentence}
                )
            corners.append(outcome.position)
        try:
            area_polygon(corners)
        except CatalogueError as error:
            raise forms.ValidationError(error.sentence) from error
        self.corners = tuple(corners)
        return text


class LandmarksPart:
    """Rows and picture together, beside the proposal's own form. `is_valid` as a form has it."""

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        initial: dict[str, Any] | None = None,
        rows: list[dict[str, Any]] | None = None,
        near: Nearby | None = None,
    ) -> None:
        row_set = forms.formset_factory(
            LandmarkForm, extra=BLANK_ROWS, max_num=MOST_LANDMARKS, absolute_max=MOST_LANDMARKS
        )
        self.picture = PictureForm(
            data, initial={"pixel_sigma_px": PICKING_SIGMA_PX, **(initial or {})}, near=near
        )
        # A client that knows nothing of landmarks sends none of their fields.
        has_rows = data is not None and "landmarks-TOTAL_FORMS" in data
        self.rows = row_set(
            data if has_rows else None, initial=rows or [], prefix="landmarks", form_kwargs={"near": near}
        )
        self.sentence = ""
        self.solved: Solved | None = None

    def is_valid(self) -> bool:
        """Whether rows and picture can be kept; `sentence` says what stands against them as a whole."""
        rows_are_valid = not self.rows.is_bound or self.rows.is_valid()
        if not (self.picture.is_valid() and rows_are_valid):
            return False
        try:
            landmarks_refuse(self.landmarks())
        except CatalogueError as error:
            self.sentence = error.sentence
        return not self.sentence

    def solve(self) -> None:
        """Fill `solved` for valid landmarks; `sentence` if they cannot be solved."""
        try:
            self.solved = resection_solve(landmarks=self.landmarks())
        except CatalogueError as error:
            self.sentence = error.sentence
        if self.solved is None and not self.sentence:
            self.sentence = _too_little(self.landmarks())

    def landmarks(self) -> Landmarks:
        """What the valid rows and picture say."""
        data = self.picture.cleaned_data
        sigma_px = data["pixel_sigma_px"]
        given = [row.landmark() for row in self.rows if not row.is_blank] if self.rows.is_bound else []
        return Landmarks(
            given=tuple(given),
            width_px=data["picture_width_px"],
            height_px=data["picture_height_px"],
            lens_field_of_view_deg=data["lens_field_of_view_deg"],
            pixel_sigma_px=PICKING_SIGMA_PX if sigma_px is None else sigma_px,
        )

    @property
    def has_errors(self) -> bool:
        """Whether this part has anything to correct."""
        rows = self.rows.is_bound and any(self.rows.errors)
        return bool(self.sentence or rows or self.picture.errors)

    @property
    def is_open(self) -> bool:
        """Whether there is anything to see in it."""
        filled = self.rows.is_bound and any(row.has_changed() for row in self.rows)
        return bool(self.has_errors or filled or self.rows.initial_form_count())


def _too_little(landmarks: Landmarks) -> str:
    pairs = [each for each in landmarks.given if not each.is_excluded]
    if len({each.frame_time_s for each in pairs}) > 1:
        return _("The landmarks are of different frames; the camera may have moved between them.")
    return _("Three landmarks are needed at least: each marked in the picture and placed on the ground.")
