"""Saved pages, auto-archiver's report, screenshots; which kind a file is; the child process."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from evidence.archives import CopyKind, Refused, Wanted, kind_of, read_copy
from evidence.archives.auto_archiver import read_auto_archiver
from evidence.archives.saved_page import read_page
from tests.evidence.archives.made import (
    LINK,
    SAVED_PAGE,
    SINGLE_FILE,
    report,
    wacz,
    warc,
)

WANTED = Wanted(LINK)


def verdicts(reading) -> dict[str, str]:
    return {finding.key: finding.verdict for finding in reading.findings}


def test_a_page_saved_by_a_browser() -> None:
    reading = read_page(SAVED_PAGE, WANTED)
    assert reading.title == "Smoke over the quay"
    assert reading.captured_url == LINK
    assert (reading.captured_at_utc, reading.captured_basis) == (None, "unknown")
    assert verdicts(reading) == {"post_found": "right", "capture_time": "open", "checked": "note"}
    assert reading.said["published"] == {
        "written": "2023-09-21T09:43:29+04:00",
        "utc": "2023-09-21T05:43:29+00:00",
    }


def test_a_page_saved_by_singlefile_says_when() -> None:
    reading = read_page(SINGLE_FILE, WANTED)
    assert reading.captured_at_utc == datetime(2023, 9, 21, 6, 1, 2, tzinfo=UTC)
    assert reading.captured_basis == "page_comment"
    assert verdicts(reading)["post_found"] == "right"


def test_a_page_out_of_the_wayback_machine_says_when_it_was_taken() -> None:
    page = (
        b"<html><head></head></html><!--\n FILE ARCHIVED ON 05:43:29 Sep 21, 2023 AND RETRIEVED FROM THE\n-->"
    )
    assert read_page(page, WANTED).captured_at_utc == datetime(2023, 9, 21, 5, 43, 29, tzinfo=UTC)


def test_a_time_without_offset_is_passed_on_as_written() -> None:
    page = b'<html><head><meta name="date" content="2023-09-21 09:43"></head></html>'
    assert read_page(page, WANTED).said["published"] == {"written": "2023-09-21 09:43", "utc": None}


def test_structured_data_gives_the_time_of_publication() -> None:
    data = json.dumps({"@graph": [{"@type": "NewsArticle", "datePublished": "2023-09-21T05:43:29Z"}]})
    page = f'<html><script type="application/ld+json">{data}</script></html>'.encode()
    assert read_page(page, WANTED).said["published"]["utc"] == "2023-09-21T05:43:29+00:00"


def test_a_page_of_another_link_is_told() -> None:
    assert verdicts(read_page(SAVED_PAGE, Wanted("https://t.me/durov/43")))["post_found"] == "wrong"
    assert verdicts(read_page(b"<html></html>", WANTED))["post_found"] == "open"
    assert verdicts(read_page(SAVED_PAGE, Wanted()))["post_found"] == "open"


@given(st.binary(max_size=2000))
def test_no_bytes_break_the_reading_of_a_page(content: bytes) -> None:
    read_page(b"<html><head>" + content, WANTED).to_json()


@pytest.mark.parametrize(
    "piece", [b" a='", b"a=b ", b"<", b"<!--x", b"<![", b"<?", b"</", b"<!DOCTYPE ", b"&#", b"<script>"]
)
def test_a_page_that_is_made_to_be_slow_is_read_within_its_time(piece: bytes) -> None:
    started = time.process_time()
    read_page(b"<html><title>T</title><a " + piece * (4_000_000 // len(piece)), WANTED)
    assert time.process_time() - started < 10


def test_a_note_at_the_end_of_a_long_page_is_found(tmp_path: Path) -> None:
    page = tmp_path / "long.html"
    note = b"<!--\n FILE ARCHIVED ON 05:43:29 Sep 21, 2023 AND RETRIEVED FROM THE\n-->"
    page.write_bytes(b"<html><head></head>" + b"<p>" * 600_000 + note)
    reading = read_copy(page, CopyKind.page, WANTED)
    assert reading.captured_at_utc == datetime(2023, 9, 21, 5, 43, 29, tzinfo=UTC)


def test_the_report_of_auto_archiver() -> None:
    reading = read_auto_archiver(report(), WANTED)
    assert reading.captured_at_utc == datetime(2023, 9, 21, 6, 1, 2, 123456, tzinfo=UTC)
    assert reading.captured_basis == "archiver"
    assert verdicts(reading)["post_found"] == "right"
    video, shot = reading.said["media"]
    assert (video["sha256"], video["urls"]) == ("cd" * 32, ["https://store.example/video.mp4"])
    # 256 bits: the leading zeros that the report leaves out are there again.
    assert (shot["name"], shot["id"], shot["pdq"]) == ("screenshot.png", "screenshot", "0000" + "f" * 60)
    # The zone is a label that was put on, so the time is passed on as it stands.
    assert reading.said["posted"] == "2023-09-21 09:43:29+00:00"


def test_a_processing_time_without_offset_is_no_moment() -> None:
    reading = read_auto_archiver(report(_processed_at="2023-09-21 06:01:02"), WANTED)
    assert (reading.captured_at_utc, reading.captured_basis) == (None, "unknown")


@pytest.mark.parametrize(
    "text", [b"{", b"{}", b'{"metadata": 1}', b'{"metadata": {}, "media": 1}', b'{"a":' * 100_000]
)
def test_json_that_is_no_report_is_refused(text: bytes) -> None:
    with pytest.raises(Refused, match=r"auto-archiver|is none"):
        read_auto_archiver(text, WANTED)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists, max_leaves=20))
def test_no_values_in_a_report_break_its_reading(value) -> None:
    text = json.dumps({"metadata": {"url": value, "title": value, "_processed_at": value}, "media": [value]})
    json.dumps(read_auto_archiver(text.encode("utf-8", "replace"), WANTED).to_json(), allow_nan=False)


def picture(format: str = "PNG") -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(stream, format)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (warc(packed=True), (CopyKind.warc, "application/gzip")),
        (warc(packed=False), (CopyKind.warc, "application/warc")),
        (wacz(), (CopyKind.wacz, "application/wacz")),
        (SAVED_PAGE, (CopyKind.page, "text/html")),
        (SINGLE_FILE, (CopyKind.page, "text/html")),
        (b"\xef\xbb\xbf<html lang=hy>", (CopyKind.page, "text/html")),
        (report(), (CopyKind.auto_archiver, "application/json")),
        (picture(), (CopyKind.picture, "image/png")),
        (picture("JPEG"), (CopyKind.picture, "image/jpeg")),
        (picture("GIF"), None),
        (b"%PDF-1.7", None),
        (b"MZ\x90\x00", None),
        (b"<svg xmlns='http://www.w3.org/2000/svg'>", None),
        (b"", None),
        (b"plain words", None),
    ],
)
def test_the_kind_is_told_by_the_first_bytes(content: bytes, expected) -> None:
    assert kind_of(content[:4096]) == expected


def test_a_screenshot_gives_its_size(tmp_path: Path) -> None:
    path = tmp_path / "shot.png"
    path.write_bytes(picture())
    reading = read_copy(path, CopyKind.picture, WANTED)
    assert (reading.said, reading.captured_basis) == ({"width": 40, "height": 30}, "unknown")


@pytest.mark.parametrize(("content", "kind", "status"), [(wacz(), "wacz", 0), (b"PK\x03\x04", "wacz", 3)])
def test_the_child_process_answers_in_one_line_of_json(
    tmp_path: Path, content: bytes, kind: str, status: int
) -> None:
    path = tmp_path / "copy"
    path.write_bytes(content)
    command = [sys.executable, "-m", "evidence.archives", str(path), kind, LINK]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == status, done.stderr
    said = json.loads(done.stdout)
    assert ("error" in said) is (status == 3)
    assert path.read_bytes() == content
