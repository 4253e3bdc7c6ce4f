"""auto-archiver's `metadata.json`: which link, when it was archived, and the digests of the files it kept.

Source: the project's own code (Metadata and Media as JSON). Its "UTC" on a post's time is a label that was
put on, not a conversion, so that time is passed on as written. Leading zeros of its PDQ hashes are dropped.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from evidence.archives.base import CopyReading, Finding, Refused, Wanted, moment, shortened

MAX_BYTES = 32 * 1024 * 1024
_MAX_MEDIA = 1_000
_MAX_DEPTH = 8
_PDQ_DIGITS = 64


def read_auto_archiver(text: bytes, wanted: Wanted) -> CopyReading:
    """What the report says. Raises Refused for JSON that is none of auto-archiver's."""
    report = report_of(text)
    metadata = report["metadata"]
    urls = [_line(metadata.get(name)) for name in ("url", "original_url")]
    shown = next((url for url in urls if wanted.is_shown_at(url)), next((url for url in urls if url), ""))
    captured = moment(metadata.get("_processed_at"))
    media = [media_of(each) for each in all_media(report["media"])]
    return CopyReading(
        captured_at_utc=captured,
        captured_basis="archiver" if captured else "unknown",
        captured_url=shown[:2000],
        title=shortened(_line(metadata.get("title"))),
        findings=tuple(_findings(shown, wanted, media)),
        said={
            "status": _line(report.get("status")),
            "posted": _line(metadata.get("timestamp")),
            "content": shortened(_line(metadata.get("content")), 4_000),
            "media": media,
        },
    )


def report_of(text: bytes) -> dict[str, Any]:
    """The report as JSON, its `metadata` an object and its `media` a list. Raises Refused."""
    if len(text) > MAX_BYTES:
        raise Refused("This report is larger than 32 MiB, which no report of auto-archiver is.")
    try:
        report = json.loads(text)
    except (ValueError, RecursionError):
        raise Refused("This file begins like JSON and is none: it is damaged, or something else.") from None
    if not (isinstance(report, dict) and isinstance(report.get("metadata"), dict)):
        raise Refused("This JSON is no report of auto-archiver: it has no “metadata”.")
    if not isinstance(report.setdefault("media", []), list):
        raise Refused("This JSON is no report of auto-archiver: its “media” is no list.")
    return report


def all_media(media: list[Any], depth: int = 0) -> Iterator[dict[str, Any]]:
    """Every file, also those that stand within the properties of another one (thumbnails)."""
    for each in media[:_MAX_MEDIA]:
        if not isinstance(each, dict):
            continue
        yield each
        properties = each.get("properties")
        if not isinstance(properties, dict) or depth >= _MAX_DEPTH:
            continue
        for value in properties.values():
            inner = value if isinstance(value, list) else [value]
            yield from all_media(
                [entry for entry in inner if isinstance(entry, dict) and "filename" in entry], depth + 1
            )


def media_of(each: dict[str, Any]) -> dict[str, Any]:
    """One file as the report names it; `sha256` is 64 hexadecimal digits or None."""
    properties = each.get("properties")
    properties = properties if isinstance(properties, dict) else {}
    urls = each.get("urls")
    return {
        "name": shortened(_line(each.get("filename")).replace("\\", "/").rsplit("/", 1)[-1], 255),
        "id": shortened(_line(properties.get("id")), 80),
        "mime_type": shortened(_line(each.get("_mimetype")), 80),
        "sha256": _sha256(properties.get("hash")),
        "pdq": _pdq(properties.get("pdq_hash")),
        "urls": [_line(url)[:2000] for url in urls[:20]] if isinstance(urls, list) else [],
    }


def _sha256(written: Any) -> str | None:
    found = re.fullmatch(r"SHA-?256:([0-9a-f]{64})", _line(written), re.IGNORECASE)
    return found[1].lower() if found else None


def _pdq(written: Any) -> str | None:
    """256 bits in 64 hexadecimal digits."""
    text = _line(written).lower()
    return text.rjust(_PDQ_DIGITS, "0") if re.fullmatch(rf"[0-9a-f]{{1,{_PDQ_DIGITS}}}", text) else None


def _line(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _findings(shown: str, wanted: Wanted, media: list[dict[str, Any]]) -> list[Finding]:
    if not wanted.url:
        found = Finding(
            "post_found", "open", "The posting has no link that the report could be compared with."
        )
    elif wanted.is_shown_at(shown):
        found = Finding("post_found", "right", "The report is of the post's link.")
    elif shown:
        found = Finding("post_found", "wrong", "The report is of another link than the post's.")
    else:
        found = Finding("post_found", "open", "The report names no link.")
    digests = sum(1 for each in media if each["sha256"])
    sentence = f"The report names {len(media):,} files, {digests:,} of them with a SHA-256."
    return [found, Finding("media_named", "note", sentence)]
