"""What a reviewer sends: the revision they looked at, an answer to each item, a reason, a decision."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from geolocation.models import Decision, GeolocationRevision, Method
from geolocation.review.checklist import CHECKLIST, Answer, ChecklistItem, validate
from geolocation.review.checklist import Decision as ChecklistDecision

ANSWERS = [
    (Answer.YES.value, gettext_lazy("Yes")),
    (Answer.NO.value, gettext_lazy("No")),
    (Answer.NOT_APPLICABLE.value, gettext_lazy("Not applicable")),
]


class ReviewForm(forms.Form):
    """One field for each item of the checklist, named by its key, beside the reason.

    What the checklist asks for depends on the decision, so `clean` asks it as the service will.
    """

    required_css_class = "is-required"

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    decision = forms.ChoiceField(
        choices=Decision.choices,
        error_messages={
            "required": gettext_lazy("Choose to approve, to request changes or to reject."),
            "invalid_choice": gettext_lazy("Choose to approve, to request changes or to reject."),
        },
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, revision: GeolocationRevision, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"revision": revision.number})
        super().__init__(*args, **kwargs)
        self.taken_over = revision.method == Method.PUBLISHED
        for item in CHECKLIST:
            self.fields[item.key] = self._item_field(item)
        self.fields["reason"].help_text = (
            _("Needed: this position is taken over from a publication. Write what you compared.")
            if self.taken_over
            else _("Needed to request changes or to reject; kept with the decision for good.")
        )

    def _item_field(self, item: ChecklistItem) -> forms.ChoiceField:
        offered = [
            choice
            for choice in ANSWERS
            if choice[0] != Answer.NOT_APPLICABLE or item.may_be_not_applicable or self.taken_over
        ]
        return forms.ChoiceField(
            label=_(item.question),
            help_text=_(item.help),
            choices=offered,
            required=False,
            widget=forms.RadioSelect,
            error_messages={"invalid_choice": _("Answer with one of the choices.")},
        )

    @property
    def items(self) -> list[forms.BoundField]:
        """The checklist's fields in their order."""
        return [self[item.key] for item in CHECKLIST]

    @property
    def answers(self) -> dict[str, str]:
        """The answers that were given, by the item's key."""
        given = {item.key: self.cleaned_data.get(item.key) for item in CHECKLIST}
        return {key: answer for key, answer in given.items() if answer}

    def turn_to(self, revision: GeolocationRevision) -> None:
        """Keep everything that was typed, for a decision on another revision than the one sent."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        data["revision"] = str(revision.number)
        self.data = data

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        decision = cleaned.get("decision")
        if decision:
            for problem in validate(
                self.answers,
                ChecklistDecision(decision),
                reason=cleaned.get("reason") or "",
                taken_over=self.taken_over,
            ):
                self.add_error(problem.field if problem.field in self.fields else None, _(problem.sentence))
        return cleaned
