"""What a file's fingerprints are near to: the search before they are kept, and the suggestions afterwards."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Max

from evidence.fingerprints import Algorithm, Fingerprint, bands_of
from evidence.fingerprints.overlap import Stretch
from evidence.fingerprints.verdict import HashMatch, Verdict, verdict_of
from evidence.models import (
    Investigation,
    LikenessState,
    MediaFile,
    MediaFingerprint,
    MediaItem,
    MediaLikeness,
)
from evidence.models.media import COLLECTED_ROLES
from evidence.services.custody import investigation_lock
from evidence.services.likeness_lookup import Found, likeness_lookup
from evidence.signals import likeness_changed


@dataclass(frozen=True, slots=True)
class Search:
    """What was near before anything was kept; rows beyond `seen_id` came later."""

    found: Found
    seen_id: int


@dataclass(frozen=True, slots=True)
class Alike:
    """Another file that looks like the one asked about; in the verdict, `a` is the one asked about."""

    media_file: MediaFile
    verdict: Verdict


def likeness_search(
    *, media_file: MediaFile, fingerprints: Sequence[Fingerprint], investigation_ids: Collection[int]
) -> Search:
    """Look the fingerprints up among those of other files. Writes nothing and waits for nobody."""
    newest = MediaFingerprint.objects.filter(investigation__in=investigation_ids).aggregate(Max("pk"))
    found = likeness_lookup(
        asked=fingerprints, investigation_ids=investigation_ids, except_file_id=media_file.pk
    )
    return Search(found, newest["pk__max"] or 0)


def fingerprints_keep(
    *, media_file: MediaFile, fingerprints: Sequence[Fingerprint], search: Search
) -> list[MediaLikeness]:
    """Keep a file's fingerprints and suggest what it looks like. Call it inside a transaction.

    Fingerprints are kept by one writer at a time in an investigation, so whatever is not in the search has a
    higher key than the newest that it saw: of two copies that are read at once, the second finds the first.
    """
    investigation_lock(media_file.investigation)
    MediaFingerprint.objects.filter(media_file=media_file).delete()
    later = likeness_lookup(
        asked=fingerprints,
        investigation_ids=[media_file.investigation_id],
        except_file_id=media_file.pk,
        after_id=search.seen_id,
    )
    MediaFingerprint.objects.bulk_create([_row(media_file, each) for each in fingerprints])
    found = Found(search.found.hits + later.hits)
    best: dict[int, Alike] = {}
    for alike in alike_of(fingerprints=fingerprints, found=found):
        other_id = alike.media_file.media_item_id
        if other_id not in best or alike.verdict.score > best[other_id].verdict.score:
            best[other_id] = alike
    best.pop(media_file.media_item_id, None)
    return [_suggest(media_file, alike) for alike in best.values()]


def alike_of(*, fingerprints: Sequence[Fingerprint], found: Found) -> list[Alike]:
    """The files behind the hits, each with what it has in common; best first."""
    matches: dict[int, list[HashMatch]] = defaultdict(list)
    for hit in found.hits:
        asked = fingerprints[hit.asked]
        matches[hit.media_file_id].append(
            HashMatch(
                algorithm=asked.algorithm,
                distance=hit.distance,
                is_mirrored=asked.is_mirrored,
                a=_stretch(asked.time_s, asked.until_s),
                b=_stretch(hit.time_s, hit.until_s),
            )
        )
    ends = dict(
        MediaFingerprint.objects.filter(media_file__in=matches)
        .order_by()
        .values_list("media_file")
        .annotate(Max("until_s"))
    )
    ends_s = max((each.until_s for each in fingerprints if each.until_s is not None), default=None)
    files = MediaFile.objects.select_related("media_item__investigation").in_bulk(matches)
    alike = []
    for file_id, of_file in matches.items():
        verdict = verdict_of(of_file, a_ends_s=ends_s, b_ends_s=ends.get(file_id))
        if verdict is not None and file_id in files:
            alike.append(Alike(files[file_id], verdict))
    return sorted(alike, key=lambda each: (-each.verdict.score, each.media_file.pk))


def alike_elsewhere(*, item: MediaItem, investigations: Collection[Investigation]) -> list[Alike]:
    """What looks like this item in others: the caller names those that the asking person belongs to."""
    others = [each.pk for each in investigations if each.pk != item.investigation_id]
    best: dict[int, Alike] = {}
    for media_file in MediaFile.objects.filter(media_item=item, role__in=COLLECTED_ROLES):
        fingerprints = fingerprints_of(media_file)
        found = likeness_lookup(asked=fingerprints, investigation_ids=others)
        for alike in alike_of(fingerprints=fingerprints, found=found):
            known = best.get(alike.media_file.media_item_id)
            if known is None or alike.verdict.score > known.verdict.score:
                best[alike.media_file.media_item_id] = alike
    return sorted(best.values(), key=lambda each: (-each.verdict.score, each.media_file.pk))


def fingerprints_of(media_file: MediaFile) -> list[Fingerprint]:
    """What is stored of a file, as it was computed."""
    return [
        Fingerprint(Algorithm(row.algorithm), row.is_mirrored, row.quality, row.bits, row.time_s, row.until_s)
        for row in MediaFingerprint.objects.filter(media_file=media_file)
    ]


def _row(media_file: MediaFile, each: Fingerprint) -> MediaFingerprint:
    return MediaFingerprint(
        investigation_id=media_file.investigation_id,
        media_file=media_file,
        algorithm=str(each.algorithm),
        is_mirrored=each.is_mirrored,
        time_s=each.time_s,
        until_s=each.until_s,
        quality=each.quality,
        bits=each.hash_bytes,
        bands=bands_of(each.algorithm, each.hash_bytes) if each.is_searchable else [],
    )


def _stretch(from_s: float | None, to_s: float | None) -> Stretch | None:
    return None if from_s is None or to_s is None else Stretch(from_s, to_s)


def _suggest(media_file: MediaFile, alike: Alike) -> MediaLikeness:
    """One row for the two items. What a person decided stays, unless other files of theirs look alike."""
    columns = _columns(media_file, alike)
    pair: MediaLikeness | None = MediaLikeness.objects.filter(
        item_a=columns["item_a"], item_b=columns["item_b"]
    ).first()
    if pair is None:
        pair = MediaLikeness.objects.create(investigation=media_file.investigation, **columns)
        _tell(pair)
        return pair
    digests = [columns["file_a"].sha256, columns["file_b"].sha256]
    same_files = (pair.file_a_id, pair.file_b_id) == (columns["file_a"].pk, columns["file_b"].pk)
    is_open = pair.state == LikenessState.SUGGESTED and (same_files or columns["score"] >= pair.score)
    is_new = pair.state == LikenessState.DISMISSED and digests not in pair.dismissed_files
    if is_open or is_new:
        # A decision that no longer stands is in the custody log.
        undecided = {"state": LikenessState.SUGGESTED, "decided_by": None, "decided_at": None, "reason": ""}
        for name, value in {**columns, **undecided}.items():
            setattr(pair, name, value)
        pair.save()
        _tell(pair)
    return pair


def _tell(pair: MediaLikeness) -> None:
    for item in (pair.item_a, pair.item_b):
        likeness_changed.send(sender=MediaLikeness, item=item)


def _columns(media_file: MediaFile, alike: Alike) -> dict[str, Any]:
    """The pair in the order in which it is kept: the older item first."""
    verdict, other = alike.verdict, alike.media_file
    ours, theirs = (media_file, verdict.a), (other, verdict.b)
    is_turned = media_file.media_item_id > other.media_item_id
    (file_a, a), (file_b, b) = (theirs, ours) if is_turned else (ours, theirs)
    shift_s = verdict.shift_s
    return {
        "item_a": file_a.media_item,
        "item_b": file_b.media_item,
        "file_a": file_a,
        "file_b": file_b,
        "kind": verdict.kind.value,
        "score": round(verdict.score, 4),
        "a_from_s": a.from_s if a else None,
        "a_to_s": a.to_s if a else None,
        "b_from_s": b.from_s if b else None,
        "b_to_s": b.to_s if b else None,
        "evidence": {
            "distances": verdict.distances,
            "is_mirrored": verdict.is_mirrored,
            "frames": verdict.frames,
            "shift_s": -shift_s if is_turned and shift_s is not None else shift_s,
            "shift_error_s": verdict.shift_error_s,
        },
    }
