"""References people cite: M07, C03, G12. Counted per investigation, never used twice."""

from __future__ import annotations

import re
from typing import Any

from django.db import models
from django.db.models.functions import Length

from evidence.models import Investigation
from evidence.services.custody import investigation_lock


def reference_next(*, model: type[models.Model], investigation: Investigation, letter: str) -> str:
    """The next free reference with this letter; call inside the transaction that uses it."""
    return references_next(model=model, investigation=investigation, letter=letter, count=1)[0]


def references_next(
    *, model: type[models.Model], investigation: Investigation, letter: str, count: int
) -> list[str]:
    """The next `count` free references, in their order; call inside the transaction that uses them all.

    The last one is the longest, and of those the last as a text: where an index has that order (media and
    geolocations, of which there are many), it is found without reading the others.
    """
    investigation_lock(investigation)
    manager: Any = model._default_manager
    # As they are written here: at least two digits, no more zeros than that takes.
    written = rf"^{letter}([0-9]{{2}}|[1-9][0-9]{{2,}})$"
    there = manager.filter(investigation=investigation)
    in_order = there.order_by(Length("reference").desc(), "-reference").values_list("reference", flat=True)
    # Nearly always the very last. Asked with the pattern, PostgreSQL expects one row and reads them all.
    found = in_order.first()
    if found is not None and not re.match(written, found):
        found = in_order.filter(reference__regex=written).first()
    first = int(found[1:]) + 1 if found else 1
    return [f"{letter}{number:02d}" for number in range(first, first + count)]
