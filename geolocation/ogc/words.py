"""What an address asks a collection for, in words: its filter, box, time and order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from geolocation.ogc.conditions import tree_read
from geolocation.ogc.queryables import QUERYABLES
from geolocation.ogc.sorting import sorting_read


def asked_words(given: Mapping[str, str]) -> list[str]:
    """A sentence for each part. `given` was understood before."""
    return [*_place(given), *_time(given.get("datetime", "")), *_condition(given), *_order(given)]


def _place(given: Mapping[str, str]) -> Iterator[str]:
    if "bbox" in given:
        words = _("Inside the box %(numbers)s") % {"numbers": given["bbox"].replace(",", ", ")}
        yield _in_system(words, given.get("bbox-crs"))


def _time(text: str) -> Iterator[str]:
    start, _between, end = text.partition("/")
    if text and "/" not in text:
        yield _("Captured at %(when)s") % {"when": text}
        return
    if start not in ("", "..") and end not in ("", ".."):
        yield _("Captured from %(start)s to %(end)s") % {"start": start, "end": end}
    elif start not in ("", ".."):
        yield _("Captured from %(start)s on") % {"start": start}
    elif end not in ("", ".."):
        yield _("Captured until %(end)s") % {"end": end}
    elif text:
        yield _("Captured at a time that is known")


def _condition(given: Mapping[str, str]) -> Iterator[str]:
    if "filter" in given:
        words = _of(tree_read(given["filter"], given.get("filter-lang", "cql2-text")))
        yield _in_system(words[:1].upper() + words[1:], given.get("filter-crs"))


def _order(given: Mapping[str, str]) -> Iterator[str]:
    keys = sorting_read(given.get("sortby", "")).keys
    if keys:
        parts = [
            (_("%(what)s, largest first") if key.is_falling else _("%(what)s"))
            % {"what": _label({"property": key.name})}
            for key in keys
        ]
        yield _("Sorted by %(keys)s; what is not known stands last") % {"keys": _("; then ").join(parts)}


def _in_system(words: str, crs: str | None) -> str:
    if crs is None or crs.endswith("CRS84"):
        return words
    return _("%(words)s (numbers in EPSG %(code)s)") % {"words": words, "code": crs.rpartition("/")[2]}


def _of(node: Any, *, is_inner: bool = False) -> str:
    if isinstance(node, bool):
        return _("always") if node else _("never")
    op, args = node["op"], node["args"]
    if op in ("and", "or"):
        parts = [_of(each, is_inner=True) for each in args]
        words = (_(" and ") if op == "and" else _(" or ")).join(parts)
        return f"({words})" if is_inner else words
    if op == "not":
        return _("not (%(what)s)") % {"what": _of(args[0])}
    if op == "between":
        low, high = args[1] if isinstance(args[1], list) else args[1:]
        return _("%(what)s is from %(low)s to %(high)s") % {
            "what": _label(args[0]), "low": _label(low), "high": _label(high)
        }  # fmt: skip
    if op == "in":
        among = ", ".join(_label(each) for each in args[1])
        return _("%(what)s is one of %(values)s") % {"what": _label(args[0]), "values": among}
    if op == "isNull":
        return _("%(what)s is not known") % {"what": _label(args[0])}
    return f"{_label(args[0])} {_relations()[op]} {_label(args[1])}"


def _relations() -> dict[str, str]:
    return {
        "=": _("is"),
        "<>": _("is not"),
        "<": _("is below"),
        ">": _("is above"),
        "<=": _("is at most"),
        ">=": _("is at least"),
        "like": _("fits the pattern"),
        "t_after": _("is after"),
        "t_before": _("is before"),
        "t_during": _("lies within"),
        "t_equals": _("is exactly"),
        "t_intersects": _("lies in"),
        "t_disjoint": _("lies outside of"),
        "s_intersects": _("lies in"),
        "s_within": _("lies within"),
        "s_disjoint": _("lies outside of"),
        "s_contains": _("contains"),
        "s_equals": _("is exactly"),
        "s_touches": _("touches"),
        "s_overlaps": _("overlaps"),
        "s_crosses": _("crosses"),
    }


def _label(node: Any) -> str:
    """One operand. Of a property the part of its title that names it."""
    if isinstance(node, str):
        return f"“{node}”"
    if not isinstance(node, dict):
        return f"{node:g}" if isinstance(node, (int, float)) else str(node)
    if "property" in node:
        title = str(QUERYABLES[node["property"]].title)
        title = title.partition(":")[0].partition(",")[0]
        return title[:1].lower() + title[1:]
    if "op" in node:
        return _("%(what)s (small and capital letters alike)") % {"what": _label(node["args"][0])}
    if "interval" in node:
        start, end = (_end(each) for each in node["interval"])
        return _("the time from %(start)s to %(end)s") % {"start": start, "end": end}
    if "bbox" in node:
        return _("the box %(numbers)s") % {"numbers": ", ".join(f"{each:g}" for each in node["bbox"])}
    if "type" in node:
        return _("a %(shape)s of %(count)d positions") % {
            "shape": node["type"], "count": _positions(node["coordinates"])
        }  # fmt: skip
    return str(node.get("timestamp") or node.get("date"))


def _end(node: Any) -> str:
    if node == "..":
        return _("an open end")
    return node if isinstance(node, str) else _label(node)


def _positions(coordinates: Any) -> int:
    if isinstance(coordinates[0], list):
        return sum(_positions(each) for each in coordinates)
    return 1
