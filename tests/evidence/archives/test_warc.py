"""WARC: the post's record among others, its digests again, and files that are damaged or made to do harm."""

from __future__ import annotations

import gzip
import io
from datetime import UTC, datetime

import pytest

from evidence.archives import CopyReading, Refused, Wanted
from evidence.archives.streams import Budget, unpacked
from evidence.archives.warc import read_warc
from tests.evidence.archives.made import LINK, PAGE, answer, http, record, sha1, warc


def read(content: bytes, link: str = LINK) -> CopyReading:
    return read_warc(unpacked(io.BytesIO(content), Budget(len(content))), Wanted(link))


def verdicts(reading: CopyReading) -> dict[str, str]:
    return {finding.key: finding.verdict for finding in reading.findings}


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_the_posts_record_is_found_with_its_time_and_its_digests(packed: bool, version: str) -> None:
    other = record(http(b"picture"), url="https://pbs.example/a.jpg", date="2023-09-21T06:01:05Z")
    reading = read(warc(answer(version=version), other, packed=packed))
    assert reading.captured_at_utc == datetime(2023, 9, 21, 6, 1, 2, tzinfo=UTC)
    assert reading.captured_basis == "warc_date"
    assert reading.captured_url == LINK
    assert reading.title == "Smoke & ashes over the quay"
    assert verdicts(reading) == {"post_found": "right", "payload_digest": "right", "record_digests": "right"}
    assert reading.said["records"] == 3
    assert reading.said["last_capture"] == "2023-09-21T06:01:05+00:00"


def test_another_spelling_of_the_link_is_the_same_post() -> None:
    reading = read(warc(answer()), "https://twitter.com/i/web/status/1704733065673687175?s=20")
    assert verdicts(reading)["post_found"] == "right"


def test_a_file_without_the_post_has_no_time_of_it() -> None:
    reading = read(warc(answer()), "https://x.com/a/status/1704733065673687176")
    assert (reading.captured_at_utc, reading.captured_basis) == (None, "unknown")
    assert verdicts(reading)["post_found"] == "wrong"
    assert reading.said["first_capture"] == "2023-09-21T06:01:02+00:00"


def test_an_answer_with_200_goes_before_a_redirection_and_before_a_request() -> None:
    moved = record(http(b"", status="302 Found"), date="2023-09-21T06:01:00Z")
    asked = record(b"GET / HTTP/1.1\r\n\r\n", kind="request", date="2023-09-21T05:00:00Z")
    reading = read(warc(asked, moved, answer()))
    assert reading.said["http_status"] == 200
    assert reading.captured_at_utc == datetime(2023, 9, 21, 6, 1, 2, tzinfo=UTC)


def test_a_changed_payload_is_told() -> None:
    block = http(PAGE.replace(b"Smoke", b"Steam"))
    changed = record(block, header={"WARC-Payload-Digest": sha1(PAGE)})
    assert verdicts(read(warc(changed)))["payload_digest"] == "wrong"
    assert verdicts(read(warc(changed)))["record_digests"] == "wrong"


def test_a_changed_block_is_told_when_there_is_no_payload_digest() -> None:
    changed = record(http(b"b"), header={"WARC-Block-Digest": sha1(http(b"a"))})
    assert verdicts(read(warc(changed)))["payload_digest"] == "wrong"


def test_sha_256_in_hex_and_chunked_bodies_are_checked_too() -> None:
    # "4" and "5" are the lengths in the chunks; sha256("Wikipedia") by the standard library.
    import hashlib

    body = b"4\r\nWiki\r\n5\r\npedia\r\n0\r\n\r\n"
    digest = "sha256:" + hashlib.sha256(b"Wikipedia").hexdigest()
    block = http(body, Transfer_Encoding="chunked")
    assert (
        verdicts(read(warc(record(block, header={"WARC-Payload-Digest": digest}))))["payload_digest"]
        == "right"
    )


def test_a_revisit_is_found_though_its_payload_stands_elsewhere() -> None:
    revisit = record(http(b""), kind="revisit", header={"WARC-Payload-Digest": sha1(PAGE)})
    assert verdicts(read(warc(revisit))) == {
        "post_found": "right",
        "payload_digest": "right",  # of the block: the payload is not in this record
        "record_digests": "right",
    }


def test_a_compressed_page_gives_its_title() -> None:
    body = gzip.compress(PAGE)
    block = http(body, Content_Encoding="gzip")
    assert read(warc(record(block))).title == "Smoke & ashes over the quay"


def test_what_stands_before_a_cut_is_kept() -> None:
    whole = warc(answer(), record(http(b"x" * 5000), url="https://example.org/"), packed=False)
    reading = read(whole[:-3000])
    assert reading.captured_basis == "warc_date"
    assert verdicts(reading)["whole_file"] == "wrong"


@pytest.mark.parametrize(
    "content",
    [
        gzip.compress(b"no archive at all", mtime=0),
        b"WARC/1.1\r\n",
        b"WARC/1.1\r\nContent-Length: -1\r\n\r\n",
        b"WARC/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n",
        b"WARC/1.1\r\n" + b"A: " + b"a" * 100_000,
        b"\x1f\x8b\x08" + b"\x00" * 40,
    ],
)
def test_what_is_no_warc_is_refused(content: bytes) -> None:
    with pytest.raises(Refused, match="no WARC"):
        read(content)


def test_a_bomb_is_stopped() -> None:
    zeros = b"\x00" * (70 * 1024 * 1024)
    bomb = gzip.compress(record(zeros, kind="resource"), compresslevel=1)
    assert len(bomb) < 1024 * 1024
    with pytest.raises(Refused, match="far more than its size"):
        read(bomb)
