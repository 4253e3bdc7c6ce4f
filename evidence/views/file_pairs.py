"""The other half of a Live Photo: files of the investigation that carry the same content identifier."""

from __future__ import annotations

from django.db.models import QuerySet

from evidence.models import MediaFile
from evidence.models.media import COLLECTED_ROLES
from evidence.services.readers.registry import WALKER

_MOST_SHOWN = 20


def pairs_of(media_file: MediaFile, content_identifier: str) -> QuerySet[MediaFile]:
    """Other collected files with this identifier; none for an empty one."""
    if not content_identifier:
        return MediaFile.objects.none()
    return (
        MediaFile.objects.filter(
            investigation_id=media_file.investigation_id,
            role__in=COLLECTED_ROLES,
            readings__reader=WALKER,
            readings__fields__content_identifier=content_identifier,
        )
        .exclude(pk=media_file.pk)
        .select_related("media_item__investigation")
        .order_by("pk")[:_MOST_SHOWN]
    )
