"""Content Credentials: a signed statement about how the file was made, read offline by a child process."""

from __future__ import annotations

import json

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evidence.credentials import (
    SUPPORTED_TYPES,
    VERSION,
    CredentialsReading,
    CredentialsState,
    may_hold_credentials,
)
from evidence.models import MediaFile, ReadingState
from evidence.sandbox import Failure
from evidence.services import custody
from evidence.services.readers.base import Job, Lane, Outcome, Reader, child_sentence, failed, storable

_OUTPUT_BYTES = 16 * 1024 * 1024


def _read(job: Job) -> Outcome:
    mime_type = job.media_file.mime_type
    # Most files hold none, and a look at their bytes says so without starting a program.
    if not may_hold_credentials(job.path, mime_type):
        return _outcome(CredentialsReading(CredentialsState.NONE))
    options = ["--type", mime_type]
    if settings.CREDENTIALS_TRUST_LIST:
        options += ["--trust-list", settings.CREDENTIALS_TRUST_LIST]
    output = job.child(
        "evidence.credentials", *options, str(job.path.resolve()), stdout_limit_bytes=_OUTPUT_BYTES
    )
    if isinstance(output, Failure):
        return failed(child_sentence(output))
    return _outcome(CredentialsReading.from_json(storable(json.loads(output.stdout))))


def _outcome(found: CredentialsReading) -> Outcome:
    is_there = found.state != CredentialsState.NONE
    return Outcome(
        state=ReadingState.DONE if is_there else ReadingState.NOTHING_FOUND,
        sentence=_sentence(found),
        columns={"fields": found.to_json()},
        custody=(
            custody.FILE_READ,
            {"reader": READER.key, "version": VERSION, "credentials": str(found.state)},
        )
        if is_there
        else None,
    )


def _sentence(found: CredentialsReading) -> str:
    """The state, exactly: a signature that fits says that nothing was changed since, not who made it."""
    sentence = _state_sentence(found.state)
    if found.leaves_out_parts:
        sentence += " " + _("The signer left parts of the file unsigned; those may have been changed.")
    return sentence


def _state_sentence(state: CredentialsState) -> str:
    return {
        CredentialsState.NONE: _("The file holds no Content Credentials. Most files hold none."),
        CredentialsState.VALID: _(
            "The credentials are well-formed and the signature is valid: the file is unchanged since it was "
            "signed. The signer is on no trust list of this server, so the name is the signer's own."
        ),
        CredentialsState.TRUSTED: _(
            "The credentials are well-formed, the signature is valid, and the signer's certificate leads to "
            "the trust list that this server is set to use."
        ),
        CredentialsState.INVALID: _(
            "There are credentials, and something in them does not fit. What they say is not to be relied on."
        ),
        CredentialsState.UNREADABLE: _(
            "There are marks of credentials in the file, and they cannot be read."
        ),
        CredentialsState.ELSEWHERE: _(
            "The file names an address that keeps its credentials. It was not asked: nothing here goes to "
            "addresses that a file names."
        ),
    }[state]


def _lane(media_file: MediaFile) -> Lane:
    """A video is hashed whole to compare it with what was signed."""
    return Lane.LONG if media_file.mime_type.startswith("video/") else Lane.QUICK


def _is_wanted(media_file: MediaFile) -> bool:
    return media_file.mime_type in SUPPORTED_TYPES


READER = Reader(
    key="credentials",
    version=VERSION,
    label=gettext_lazy("Content Credentials"),
    read=_read,
    is_wanted=_is_wanted,
    lane=_lane,
    tells_progress=True,
    is_said_elsewhere=True,
)
