"""Every address of the application, as Django's resolver holds them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, get_resolver


@dataclass(frozen=True)
class Address:
    """One pattern: its full name, its route for people, and the names of its parts."""

    name: str
    route: str
    parts: frozenset[str]


def addresses(resolver: Any = None, route: str = "", namespaces: tuple[str, ...] = ()) -> Iterator[Address]:
    """All patterns, through every include. A pattern without a name goes by its route."""
    for entry in (resolver or get_resolver()).url_patterns:
        here = f"{route}{entry.pattern}"
        if isinstance(entry, URLPattern):
            name = ":".join((*namespaces, entry.name)) if entry.name else f"unnamed {here}"
            yield Address(name, here, frozenset(entry.pattern.regex.groupindex) | _parts(route))
        else:
            inner = (*namespaces, entry.namespace) if entry.namespace else namespaces
            yield from addresses(entry, here, inner)


def _parts(route: str) -> frozenset[str]:
    """The names in a route as `path()` writes it, such as `<int:pk>/remove/`."""
    return frozenset(re.findall(r"<(?:\w+:)?(\w+)>", route))
