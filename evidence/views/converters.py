"""The code of an investigation as part of an address."""

from __future__ import annotations


class CodeConverter:
    """`<code:code>`: 2 to 16 letters, digits or hyphens, a letter first.

    Small letters are taken too: `nk23` is NK23. Addresses of other things, such as
    /new/, come before the patterns that begin with a code; codes themselves are written in capitals, so no
    investigation can hide behind one of them.
    """

    regex = r"[A-Za-z][A-Za-z0-9-]{1,15}"

    def to_python(self, value: str) -> str:
        return value.upper()

    def to_url(self, value: str) -> str:
        return value
