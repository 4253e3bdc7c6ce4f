"""Forms for one more source and one more named place."""

from __future__ import annotations

import re
from typing import Any, get_args

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evidence.models import Investigation, Place, PlaceKind, PlaceName, Reliability, Source, SourceKind
from evidence.platforms.base import Platform
from evidence.services.catalogue import Name

# A BCP 47 tag before the name: "hy: Ստեփանակերտ", "az-Latn: Xankəndi".
_NAME_LINE = re.compile(r"^(?:(?P<language>[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*):\s*)?(?P<name>.+)$")
_LONGEST_NAME = 200
_LONGEST_LANGUAGE = 16
_WRITTEN = {"twitter": "X (Twitter)", "vk": "VK", "ok": "OK", "tiktok": "TikTok", "youtube": "YouTube"}


def platform_word(key: str) -> str:
    """A platform as people write it; empty for none."""
    return _WRITTEN.get(key, key.capitalize())


_PLATFORMS = [(key, platform_word(key)) for key in get_args(Platform) if key not in ("archive", "web")]


class SourceForm(forms.Form):
    """Somebody who says or publishes."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=SourceKind.choices, initial=SourceKind.INDIVIDUAL
    )
    platform = forms.ChoiceField(
        label=gettext_lazy("Platform"),
        choices=[("", gettext_lazy("None in particular")), *_PLATFORMS],
        required=False,
    )
    handle = forms.CharField(
        label=gettext_lazy("Account there"),
        max_length=120,
        required=False,
        widget=forms.TextInput({"autocapitalize": "off", "spellcheck": "false"}),
    )
    reliability = forms.ChoiceField(
        label=gettext_lazy("Reliability"),
        choices=Reliability.choices,
        initial=Reliability.F,
        help_text=gettext_lazy(
            "How reliable the source has been so far (Admiralty code). How credible one statement is "
            "stands with the claim."
        ),
    )
    note = forms.CharField(label=gettext_lazy("Note"), required=False, widget=forms.Textarea({"rows": 3}))

    def __init__(self, *args: Any, investigation: Investigation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.investigation = investigation

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        if Source.objects.filter(investigation=self.investigation, name__iexact=name).exists():
            raise ValidationError(
                _("There is a source called %(name)s. Use that one, or say in the name how this one differs.")
                % {"name": name}
            )
        return name

    def clean_handle(self) -> str:
        return str(self.cleaned_data["handle"]).strip().removeprefix("@")


class DegreesField(forms.FloatField):
    """Decimal degrees with a point. Text, so that what was typed stays as it was typed."""

    widget = forms.TextInput

    def __init__(self, *, label: Any, bound: int, help_text: Any) -> None:
        super().__init__(
            label=label,
            required=False,
            min_value=-bound,
            max_value=bound,
            help_text=help_text,
            error_messages={
                "invalid": gettext_lazy(
                    "Write decimal degrees with a point, for example 39.821232, negative for south and west."
                ),
                "min_value": gettext_lazy("This lies outside the globe: at least %(limit_value)s degrees."),
                "max_value": gettext_lazy("This lies outside the globe: at most %(limit_value)s degrees."),
            },
        )
        self.widget.attrs.update({"inputmode": "decimal", "autocomplete": "off"})

    def clean(self, value: Any) -> Any:
        # Python also reads 1_0 and digits of other scripts; a position is typed in plain digits or refused.
        text = str(value).strip() if value is not None else ""
        if text and not re.fullmatch(r"[+-]?\d{1,3}(\.\d{1,15})?", text, re.ASCII):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().clean(text)


class PlaceForm(forms.Form):
    """A named place, in as many languages and scripts as it has names."""

    names = forms.CharField(
        label=gettext_lazy("Names"),
        widget=forms.Textarea({"rows": 4, "spellcheck": "false"}),
        help_text=gettext_lazy(
            "One a line, the leading one first. A language may stand before it: hy: Ստեփանակերտ"
        ),
    )
    shown_together = forms.IntegerField(
        label=gettext_lazy("Names shown together"),
        min_value=1,
        initial=1,
        help_text=gettext_lazy(
            "1 shows the first alone. 2 shows the first two side by side, as for a disputed place."
        ),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=PlaceKind.choices, initial=PlaceKind.OTHER)
    within = forms.ModelChoiceField(
        label=gettext_lazy("Within"),
        queryset=Place.objects.none(),
        required=False,
        empty_label=gettext_lazy("No other place"),
    )
    latitude = DegreesField(
        label=gettext_lazy("Latitude"), bound=90, help_text=gettext_lazy("Degrees, for example 39.821232.")
    )
    longitude = DegreesField(
        label=gettext_lazy("Longitude"), bound=180, help_text=gettext_lazy("Degrees, for example 46.758423.")
    )
    radius_m = forms.FloatField(
        label=gettext_lazy("Radius in metres"),
        required=False,
        max_value=1_000_000,
        widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
        help_text=gettext_lazy("How far around the position the place reaches."),
    )
    note = forms.CharField(label=gettext_lazy("Note"), required=False, widget=forms.Textarea({"rows": 3}))

    def __init__(self, *args: Any, investigation: Investigation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.investigation = investigation
        within = self.fields["within"]
        assert isinstance(within, forms.ModelChoiceField)  # noqa: S101  declared above
        within.queryset = Place.objects.filter(investigation=investigation).prefetch_related("names")

    def clean_names(self) -> list[Name]:
        names = [_name(line.strip()) for line in self.cleaned_data["names"].splitlines() if line.strip()]
        if not names:
            raise ValidationError(_("Give the place at least one name."))
        if len({name.name for name in names}) < len(names):
            raise ValidationError(_("One name stands here twice. Give each name once."))
        taken = PlaceName.objects.filter(
            place__investigation=self.investigation, name__iexact=names[0].name
        ).first()
        if taken is not None:
            raise ValidationError(
                _("There is a place called %(name)s. Use that one, or say in the name how this one differs.")
                % {"name": taken.name}
            )
        return names

    def clean_radius_m(self) -> float | None:
        radius_m: float | None = self.cleaned_data["radius_m"]
        if radius_m is not None and radius_m <= 0:
            raise ValidationError(_("A radius is more than 0 metres. Leave it empty if it is not known."))
        return radius_m

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "latitude" in cleaned and "longitude" in cleaned:
            self._check_position(cleaned)
        names, shown = cleaned.get("names"), cleaned.get("shown_together")
        if names and shown:
            if shown > len(names):
                self.add_error("shown_together", _("There are fewer names than that."))
            cleaned["names"] = [
                Name(name=each.name, language=each.language, is_shown=order < shown)
                for order, each in enumerate(names)
            ]
        return cleaned

    def _check_position(self, cleaned: dict[str, Any]) -> None:
        latitude, longitude = cleaned["latitude"], cleaned["longitude"]
        half = _("Give both latitude and longitude, or neither.")
        if latitude is None and longitude is not None:
            self.add_error("latitude", half)
        elif longitude is None and latitude is not None:
            self.add_error("longitude", half)
        elif latitude is None and cleaned.get("radius_m") is not None:
            self.add_error("latitude", _("A radius needs a position to be around."))


def _name(line: str) -> Name:
    found = _NAME_LINE.match(line)
    if found is None:
        raise ValidationError(_("A name is missing after the language in “%(line)s”.") % {"line": line})
    name, language = " ".join(found["name"].split()), found["language"] or ""
    if len(name) > _LONGEST_NAME or len(language) > _LONGEST_LANGUAGE:
        raise ValidationError(_("A name has at most %(n)d characters.") % {"n": _LONGEST_NAME})
    return Name(name=name, language=language)
