"""Serial numbers of cameras and lenses: they point at a person, so only members who may edit see them here.

The original itself holds them; who may download it can read them there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

_PART_OF_NAME = "serial"


def fields_without_serials(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The normalised values of a reading, the numbers left out."""
    return {**fields, "serials": []} if fields.get("serials") else dict(fields)


def tags_without_serials(tags: Sequence[Mapping[str, str]], serials: Sequence[str]) -> list[dict[str, str]]:
    """The raw tags, with a word in place of every value that is, or is named, a serial number."""
    hidden = _("not shown to your role")
    return [{**tag, "value": hidden} if _is_serial(tag, serials) else dict(tag) for tag in tags]


def _is_serial(tag: Mapping[str, str], serials: Sequence[str]) -> bool:
    value = str(tag.get("value", ""))
    return _PART_OF_NAME in str(tag.get("name", "")).lower() or any(
        number and number in value for number in serials
    )
