"""What a row's columns may hold, asked without asking the database: for rows that come by the thousand."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Model


def columns_clean(row: Model, *, besides: Iterable[str] = ()) -> None:
    """Raise ValidationError for the values that `full_clean` refuses by themselves.

    `full_clean` then asks the database for each relation, what has to be unique, and each constraint: a
    dozen questions a row. Who comes this way has those objects in hand, and the database holds constraints
    when the row comes in. `besides` names columns that are filled in later.
    """
    relations = {field.name for field in row._meta.concrete_fields if field.is_relation}
    row.clean_fields(exclude=relations | set(besides))
    row.clean()
