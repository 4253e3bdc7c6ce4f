"""A file's Content Credentials for the page: what a signer states, apart from what the check of it gave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from evidence.credentials import CredentialsReading, CredentialsState
from evidence.models import MetadataReading, ReadingState
from evidence.views.credentials_words import (
    ACTIONS,
    FAILURES,
    RELATIONS,
    SOURCE_TYPES,
    STATES,
    SYNTHETIC,
    TIME_BASES,
)


@dataclass(frozen=True, kw_only=True)
class ShownStep:
    """One edit as the signer states it."""

    words: str
    code: str
    by: str
    when: str
    source: str
    detail: str


@dataclass(frozen=True, kw_only=True)
class ShownFailure:
    """One thing that does not fit: in words, with the standard's code and the reader's own explanation."""

    words: str
    code: str
    explanation: str
    is_ingredient: bool


@dataclass(frozen=True, kw_only=True)
class ShownIngredient:
    """One thing it was made from."""

    title: str
    relation: str
    credentials: str


@dataclass(frozen=True, kw_only=True)
class ShownCredentials:
    """What the page shows."""

    said: CredentialsReading
    chip: str
    chip_word: str
    sentence: str
    signed_at: datetime | None
    signed_at_basis: str
    valid_from: datetime | None
    valid_to: datetime | None
    steps: tuple[ShownStep, ...]
    ingredients: tuple[ShownIngredient, ...]
    failures: tuple[ShownFailure, ...]
    sources: tuple[str, ...]
    is_synthetic: bool

    @property
    def has_content(self) -> bool:
        return self.said.state in (
            CredentialsState.VALID,
            CredentialsState.TRUSTED,
            CredentialsState.INVALID,
        )


def credentials_shown(reading: MetadataReading | None) -> ShownCredentials | None:
    """None while there is no answer, and for a file without credentials: then one line says so."""
    if reading is None or not reading.fields or reading.state == ReadingState.FAILED:
        return None
    said = CredentialsReading.from_json(reading.fields)
    if said.state == CredentialsState.NONE:
        return None
    chip, word = STATES[said.state]
    return ShownCredentials(
        said=said,
        chip=chip,
        chip_word=str(word),
        sentence=reading.sentence,
        signed_at=_moment(said.signed_at),
        signed_at_basis=str(TIME_BASES[said.signed_at_basis]) if said.signed_at_basis else "",
        valid_from=_moment(said.certificate_valid_from),
        valid_to=_moment(said.certificate_valid_to),
        steps=_steps(said),
        ingredients=_ingredients(said),
        failures=_failures(said),
        sources=tuple(_source(each) for each in said.source_types),
        is_synthetic=not SYNTHETIC.isdisjoint(said.source_types),
    )


def _moment(text: str | None) -> datetime | None:
    """An aware moment; what is none stays unsaid."""
    try:
        found = parse_datetime(text) if text else None
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None


def _source(code: str | None) -> str:
    return str(SOURCE_TYPES.get(code, code)) if code else ""


def _steps(said: CredentialsReading) -> tuple[ShownStep, ...]:
    return tuple(
        ShownStep(
            words=str(ACTIONS.get(each.action, each.action)),
            code=each.action,
            by=each.software or "",
            when=each.when or "",
            source=_source(each.source_type),
            detail=each.detail or "",
        )
        for each in said.actions
    )


def _ingredients(said: CredentialsReading) -> tuple[ShownIngredient, ...]:
    found = []
    for each in said.ingredients:
        if not each.has_credentials:
            credentials = _("without credentials of its own")
        elif each.signer:
            credentials = _("with credentials of its own, signed by %(signer)s") % {"signer": each.signer}
        else:
            credentials = _("with credentials of its own")
        relation = str(RELATIONS.get(each.relationship or "", each.relationship or ""))
        title = each.title or each.format or _("not named")
        found.append(ShownIngredient(title=title, relation=relation, credentials=credentials))
    return tuple(found)


def _failures(said: CredentialsReading) -> tuple[ShownFailure, ...]:
    return tuple(
        ShownFailure(
            words=str(FAILURES.get(each.code, _("Something does not fit that has no words here yet."))),
            code=each.code,
            explanation=each.explanation,
            is_ingredient=each.is_ingredient,
        )
        for each in said.failures
    )
