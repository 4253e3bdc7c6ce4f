"""References in the addresses of the API, so that nothing else reaches a query."""

from __future__ import annotations


class ReferenceConverter:
    """M07, C03, G12, or the reference that an imported item brought along; in either case."""

    regex = "[A-Za-z0-9][A-Za-z0-9._-]{0,15}"

    def to_python(self, value: str) -> str:
        return value.upper()

    def to_url(self, value: str) -> str:
        return value
