"""Invitations and tokens: how people and programs come in."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from evidence.errors import Conflict, InvalidInput, NotFound
from evidence.models import Investigation, Membership, Role
from evidence.permissions import require
from evidence.services import custody
from evidence.services.custody import custody_record
from evidence.services.investigations import member_set
from osint_catalogue.accounts.models import ApiToken, Invitation, User, token_digest


@transaction.atomic
def invitation_send(
    *, actor: Any, investigation: Investigation, email: str, role: str
) -> tuple[Invitation, str]:
    """Ask somebody in, by mail. Returns the invitation and its link, which is shown once and never stored."""
    require(actor, "evidence.manage_members", investigation)
    email = email.strip().lower()
    if role not in Role.values:
        raise InvalidInput(_("Choose one of the roles."), field="role")
    if Membership.objects.filter(investigation=investigation, user__email__iexact=email).exists():
        raise Conflict(_("This person belongs to the investigation already."), field="email")
    # A second invitation replaces the first: its link is lost, or the editor would not ask again.
    _open_invitations(investigation, email).update(revoked_at=timezone.now())
    secret = secrets.token_urlsafe(32)
    invitation = Invitation(
        investigation=investigation, email=email, role=role, digest=token_digest(secret), invited_by=actor
    )
    invitation.full_clean()
    invitation.save()
    custody_record(
        investigation=investigation,
        actor=actor,
        action=custody.MEMBER_INVITED,
        object_type="member",
        object_reference=email,
        details={"role": role},
    )
    link = settings.SITE_URL.rstrip("/") + reverse("accounts:invitation", args=[secret])
    transaction.on_commit(lambda: _mail(invitation, link))
    return invitation, link


def _open_invitations(investigation: Investigation, email: str) -> Any:
    return Invitation.objects.filter(
        investigation=investigation, email__iexact=email, accepted_at=None, revoked_at=None
    )


def _mail(invitation: Invitation, link: str) -> None:
    # The editor sees the link too, so a mail server that is down stops nobody.
    send_mail(
        subject=_("Invitation to %(code)s") % {"code": invitation.investigation.code},
        message=_(
            "%(person)s invites you to the investigation “%(title)s” as %(role)s.\n\n%(link)s\n\n"
            "The link works once, for %(days)d days."
        )
        % {
            "person": invitation.invited_by,
            "title": invitation.investigation.title,
            "role": invitation.get_role_display(),
            "link": link,
            "days": settings.INVITATION_DAYS,
        },
        from_email=None,
        recipient_list=[invitation.email],
        fail_silently=True,
    )


def invitation_find(*, secret: str, now: datetime) -> Invitation:
    """The open invitation with this secret, or NotFound with what to do."""
    invitation = (
        Invitation.objects.select_related("investigation", "invited_by")
        .filter(digest=token_digest(secret))
        .first()
    )
    if invitation is None or not invitation.is_open(now=now):
        raise NotFound(_("This invitation was used, withdrawn or is too old. Ask the editor for a new one."))
    return invitation


@transaction.atomic
def invitation_accept(*, invitation: Invitation, user: User) -> Membership:
    """A person who is signed in takes the invitation; it works once."""
    locked = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if not locked.is_open(now=timezone.now()):
        raise Conflict(_("This invitation was used or withdrawn meanwhile. Ask the editor for a new one."))
    if user.email.lower() != locked.email.lower():
        raise Conflict(
            _("This invitation is for %(email)s. Sign in with that address.") % {"email": locked.email}
        )
    locked.accepted_at, locked.accepted_by = timezone.now(), user
    locked.save(update_fields=["accepted_at", "accepted_by"])
    return member_set(
        actor=locked.invited_by, investigation=locked.investigation, user=user, role=locked.role
    )


@transaction.atomic
def invitation_accept_as_new(*, invitation: Invitation, name: str, password: str) -> User:
    """Make the account that the invitation is for. The link proves that the mail address is theirs."""
    if User.objects.filter(email__iexact=invitation.email).exists():
        raise Conflict(_("There is an account with this address. Sign in, then open the link again."))
    user = User(email=invitation.email, name=name.strip())
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise InvalidInput(" ".join(error.messages), field="password") from error
    user.set_password(password)
    user.full_clean(exclude=["password"])
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    invitation_accept(invitation=invitation, user=user)
    return user


@transaction.atomic
def invitation_revoke(*, actor: Any, invitation: Invitation) -> None:
    """Take back an invitation that nobody has used."""
    require(actor, "evidence.manage_members", invitation.investigation)
    if invitation.accepted_at is not None:
        raise Conflict(_("It was accepted meanwhile. Remove the member instead."))
    invitation.revoked_at = timezone.now()
    invitation.save(update_fields=["revoked_at"])


def token_revoke(*, user: User, token_id: int) -> None:
    """End one of a person's own tokens, at once."""
    ended = ApiToken.objects.filter(user=user, pk=token_id, revoked_at=None).update(revoked_at=timezone.now())
    if not ended:
        raise NotFound(_("There is no such token, or it was ended already."))
