"""WACZ: parts against their list, the page, the index; and zips that are made to do harm."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from evidence.archives import CopyReading, Refused, Wanted
from evidence.archives.wacz import read_wacz
from tests.evidence.archives.made import LINK, answer, usual_parts, wacz, warc


def read(content: bytes, folder: Path, link: str = LINK) -> CopyReading:
    path = folder / "copy.wacz"
    path.write_bytes(content)
    return read_wacz(path, Wanted(link))


def verdicts(reading: CopyReading) -> dict[str, str]:
    return {finding.key: finding.verdict for finding in reading.findings}


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_whole_one_is_right_in_all_its_parts(tmp_path: Path, compression: int) -> None:
    reading = read(wacz(compression=compression, package={"software": "a browser"}), tmp_path)
    assert reading.captured_at_utc == datetime(2023, 9, 21, 6, 1, 2, tzinfo=UTC)
    assert reading.captured_basis == "warc_date"
    assert verdicts(reading) == {
        "parts": "right",
        "package_digest": "right",
        "post_found": "right",
        "payload_digest": "right",
        "record_digests": "right",
        "index": "right",
    }
    assert (reading.said["pages"], reading.said["software"]) == (1, "a browser")


def test_a_part_that_is_not_as_listed_is_named(tmp_path: Path) -> None:
    parts = usual_parts()
    changed = {**parts, "pages/pages.jsonl": parts["pages/pages.jsonl"] + b"\n"}
    reading = read(wacz(changed, listed=parts), tmp_path)
    (finding,) = [each for each in reading.findings if each.key == "parts"]
    assert finding.verdict == "wrong"
    assert "pages/pages.jsonl" in finding.sentence


def test_a_part_that_is_missing_or_not_listed_is_named(tmp_path: Path) -> None:
    parts = usual_parts()
    reading = read(wacz(parts, listed={**parts, "archive/other.warc": b""}, extra={"run.js": b"1"}), tmp_path)
    assert verdicts(reading)["parts"] == "wrong"
    assert verdicts(reading)["unlisted"] == "wrong"


def test_another_list_than_the_one_that_was_digested_is_told(tmp_path: Path) -> None:
    # The later entry of that name wins in no reader that refuses doubles; so the digest itself is changed.
    stream = io.BytesIO(wacz())
    with zipfile.ZipFile(stream) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["datapackage-digest.json"] = json.dumps({"hash": "sha256:" + "0" * 64}).encode()
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    assert verdicts(read(written.getvalue(), tmp_path))["package_digest"] == "wrong"


def test_without_a_record_of_the_post_the_list_of_pages_gives_the_time(tmp_path: Path) -> None:
    parts = {**usual_parts(), "archive/data.warc.gz": warc(answer(url="https://example.org/"))}
    reading = read(wacz(parts), tmp_path)
    assert reading.captured_basis == "wacz_page"
    assert reading.captured_at_utc == datetime(2023, 9, 21, 6, 1, 2, 500_000, tzinfo=UTC)
    assert reading.title == "Smoke over the quay"
    assert verdicts(reading)["post_found"] == "wrong"


def test_a_zip_that_is_none_or_lists_nothing_is_refused(tmp_path: Path) -> None:
    plain = io.BytesIO()
    with zipfile.ZipFile(plain, "w") as archive:
        archive.writestr("holiday.txt", "sun")
    with pytest.raises(Refused, match="no WACZ"):
        read(plain.getvalue(), tmp_path)
    with pytest.raises(Refused, match="cannot be read"):
        read(b"PK\x03\x04 and nothing more", tmp_path)
    with pytest.raises(Refused, match="cannot be read"):
        read(wacz()[:-200], tmp_path)


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "archive/../../x", "a\\..\\x", "C:/x"])
def test_names_that_lead_outside_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(Refused, match="leads out of its folder"):
        read(wacz(extra={name: b"x"}), tmp_path)


def test_two_parts_of_one_name_are_refused(tmp_path: Path) -> None:
    stream = io.BytesIO(wacz())
    with zipfile.ZipFile(stream, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("datapackage.json", "{}")
    with pytest.raises(Refused, match="one name"):
        read(stream.getvalue(), tmp_path)


def test_a_bomb_is_stopped_and_nothing_is_written(tmp_path: Path) -> None:
    parts = {**usual_parts(), "archive/zeros.warc": b"\x00" * (80 * 1024 * 1024)}
    with pytest.raises(Refused, match="far more than its size"):
        read(wacz(parts), tmp_path)
    assert [each.name for each in tmp_path.iterdir()] == ["copy.wacz"]
