"""The corrections feed: what changed since the last time, for everybody and for members."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import orjson
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from drf_spectacular.utils import (
    OpenApiParameter,
    PolymorphicProxySerializer,
    extend_schema,
    inline_serializer,
)
from rest_framework import serializers
from rest_framework.request import Request

from evidence.api.base import CODE_PARAMETER, OPEN_TO_ALL, InvestigationView, refusals
from evidence.api.paging import PAGE_PARAMETERS, limit_of
from evidence.errors import InvalidInput
from geolocation.api.point_shapes import FILTER_PARAMETERS, PointSerializer, point_urls, stored_json
from geolocation.api.points import PublicView
from geolocation.exports.base import utc_text
from geolocation.feed_cursor import PREFIX, FeedCursor, feed_cursor_read, feed_cursor_write
from geolocation.forms.points import PointFilterForm, moment_understand
from geolocation.models import Audience, TombstoneReason
from geolocation.services.feed import (
    FeedEntry,
    StoredPoint,
    changes_order,
    feed_page,
    feed_start,
)

_INVESTIGATION = [each for each in FILTER_PARAMETERS if each.name == "investigation"]
_LIMIT = [each for each in PAGE_PARAMETERS if each.name == "limit"]
_SINCE = OpenApiParameter(
    "updated_since",
    str,
    description="The `cursor` of the last answer, as it is. To begin: a time with its offset, or nothing for "
    "everything there is.",
)
_NAMES = ("updated_since", "limit")
_LONGEST = 200


class PointToldSerializer(PointSerializer):
    """A point as it is now: add it, or replace the one you hold under this id."""

    type = serializers.ChoiceField(choices=["point"])


class TombstoneToldSerializer(serializers.Serializer[Any]):
    """A point that is not there any more: drop it."""

    type = serializers.ChoiceField(choices=["tombstone"])
    id = serializers.UUIDField()
    investigation = serializers.CharField()
    reason = serializers.ChoiceField(choices=TombstoneReason.choices)
    sentence = serializers.CharField(help_text="For people: what happened, and why.")
    removed_at = serializers.DateTimeField()


_PAGE = inline_serializer(
    "PointChangePage",
    {
        "results": PolymorphicProxySerializer(
            "PointChange",
            {"point": PointToldSerializer, "tombstone": TombstoneToldSerializer},
            resource_type_field_name="type",
            many=True,
        ),
        "cursor": serializers.CharField(help_text="The `updated_since` of your next request. Always there."),
        "next": serializers.URLField(help_text="The address of your next request, with that cursor."),
        "more": serializers.BooleanField(help_text="True: ask at once; false: you have everything for now."),
    },
)


class ChangeList(PublicView):
    known_parameters = ("investigation", *_NAMES)

    @extend_schema(
        operation_id="point_changes",
        parameters=[_SINCE, *_INVESTIGATION, *_LIMIT],
        responses={200: _PAGE, **refusals(400, 401)},
        auth=OPEN_TO_ALL,
    )
    def get(self, request: Request) -> HttpResponse:
        """What changed in what everybody may read, in order. The same for a member as for everybody."""
        code = code_asked(request.query_params.get("investigation", ""))
        return told(request, audience=Audience.PUBLIC, code=code)


class InvestigationChangeList(InvestigationView):
    known_parameters = _NAMES

    @extend_schema(
        operation_id="investigation_point_changes",
        parameters=[CODE_PARAMETER, _SINCE, *_LIMIT],
        responses={200: _PAGE, **refusals(400, 401, 404)},
    )
    def get(self, request: Request, code: str) -> HttpResponse:
        """What changed in the verified points of one investigation, for its members."""
        return told(request, audience=Audience.MEMBERS, code=self.investigation.code)


def told(request: Request, *, audience: Audience, code: str | None) -> HttpResponse:
    """One page of a feed, and where to continue."""
    limit = limit_of(request.query_params.get("limit"))
    feed = f"{audience.value}/{code or ''}"
    since = request.query_params.get("updated_since", "")
    # Before the place is sought, so that what is committed by now has one.
    after = _after(since, audience=audience, code=code, feed=feed)
    page = feed_page(audience=audience, code=code, after=after, limit=limit)
    cursor = feed_cursor_write(FeedCursor(feed=feed, place=page.place))
    query = {**request.query_params.dict(), "updated_since": cursor}
    url = point_urls(request._request)
    body = {
        "results": [entry_json(entry, url) for entry in page.entries],
        "cursor": cursor,
        "next": request.build_absolute_uri(f"{request.path}?{urlencode(query)}"),
        "more": page.has_more,
    }
    return HttpResponse(orjson.dumps(body), content_type="application/json")


def entry_json(entry: FeedEntry[StoredPoint], url: Callable[[object], str]) -> object:
    """What one reader is told of one point."""
    if entry.point is not None:
        return stored_json(entry.point, url, type="point")
    assert entry.removed_at is not None  # noqa: S101  every entry without a row has left
    return {
        "type": "tombstone",
        "id": str(entry.uid),
        "investigation": entry.investigation,
        "reason": entry.reason,
        "sentence": entry.sentence,
        "removed_at": utc_text(entry.removed_at),
    }


def _after(since: str, *, audience: Audience, code: str | None, feed: str) -> int:
    if since.startswith(PREFIX) or len(since) > _LONGEST:
        place = feed_cursor_read(since, feed=feed).place
        changes_order()
        return place
    try:
        moment = moment_understand(since)
    except ValidationError as refused:
        raise InvalidInput(str(refused.messages[0]), field="updated_since") from None
    changes_order()
    return feed_start(audience=audience, code=code, since=moment)


def code_asked(asked: str) -> str | None:
    """The code of the investigation as the filter understands it; its own sentence if it does not."""
    form = PointFilterForm({"investigation": asked})
    if not form.is_valid():
        raise ValidationError({name: list(errors) for name, errors in form.errors.items()})
    return form.point_filter.investigation
