"""Who may propose, decide and retract; the same rules as in evidence.permissions."""

from __future__ import annotations

import rules

from evidence.models import Role
from evidence.permissions import at_least

PERMISSIONS = {
    "geolocation.propose": Role.INVESTIGATOR,
    "geolocation.review": Role.REVIEWER,
    "geolocation.resolve_round": Role.EDITOR,
    "geolocation.retract": Role.EDITOR,
    "geolocation.disclose": Role.EDITOR,
    "geolocation.manage_webhooks": Role.EDITOR,
    "geolocation.publish_snapshot": Role.EDITOR,
}

for _permission, _minimum in PERMISSIONS.items():
    rules.add_perm(_permission, at_least(_minimum))
