"""Operands of CQL2: properties, texts, numbers, days and moments, checked before the database sees them."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, NoReturn

from django.db.models import DateField, DateTimeField, F, FloatField, Func, TextField, Value
from django.utils.translation import gettext as _

from evidence.errors import InvalidInput
from geolocation.ogc.queryables import QUERYABLES
from geolocation.sql_parts import sql

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_FIELDS = {"text": TextField, "number": FloatField, "time": DateTimeField, "day": DateField}


@dataclass(frozen=True)
class Operand:
    """One side of a comparison: an expression and what kind of value it is."""

    kind: str
    sql: Any


def refuse(what: str) -> NoReturn:
    raise InvalidInput(_("The filter %(what)s.") % {"what": what}, field="filter")


def operation(node: Any) -> tuple[str, list[Any]]:
    if not isinstance(node, dict) or not isinstance(node.get("op"), str):
        refuse(_("needs a condition where it has something else"))
    args = node.get("args")
    if not isinstance(args, list):
        refuse(_("has no list of args at “%(op)s”") % {"op": node["op"][:40]})
    return node["op"], args


def count_check(op: str, args: list[Any], wanted: int) -> None:
    if len(args) != wanted:
        refuse(_("gives %(count)d values to %(op)s, which takes %(wanted)d") % {
            "count": len(args), "op": op, "wanted": wanted
        })  # fmt: skip


def property_of(node: Any) -> Operand:
    name = node.get("property") if isinstance(node, dict) else None
    if not isinstance(name, str):
        refuse(_("needs a property where it has a value"))
    if name not in QUERYABLES:
        refuse(
            _("asks for the property “%(name)s”. Known are: %(known)s")
            % {"name": name[:80], "known": ", ".join(QUERYABLES)}
        )
    found = QUERYABLES[name]
    return Operand(found.kind, F(found.column))


def operand(node: Any) -> Operand:
    if isinstance(node, dict) and "property" in node:
        return property_of(node)
    if isinstance(node, dict) and node.get("op") == "casei":
        count_check("casei", operation(node)[1], 1)
        within = node["args"][0]
        if isinstance(within, dict) and "property" not in within:
            refuse(_("takes casei of something that is not text"))
        inner = operand(within)
        if inner.kind != "text":
            refuse(_("takes casei of something that is not text"))
        return Operand("text", Func(inner.sql, function="LOWER", output_field=TextField()))
    kind, value = value_of(node)
    return Operand(kind, Value(value, output_field=_FIELDS[kind]()))


def value_of(node: Any) -> tuple[str, Any]:
    if isinstance(node, str):
        if "\0" in node or any("\ud800" <= sign <= "\udfff" for sign in node):
            refuse(_("holds a text with a character that cannot be stored"))
        return "text", node
    if is_number(node):
        return "number", float(node)
    if isinstance(node, dict) and "timestamp" in node:
        return "time", _moment(node["timestamp"])
    if isinstance(node, dict) and "date" in node:
        return "day", _day(node["date"])
    return refuse(_("needs a text, a number, a DATE or a TIMESTAMP where it has something else"))


def alike(op: str, *nodes: Any) -> list[Any]:
    """The expressions of these operands, which must be of one kind; a day beside a time is its start."""
    sides = [operand(each) for each in nodes]
    kinds = {side.kind for side in sides}
    if kinds == {"time", "day"}:
        sides = [as_time(side) for side in sides]
        kinds = {"time"}
    if len(kinds) != 1 or kinds == {"geometry"}:
        refuse(
            _("compares %(kinds)s with %(op)s; write DATE('2023-09-20') or TIMESTAMP('2023-09-20T14:00:00Z')")
            % {"kinds": ", ".join(sorted(kinds)), "op": op}
        )
    return [side.sql for side in sides]


def as_time(side: Operand) -> Operand:
    if side.kind == "time":
        return side
    if isinstance(side.sql, Value):
        day = side.sql.value
        return Operand("time", Value(datetime(day.year, day.month, day.day, tzinfo=UTC), DateTimeField()))
    return Operand("time", sql(side.sql, template="(%(expressions)s::timestamp AT TIME ZONE 'UTC')"))


def span(node: Any) -> tuple[Any, Any]:
    """First and last moment; None where the interval is open. A day lasts until its last microsecond."""
    if isinstance(node, dict) and "interval" in node:
        ends = node["interval"]
        if not isinstance(ends, list) or len(ends) != 2:
            refuse(_("needs two ends in an interval"))
        return _edge(ends[0], last=False), _edge(ends[1], last=True)
    kind, value = value_of(node)
    if kind not in ("time", "day"):
        refuse(_("needs a DATE, a TIMESTAMP or an INTERVAL where it has something else"))
    if kind == "time":
        return (_time(value),) * 2
    return _time(_first(value)), _time(_last(value))


def _edge(end: Any, *, last: bool) -> Any:
    if end == "..":
        return None
    if isinstance(end, dict):
        kind, value = value_of(end)
        end = value.isoformat().replace("+00:00", "Z") if kind in ("time", "day") else ""
    if isinstance(end, str) and _DAY.fullmatch(end):
        return _time(_last(_day(end)) if last else _first(_day(end)))
    return _time(_moment(end))


def _first(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _last(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 23, 59, 59, 999_999, tzinfo=UTC)


def _time(moment: datetime) -> Value:
    return Value(moment, output_field=DateTimeField())


def _moment(text: Any) -> datetime:
    if isinstance(text, str) and _MOMENT.fullmatch(text):
        try:
            return datetime.fromisoformat(text).astimezone(UTC)
        except (ValueError, OverflowError):
            pass
    return refuse(_("needs a time with its offset, as 2023-09-20T14:00:00Z"))


def _day(text: Any) -> date:
    if isinstance(text, str) and _DAY.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    return refuse(_("needs a day, as 2023-09-20"))


def is_number(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    try:
        return math.isfinite(float(value))
    except OverflowError:
        return False
