"""Who may do what: one table of permissions, asked by pages, API, files, tiles and services alike."""

from __future__ import annotations

from typing import Any

import rules
from django.utils.translation import gettext as _

from evidence.errors import NotAllowed, NotFound
from evidence.models import Investigation, Membership, Role


def role_in(user: Any, investigation: Investigation) -> Role | None:
    """The person's role in the investigation, or None for a stranger."""
    if not user.is_authenticated:
        return None
    role = Membership.objects.filter(user=user, investigation=investigation).values_list("role", flat=True)
    return Role(role[0]) if role else None


def at_least(minimum: Role) -> Any:
    """A `rules` predicate: the person's role in the investigation is this one or a higher one."""

    def has_rank(user: Any, investigation: Investigation) -> bool:
        role = role_in(user, investigation)
        return role is not None and role.rank >= minimum.rank

    return rules.predicate(has_rank, f"at_least_{minimum.value}")


PERMISSIONS = {
    "evidence.view": Role.VIEWER,
    "evidence.log_media": Role.INVESTIGATOR,
    "evidence.edit_media": Role.INVESTIGATOR,
    "evidence.decide_likeness": Role.INVESTIGATOR,
    "evidence.write_claim": Role.INVESTIGATOR,
    "evidence.write_source": Role.INVESTIGATOR,
    "evidence.write_place": Role.INVESTIGATOR,
    "evidence.assess_claim": Role.REVIEWER,
    "evidence.manage_members": Role.EDITOR,
    "evidence.edit_investigation": Role.EDITOR,
}

for _permission, _minimum in PERMISSIONS.items():
    rules.add_perm(_permission, at_least(_minimum))


def may(user: Any, permission: str, investigation: Investigation) -> bool:
    """True if the person may. Asks the rules directly: a superuser of the site is a stranger here."""
    return bool(rules.has_perm(permission, user, investigation))


def require(user: Any, permission: str, investigation: Investigation) -> None:
    """Refuse with NotFound for a stranger, and with NotAllowed for a member whose role is too low."""
    if may(user, permission, investigation):
        return
    role = role_in(user, investigation)
    if role is None:
        raise NotFound(_("There is no such investigation, or you do not belong to it."))
    raise NotAllowed(
        _("Your role here is %(role)s, which does not carry this. Ask an editor of %(code)s.")
        % {"role": role.label.lower(), "code": investigation.code}
    )
