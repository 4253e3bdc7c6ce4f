"""Failures that a person can act on.

Every refusal in the application is one of these: a stable code for programs, one plain sentence for
people, and the form field it belongs to. `osint_catalogue.api_errors` maps each to an HTTP status.
"""

from __future__ import annotations

from collections.abc import Mapping


class CatalogueError(Exception):
    """Something was refused.

    `code` is stable and machine-readable; `sentence` says what is wrong and what to do; `field` names the
    form field it belongs to, or is None for the whole form. `details` is what a program can use beside the
    sentence, as JSON values; most refusals have none.
    """

    code = "refused"
    status = 400
    details: Mapping[str, object] = {}

    def __init__(self, sentence: str, *, field: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


class NotAllowed(CatalogueError):
    """The person belongs to the investigation but their role does not carry this permission."""

    code = "not_allowed"
    status = 403


class NotFound(CatalogueError):
    """There is no such thing, or the person may not know that there is."""

    code = "not_found"
    status = 404


class Conflict(CatalogueError):
    """Something changed between reading and deciding; nothing was saved."""

    code = "conflict"
    status = 409


class InvalidInput(CatalogueError):
    """A value does not fit; the field says which."""

    code = "invalid"
    status = 400


class FileRefused(CatalogueError):
    """An uploaded file was not taken: empty, too large, or of a kind that is not kept."""

    code = "file_refused"
    status = 400


class FileTooLarge(FileRefused):
    """An uploaded file is larger than what is taken here."""

    code = "file_too_large"
    status = 413


class FileKindRefused(FileRefused):
    """An uploaded file is of a kind that is not kept here."""

    code = "file_kind_refused"
    status = 415


class LinkRefused(CatalogueError):
    """A link was not taken: not a web address, or no post could be read in it."""

    code = "link_refused"
    status = 400


class ChainBroken(CatalogueError):
    """The custody log does not verify."""

    code = "chain_broken"
    status = 409
