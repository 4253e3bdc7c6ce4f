"""What every page of an investigation shares: finding it, asking the permission, placing a refusal."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from evidence.errors import CatalogueError, NotFound
from evidence.models import Investigation
from evidence.permissions import require
from evidence.upload import IncomingUploadHandler, Judge, without_body

P = ParamSpec("P")
Page = Callable[Concatenate[HttpRequest, Investigation, P], HttpResponseBase]


def investigation_page(
    permission: str, *, takes_files: Judge | None = None
) -> Callable[[Page[P]], Callable[..., HttpResponseBase]]:
    """A page of one investigation: `code` from the address becomes the Investigation.

    Somebody who is not signed in goes to the sign-in page, a stranger gets 404 whether it exists or not,
    and a member whose role is too low gets 403. A page that takes files names who judges them by their first
    bytes; of its requests nothing is read before all of that, and the CSRF token in the header, is settled.
    """

    def decorate(page: Page[P]) -> Callable[..., HttpResponseBase]:
        @login_required
        @wraps(page)
        def view(request: HttpRequest, code: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            investigation = investigation_of(request, code)
            require(request.user, permission, investigation)
            if takes_files is not None and request.method == "POST":
                refused = _ready_for_files(request, takes_files)
                if refused is not None:
                    return refused
            return page(request, investigation, *args, **kwargs)

        return csrf_exempt(view) if takes_files is not None else view

    return decorate


def _ready_for_files(request: HttpRequest, judge: Judge) -> HttpResponseBase | None:
    """What the CSRF middleware does, but header first: it reads the whole body before anything else.

    A plain form has its token in the body. It gets as far only with a session, a role and the right Origin.
    """
    request.upload_handlers = [IncomingUploadHandler(request, judge=judge)]
    has_header = settings.CSRF_HEADER_NAME in request.META
    checked = without_body(request) if has_header else request
    return CsrfViewMiddleware(_answered_elsewhere).process_view(checked, _answered_elsewhere, (), {})


def _answered_elsewhere(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def investigation_of(request: HttpRequest, code: str) -> Investigation:
    """The investigation with this code, if the person belongs to it; else NotFound."""
    investigation: Investigation | None = (
        Investigation.objects.for_user(request.user).filter(code=code.upper()).first()
    )
    if investigation is None:
        raise NotFound(_("There is no such investigation, or you do not belong to it."))
    return investigation


def form_refuse(form: BaseForm, error: CatalogueError | ValidationError) -> None:
    """Show a service's refusal in the form: at its field if the form has it, else above the form."""
    if isinstance(error, CatalogueError):
        form.add_error(error.field if error.field in form.fields else None, error.sentence)
        return
    messages: dict[str, Any] = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    for field, sentences in messages.items():
        form.add_error(field if field in form.fields else None, sentences)
