"""Readings that stored files do not have yet, because their reader came with a later version."""

from __future__ import annotations

from django.db import transaction

from evidence.models import MediaFile, MetadataReading
from evidence.models.media import COLLECTED_ROLES
from evidence.services.ingest import readings_request


def readings_request_missing() -> int:
    """Ask for them, a file at a time; what was read stays as it is. Returns how many were asked for."""
    before = MetadataReading.objects.count()
    for media_file in MediaFile.objects.filter(role__in=COLLECTED_ROLES).order_by("pk").iterator():
        with transaction.atomic():
            readings_request(media_file=media_file)
    return MetadataReading.objects.count() - before
