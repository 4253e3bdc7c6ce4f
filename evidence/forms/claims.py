"""Forms for claims: what was said and by whom, which media speak to it, and what the team makes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evidence.forms.media import NameInput
from evidence.models import Assessment, Claim, Credibility, Investigation, MediaItem, Place, Relation, Source


def _date(label: Any, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("Write the date as 2023-09-20.")},
    )


if TYPE_CHECKING:
    ManyClaimsField = forms.ModelMultipleChoiceField[Claim]
else:
    ManyClaimsField = forms.ModelMultipleChoiceField


class _ClaimChoices(ManyClaimsField):
    def label_from_instance(self, obj: Any) -> str:
        words = obj.statement if len(obj.statement) <= 90 else f"{obj.statement[:89]}…"
        return f"{obj.reference} {words}"


class ClaimForm(forms.Form):
    """One claim as somebody writes it down; `claim` is the one being edited, None for a new one."""

    required_css_class = "is-required"

    statement = forms.CharField(
        label=gettext_lazy("Statement"),
        help_text=gettext_lazy("What is claimed, in neutral words, as the claimant means it."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Write what is claimed.")},
    )
    claimant = forms.CharField(
        label=gettext_lazy("Claimant"),
        help_text=gettext_lazy("Who says so. A name that is not in the list yet is added."),
        max_length=200,
        widget=NameInput(),
        error_messages={"required": gettext_lazy("Say who claims it.")},
    )
    via = forms.CharField(
        label=gettext_lazy("Reported by"),
        help_text=gettext_lazy("Who carried it, where it is not the claimant."),
        max_length=200,
        required=False,
        widget=NameInput(),
    )
    made_on = _date(gettext_lazy("Made on"), gettext_lazy("The day, where it is known."))
    about_from = _date(gettext_lazy("About the time from"))
    about_to = _date(gettext_lazy("to"))
    places = forms.ModelMultipleChoiceField(
        Place.objects.none(),
        label=gettext_lazy("Places it is about"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    new_places = forms.CharField(
        label=gettext_lazy("Places that are not listed"),
        help_text=gettext_lazy("One a line. Several names of one place: put “ / ” between them."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    figures = forms.CharField(
        label=gettext_lazy("Figures"),
        help_text=gettext_lazy("One a line, as “fatalities: 200”."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    credibility = forms.TypedChoiceField(
        label=gettext_lazy("Credibility of this statement"),
        choices=Credibility.choices,
        coerce=int,
        initial=Credibility.UNKNOWN,
    )
    contradicts = _ClaimChoices(
        Claim.objects.none(),
        label=gettext_lazy("Claims it contradicts"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    note = forms.CharField(
        label=gettext_lazy("Note"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, investigation: Investigation, claim: Claim | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        names = list(Source.objects.filter(investigation=investigation).values_list("name", flat=True))
        for field in ("claimant", "via"):
            widget = self.fields[field].widget
            assert isinstance(widget, NameInput)  # noqa: S101  declared above
            widget.names = names
        places, contradicts = self.fields["places"], self.fields["contradicts"]
        assert isinstance(places, forms.ModelMultipleChoiceField)  # noqa: S101  declared above
        assert isinstance(contradicts, forms.ModelMultipleChoiceField)  # noqa: S101  declared above
        places.queryset = Place.objects.filter(investigation=investigation).prefetch_related("names")
        others = Claim.objects.filter(investigation=investigation).order_by("reference")
        contradicts.queryset = others.exclude(pk=claim.pk) if claim else others
        if not places.queryset.exists():
            del self.fields["places"]
        if not contradicts.queryset.exists():
            del self.fields["contradicts"]

    @staticmethod
    def initial_of(claim: Claim) -> dict[str, Any]:
        """A claim as the form shows it."""
        return {
            "statement": claim.statement,
            "claimant": claim.claimant.name,
            "via": claim.via.name if claim.via else "",
            "made_on": claim.made_on,
            "about_from": claim.about_from,
            "about_to": claim.about_to,
            "places": claim.places.all(),
            "figures": "\n".join(f"{name}: {value}" for name, value in claim.figures.items()),
            "credibility": claim.credibility,
            "contradicts": claim.contradicts.all(),
            "note": claim.note,
        }

    def clean_figures(self) -> dict[str, Any]:
        """`name: value` a line; a value that is a whole number is kept as one."""
        figures: dict[str, Any] = {}
        for line in self.cleaned_data["figures"].splitlines():
            if not line.strip():
                continue
            name, separator, value = (part.strip() for part in line.partition(":"))
            if not separator or not name or not value:
                raise forms.ValidationError(
                    _("“%(line)s” needs a name, a colon and a value, for example “fatalities: 200”.")
                    % {"line": line.strip()}
                )
            if name in figures:
                raise forms.ValidationError(_("“%(name)s” is there twice.") % {"name": name})
            figures[name] = int(value) if value.lstrip("-").isdecimal() else value
        return figures

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        start, end = cleaned.get("about_from"), cleaned.get("about_to")
        if start and end and end < start:
            self.add_error("about_to", _("The time it is about ends before it begins."))
        return cleaned

    @property
    def place_names(self) -> list[str]:
        """The places that are not listed yet, as typed."""
        return [line.strip() for line in self.cleaned_data["new_places"].splitlines() if line.strip()]


class EvidenceForm(forms.Form):
    """Tie one media item to the claim."""

    prefix = "evidence"
    required_css_class = "is-required"

    media_item = forms.ModelChoiceField(
        MediaItem.objects.none(),
        label=gettext_lazy("Media item"),
        error_messages={
            "required": gettext_lazy("Choose the media item."),
            "invalid_choice": gettext_lazy("There is no such media item in this investigation."),
        },
    )
    relation = forms.ChoiceField(
        label=gettext_lazy("What it does to the claim"),
        choices=Relation.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose supports, contradicts or context.")},
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        help_text=gettext_lazy("What in it speaks to the claim: where in the picture, at which moment."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, investigation: Investigation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["media_item"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  declared above
        field.queryset = MediaItem.objects.filter(investigation=investigation).order_by("reference")


class AssessmentForm(forms.Form):
    """What the evidence makes of the claim, and why."""

    prefix = "assess"
    required_css_class = "is-required"

    assessment = forms.ChoiceField(
        label=gettext_lazy("Assessment"),
        choices=Assessment.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one of the assessments.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Which evidence leads to it. Needed for every assessment but unverified."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
