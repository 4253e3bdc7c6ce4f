"""What every resource of the API shares: its parameters, its investigation, its refusals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, TypeVar

from django.core.exceptions import ValidationError
from django.core.files.uploadhandler import FileUploadHandler
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, inline_serializer
from rest_framework import serializers
from rest_framework.exceptions import NotFound as AddressNotFound
from rest_framework.parsers import BaseParser
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from evidence.api.parsers import BoundedJSONParser
from evidence.errors import InvalidInput, NotFound
from evidence.models import Investigation
from evidence.permissions import require

Row = TypeVar("Row", bound=Model)

CODE_PARAMETER = OpenApiParameter(
    "code", str, OpenApiParameter.PATH, description="The code of the investigation."
)
REFERENCE_PARAMETER = OpenApiParameter(
    "reference", str, OpenApiParameter.PATH, description="A reference, such as M07, C03 or G12."
)

ERROR = inline_serializer(
    "Refusal",
    {
        "error": inline_serializer(
            "RefusalBody",
            {
                "code": serializers.CharField(help_text="Stable, for programs."),
                "sentence": serializers.CharField(help_text="What is wrong and what to do, for people."),
                "fields": serializers.DictField(
                    child=serializers.ListField(child=serializers.CharField()), required=False
                ),
            },
        )
    },
)
# For operations that answer without a sign-in too. The type of extend_schema's `auth` names schemes alone.
OPEN_TO_ALL: Any = [{}, {"bearerToken": []}, {"cookieAuth": []}]

_MEANINGS = {
    400: "A value does not fit; the sentence and the fields say which and why.",
    401: "Nobody is signed in, or the token is not valid.",
    403: "The role does not carry this.",
    404: "There is no such thing, or the reader may not know that there is.",
    409: "Something changed between reading and deciding; nothing was saved.",
    410: "It was there and left; the tombstone says when and why.",
    413: "The file or the request is larger than what is taken.",
    415: "A file or a request of a kind that is not taken.",
}


def refusals(*statuses: int) -> dict[int, OpenApiResponse]:
    """The refusals of an operation, for its description."""
    return {status: OpenApiResponse(ERROR, _MEANINGS[status]) for status in statuses}


class CatalogueView(APIView):
    """Refuses parameters it does not know: a misspelled filter would hand out more than was asked for."""

    known_parameters: ClassVar[Sequence[str]] = ()
    parser_classes: Sequence[type[BaseParser]] = [BoundedJSONParser]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        self.perform_authentication(request)
        parameters_refuse(request.query_params, self.known_parameters)
        super().initial(request, *args, **kwargs)


class InvestigationView(CatalogueView):
    """A resource inside one investigation, for its members; to everybody else it does not exist.

    `writing_needs` is asked before a body is read: who may not write learns nothing of what would fit, and
    sends no file. A resource that takes files says in `file_handler` how.
    """

    investigation: Investigation
    writing_needs: ClassVar[str] = "evidence.view"

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.investigation = investigation_for(request.user, kwargs["code"])
        writes = request.method == "POST" and hasattr(self, "post")
        require(request.user, self.writing_needs if writes else "evidence.view", self.investigation)
        handler = self.file_handler(request._request) if writes else None
        if handler is not None:
            request._request.upload_handlers = [handler]

    def file_handler(self, request: HttpRequest) -> FileUploadHandler | None:
        """What takes the files out of a request that may write; None where no files are taken."""
        return None


class UnknownAddress(APIView):
    """Any address under /api/ that is nothing: 404 in the one error shape."""

    authentication_classes = ()
    permission_classes = [AllowAny]
    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise AddressNotFound(_("There is no such address. /api/v1/schema describes the ones there are."))


def investigation_for(user: Any, code: str) -> Investigation:
    """The investigation with this code, if the person belongs to it; else NotFound."""
    found: Investigation | None = Investigation.objects.for_user(user).filter(code=code).first()
    if found is None:
        raise NotFound(_("There is no such investigation, or you do not belong to it."))
    return found


def row_for(rows: QuerySet[Row], *, reference: str) -> Row:
    """The row with this reference; else NotFound."""
    found = rows.filter(reference__iexact=reference).first()
    if found is None:
        raise NotFound(_("There is no %(reference)s in this investigation.") % {"reference": reference})
    return found


def rows_named(rows: QuerySet[Row], names: Iterable[str], *, column: str, field: str) -> list[Row]:
    """The rows that a request names by reference or key; InvalidInput names the first that is not there."""
    wanted = list(dict.fromkeys(names))
    found = {getattr(row, column): row for row in rows.filter(**{f"{column}__in": wanted})}
    for name in wanted:
        if name not in found:
            raise InvalidInput(
                _("There is no “%(name)s” in this investigation.") % {"name": name}, field=field
            )
    return [found[name] for name in wanted]


def parameters_refuse(given: Any, known: Iterable[str]) -> None:
    """Raise ValidationError for a parameter that is not known, or stands in the address twice."""
    names = sorted(known)
    for name in given:
        if name not in names:
            raise ValidationError(
                {
                    name[:80]: _("There is no parameter “%(name)s” here. Known are: %(known)s.")
                    % {"name": name[:80], "known": ", ".join(names) or _("none")}
                }
            )
        if len(given.getlist(name)) > 1:
            raise ValidationError({name: _("“%(name)s” is given more than once.") % {"name": name}})


def checked(serializer: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    """The body as the serializer understands it; a body that is not an object is refused with a sentence."""
    read = serializer(data=request.data)
    read.is_valid(raise_exception=True)
    validated: dict[str, Any] = read.validated_data
    refuse_unknown(read, request.data)
    return validated


def refuse_unknown(serializer: serializers.Serializer[Any], given: Any) -> None:
    """A misspelled field would be lost in silence, and its value with it."""
    for name in given:
        if name not in serializer.fields:
            raise ValidationError(
                {
                    name[:80]: _("There is no field “%(name)s” here. Known are: %(known)s.")
                    % {"name": name[:80], "known": ", ".join(serializer.fields)}
                }
            )


def created(data: Any, location: str) -> Response:
    """201 with the address of what was made."""
    return Response(data, status=201, headers={"Location": location})
