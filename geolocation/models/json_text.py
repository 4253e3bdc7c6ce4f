"""JSON that the database keeps as the text that was given, and does not look into."""

from __future__ import annotations

import json
from typing import Any

from django.db import models

from geolocation.importers.formats.row import row_text


class JSONTextField(models.TextField):  # type: ignore[type-arg]  # the stubs' parameters are not there at run time
    """An object kept as canonical JSON in a text column: written much more often than it is read.

    Unlike in `jsonb` no value is parsed on the way in, and the text has the digest that it came with.
    """

    def from_db_value(self, value: str | None, _expression: Any, _connection: Any) -> Any:
        return None if value is None else json.loads(value)

    def to_python(self, value: Any) -> Any:
        return json.loads(value) if isinstance(value, str) else value

    def get_prep_value(self, value: Any) -> Any:
        return value if value is None or isinstance(value, str) else row_text(value)
