"""Read Content Credentials with the C2PA project's own library, kept off the network by its settings."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from c2pa import C2paError, Context, Reader, Settings

from evidence.progress import Progress

from .base import CredentialsReading, CredentialsState
from .manifest import (
    MOST_LISTED,
    Json,
    actions_of,
    failures_of,
    generator_of,
    ingredients_of,
    leaves_out_parts,
    mapping,
    rows,
    source_types_of,
    stamp_basis,
    text,
)

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_MOST_SAID = 0.99  # how often the library goes through the file is its own matter
_REMOTE = "must fetch remote manifests from url"


class _Told(io.BufferedReader):
    """The file, which says how much of it was read: the library hashes it whole to compare it."""

    def __init__(self, path: Path) -> None:
        raw = io.FileIO(path)
        super().__init__(raw, 1 << 16)
        self._size_bytes = raw.seek(0, io.SEEK_END)
        raw.seek(0)
        self._read_bytes = 0
        self._progress = Progress()

    def readinto(self, buffer: WriteableBuffer) -> int:
        count = super().readinto(buffer)
        self._read_bytes += count
        self._progress.say(min(_MOST_SAID, self._read_bytes / self._size_bytes) if self._size_bytes else 0)
        return count


def read_credentials(path: Path, mime_type: str, *, trust_list_pem: str = "") -> CredentialsReading:
    """What the credentials of a file say. Never raises for what is in it; OSError if it cannot be opened.

    ``trust_list_pem`` holds root certificates, of signers and of time-stamp authorities; without it nobody is
    trusted.
    """
    with _Told(path) as file:
        try:
            reader = Reader.try_create(mime_type, file, context=_offline(trust_list_pem))
            if reader is None:
                return CredentialsReading(CredentialsState.NONE, has_trust_list=bool(trust_list_pem))
            with reader:
                return _reading(reader, has_trust_list=bool(trust_list_pem))
        except (C2paError, ValueError) as error:
            return _not_read(str(error), has_trust_list=bool(trust_list_pem))


def _offline(trust_list_pem: str) -> Context:
    """All three settings are needed: without one of them the library connects to hosts named in the file."""
    settings: dict[str, Any] = {
        "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False, "verify_trust": True},
        "core": {"allowed_network_hosts": []},
    }
    if trust_list_pem:
        settings["trust"] = {"user_anchors": trust_list_pem}
    return Context(Settings.from_dict(settings))


def _not_read(words: str, *, has_trust_list: bool) -> CredentialsReading:
    _, is_remote, url = words.partition(_REMOTE)
    if is_remote:
        return CredentialsReading(
            CredentialsState.ELSEWHERE, remote_url=text(url.strip()), has_trust_list=has_trust_list
        )
    return CredentialsReading(
        CredentialsState.UNREADABLE, explanation=text(words) or "", has_trust_list=has_trust_list
    )


def _reading(reader: Reader, *, has_trust_list: bool) -> CredentialsReading:
    store = mapping(json.loads(reader.json()))
    manifests = mapping(store.get("manifests"))
    active = mapping(manifests.get(str(store.get("active_manifest"))))
    results = mapping(store.get("validation_results"))
    certificate = _certificate(reader, str(store.get("active_manifest")))
    signature = mapping(active.get("signature_info"))
    failures = failures_of(results)
    actions, ingredients = actions_of(active), ingredients_of(active, manifests)
    signed_at = text(signature.get("time"))
    return CredentialsReading(
        state=_state(store.get("validation_state"), has_trust_list, bool(failures)),
        remote_url=text(reader.get_remote_url()),
        signer=text(signature.get("common_name")),
        signer_organisation=text(mapping(certificate.get("subject")).get("O")),
        issuer=_name(mapping(certificate.get("issuer"))),
        certificate_valid_from=text(mapping(certificate.get("validity")).get("notBefore")),
        certificate_valid_to=text(mapping(certificate.get("validity")).get("notAfter")),
        signed_at=signed_at,
        signed_at_basis=stamp_basis(results) if signed_at else None,
        claim_generator=generator_of(active),
        title=text(active.get("title")),
        actions=tuple(actions[:MOST_LISTED]),
        ingredients=tuple(ingredients[:MOST_LISTED]),
        source_types=source_types_of(active, manifests),
        assertions=_labels(active),
        failures=failures,
        leaves_out_parts=leaves_out_parts(results),
        has_trust_list=has_trust_list,
        left_out=max(0, len(actions) - MOST_LISTED) + max(0, len(ingredients) - MOST_LISTED),
    )


def _labels(manifest: Json) -> tuple[str, ...]:
    found = (text(each.get("label")) for each in rows(manifest.get("assertions"))[:MOST_LISTED])
    return tuple(label for label in found if label)


def _state(said: Any, has_trust_list: bool, has_failures: bool) -> CredentialsState:
    """The library's verdict, which is never made better than it is."""
    if has_failures or said not in ("Valid", "Trusted"):
        return CredentialsState.INVALID
    return CredentialsState.TRUSTED if said == "Trusted" and has_trust_list else CredentialsState.VALID


def _certificate(reader: Reader, label: str) -> Json:
    """The signer's certificate as the library prints it; empty if it does not."""
    printed = mapping(json.loads(reader.crjson()))
    for each in rows(printed.get("manifests")):
        if each.get("label") == label:
            return mapping(mapping(each.get("signature")).get("certificateInfo"))
    return {}


def _name(distinguished: Json) -> str | None:
    """Common name and organisation of a certificate's subject or issuer."""
    parts = [part for key in ("CN", "O") if (part := text(distinguished.get(key)))]
    return ", ".join(dict.fromkeys(parts)) or None
