"""Forms for recordings: what a person says of them, the links and files they come as, their postings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evidence.models import Investigation, MediaItem, MediaKind, PostedBasis
from evidence.services.appearances import PostedTime

_MOMENT = re.compile(
    r"^(?P<date>\d{4}-\d{2}-\d{2})"
    r"(?:[T ](?P<time>\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)\s*(?P<offset>Z|UTC|[+\-−]\d{2}:?\d{2})?)?$",
    re.IGNORECASE,
)
_MOST_OFFSET_MIN = 14 * 60


class ManyFilesInput(forms.ClearableFileInput):
    """One picker for many files."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """The files that were chosen, as a list; each is judged by the service, not here."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        return [file for file in data or [] if file]


class NameInput(forms.TextInput):
    """A text field that offers the names there are, and takes a new one."""

    template_name = "evidence/_name_input.html"

    def __init__(self, names: Sequence[str] = ()) -> None:
        super().__init__(attrs={"autocomplete": "off"})
        self.names = names

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["names"] = self.names
        context["widget"]["attrs"]["list"] = f"{context['widget']['attrs'].get('id', name)}-names"
        return context


if TYPE_CHECKING:
    ItemForm = forms.ModelForm[MediaItem]
else:
    ItemForm = forms.ModelForm


class DetailsForm(ItemForm):
    """What a person says of a recording. The two names are text: a new one adds a source or a place."""

    author_name = forms.CharField(
        label=gettext_lazy("Made by"),
        max_length=200,
        required=False,
        widget=NameInput(),
        help_text=gettext_lazy("Who recorded it. Choose a source, or type a new name."),
    )
    place_name = forms.CharField(
        label=gettext_lazy("Named place"),
        max_length=200,
        required=False,
        widget=NameInput(),
        help_text=gettext_lazy("Where it is said to be. The exact position comes with a geolocation."),
    )
    title = forms.CharField(label=gettext_lazy("Title"), max_length=200, required=False)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=MediaKind.choices, initial=MediaKind.UNKNOWN, required=False
    )
    field_order = ["title", "kind", "is_sensitive", "description", "author_name", "place_name"]

    class Meta:
        model = MediaItem
        fields = ["title", "kind", "is_sensitive", "description", "licence", "attribution", "note"]
        widgets = {"description": forms.Textarea({"rows": 3}), "note": forms.Textarea({"rows": 3})}

    def __init__(self, *args: Any, investigation: Investigation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sources = investigation.sources.values_list("name", flat=True)
        places = [place.display_name for place in investigation.places.prefetch_related("names")]
        self.fields["author_name"].widget.names = list(sources)
        self.fields["place_name"].widget.names = places
        if self.instance.pk:
            author, place = self.instance.author, self.instance.place
            self.initial["author_name"] = author.name if author else ""
            self.initial["place_name"] = place.display_name if place else ""

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or MediaKind.UNKNOWN

    def _post_clean(self) -> None:
        """Leave the model alone: the service validates and writes it."""


class LogForm(DetailsForm):
    """Links and files, with the details that go with each of them."""

    links = forms.CharField(
        label=gettext_lazy("Links"),
        required=False,
        strip=False,
        help_text=gettext_lazy("One a line. Each becomes an item, unless the post is here already."),
        widget=forms.Textarea(
            {"rows": 5, "spellcheck": "false", "autocapitalize": "off", "inputmode": "url"}
        ),
    )
    file = ManyFilesField(label=gettext_lazy("Files"), required=False)
    field_order = ["links", "file", *DetailsForm.field_order]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].help_text = _("Left empty, each item is named after its post or file.")
        self.fields["kind"].help_text = _("Left as it is, the file tells.")

    @property
    def detail_fields(self) -> list[forms.BoundField]:
        return [field for field in self if field.name not in ("links", "file")]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not cleaned.get("links", "").strip() and not cleaned.get("file"):
            self.add_error("links", _("Paste a link or choose a file. Nothing was logged yet."))
        return cleaned


class EditForm(DetailsForm):
    """The same for an item that exists, with what the team found."""

    class Meta(DetailsForm.Meta):
        fields = [*DetailsForm.Meta.fields, "finding"]
        widgets = {**DetailsForm.Meta.widgets, "finding": forms.Textarea({"rows": 3})}

    field_order = [*DetailsForm.field_order, "finding", "note", "licence", "attribution"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].required = True


class AppearanceForm(forms.Form):
    """One more place where the recording was published."""

    url = forms.CharField(
        label=gettext_lazy("Link"),
        max_length=2000,
        required=False,
        widget=forms.TextInput({"inputmode": "url", "spellcheck": "false"}),
        help_text=gettext_lazy("Where the post's id holds a time, that time is taken from it."),
    )
    archived_url = forms.URLField(
        label=gettext_lazy("Archived copy"), max_length=2000, required=False, assume_scheme="https"
    )
    posted = forms.CharField(
        label=gettext_lazy("Posted"),
        required=False,
        max_length=40,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
        help_text=gettext_lazy(
            "A date, 2023-09-20, or a time with its offset, 2023-09-20 14:00 +04:00. A date stays a date."
        ),
    )
    first_seen = forms.BooleanField(
        label=gettext_lazy("This is when it was first seen, not when it was posted"), required=False
    )
    posted_by_name = forms.CharField(
        label=gettext_lazy("Posted by"), max_length=200, required=False, widget=NameInput()
    )

    def __init__(self, *args: Any, investigation: Investigation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        widget = self.fields["posted_by_name"].widget
        assert isinstance(widget, NameInput)  # noqa: S101  declared above
        widget.names = list(investigation.sources.values_list("name", flat=True))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not (
            cleaned.get("url") or cleaned.get("archived_url") or cleaned.get("posted")
        ):
            self.add_error("url", _("Give a link, an archived copy, or at least when it was posted."))
        return cleaned

    def clean_posted(self) -> PostedTime | None:
        typed = self.cleaned_data["posted"].strip()
        return posted_understand(typed) if typed else None

    @property
    def posted_time(self) -> PostedTime | None:
        """The time as typed, with its basis. A date that was first seen is still only a date."""
        posted: PostedTime | None = self.cleaned_data.get("posted")
        if posted is None or posted.posted_at is None or not self.cleaned_data.get("first_seen"):
            return posted
        return PostedTime(
            posted_at=posted.posted_at, offset_min=posted.offset_min, basis=PostedBasis.FIRST_SEEN
        )


def posted_understand(typed: str) -> PostedTime:
    """Read a date, or a time with its offset. A time without one is refused: it could be any of 26 hours."""
    found = _MOMENT.match(typed)
    if found is None:
        raise ValidationError(
            _("Write a date as 2023-09-20, or a time with its offset as 2023-09-20 14:00 +04:00.")
        )
    try:
        day = date.fromisoformat(found["date"])
    except ValueError:
        raise ValidationError(_("There is no such day as %(day)s.") % {"day": found["date"]}) from None
    if found["time"] is None:
        return PostedTime(posted_on=day, basis=PostedBasis.DATE_ONLY)
    if found["offset"] is None:
        raise ValidationError(
            _(
                "A time needs its offset from UTC: write %(time)s +04:00, or %(time)s Z for UTC. "
                "If the offset is not known, give the date alone."
            )
            % {"time": typed}
        )
    offset_min = _offset_min(found["offset"])
    try:
        clock = found["time"] if found["time"][2] == ":" else f"0{found['time']}"
        zone = timezone(timedelta(minutes=offset_min))
        moment = datetime.combine(day, time.fromisoformat(clock), zone).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValidationError(_("There is no such time as %(time)s.") % {"time": found["time"]}) from None
    return PostedTime(posted_at=moment, offset_min=offset_min, basis=PostedBasis.AS_POSTED)


def _offset_min(text: str) -> int:
    if text.upper() in ("Z", "UTC"):
        return 0
    digits = re.sub(r"\D", "", text)
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    if int(digits[2:]) >= 60 or minutes > _MOST_OFFSET_MIN:
        raise ValidationError(_("%(offset)s is not an offset from UTC.") % {"offset": text})
    return minutes if text[0] == "+" else -minutes
