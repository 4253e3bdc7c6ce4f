"""Open an investigation, decide who belongs to it, and what the public may read."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from evidence.errors import Conflict, InvalidInput, NotFound
from evidence.models import Investigation, Membership, Role, Visibility
from evidence.permissions import require
from evidence.services import custody
from evidence.services.custody import custody_record, investigation_lock
from evidence.signals import blind_changed, investigation_changed, member_changed


@transaction.atomic
def investigation_open(*, actor: Any, code: str, title: str, **fields: Any) -> Investigation:
    """Open one; whoever opens it is its first editor."""
    if Investigation.objects.filter(code=code).exists():
        raise Conflict(_("The code %(code)s is taken. Choose another one.") % {"code": code}, field="code")
    investigation = Investigation(code=code, title=title, created_by=actor, **fields)
    investigation.full_clean(exclude=["created_by"])
    investigation.save()
    Membership.objects.create(investigation=investigation, user=actor, role=Role.EDITOR, added_by=actor)
    custody_record(
        investigation=investigation,
        actor=actor,
        action=custody.INVESTIGATION_OPENED,
        object_type="investigation",
        object_reference=code,
        details={"title": title, "editor": str(actor)},
    )
    return investigation


@transaction.atomic
def member_set(*, actor: Any, investigation: Investigation, user: Any, role: str) -> Membership:
    """Add a person, or change their role. The last editor cannot step down: nobody could undo it."""
    require(actor, "evidence.manage_members", investigation)
    if role not in Role.values:
        raise InvalidInput(_("Choose one of the roles."), field="role")
    investigation_lock(investigation)
    membership = Membership.objects.filter(investigation=investigation, user=user).first()
    if membership is None:
        membership = Membership.objects.create(
            investigation=investigation, user=user, role=role, added_by=actor
        )
        action, before = custody.MEMBER_ADDED, None
    else:
        if membership.role == role:
            return membership
        _keep_an_editor(membership, leaving=role != Role.EDITOR)
        before, membership.role = membership.role, role
        membership.save(update_fields=["role"])
        action = custody.MEMBER_ROLE_CHANGED
        _tell_of_change(membership, role_before=before)
    custody_record(
        investigation=investigation,
        actor=actor,
        action=action,
        object_type="member",
        object_reference=str(user),
        details={"role": role, "role_before": before},
    )
    return membership


@transaction.atomic
def member_remove(*, actor: Any, investigation: Investigation, user: Any) -> None:
    """Take a person out; what they did stays in the log under their name."""
    require(actor, "evidence.manage_members", investigation)
    investigation_lock(investigation)
    membership = Membership.objects.filter(investigation=investigation, user=user).first()
    if membership is None:
        raise NotFound(_("This person does not belong to the investigation."))
    _keep_an_editor(membership, leaving=True)
    _tell_of_change(membership, role_before=membership.role)
    membership.delete()
    custody_record(
        investigation=investigation,
        actor=actor,
        action=custody.MEMBER_REMOVED,
        object_type="member",
        object_reference=str(user),
        details={"role_before": membership.role},
    )


def _tell_of_change(membership: Membership, *, role_before: str) -> None:
    member_changed.send(
        sender=Membership,
        investigation=membership.investigation,
        user=membership.user,
        role_before=role_before,
    )


def _keep_an_editor(membership: Membership, *, leaving: bool) -> None:
    if not leaving or membership.role != Role.EDITOR:
        return
    others = Membership.objects.filter(investigation=membership.investigation, role=Role.EDITOR)
    if not others.exclude(pk=membership.pk).exists():
        raise Conflict(_("This is the last editor. Make somebody else an editor first."), field="role")


@transaction.atomic
def investigation_change(*, actor: Any, investigation: Investigation, **fields: Any) -> Investigation:
    """Change title, summary, period, licence, attribution or the number of approvals needed."""
    require(actor, "evidence.edit_investigation", investigation)
    investigation_lock(investigation)
    before = {name: getattr(investigation, name) for name in fields}
    for name, value in fields.items():
        setattr(investigation, name, value)
    investigation.full_clean()
    changed = {
        name: [str(before[name]), str(value)] for name, value in fields.items() if before[name] != value
    }
    if not changed:
        return investigation
    try:
        with transaction.atomic():
            investigation.save()
            _check_deferred_constraints()
    except IntegrityError as error:
        raise Conflict(
            _("Some verified points have fewer approvals than that. Have them reviewed again first."),
            field="required_approvals",
        ) from error
    custody_record(
        investigation=investigation,
        actor=actor,
        action=custody.INVESTIGATION_CHANGED,
        object_type="investigation",
        object_reference=investigation.code,
        details={"changed": changed},
    )
    investigation_changed.send(sender=Investigation, investigation=investigation, changed=frozenset(changed))
    return investigation


def _check_deferred_constraints() -> None:
    """Ask the database now what it would otherwise ask at commit, where no form could show the answer."""
    with transaction.get_connection().cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


@transaction.atomic
def investigation_publish(*, actor: Any, investigation: Investigation, public: bool) -> Investigation:
    """Let everybody read the verified points, or members alone; those of an exercise stay with members."""
    require(actor, "evidence.edit_investigation", investigation)
    if public and investigation.is_training:
        raise Conflict(
            _("This is a training exercise: what is in it is made up, so it cannot be made public."),
            field="visibility",
        )
    investigation_lock(investigation)
    wanted = Visibility.PUBLISHED if public else Visibility.PRIVATE
    if investigation.visibility == wanted:
        return investigation
    investigation.visibility = wanted
    investigation.save(update_fields=["visibility"])
    custody_record(
        investigation=investigation,
        actor=actor,
        action=custody.INVESTIGATION_PUBLISHED if public else custody.INVESTIGATION_UNPUBLISHED,
        object_type="investigation",
        object_reference=investigation.code,
    )
    return investigation


@transaction.atomic
def investigation_blind_set(*, actor: Any, investigation: Investigation, on: bool) -> Investigation:
    """From now on, ask a second person to place each item without seeing the first proposal; or stop asking.

    Revisions that were written before it was switched on are not asked for a second person: everybody
    could have seen them.
    """
    require(actor, "evidence.edit_investigation", investigation)
    investigation_lock(investigation)
    investigation.refresh_from_db(fields=["blind_since"])
    if (investigation.blind_since is not None) == on:
        return investigation
    investigation.blind_since = timezone.now() if on else None
    investigation.save(update_fields=["blind_since"])
    custody_record(
        investigation=investigation,
        actor=actor,
        action=custody.INVESTIGATION_BLIND_ON if on else custody.INVESTIGATION_BLIND_OFF,
        object_type="investigation",
        object_reference=investigation.code,
    )
    blind_changed.send(sender=Investigation, actor=actor, investigation=investigation)
    return investigation
