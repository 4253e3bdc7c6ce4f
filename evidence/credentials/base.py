"""What a file's Content Credentials say, as values. Unknown is ``None``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class CredentialsState(StrEnum):
    """What can be said of the credentials as a whole. Only ``trusted`` says anything about the signer."""

    NONE = "none"  # the file holds none
    VALID = "valid"  # well-formed, and the signature fits; the signer is on no trust list of this server
    TRUSTED = "trusted"  # as valid, and the signer's certificate leads to the configured trust list
    INVALID = "invalid"  # something does not fit: see the failures
    UNREADABLE = "unreadable"  # there are some, and they cannot be read
    ELSEWHERE = "elsewhere"  # the file names an address that holds them; it was not asked


class TimeBasis(StrEnum):
    """What a signing time rests on."""

    TRUSTED_STAMP = "trusted_stamp"  # a time stamp of an authority on the trust list
    STAMP = "stamp"  # a time stamp that fits the signature, of an authority on no trust list
    UNCHECKED = "unchecked"  # a time stamp is there; the reader does not say that it fits


@dataclass(frozen=True, slots=True)
class Failure:
    """One thing that does not fit: the C2PA status code and the reader's own words for it."""

    code: str
    explanation: str
    is_ingredient: bool = False  # found in the credentials of something this file was made from


@dataclass(frozen=True, slots=True)
class Action:
    """One step of the making, in the order in which the signer lists them."""

    action: str  # c2pa.created, c2pa.cropped, or the software's own name for it
    when: str | None  # as written by the software; no time stamp stands behind it
    software: str | None
    source_type: str | None  # last part of the digitalSourceType
    detail: str | None


@dataclass(frozen=True, slots=True)
class Ingredient:
    """One thing the file was made from."""

    title: str | None
    relationship: str | None  # parentOf, componentOf, inputTo
    format: str | None
    has_credentials: bool
    signer: str | None


@dataclass(frozen=True, slots=True)
class CredentialsReading:
    """Everything that was read. ``signer`` and ``issuer`` are what a certificate says."""

    state: CredentialsState
    explanation: str = ""  # the reader's own words for unreadable ones
    remote_url: str | None = None
    signer: str | None = None
    signer_organisation: str | None = None
    issuer: str | None = None
    certificate_valid_from: str | None = None
    certificate_valid_to: str | None = None
    signed_at: str | None = None  # ISO 8601
    signed_at_basis: TimeBasis | None = None
    claim_generator: str | None = None
    title: str | None = None
    actions: tuple[Action, ...] = ()
    ingredients: tuple[Ingredient, ...] = ()
    source_types: tuple[str, ...] = ()  # digitalSourceType of this file, then of what it was made from
    assertions: tuple[str, ...] = ()  # labels
    failures: tuple[Failure, ...] = ()
    leaves_out_parts: bool = (
        False  # beyond the credentials themselves, the signer left parts of the file unsigned
    )
    has_trust_list: bool = False
    left_out: int = 0  # actions and ingredients beyond the caps

    def to_json(self) -> dict[str, Any]:
        """Plain lists, strings and numbers; ``from_json`` gives the same reading back."""
        return asdict(self)

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> CredentialsReading:
        """Rebuild a reading. Unknown keys are ignored; a wrong shape raises ValueError."""
        known = {name: plain[name] for name in cls.__dataclass_fields__ if name in plain}
        try:
            known["state"] = CredentialsState(known["state"])
            if known.get("signed_at_basis"):
                known["signed_at_basis"] = TimeBasis(known["signed_at_basis"])
            for name, kind in (("actions", Action), ("ingredients", Ingredient), ("failures", Failure)):
                known[name] = tuple(kind(**each) for each in known.get(name, ()))
            for name in ("source_types", "assertions"):
                known[name] = tuple(known.get(name, ()))
            return cls(**known)
        except (TypeError, KeyError) as error:
            raise ValueError(f"This is not a stored reading of credentials: {error}.") from error
