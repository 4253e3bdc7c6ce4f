"""What differs between two snapshots: points added, changed and removed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class HeldPoint:
    """One point of a snapshot; `sha256` is the digest of its feature as it stands in the file."""

    uid: str
    reference: str
    title: str
    revision: int
    sha256: str


def changes_between(
    before: Mapping[str, HeldPoint], after: Mapping[str, HeldPoint], reasons: Mapping[str, Mapping[str, str]]
) -> dict[str, list[dict[str, object]]]:
    """`added`, `changed` and `removed`, each in the order of the snapshot it is read from.

    A changed point says both revisions: the same twice means that words around it changed and not where it
    lies. A removed one carries what `reasons` says of its id: `reason` and `sentence`.
    """
    return {
        "added": [_named(point) for uid, point in after.items() if uid not in before],
        "changed": [
            {**_named(point), "revision_before": before[uid].revision}
            for uid, point in after.items()
            if uid in before and before[uid].sha256 != point.sha256
        ],
        "removed": [
            {**_named(point), **reasons.get(uid, {})} for uid, point in before.items() if uid not in after
        ],
    }


def _named(point: HeldPoint) -> dict[str, object]:
    return {
        "id": point.uid,
        "reference": point.reference,
        "title": point.title,
        "revision": point.revision,
    }
