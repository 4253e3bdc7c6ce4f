"""Who belongs to an investigation; editors invite, change roles and remove."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evidence.errors import CatalogueError
from evidence.models import Investigation, Membership
from evidence.permissions import may
from evidence.services.investigations import member_remove, member_set
from evidence.views.base import form_refuse, investigation_page
from osint_catalogue.accounts.forms import InviteForm, RoleForm
from osint_catalogue.accounts.models import Invitation
from osint_catalogue.accounts.services import invitation_revoke, invitation_send


@require_safe
@investigation_page("evidence.view")
def member_list(request: HttpRequest, investigation: Investigation) -> HttpResponse:
    """Everybody sees who belongs here; editors see what they can change."""
    return _page(request, investigation, InviteForm())


@require_http_methods(["POST"])
@investigation_page("evidence.manage_members")
def invite(request: HttpRequest, investigation: Investigation) -> HttpResponse:
    """Send an invitation; its link is shown once, in case the mail does not arrive."""
    form = InviteForm(request.POST)
    if not form.is_valid():
        return _page(request, investigation, form, status=400)
    try:
        sent, link = invitation_send(actor=request.user, investigation=investigation, **form.cleaned_data)
    except CatalogueError as error:
        form_refuse(form, error)
        return _page(request, investigation, form, status=error.status)
    messages.success(request, _("%(email)s was invited.") % {"email": sent.email})
    return _page(request, investigation, InviteForm(), link=link)


@require_POST
@investigation_page("evidence.manage_members")
def member_role(request: HttpRequest, investigation: Investigation, member_id: int) -> HttpResponse:
    """Change somebody's role."""
    membership = get_object_or_404(Membership, investigation=investigation, pk=member_id)
    form = RoleForm(request.POST)
    if form.is_valid():
        member_set(
            actor=request.user,
            investigation=investigation,
            user=membership.user,
            role=form.cleaned_data["role"],
        )
        messages.success(request, _("The role of %(person)s was changed.") % {"person": membership.user})
    else:
        messages.error(request, _("Choose one of the roles."))
    return redirect("accounts:member-list", investigation.code)


@require_POST
@investigation_page("evidence.manage_members")
def member_end(request: HttpRequest, investigation: Investigation, member_id: int) -> HttpResponse:
    """Remove somebody; what they did stays under their name."""
    membership = get_object_or_404(Membership, investigation=investigation, pk=member_id)
    member_remove(actor=request.user, investigation=investigation, user=membership.user)
    messages.success(
        request, _("%(person)s no longer belongs to the investigation.") % {"person": membership.user}
    )
    return redirect("accounts:member-list", investigation.code)


@require_POST
@investigation_page("evidence.manage_members")
def invitation_end(request: HttpRequest, investigation: Investigation, invitation_id: int) -> HttpResponse:
    """Take an invitation back."""
    invitation = get_object_or_404(Invitation, investigation=investigation, pk=invitation_id)
    invitation_revoke(actor=request.user, invitation=invitation)
    messages.success(request, _("The invitation no longer works."))
    return redirect("accounts:member-list", investigation.code)


def _page(
    request: HttpRequest,
    investigation: Investigation,
    form: InviteForm,
    *,
    link: str | None = None,
    status: int = 200,
) -> HttpResponse:
    is_editor = may(request.user, "evidence.manage_members", investigation)
    now = timezone.now()
    context: dict[str, Any] = {
        "investigation": investigation,
        "is_editor": is_editor,
        "members": [
            (
                membership,
                RoleForm(initial={"role": membership.role}, prefix=None, auto_id=f"role-{membership.pk}-%s"),
            )
            for membership in investigation.memberships.select_related("user", "added_by").order_by(
                "created_at"
            )
        ],
        "invitations": [
            invitation
            for invitation in Invitation.objects.filter(
                investigation=investigation, accepted_at=None, revoked_at=None
            ).select_related("invited_by")
            if invitation.is_open(now=now)
        ]
        if is_editor
        else [],
        "form": form,
        "link": link,
    }
    return render(request, "accounts/members.html", context, status=status)
