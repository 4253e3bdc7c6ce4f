"""All claims of an investigation: filtered and sorted by the address alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Length
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from evidence.models import Assessment, Claim, Investigation, Relation, Source
from evidence.permissions import may
from evidence.views.base import investigation_page

PAGE_SIZE = 50
_ORDER: dict[str, tuple[Any, ...]] = {
    "reference": (Length("reference"), F("reference")),
    "claimant": (F("claimant__name"),),
    "made": (F("made_on"),),
    "assessment": (F("assessment"),),
    "evidence": (F("evidence_count"),),
}


class ClaimFilter(forms.Form):
    """The filters as they stand in the address; an unknown value filters nothing."""

    q = forms.CharField(
        label=gettext_lazy("Search"),
        required=False,
        max_length=200,
        widget=forms.TextInput({"type": "search"}),
    )
    assessment = forms.ChoiceField(
        label=gettext_lazy("Assessment"),
        required=False,
        choices=[("", gettext_lazy("Any")), *Assessment.choices],
    )
    claimant = forms.ModelChoiceField(
        Source.objects.none(), label=gettext_lazy("Claimant"), required=False, empty_label=gettext_lazy("Any")
    )

    def __init__(self, *args: Any, investigation: Investigation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["claimant"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  declared above
        said = Claim.objects.filter(investigation=investigation)
        field.queryset = Source.objects.filter(
            Q(pk__in=said.values("claimant")) | Q(pk__in=said.exclude(via=None).values("via")),
            investigation=investigation,
        )


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column's head: what a click asks for (empty if it does not sort), and how the list stands now."""

    word: str
    direction: str = ""
    wanted: str = ""


@require_safe
@investigation_page("evidence.view")
def index(request: HttpRequest, investigation: Investigation) -> HttpResponse:
    """The table."""
    form = ClaimFilter(request.GET, investigation=investigation)
    form.is_valid()
    sort = request.GET.get("sort", "reference")
    claims = _sorted(_filtered(investigation, form.cleaned_data), sort)
    page = Paginator(claims, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "investigation": investigation,
        "form": form,
        "page_obj": page,
        "columns": _columns(sort),
        "sort": sort,
        "is_filtered": any(form.cleaned_data.values()),
        "may_write": may(request.user, "evidence.write_claim", investigation),
    }
    return render(request, "evidence/claim_list.html", context)


def _filtered(investigation: Investigation, wanted: dict[str, Any]) -> QuerySet[Any]:
    claims: QuerySet[Any] = Claim.objects.filter(investigation=investigation)
    if text := (wanted.get("q") or "").strip():
        found = (
            Q(reference__iexact=text)
            | Q(statement__icontains=text)
            | Q(note__icontains=text)
            | Q(claimant__name__icontains=text)
            | Q(via__name__icontains=text)
            | Q(places__names__name__icontains=text)
        )
        # A subquery: the joins would repeat a claim for each of its places' names.
        claims = claims.filter(pk__in=Claim.objects.filter(found).values("pk"))
    if assessment := wanted.get("assessment"):
        claims = claims.filter(assessment=assessment)
    if claimant := wanted.get("claimant"):
        claims = claims.filter(Q(claimant=claimant) | Q(via=claimant))
    return claims


def _sorted(claims: QuerySet[Any], sort: str) -> QuerySet[Any]:
    key, descending = sort.removeprefix("-"), sort.startswith("-")
    counts = {
        f"{relation}_count": Count("evidence", filter=Q(evidence__relation=relation)) for relation in Relation
    }
    expressions = _ORDER.get(key, _ORDER["reference"])
    ordering = [
        each.desc(nulls_last=True) if descending else each.asc(nulls_last=True) for each in expressions
    ]
    found: QuerySet[Any] = (
        claims.annotate(evidence_count=Count("evidence"), **counts)
        .order_by(*ordering, Length("reference"), "reference")
        .select_related("claimant", "via")
        .prefetch_related("places__names")
    )
    return found


def _columns(sort: str) -> list[Column]:
    heads = [
        ("reference", _("Reference")),
        ("", _("Statement")),
        ("claimant", _("Claimant")),
        ("made", _("Made on")),
        ("", _("About")),
        ("assessment", _("Assessment")),
        ("evidence", _("Evidence")),
    ]
    columns = []
    for key, word in heads:
        direction = {key: "ascending", f"-{key}": "descending"}.get(sort, "") if key else ""
        wanted = f"-{key}" if direction == "ascending" else key
        columns.append(Column(word=word, direction=direction, wanted=wanted))
    return columns
