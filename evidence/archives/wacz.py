"""WACZ: a zip with WARC files, a list of pages, indexes, and the digest of each of them.

Source: the WACZ specification (specs.webrecorder.net). Nothing is unpacked to disk: every part is read as a
stream, its digest and size compared with what `datapackage.json` says.
"""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from evidence.archives.base import CopyReading, Finding, Refused, Wanted, moment, shortened
from evidence.archives.streams import CHUNK_BYTES, DAMAGE, Budget, Counted, unpacked
from evidence.archives.wacz_signature import SignatureReading, read_package_digest
from evidence.archives.warc import Tally, reading_of, tally_records

MAX_PARTS = 5_000
_MAX_PACKAGE_BYTES = 8 * 1024 * 1024
_MAX_LINE_BYTES = 1024 * 1024
_MAX_LINES = 500_000
_PACKAGE, _PACKAGE_DIGEST = "datapackage.json", "datapackage-digest.json"


@dataclass(slots=True)
class Parts:
    """What the digests of the parts came to."""

    right: int = 0
    wrong: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def read_wacz(path: Path, wanted: Wanted) -> CopyReading:
    """Read a WACZ. Raises Refused for what is none, or is made to do harm."""
    budget = Budget(path.stat().st_size)
    try:
        with zipfile.ZipFile(path) as archive:
            names = _safe_names(archive)
            package = _package(archive, names, budget)
            return _reading(archive, names, package, wanted, budget)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, *DAMAGE) as error:
        raise Refused(
            f"This zip file cannot be read: {shortened(str(error), 120) or 'it is damaged'}."
        ) from None


def _safe_names(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The parts by name. Names that lead out of the folder, and names that stand twice, are refused."""
    names: dict[str, zipfile.ZipInfo] = {}
    infos = archive.infolist()
    if len(infos) > MAX_PARTS:
        raise Refused(f"This zip file has more than {MAX_PARTS:,} parts. It was not read.")
    for info in infos:
        name = info.orig_filename
        folders = name.rstrip("/").split("/")
        is_outside = name.startswith(("/", "\\")) or ".." in folders or "\\" in name or ":" in folders[0]
        if is_outside or "\x00" in name or not name:
            raise Refused(
                "A part of this zip file has a name that leads out of its folder, as in files that are made "
                "to do harm. It was not read."
            )
        if info.flag_bits & 0x1:
            raise Refused("A part of this zip file is encrypted. It was not read.")
        if name in names:
            raise Refused("Two parts of this zip file have one name, so it says two things. It was not read.")
        names[name] = info
    return names


@contextmanager
def _part(archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: Budget) -> Iterator[Counted]:
    with archive.open(info) as stream:
        yield Counted(stream, budget)


def _whole(archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: Budget, most: int) -> bytes:
    read = bytearray()
    with _part(archive, info, budget) as stream:
        while chunk := stream.read(CHUNK_BYTES):
            read += chunk
            if len(read) > most:
                raise Refused(f"“{info.filename[:80]}” in this zip file is larger than such a part is.")
    return bytes(read)


def _package(archive: zipfile.ZipFile, names: dict[str, zipfile.ZipInfo], budget: Budget) -> dict[str, Any]:
    if _PACKAGE not in names:
        raise Refused("This zip file has no datapackage.json: it is no WACZ.")
    text = _whole(archive, names[_PACKAGE], budget, _MAX_PACKAGE_BYTES)
    try:
        package = json.loads(text)
    except (ValueError, RecursionError):
        raise Refused("The datapackage.json of this zip file is no JSON: it is no WACZ.") from None
    if not isinstance(package, dict) or not isinstance(package.get("resources"), list):
        raise Refused("The datapackage.json of this zip file lists no parts: it is no WACZ.")
    return {**package, "_sha256": hashlib.sha256(text).hexdigest()}


def _reading(
    archive: zipfile.ZipFile,
    names: dict[str, zipfile.ZipInfo],
    package: dict[str, Any],
    wanted: Wanted,
    budget: Budget,
) -> CopyReading:
    parts = _checked_parts(archive, names, package, budget)
    tally, records = Tally(), 0
    for name, info in names.items():
        if re.fullmatch(r"archive/[^/]+\.warc(?:\.gz)?", name):
            # The same bytes a second time, now as records; they were unpacked once from the zip's view.
            with archive.open(info) as stream:
                found = tally_records(unpacked(stream, budget), wanted)
            tally, records = _together(tally, found), records + 1
    reading = reading_of(tally, wanted)
    page, page_count = _page(archive, names, wanted, budget)
    indexed = _indexed(archive, names, wanted, budget)
    signature = _of_signature(names, package, archive, budget)
    findings = [*_of_parts(parts, names, package), *signature.findings, *reading.findings]
    if not records:
        findings.append(Finding("whole_file", "wrong", "There is no WARC in this WACZ."))
    if indexed is not None:
        findings.append(_of_index(indexed))
    said = {
        **reading.said,
        "pages": page_count,
        "software": shortened(_text(package.get("software")), 120),
        "package_title": shortened(_text(package.get("title")), 200),
    }
    if signature.said:
        said["signature"] = dict(signature.said)
    reading = replace(reading, findings=tuple(findings), said=said)
    return _with_page(reading, page)


def _of_index(captures: int) -> Finding:
    if captures:
        many = "one capture" if captures == 1 else f"{captures:,} captures"
        return Finding("index", "right", f"The index names {many} of the post's link.")
    return Finding("index", "wrong", "The index does not name the post's link.")


def _with_page(reading: CopyReading, page: dict[str, Any] | None) -> CopyReading:
    """What the list of pages adds where no record of the post has it."""
    if page is None:
        return reading
    captured = moment(page.get("ts"))
    title = reading.title or shortened(_text(page.get("title")))
    if reading.captured_at_utc is None and captured is not None:
        return replace(
            reading,
            captured_at_utc=captured,
            captured_basis="wacz_page",
            captured_url=_text(page.get("url"))[:2000],
            title=title,
        )
    return replace(reading, title=title)


def _checked_parts(
    archive: zipfile.ZipFile, names: dict[str, zipfile.ZipInfo], package: dict[str, Any], budget: Budget
) -> Parts:
    """Compute the digest and size of every listed part again."""
    parts = Parts()
    for resource in package["resources"][:MAX_PARTS]:
        name = _text(resource.get("path")) if isinstance(resource, dict) else ""
        info = names.get(name)
        if info is None:
            parts.missing.append(shortened(name or "?", 80))
            continue
        hasher, size = hashlib.sha256(), 0
        with _part(archive, info, budget) as stream:
            while chunk := stream.read(CHUNK_BYTES):
                hasher.update(chunk)
                size += len(chunk)
        expected = re.fullmatch(r"sha-?256:([0-9a-f]{64})", _text(resource.get("hash")), re.IGNORECASE)
        is_right = expected is not None and expected[1].lower() == hasher.hexdigest()
        if is_right and resource.get("bytes") in (None, size):
            parts.right += 1
        else:
            parts.wrong.append(shortened(name, 80))
    return parts


def _of_parts(parts: Parts, names: dict[str, zipfile.ZipInfo], package: dict[str, Any]) -> list[Finding]:
    findings = []
    listed = parts.right + len(parts.wrong) + len(parts.missing)
    if parts.wrong or parts.missing:
        which = ", ".join([*parts.wrong, *parts.missing][:5])
        failed = len(parts.wrong) + len(parts.missing)
        sentence = f"Of {listed:,} listed parts {failed:,} are not there as listed: {which}."
        findings.append(Finding("parts", "wrong", sentence))
    elif listed:
        sentence = f"The SHA-256 of all {listed:,} listed parts was computed again and is right."
        findings.append(Finding("parts", "right", sentence))
    else:
        findings.append(Finding("parts", "open", "The package lists no parts."))
    paths = {_text(each.get("path")) for each in package["resources"] if isinstance(each, dict)}
    unlisted = [n for n in names if n not in paths | {_PACKAGE, _PACKAGE_DIGEST} and not n.endswith("/")]
    if unlisted:
        which = ", ".join(shortened(name, 60) for name in unlisted[:5])
        findings.append(
            Finding("unlisted", "wrong", f"The package does not list {len(unlisted):,} parts: {which}.")
        )
    return findings


def _of_signature(
    names: dict[str, zipfile.ZipInfo], package: dict[str, Any], archive: zipfile.ZipFile, budget: Budget
) -> SignatureReading:
    """`datapackage-digest.json` holds the digest of the list itself, and may hold a signature of that."""
    if _PACKAGE_DIGEST not in names:
        return SignatureReading(())
    text = _whole(archive, names[_PACKAGE_DIGEST], budget, _MAX_PACKAGE_BYTES)
    return read_package_digest(text, package_sha256=package["_sha256"])


def _page(
    archive: zipfile.ZipFile, names: dict[str, zipfile.ZipInfo], wanted: Wanted, budget: Budget
) -> tuple[dict[str, Any] | None, int]:
    """The post's line in the lists of pages, and how many pages they have."""
    found, count = None, 0
    for name in ("pages/pages.jsonl", "pages/extraPages.jsonl"):
        if name not in names:
            continue
        for line in _lines(archive, names[name], budget):
            try:
                page = json.loads(line)
            except (ValueError, RecursionError):
                continue
            if not isinstance(page, dict) or not _text(page.get("url")):
                continue
            count += 1
            if found is None and wanted.is_shown_at(_text(page.get("url"))):
                found = page
    return found, count


def _indexed(
    archive: zipfile.ZipFile, names: dict[str, zipfile.ZipInfo], wanted: Wanted, budget: Budget
) -> int | None:
    """How many captures of the post the index (CDXJ) names; None without an index or a link."""
    indexes = [name for name in names if re.fullmatch(r"indexes/[^/]+\.(?:cdxj?|cdx\.gz)", name)]
    if not indexes or not wanted.url:
        return None
    count = 0
    for name in indexes:
        for line in _lines(archive, names[name], budget):
            url = re.search(rb'"url"\s*:\s*("(?:[^"\\]|\\.){1,4000}")', line)
            if url is None:
                continue
            try:
                count += wanted.is_shown_at(str(json.loads(url[1])))
            except ValueError:
                continue
    return count


def _lines(archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: Budget) -> Iterator[bytes]:
    with archive.open(info) as stream:
        counted = unpacked(stream, budget)
        for _number in range(_MAX_LINES):
            line = counted.readline(_MAX_LINE_BYTES)
            if not line:
                return
            yield line


def _together(one: Tally, other: Tally) -> Tally:
    firsts = [each for each in (one.first_utc, other.first_utc) if each]
    lasts = [each for each in (one.last_utc, other.last_utc) if each]
    together = Tally(
        records=one.records + other.records,
        right=one.right + other.right,
        wrong=one.wrong + other.wrong,
        unchecked=one.unchecked + other.unchecked,
        first_utc=min(firsts, default=None),
        last_utc=max(lasts, default=None),
        stopped=one.stopped or other.stopped,
        of_post=one.of_post + other.of_post,
        best=one.best,
    )
    together.take(other.best)
    return together


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
