"""Asking a reader that does not read by itself, such as exiftool for a second opinion."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from evidence.api.base import CODE_PARAMETER, REFERENCE_PARAMETER, InvestigationView, refusals
from evidence.api.media_shapes import ReadingSerializer
from evidence.errors import NotFound
from evidence.models import MediaFile
from evidence.models.media import COLLECTED_ROLES
from evidence.services.readers.registry import READERS
from evidence.services.reading import reading_ask

_FILE_PARAMETER = OpenApiParameter(
    "sha256", str, OpenApiParameter.PATH, description="The SHA-256 of a collected file of the recording."
)
_READER_PARAMETER = OpenApiParameter(
    "reader",
    str,
    OpenApiParameter.PATH,
    enum=list(READERS),
    description="Which reader; `exiftool` gives a second opinion on the metadata.",
)


@extend_schema(parameters=[CODE_PARAMETER, REFERENCE_PARAMETER, _FILE_PARAMETER, _READER_PARAMETER])
class ReadingAsk(InvestigationView):
    writing_needs = "evidence.edit_media"

    @extend_schema(
        operation_id="reading_ask",
        request=None,
        responses={202: ReadingSerializer, **refusals(400, 401, 403, 404)},
    )
    def post(self, request: Request, code: str, reference: str, sha256: str, reader: str) -> Response:
        """Have one reader read the file; a reading under way is left to end.

        The answer is the reading as it stands. What comes of it is in the recording's `files`, and for
        exiftool also beside our own reading in `second_opinion`.
        """
        found = (
            MediaFile.objects.filter(
                media_item__investigation=self.investigation,
                media_item__reference__iexact=reference,
                role__in=COLLECTED_ROLES,
                sha256=sha256.lower(),
            )
            .select_related("media_item__investigation")
            .first()
        )
        if found is None:
            raise NotFound(_("There is no such file of %(reference)s.") % {"reference": reference[:20]})
        # One transaction, so that the queue hears of it only once the row says so.
        with transaction.atomic():
            reading = reading_ask(actor=request.user, media_file=found, reader_key=reader)
            reading.refresh_from_db()
        return Response(ReadingSerializer(reading, context={"may_edit": True}).data, status=202)
