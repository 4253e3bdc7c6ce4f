"""What can go wrong, as types: what the server refused, what could not be reached, what is wrong here.

Every one carries a sentence that says what happened and what to do. A refusal by the server also has its
stable `code`, the `fields` that did not fit, and the HTTP `status`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class ClientError(Exception):
    """The base of everything this package raises on purpose."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class UnsafeAddress(ClientError):
    """An address that would carry the token unencrypted, or to another server."""


class InvalidArgument(ClientError):
    """A value that cannot be sent as it is; nothing was asked of the server."""


class Unreachable(ClientError):
    """The server could not be reached or broke off, also after the tries that were allowed."""


class UnexpectedAnswer(ClientError):
    """The server answered something that is not of this API."""


class LocalFileError(ClientError):
    """A file or folder of this machine that cannot be read or written."""


class MissingExtra(ClientError):
    """A package that only this part needs is not installed."""


class MirrorMismatch(LocalFileError):
    """The file is no mirror, or one of another server, investigation or reader."""


class Refused(ClientError):
    """The server refused. `fields` holds the sentences for each value that did not fit."""

    def __init__(
        self,
        sentence: str,
        *,
        status: int,
        code: str = "",
        fields: Mapping[str, tuple[str, ...]] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(sentence)
        self.status = status
        self.code = code
        self.fields: dict[str, tuple[str, ...]] = dict(fields or {})
        self.body: dict[str, Any] = dict(body or {})

    def __str__(self) -> str:
        told = [f"{name}: {' '.join(sentences)}" for name, sentences in self.fields.items()]
        # A refusal of one field often says the same sentence twice.
        told = [each for each in told if not each.endswith(f": {self.sentence}")] or (
            [f"({', '.join(self.fields)})"] if self.fields else []
        )
        return " ".join([self.sentence, *told])


class Invalid(Refused):
    """400: a value does not fit."""


class NotSignedIn(Refused):
    """401: there is no token, or it is wrong or was ended."""


class NotAllowed(Refused):
    """403: the role does not carry this."""


class NotFound(Refused):
    """404: there is no such thing, or the reader may not know that there is."""


class Conflict(Refused):
    """409: something changed between reading and writing; nothing was saved."""


class Gone(Refused):
    """410: a point that left; `body["tombstone"]` says when and why."""


class TooLarge(Refused):
    """413: the file or the request is larger than what is taken."""


class UnsupportedFile(Refused):
    """415: a file of a kind that is not taken."""


class Busy(Refused):
    """429, 502, 503 or 504, also after the tries that were allowed."""


class ServerFault(Refused):
    """Any other 5xx: the fault is the server's."""


_BY_STATUS: dict[int, type[Refused]] = {
    400: Invalid,
    401: NotSignedIn,
    403: NotAllowed,
    404: NotFound,
    409: Conflict,
    410: Gone,
    413: TooLarge,
    415: UnsupportedFile,
    429: Busy,
    502: Busy,
    503: Busy,
    504: Busy,
}


def refusal(status: int, body: object) -> Refused:
    """The exception for an answer of 400 or more. `body` is its JSON, or None where there was none."""
    kind = _BY_STATUS.get(status, ServerFault if status >= 500 else Refused)
    whole = body if isinstance(body, dict) else {}
    error = whole.get("error")
    if not isinstance(error, dict):
        return kind(f"The server answered {status} and did not say why.", status=status)
    given = error.get("fields")
    fields = {
        str(name): tuple(map(str, told if isinstance(told, list) else [told]))
        for name, told in (given if isinstance(given, dict) else {}).items()
    }
    sentence = str(error.get("sentence") or f"The server answered {status}.")
    return kind(sentence, status=status, code=str(error.get("code", "")), fields=fields, body=whole)
