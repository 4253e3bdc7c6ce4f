"""References people cite: M07, C03, G12. Counted per investigation, never used twice."""

from __future__ import annotations

import re
from typing import Any

from django.db import models

from evidence.models import Investigation
from evidence.services.custody import investigation_lock


def reference_next(*, model: type[models.Model], investigation: Investigation, letter: str) -> str:
    """The next free reference with this letter; call inside the transaction that uses it."""
    investigation_lock(investigation)
    manager: Any = model._default_manager
    taken = manager.filter(investigation=investigation, reference__regex=rf"^{letter}[0-9]+$")
    numbers = (int(re.sub(r"\D", "", reference)) for reference in taken.values_list("reference", flat=True))
    return f"{letter}{max(numbers, default=0) + 1:02d}"
