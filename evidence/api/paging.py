"""Pages by key: each continues after the last row of the one before, so every page costs the same.

There is no count and no page number: both would read everything that is not shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request

from evidence.errors import InvalidInput
from evidence.keyset import cursor_read, cursor_write

Row = TypeVar("Row", bound=Model)

LIMIT_DEFAULT = 100
LIMIT_MOST = 1000

PAGE_PARAMETERS = [
    OpenApiParameter("cursor", str, description="Where the last page ended. Take it from `next`."),
    OpenApiParameter(
        "limit",
        {"type": "integer", "minimum": 1, "maximum": LIMIT_MOST, "default": LIMIT_DEFAULT},
        description="Rows on one page.",
    ),
]
PAGE_NAMES = ("cursor", "limit")


@dataclass(frozen=True, kw_only=True)
class Page(Generic[Row]):
    """The rows of one page, and the whole address of the next one, None on the last."""

    rows: list[Row]
    next_url: str | None


def page_of(
    rows: QuerySet[Row], request: Request, *, key: str = "pk", read: QuerySet[Row] | None = None
) -> Page[Row]:
    """The page that the request asks for, ordered by `key`, which is a unique integer of the rows.

    With `read` only the keys of `rows` are asked for, which an index may hold, and these rows for them.
    """
    limit = limit_of(request.query_params.get("limit"))
    after = cursor_read(request.query_params.get("cursor"))
    if after is not None:
        rows = rows.filter(**{f"{key}__gt": after})
    rows = rows.order_by(key)[: limit + 1]
    found = list(rows if read is None else read.filter(pk__in=rows.values("pk")).order_by(key))
    if len(found) <= limit:
        return Page(rows=found, next_url=None)
    kept = found[:limit]
    query = request.query_params.copy()
    query["cursor"] = cursor_write(getattr(kept[-1], key))
    return Page(rows=kept, next_url=request.build_absolute_uri(f"{request.path}?{query.urlencode()}"))


def limit_of(text: str | None) -> int:
    """1 to 1000; refused beyond, so that nobody takes a shortened page for everything."""
    if text is None:
        return LIMIT_DEFAULT
    # Checked as text first: Python takes digits of other scripts, and thousands of them.
    if not (text.isascii() and text.isdigit() and len(text) <= 4 and 1 <= int(text) <= LIMIT_MOST):
        raise InvalidInput(
            _("A limit is a whole number from 1 to %(most)d.") % {"most": LIMIT_MOST}, field="limit"
        )
    return int(text)


def paged(name: str, row: type[serializers.Serializer[Any]]) -> Any:
    """How a page of these rows is described."""
    return inline_serializer(
        name,
        {
            "results": row(many=True),
            "next": serializers.URLField(allow_null=True, help_text="The next page; null on the last."),
        },
    )
