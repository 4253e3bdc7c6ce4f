"""The form that adds an archived copy to a posting."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from evidence.models import Appearance


class CopyForm(forms.Form):
    """One file. Whether it is a copy of a kind that is read is judged by the service."""

    file = forms.FileField(
        label=gettext_lazy("File of the copy"),
        allow_empty_file=True,
        max_length=255,
        help_text=gettext_lazy(
            "A WACZ, a WARC, a saved page (HTML), a screenshot, or auto-archiver’s metadata.json."
        ),
        error_messages={"required": gettext_lazy("Choose the file of the copy.")},
    )

    def __init__(self, *args: Any, appearance: Appearance, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A page has one such form a posting, each with names of its own for the labels.
        self.auto_id = f"copy-of-{appearance.pk}-%s"
