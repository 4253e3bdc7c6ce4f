"""Sending a file of points, and saying which of its columns is what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from geolocation.import_reasons import FIELD_LABELS
from geolocation.importers.formats import plain
from geolocation.importers.formats.registry import NAMES
from geolocation.services.importing import AUTO

FORMAT_LABELS = {
    AUTO: _("Recognise it"),
    "plain": _("Any CSV, XLSX, GeoJSON, KML or GPX"),
    "atlos": "Atlos",
    "timemap": "ukraine-timemap, TimeMap",
    "geo_extractor": "osint-geo-extractor",
    "geoconfirmed": "GeoConfirmed",
    "eyes_on_russia": "Eyes on Russia",
    "proofmode": "ProofMode",
    "auto_archiver": "auto-archiver",
}
_ORDERS = [
    ("latitude_longitude", _("latitude, longitude (39.82, 46.75)")),
    ("longitude_latitude", _("longitude, latitude (46.75, 39.82)")),
]
_DATE_ORDERS = [
    ("", _("not known: 3/4/2023 is doubtful")),
    ("day_first", _("day first: 3/4/2023 is 3 April")),
    ("month_first", _("month first: 3/4/2023 is 4 March")),
]


class ImportForm(forms.Form):
    """A file, and in which format it is."""

    file = forms.FileField(label=_("File"), allow_empty_file=True)
    format = forms.ChoiceField(
        label=_("Format"),
        initial=AUTO,
        required=False,
        choices=[(name, FORMAT_LABELS.get(name, name)) for name in (AUTO, *NAMES)],
        help_text=_("It is recognised by its columns. Choose one to be sure."),
    )


class ColumnsForm(forms.Form):
    """Which column says what. `columns` are those of the file; an empty choice is a column it has not."""

    order = forms.ChoiceField(
        label=_("Order in the one column"),
        choices=_ORDERS,
        required=False,
        widget=forms.RadioSelect,
        initial="latitude_longitude",
        help_text=_("Counts only where one column holds both values as bare numbers."),
    )
    date_order = forms.ChoiceField(label=_("Dates in bare numbers"), choices=_DATE_ORDERS, required=False)
    uncertainty_m = forms.CharField(
        label=_("Uncertainty where the row gives none, in metres"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        help_text=_("Empty: 1,000 m is assumed, and each proposal says so."),
    )

    def __init__(self, data: Any = None, *, columns: Sequence[str], mapping: Mapping[str, str]) -> None:
        super().__init__(data, initial=_initial(mapping))
        choices = [("", _("none")), *((name, name) for name in columns)]
        for field in plain.GUESSES:
            self.fields[field] = (
                forms.MultipleChoiceField(
                    label=str(FIELD_LABELS[field]),
                    choices=choices[1:],
                    required=False,
                    widget=forms.CheckboxSelectMultiple,
                )
                if field == "links"
                else forms.ChoiceField(label=str(FIELD_LABELS[field]), choices=choices, required=False)
            )
        self.fields["position"].label = _("Or one column with both")
        self.order_fields(_ORDER)

    @property
    def mapping(self) -> dict[str, str]:
        """What was chosen, nothing that is empty."""
        given = {**self.cleaned_data, "links": "\n".join(self.cleaned_data.get("links", []))}
        if not given.get("position"):
            given.pop("order", None)
        return {name: value for name, value in given.items() if value}


_ORDER = [
    "latitude",
    "longitude",
    "position",
    "order",
    "date",
    "date_order",
    "uncertainty",
    "uncertainty_m",
    "upstream_id",
    "title",
    "description",
    "source_name",
    "links",
]


def _initial(mapping: Mapping[str, str]) -> dict[str, Any]:
    return {"order": "latitude_longitude", **mapping, "links": mapping.get("links", "").split("\n")}
