"""What each check compares, and what it can and cannot tell; for everybody who reads a verdict."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from geolocation.checks.registry import registered_checks
from geolocation.explained import explained


@require_safe
def checks_explained(request: HttpRequest) -> HttpResponse:
    """The page; each check has an anchor by its key."""
    document = explained()
    versions = {check.key: check.version for check in registered_checks()}
    titles = {check.key: check.title for check in registered_checks()}
    context = {
        "introduction": document.introduction,
        "verdicts": document.verdicts,
        "sections": [
            {"section": each, "title": titles[each.key], "version": versions[each.key]}
            for each in document.sections
            if each.key in versions
        ],
    }
    return render(request, "geolocation/checks_explained.html", context)
