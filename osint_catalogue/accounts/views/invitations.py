"""What the link in an invitation opens."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from evidence.errors import CatalogueError
from evidence.views.base import form_refuse
from osint_catalogue.accounts.forms import NewAccountForm
from osint_catalogue.accounts.models import Invitation, User
from osint_catalogue.accounts.services import invitation_accept, invitation_accept_as_new, invitation_find

_BACKEND = "osint_catalogue.accounts.backends.CatalogueBackend"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Accept: with the account one is signed in with, or by making one."""
    found = invitation_find(secret=secret, now=timezone.now())
    if request.user.is_authenticated:
        return _with_account(request, found, request.user)
    form = NewAccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = invitation_accept_as_new(
                invitation=found, name=form.cleaned_data["name"], password=form.cleaned_data["password"]
            )
        except CatalogueError as error:
            form_refuse(form, error)
        else:
            login(request, user, backend=_BACKEND)
            return _welcome(request, found)
    has_account = User.objects.filter(email__iexact=found.email).exists()
    context = {"invitation": found, "form": form, "has_account": has_account}
    return render(request, "accounts/invitation.html", context)


def _with_account(request: HttpRequest, found: Invitation, user: User) -> HttpResponse:
    refusal = None
    if request.method == "POST":
        try:
            invitation_accept(invitation=found, user=user)
        except CatalogueError as error:
            refusal = error.sentence
        else:
            return _welcome(request, found)
    context = {"invitation": found, "refusal": refusal}
    return render(request, "accounts/invitation.html", context, status=409 if refusal else 200)


def _welcome(request: HttpRequest, found: Invitation) -> HttpResponse:
    messages.success(request, _("You belong to %(code)s now.") % {"code": found.investigation.code})
    return redirect("evidence:investigation", found.investigation.code)
