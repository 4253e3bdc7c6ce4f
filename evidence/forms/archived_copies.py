"""The form that adds archived copies to a posting."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from evidence.forms.media import ManyFilesField
from evidence.models import Appearance


class CopyForm(forms.Form):
    """One file or several. Whether each is a copy of a kind that is read is judged by the service."""

    file = ManyFilesField(
        label=gettext_lazy("Files of the copy"),
        help_text=gettext_lazy(
            "A WACZ, a WARC, a saved page (HTML), a screenshot, or auto-archiver’s metadata.json with the "
            "files it names: choose them all at once."
        ),
        error_messages={"required": gettext_lazy("Choose the file of the copy.")},
    )

    def __init__(self, *args: Any, appearance: Appearance, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A page has one such form a posting, each with names of its own for the labels.
        self.auto_id = f"copy-of-{appearance.pk}-%s"

    def clean_file(self) -> list[Any]:
        """At least one."""
        files: list[Any] = self.cleaned_data["file"]
        if not files:
            raise forms.ValidationError(self.fields["file"].error_messages["required"], code="required")
        return files
