"""The order of a collection: any queryables, each upwards or downwards, and the place where a page ends.

Points are told apart by their key where all values are alike, so the order is whole. A value that is not
known stands last, whatever the direction. A cursor holds the value of every key at the edge of a page, so a
page goes on at the same place even if that point has left meanwhile.
"""

from __future__ import annotations

import base64
import binascii
import math
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import orjson
from django.db.models import F, Q
from django.db.models.expressions import BaseExpression, OrderBy
from django.db.models.functions import Left
from django.utils.translation import gettext as _

from evidence.errors import InvalidInput
from geolocation.ogc.queryables import OPTIONAL, QUERYABLES, SORTABLES
from geolocation.querysets import VerifiedPointQuerySet

KEYS_MOST: Final = 4
#: Texts are compared by so many characters, so that a cursor fits into an address.
TEXT_MOST: Final = 200


@dataclass(frozen=True, kw_only=True)
class SortKey:
    """One queryable and its direction."""

    name: str
    is_falling: bool = False

    def expression(self) -> F | BaseExpression:
        """What the database compares: the column itself where an index may hold it."""
        found = QUERYABLES[self.name]
        return Left(found.column, TEXT_MOST) if found.is_long else F(found.column)


@dataclass(frozen=True, kw_only=True)
class Edge:
    """Where a page ends: the values of its outermost point, one a key, and its primary key.

    `is_backward` asks for the page before it instead of the one after.
    """

    values: tuple[Any, ...]
    pk: int
    is_backward: bool = False


@dataclass(frozen=True, kw_only=True)
class Sorting:
    """Keys in their order; none of them is by primary key alone."""

    keys: tuple[SortKey, ...] = ()

    def text(self) -> str:
        """As `sortby` has it."""
        return ",".join(("-" if key.is_falling else "") + key.name for key in self.keys)

    def columns(self) -> list[Any]:
        """What an edge is made of: the key expressions and the primary key."""
        return [*(key.expression() for key in self.keys), "pk"]

    def order(self, points: VerifiedPointQuerySet, *, is_backward: bool = False) -> VerifiedPointQuerySet:
        """The points from first to last, or from last to first."""
        by = [_ordered(key, is_backward) for key in self.keys]
        return points.order_by(*by, "-pk" if self._falls_last() != is_backward else "pk")

    def beyond(self, points: VerifiedPointQuerySet, edge: Edge) -> VerifiedPointQuerySet:
        """Those after the edge in its direction."""
        names = [f"sorted_{number}" for number in range(len(self.keys))]
        aliased = points.alias(**{name: key.expression() for name, key in zip(names, self.keys, strict=True)})
        side = "lt" if self._falls_last() != edge.is_backward else "gt"
        found = Q(**{f"pk__{side}": edge.pk})
        for name, key, value in reversed(list(zip(names, self.keys, edge.values, strict=True))):
            alike = Q(**{f"{name}__isnull": True}) if value is None else Q(**{name: value})
            past = _past(name, key, value, edge.is_backward)
            found = (alike & found) if past is None else past | (alike & found)
        if self.keys:
            found = _begins(names[0], self.keys[0], edge) & found
        further: VerifiedPointQuerySet = aliased.filter(found)
        return further

    def edge_write(self, edge: Edge) -> str:
        """The cursor, for an address."""
        held = [self.text(), edge.is_backward, edge.values, edge.pk]
        return base64.urlsafe_b64encode(orjson.dumps(held)).decode().rstrip("=")

    def edge_read(self, text: str) -> Edge:
        """The edge in a cursor. Raises InvalidInput at `cursor` for one of another order, or of none."""
        try:
            plain = base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), b"-_", validate=True)
            order, is_backward, values, pk = orjson.loads(plain)
            if order == self.text() and type(is_backward) is bool and type(pk) is int and 0 <= pk < 2**63:
                read = tuple(_value(key, each) for key, each in zip(self.keys, values, strict=True))
                return Edge(values=read, pk=pk, is_backward=is_backward)
        except (ValueError, TypeError, UnicodeEncodeError, binascii.Error):
            pass
        raise InvalidInput(
            _("This cursor was not made here. Take it from “next”, or leave it out to begin."), field="cursor"
        )

    def _falls_last(self) -> bool:
        # As the last key: an index over one key and the primary key then gives either direction.
        return bool(self.keys) and self.keys[-1].is_falling


def sorting_read(text: str) -> Sorting:
    """`sortby` of an address, as `-captured_on,title`. Raises InvalidInput at `sortby`."""
    if not text.strip():
        return Sorting()
    keys = []
    for part in text.split(","):
        # A plus sign in an address arrives as a space.
        signed = part.strip().removeprefix("+")
        name = signed.removeprefix("-")
        if name not in SORTABLES:
            raise InvalidInput(
                _(
                    "Points are not sorted by “%(name)s”. Write names with commas between, - before one for "
                    "the largest first. Known are: %(known)s."
                )
                % {"name": name[:80], "known": ", ".join(SORTABLES)},
                field="sortby",
            )
        keys.append(SortKey(name=name, is_falling=signed.startswith("-")))
    names = [key.name for key in keys]
    if len(keys) > KEYS_MOST or len(set(names)) < len(names):
        raise InvalidInput(
            _("Sort by up to %(most)d names, each of them once.") % {"most": KEYS_MOST}, field="sortby"
        )
    return Sorting(keys=tuple(keys))


def _ordered(key: SortKey, is_backward: bool) -> OrderBy:
    # For a column that is always known nothing is said of NULLs: an index gives that order as it is.
    is_falling = key.is_falling != is_backward
    where: dict[str, bool] = {}
    if key.name in OPTIONAL:
        where = {"nulls_first": True} if is_backward else {"nulls_last": True}
    expression = key.expression()
    return expression.desc(**where) if is_falling else expression.asc(**where)


def _past(name: str, key: SortKey, value: Any, is_backward: bool) -> Q | None:
    """Beyond the value by this key alone; None where nothing is."""
    if value is None:
        return Q(**{f"{name}__isnull": False}) if is_backward else None
    side = "lt" if key.is_falling != is_backward else "gt"
    found = Q(**{f"{name}__{side}": value})
    if key.name in OPTIONAL and not is_backward:
        found |= Q(**{f"{name}__isnull": True})
    return found


def _begins(name: str, key: SortKey, edge: Edge) -> Q:
    """A bound on the first key that the rest implies: an index begins there."""
    value = edge.values[0]
    if key.name in OPTIONAL or value is None:
        return Q()
    side = "lte" if key.is_falling != edge.is_backward else "gte"
    return Q(**{f"{name}__{side}": value})


def _value(key: SortKey, held: Any) -> Any:
    """One value of a cursor in the type of its column. Raises ValueError or TypeError."""
    if held is None and key.name in OPTIONAL:
        return None
    kind = QUERYABLES[key.name].kind
    if kind == "number":
        if type(held) in (int, float) and math.isfinite(held) and abs(held) < 2**31:
            return held
    elif kind == "text":
        if type(held) is str and "\0" not in held and len(held) <= TEXT_MOST:
            return held
    elif kind == "day":
        return date.fromisoformat(held)
    else:
        moment = datetime.fromisoformat(held)
        if moment.tzinfo is not None:
            return moment
    raise ValueError(key.name)
