"""A column of bits, which PostgreSQL compares with `#` and counts with `bit_count`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    _BytesField = models.Field[bytes, bytes]
else:
    _BytesField = models.Field


class BitsField(_BytesField):
    """`bit varying(n)` in the database, bytes in Python: the first bit of the first byte is the first bit."""

    def __init__(self, *args: Any, max_bits: int, **kwargs: Any) -> None:
        self.max_bits = max_bits
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "max_bits": self.max_bits}

    def db_type(self, connection: Any) -> str:
        return f"bit varying({self.max_bits})"

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:
        return "%s::bit varying"

    def get_prep_value(self, value: Any) -> Any:
        return bits_text(value) if isinstance(value, bytes) else value

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> bytes | None:
        return None if value is None else int(value, 2).to_bytes(len(value) // 8)


def bits_text(value: bytes) -> str:
    """`0` and `1`, as PostgreSQL writes bits."""
    return f"{int.from_bytes(value):0{len(value) * 8}b}"
