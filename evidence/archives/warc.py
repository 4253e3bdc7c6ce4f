"""WARC 1.0 and 1.1 (ISO 28500), plain or gzip by record: the record of one post, and every digest again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from evidence.archives.base import CopyReading, Finding, Refused, Wanted
from evidence.archives.saved_page import page_title
from evidence.archives.streams import DAMAGE, Bytes, inflated
from evidence.archives.warc_records import KEPT_BODY_BYTES, Record, records_of

MAX_RECORDS = 200_000
_WITH_CONTENT = frozenset({"response", "resource", "revisit", "conversion"})


@dataclass(slots=True)
class Tally:
    """What all records together came to."""

    records: int = 0
    right: int = 0
    wrong: int = 0
    unchecked: int = 0
    first_utc: datetime | None = None
    last_utc: datetime | None = None
    stopped: str = ""
    of_post: int = 0
    best: Record | None = None

    def take(self, record: Record | None) -> None:
        """Keep the better record of the post; only one is held, for each may be large."""
        if record is not None:
            self.best = min((each for each in (self.best, record) if each is not None), key=_rank)


def read_warc(stream: Bytes, wanted: Wanted) -> CopyReading:
    """Read every record once, in constant memory. Raises Refused for what is no WARC, or too much of one."""
    tally = tally_records(stream, wanted)
    if tally.records == 0:
        raise Refused("There is no record in this file: it is no WARC, or damaged from its beginning.")
    return reading_of(tally, wanted)


def tally_records(stream: Bytes, wanted: Wanted) -> Tally:
    """Count, check and search. A file that is cut short gives what stands before the cut."""
    tally = Tally()
    records = records_of(stream)
    try:
        for record in records:
            tally.records += 1
            if tally.records > MAX_RECORDS:
                raise Refused(f"This WARC has more than {MAX_RECORDS:,} records. Reading it was stopped.")
            _count(tally, record)
            if record.kind in _WITH_CONTENT and wanted.is_shown_at(record.url):
                tally.of_post += 1
                tally.take(record)
    except DAMAGE:
        tally.stopped = "The file is damaged or cut short; what stands before that was read."
    return tally


def reading_of(tally: Tally, wanted: Wanted) -> CopyReading:
    """The record that shows the post, and what was found of the others."""
    best = tally.best
    findings = [*_of_post(best, tally, wanted), *_of_all(tally)]
    said: dict[str, Any] = {"records": tally.records}
    for name, value in (("first_capture", tally.first_utc), ("last_capture", tally.last_utc)):
        said[name] = value.isoformat() if value else None
    if best is None:
        return CopyReading(findings=tuple(findings), said=said)
    captured = best.captured_at_utc
    said["http_status"] = best.http_status
    return CopyReading(
        captured_at_utc=captured,
        captured_basis="warc_date" if captured else "unknown",
        captured_url=best.url[:2000],
        title=_title(best),
        findings=tuple(findings),
        said=said,
    )


def _rank(record: Record) -> tuple[bool, bool, bool, str]:
    """A page that was answered with 200 goes before any other, and the earliest of them first."""
    return (
        record.kind not in {"response", "resource"},
        record.http_status not in {None, 200},
        not record.is_page,
        record.header.get("warc-date", "~"),
    )


def _title(record: Record) -> str:
    if not record.is_page:
        return ""
    body = inflated(record.body, record.http_header.get("content-encoding", ""), KEPT_BODY_BYTES)
    return page_title(body) if body else ""


def _of_post(best: Record | None, tally: Tally, wanted: Wanted) -> list[Finding]:
    if not wanted.url:
        return [
            Finding("post_found", "open", "The posting has no link, so its record could not be looked for.")
        ]
    if best is None:
        return [Finding("post_found", "wrong", "No record of this file is of the post's link.")]
    many = f" It is one of {tally.of_post:,} of it." if tally.of_post > 1 else ""
    status = f", answered with status {best.http_status}" if best.http_status is not None else ""
    sentence = f"A record of the post's link is in the file ({best.kind}{status}).{many}"
    findings = [Finding("post_found", "right", sentence)]
    if best.payload_is_right is None and best.block_is_right is None:
        sentence = "The record of the post has no digest that can be computed again."
        return [*findings, Finding("payload_digest", "open", sentence)]
    if best.payload_is_right is False or (best.payload_is_right is None and not best.block_is_right):
        sentence = "The record of the post is not what was recorded: its digest, computed again, differs."
        return [*findings, Finding("payload_digest", "wrong", sentence)]
    what = "payload digest" if best.payload_is_right else "block digest"
    return [
        *findings,
        Finding(
            "payload_digest", "right", f"The {what} of the post's record was computed again and is right."
        ),
    ]


def _of_all(tally: Tally) -> list[Finding]:
    checked = tally.right + tally.wrong
    findings = []
    if tally.wrong:
        sentence = f"Of {checked:,} records with a digest {tally.wrong:,} are not what was recorded."
        findings.append(Finding("record_digests", "wrong", sentence))
    elif checked:
        sentence = (
            f"The digests of {checked:,} of {tally.records:,} records were computed again and are right."
        )
        findings.append(Finding("record_digests", "right", sentence))
    else:
        findings.append(Finding("record_digests", "open", "No record of this file carries a digest."))
    if tally.stopped:
        findings.append(Finding("whole_file", "wrong", tally.stopped))
    return findings


def _count(tally: Tally, record: Record) -> None:
    results = {record.payload_is_right, record.block_is_right}
    if False in results:
        tally.wrong += 1
    elif True in results:
        tally.right += 1
    else:
        tally.unchecked += 1
    captured = record.captured_at_utc
    if captured is not None and record.kind in _WITH_CONTENT:
        tally.first_utc = min(tally.first_utc or captured, captured)
        tally.last_utc = max(tally.last_utc or captured, captured)
