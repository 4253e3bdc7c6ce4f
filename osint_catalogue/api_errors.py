"""The one table from failure to status, and the one shape every API error has.

`{"error": {"code": "...", "sentence": "...", "fields": {"name": ["..."]}}}`: the code is stable, the sentence
is for people, and fields is there when single values were refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
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
        return Response(_body(failure.code, failure.sentence, fields), status=failure.status)
    if isinstance(failure, ValidationError):
        fields = failure.message_dict if hasattr(failure, "error_dict") else {"": failure.messages}
        return Response(_body("invalid", _("Some values do not fit."), fields), status=400)
    answer = exception_handler(failure, context)  # type: ignore[arg-type]
    if answer is None:
        return None
    code, sentence, fields = _described(failure)
    answer.data = _body(code, sentence, fields)
    return answer


def _described(failure: Exception) -> tuple[str, str, dict[str, Any]]:
    if isinstance(failure, exceptions.ValidationError):
        detail = failure.detail
        fields = dict(detail) if isinstance(detail, dict) else {"": list(detail)}
        return "invalid", _("Some values do not fit."), fields
    if isinstance(failure, Http404):
        return "not_found", _("There is nothing here, or you may not see it."), {}
    if isinstance(failure, PermissionDenied):
        return "not_allowed", _("Your role does not carry this."), {}
    if isinstance(failure, exceptions.APIException):
        return str(failure.default_code), str(failure.detail), {}
    return "refused", str(failure), {}


def _body(code: str, sentence: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    error: dict[str, Any] = {"code": code, "sentence": sentence}
    if fields:
        error["fields"] = {name or "form": value for name, value in fields.items()}
    return {"error": error}
