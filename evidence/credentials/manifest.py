"""From the reader's JSON to values: nothing of it is believed to have the shape it should."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .base import Action, Failure, Ingredient, TimeBasis

MOST_LISTED = 200
_MOST_CHARACTERS = 500
# Trust in the signer is a state of its own, not something that does not fit.
UNTRUSTED = "signingCredential.untrusted"
_STAMPS = {"timeStamp.trusted": TimeBasis.TRUSTED_STAMP, "timeStamp.validated": TimeBasis.STAMP}
Json = Mapping[str, Any]


def text(value: Any) -> str | None:
    """A string that is not empty, shortened; None for everything else."""
    if not isinstance(value, str) or not value.strip():
        return None
    return value if len(value) <= _MOST_CHARACTERS else value[: _MOST_CHARACTERS - 1] + "…"


def mapping(value: Any) -> Json:
    """A mapping, or an empty one."""
    return value if isinstance(value, Mapping) else {}


def rows(value: Any) -> list[Json]:
    """The mappings of a list."""
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def failures_of(results: Json) -> tuple[Failure, ...]:
    """What does not fit in this file, then in what it was made from. Trust is not part of it."""
    found = [
        Failure(code, text(each.get("explanation")) or "", is_ingredient)
        for statuses, is_ingredient in _statuses(results)
        for each in rows(statuses.get("failure"))
        if (code := text(each.get("code")) or "general.error") != UNTRUSTED
    ]
    return tuple(dict.fromkeys(found))[:MOST_LISTED]


def stamp_basis(results: Json) -> TimeBasis:
    """What the time stamp of this file's signature rests on."""
    active = mapping(results.get("activeManifest"))
    codes = {each.get("code") for kind in active.values() for each in rows(kind)}
    return next((basis for code, basis in _STAMPS.items() if code in codes), TimeBasis.UNCHECKED)


def leaves_out_parts(results: Json) -> bool:
    """Whether the signer left parts of the file out of what was signed, beyond the credentials themselves."""
    active = mapping(results.get("activeManifest"))
    codes = (str(each.get("code")) for kind in active.values() for each in rows(kind))
    return any(code.endswith(".additionalExclusionsPresent") for code in codes)


def _statuses(results: Json) -> Iterator[tuple[Json, bool]]:
    yield mapping(results.get("activeManifest")), False
    for delta in rows(results.get("ingredientDeltas")):
        yield mapping(delta.get("validationDeltas")), True


def actions_of(manifest: Json) -> list[Action]:
    """The steps in the order of the signer's lists."""
    found = []
    for assertion in rows(manifest.get("assertions")):
        if not str(assertion.get("label", "")).startswith("c2pa.actions"):
            continue
        for each in rows(mapping(assertion.get("data")).get("actions")):
            found.append(
                Action(
                    action=text(each.get("action")) or "",
                    when=text(each.get("when")),
                    software=_software(each.get("softwareAgent")),
                    source_type=_last_part(each.get("digitalSourceType")),
                    detail=text(each.get("description"))
                    or text(each.get("reason"))
                    or text(mapping(each.get("parameters")).get("description"))
                    or text(mapping(each.get("parameters")).get("name")),
                )
            )
    return found


def _software(value: Any) -> str | None:
    """Written as a name, or as an object with name and version."""
    if isinstance(value, Mapping):
        return text(" ".join(str(value[key]) for key in ("name", "version") if value.get(key)))
    return text(value)


def _last_part(value: Any) -> str | None:
    """`trainedAlgorithmicMedia` of its address."""
    found = text(value)
    return found.rstrip("/").rpartition("/")[2] if found else None


def ingredients_of(manifest: Json, manifests: Json) -> list[Ingredient]:
    """What the file was made from."""
    found = []
    for each in rows(manifest.get("ingredients")):
        label = each.get("active_manifest")
        own = mapping(manifests.get(label)) if isinstance(label, str) else {}
        found.append(
            Ingredient(
                title=text(each.get("title")),
                relationship=text(each.get("relationship")),
                format=text(each.get("format")),
                has_credentials=bool(own),
                signer=text(mapping(own.get("signature_info")).get("common_name")),
            )
        )
    return found


def generator_of(manifest: Json) -> str | None:
    """The software that wrote the statement, with its version."""
    infos = manifest.get("claim_generator_info")
    named = rows(infos) or ([infos] if isinstance(infos, Mapping) else [])
    return _software(named[0]) if named else text(manifest.get("claim_generator"))


def source_types_of(active: Json, manifests: Json) -> tuple[str, ...]:
    """Every digitalSourceType, of this file first."""
    others = [mapping(each) for each in manifests.values() if each is not active]
    found = [action.source_type for each in (active, *others) for action in actions_of(each)]
    return tuple(dict.fromkeys(kind for kind in found if kind))[:MOST_LISTED]
