"""Turn the application's refusals into pages: 404, 403, 409 or 400, each with its sentence."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from evidence.errors import CatalogueError


class RefusalMiddleware:
    """A CatalogueError that no form caught is answered with its own status and sentence.

    API requests never come here: REST framework answers them through osint_catalogue.api_errors.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, CatalogueError):
            return None
        template = f"{exception.status}.html" if exception.status in (400, 403, 404, 409) else "400.html"
        return render(request, template, {"sentence": exception.sentence}, status=exception.status)
