"""Snapshots: the list, one of them, its points, its manifest, its checksums."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from evidence.api.base import OPEN_TO_ALL, refusals
from evidence.api.paging import PAGE_NAMES, PAGE_PARAMETERS, page_of, paged
from evidence.errors import NotFound
from evidence.file_answers import stored_answer
from geolocation.api.changes import code_asked
from geolocation.api.point_shapes import FILTER_PARAMETERS
from geolocation.api.points import PublicView
from geolocation.exports import geojson
from geolocation.models import Snapshot
from geolocation.services.snapshots import MANIFEST_FILE, POINTS_FILE, checksums, left_since

Get = TypeVar("Get", bound=Callable[..., HttpResponseBase])

_INVESTIGATION = [each for each in FILTER_PARAMETERS if each.name == "investigation"]
_NAME = OpenApiParameter(
    "name", str, OpenApiParameter.PATH, description="Code and number of the snapshot, as `NK23.1`."
)


class SnapshotSerializer(serializers.ModelSerializer[Snapshot]):
    """One snapshot. It never changes; `url` is its page, which knows what left since."""

    url = serializers.SerializerMethodField()
    investigation = serializers.CharField(source="investigation.code")
    previous = serializers.CharField(source="previous.identifier", default=None, allow_null=True)
    filter = serializers.CharField(source="filter_text")
    points_sha256 = serializers.CharField(source="geojson_sha256")
    points_bytes = serializers.IntegerField(source="geojson_bytes")
    points_url = serializers.SerializerMethodField()
    manifest_url = serializers.SerializerMethodField()

    class Meta:
        model = Snapshot
        fields = (
            "identifier",
            "url",
            "investigation",
            "number",
            "name",
            "note",
            "published_at",
            "previous",
            "filter",
            "attribution",
            "licence",
            "point_count",
            "points_url",
            "points_sha256",
            "points_bytes",
            "manifest_url",
            "manifest_sha256",
        )

    def get_url(self, snapshot: Snapshot) -> str:
        return self._absolute(snapshot.get_absolute_url())

    def get_points_url(self, snapshot: Snapshot) -> str:
        return self._absolute(reverse("api-snapshot-points", args=[snapshot.short_name]))

    def get_manifest_url(self, snapshot: Snapshot) -> str:
        return self._absolute(reverse("api-snapshot-manifest", args=[snapshot.short_name]))

    def _absolute(self, path: str) -> str:
        address: str = self.context["request"].build_absolute_uri(path)
        return address


class LeftSinceSerializer(serializers.Serializer[Any]):
    """A point of the snapshot that is not verified now, or in another revision."""

    id = serializers.UUIDField(source="point.uid")
    revision = serializers.IntegerField(source="point.revision.number", help_text="In the snapshot.")
    revision_now = serializers.IntegerField(
        source="current.revision.number", default=None, allow_null=True, help_text="Null: it left."
    )
    reason = serializers.CharField(source="tombstone.reason", default="")
    sentence = serializers.CharField(source="tombstone.sentence", default="")


class SnapshotDetailSerializer(SnapshotSerializer):
    """The snapshot with what changed against the last one, and what left since it was published."""

    changes = serializers.JSONField(source="changelog", help_text="`added`, `changed` and `removed`.")
    left_since = serializers.SerializerMethodField()

    class Meta(SnapshotSerializer.Meta):
        # The stubs give the shorter tuple of the parent as the type of this one.
        fields = (*SnapshotSerializer.Meta.fields, "changes", "left_since")  # type: ignore[assignment]

    @extend_schema(responses=LeftSinceSerializer(many=True))
    def get_left_since(self, snapshot: Snapshot) -> list[dict[str, Any]]:
        found: Any = LeftSinceSerializer(left_since(snapshot), many=True).data
        return list(found)


class SnapshotList(PublicView):
    known_parameters = ("investigation", *PAGE_NAMES)

    @extend_schema(
        operation_id="snapshots_list",
        parameters=[*_INVESTIGATION, *PAGE_PARAMETERS],
        responses={200: paged("SnapshotPage", SnapshotSerializer), **refusals(400, 401)},
        auth=OPEN_TO_ALL,
    )
    def get(self, request: Request) -> Response:
        """Snapshots, in pages. Without a sign-in: those of published investigations."""
        rows = Snapshot.objects.readable_by(request.user).select_related("investigation", "previous")
        code = code_asked(request.query_params.get("investigation", ""))
        if code:
            rows = rows.filter(investigation__code=code)
        page = page_of(rows, request)
        shown = SnapshotSerializer(page.rows, many=True, context={"request": request})
        return Response({"results": shown.data, "next": page.next_url})


class OneSnapshotView(PublicView):
    """One snapshot by code and number; NotFound for whoever may not read its points."""

    def found(self, request: Request, name: str) -> Snapshot:
        snapshot: Snapshot | None = Snapshot.objects.readable_by(request.user).called(name)
        if snapshot is None:
            raise NotFound(_("There is no such snapshot, or you may not read it."))
        return snapshot


class SnapshotDetail(OneSnapshotView):
    @extend_schema(
        operation_id="snapshots_read",
        parameters=[_NAME],
        responses={200: SnapshotDetailSerializer, **refusals(401, 404)},
        auth=OPEN_TO_ALL,
    )
    def get(self, request: Request, name: str) -> Response:
        """One snapshot, what changed against the last one, and which of its points left since."""
        shown = SnapshotDetailSerializer(self.found(request, name), context={"request": request})
        return Response(shown.data)


class SnapshotFileView(OneSnapshotView):
    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        # The address names the file; the renderer writes refusals alone.
        renderer = self.get_renderers()[0]
        return renderer, renderer.media_type


def file_described(operation_id: str, media_type: str, what: str) -> Callable[[Get], Get]:
    """The description that the files share."""
    return extend_schema(
        operation_id=operation_id,
        parameters=[_NAME],
        responses={
            (200, media_type): OpenApiResponse(OpenApiTypes.BINARY, what),
            **{(status, "application/json"): body for status, body in refusals(401, 404).items()},
        },
        auth=OPEN_TO_ALL,
    )


class SnapshotPoints(SnapshotFileView):
    @file_described("snapshots_points", geojson.MEDIA_TYPE, "The points, as they were published.")
    def get(self, request: Request, name: str) -> HttpResponseBase:
        """The points of a snapshot as GeoJSON: the same bytes as on the day it was published."""
        snapshot = self.found(request, name)
        return stored_answer(
            request._request,
            sha256=snapshot.geojson_sha256,
            mime_type=geojson.MEDIA_TYPE,
            name=POINTS_FILE,
            is_inline=False,
        )


class SnapshotManifest(SnapshotFileView):
    @file_described("snapshots_manifest", "application/json", "Files with their digests, and every revision.")
    def get(self, request: Request, name: str) -> HttpResponse:
        """The manifest of a snapshot: files with their SHA-256, changes, and every revision it holds."""
        snapshot = self.found(request, name)
        return attached(snapshot.manifest, "application/json", MANIFEST_FILE)


class SnapshotChecksums(SnapshotFileView):
    @file_described("snapshots_checksums", "text/plain", "What `sha256sum --check` reads.")
    def get(self, request: Request, name: str) -> HttpResponse:
        """The digests of both files, as `sha256sum --check` reads them."""
        return attached(checksums(self.found(request, name)), "text/plain; charset=utf-8", "SHA256SUMS")


def attached(text: str, media_type: str, name: str) -> HttpResponse:
    """A text as a file to save."""
    answer = HttpResponse(text, content_type=media_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
