"""A person's own API tokens."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from osint_catalogue.accounts.forms import TokenForm
from osint_catalogue.accounts.models import ApiToken, User
from osint_catalogue.accounts.services import token_revoke


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def token_list(request: HttpRequest) -> HttpResponse:
    """List them, and make one; its secret is on this page once."""
    user = _person(request)
    form = TokenForm(request.POST or None)
    secret = None
    if request.method == "POST" and form.is_valid():
        _token, secret = ApiToken.issue(user=user, name=form.cleaned_data["name"])
        form = TokenForm()
    tokens = ApiToken.objects.filter(user=user, revoked_at=None)
    return render(request, "accounts/tokens.html", {"form": form, "tokens": tokens, "secret": secret})


@require_POST
@login_required
def token_end(request: HttpRequest, token_id: int) -> HttpResponse:
    """End a token at once."""
    token_revoke(user=_person(request), token_id=token_id)
    messages.success(request, _("The token no longer works."))
    return redirect("accounts:token-list")


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101  login_required has seen to it
    return request.user
