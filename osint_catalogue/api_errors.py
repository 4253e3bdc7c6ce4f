"""The one table from failure to status, and the one shape every API error has.

`{"error": {"code": "...", "sentence": "...", "fields": {"name": ["..."]}}}`: the code is stable, the sentence
is for people, and fields is there when single values were refused. A refusal that has something for programs
to work with, such as the readings of an ambiguous position, adds it beside them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation, ValidationError
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from evidence.errors import CatalogueError


def handle(failure: Exception, context: Mapping[str, Any]) -> Response | None:
    """REST framework's EXCEPTION_HANDLER. None for what is not a refusal: that is a 500 and logged."""
    if isinstance(failure, CatalogueError):
        fields = {failure.field: [failure.sentence]} if failure.field else {}
        return Response(_body(failure.code, failure.sentence, fields, failure.details), status=failure.status)
    if isinstance(failure, ValidationError):
        fields = failure.message_dict if hasattr(failure, "error_dict") else {"": failure.messages}
        return Response(_body("invalid", _("Some values do not fit."), fields), status=400)
    if isinstance(failure, SuspiciousOperation):
        return _suspicious(failure)
    answer = exception_handler(failure, context)  # type: ignore[arg-type]
    if answer is None:
        return None
    code, sentence, fields = _described(failure)
    answer.data = _body(code, sentence, fields)
    return answer


def _suspicious(failure: SuspiciousOperation) -> Response:
    """What Django refuses while it reads a request: too much of it, too many parts."""
    if isinstance(failure, RequestDataTooBig):
        sentence = _("This request is larger than what is taken here. Send files to media/upload.")
        return Response(_body("too_large", sentence, {}), status=413)
    return Response(_body("parse_error", _("This request could not be read."), {}), status=400)


def _described(failure: Exception) -> tuple[str, str, dict[str, Any]]:
    if isinstance(failure, exceptions.ValidationError):
        return "invalid", _("Some values do not fit."), dict(_flat(failure.detail))
    if isinstance(failure, Http404):
        return "not_found", _("There is nothing here, or you may not see it."), {}
    if isinstance(failure, PermissionDenied):
        return "not_allowed", _("Your role does not carry this."), {}
    if isinstance(failure, exceptions.APIException):
        return str(failure.default_code), str(failure.detail), {}
    return "refused", str(failure), {}


def _flat(detail: Any, path: str = "") -> Iterator[tuple[str, list[str]]]:
    """Refused values by their path: {"camera": {"text": ["…"]}} becomes camera.text."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            yield from _flat(inner, path if name == "non_field_errors" else f"{path}.{name}".lstrip("."))
    elif isinstance(detail, list) and any(isinstance(inner, (dict, list)) for inner in detail):
        for number, inner in enumerate(detail):
            if inner:
                yield from _flat(inner, f"{path}.{number}".lstrip("."))
    else:
        yield path, [str(inner) for inner in detail] if isinstance(detail, list) else [str(detail)]


def _body(
    code: str, sentence: str, fields: Mapping[str, Any], details: Mapping[str, object] | None = None
) -> dict[str, Any]:
    error: dict[str, Any] = {"code": code, "sentence": sentence}
    if fields:
        error["fields"] = {name or "form": value for name, value in fields.items()}
    return {"error": {**error, **(details or {})}}
