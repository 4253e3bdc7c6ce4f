"""Bombs, links, passwords, strange names and damage: each costs one entry and no other."""

from __future__ import annotations

import json
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from evidence.sandbox import Failure, Success, run_limited
from evidence.zips import ArchiveRefused, zip_entries, zip_extract
from tests.evidence.services.conftest import picture
from tests.evidence.zips.hostile import packed, raw

GIB = 1024**3
PHOTO = picture()


def archive(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "sent.zip"
    path.write_bytes(content)
    return path


def extracted(path: Path, outdir: Path, *, limit_bytes: int = GIB, **limits: Any) -> list[Any]:
    outdir.mkdir(exist_ok=True)
    indexes = [entry.index for entry in zip_entries(path, most=1000)]
    given = {"most_bytes": GIB, "most_seconds": 60.0, **limits}
    return list(zip_extract(path, outdir, indexes, limit_bytes=limit_bytes, **given))


def run(*arguments: str) -> Success | Failure:
    return run_limited(
        [sys.executable, "-m", "evidence.zips", *arguments],
        memory_bytes=512 * 1024**2,
        cpu_seconds=20,
        wall_seconds=60,
        file_size_bytes=GIB,
    )


def test_files_come_out_byte_for_byte_under_their_numbers(tmp_path: Path) -> None:
    clip = b"\x00\x00\x00\x20ftypisom" + bytes(3_000_000)
    path = archive(tmp_path, packed([("a/one.jpg", PHOTO), ("a/", b""), ("two.mp4", clip)]))
    assert [(entry.index, entry.name) for entry in zip_entries(path, most=10)] == [
        (0, "a/one.jpg"),
        (2, "two.mp4"),
    ]
    results = extracted(path, tmp_path / "out")
    assert [(each.index, each.is_written, each.size_bytes) for each in results] == [
        (0, True, len(PHOTO)),
        (2, True, len(clip)),
    ]
    assert (tmp_path / "out" / "0").read_bytes() == PHOTO
    assert (tmp_path / "out" / "2").read_bytes() == clip


def test_a_name_is_a_label_and_never_a_path(tmp_path: Path) -> None:
    names = ["../../etc/cron.d/x.jpg", "/etc/passwd.jpg", "C:\\windows\\x.jpg", "a/../../b.jpg"]
    path = archive(tmp_path, packed([(name, PHOTO) for name in names]))
    assert [entry.name for entry in zip_entries(path, most=10)] == names
    extracted(path, tmp_path / "out")
    assert sorted(each.name for each in (tmp_path / "out").iterdir()) == ["0", "1", "2", "3"]
    assert sorted(each.name for each in tmp_path.iterdir()) == ["out", "sent.zip"]


@pytest.mark.parametrize(
    ("name", "claims", "why"),
    [
        (b"__MACOSX/._a.jpg", {}, "Written by the operating system"),
        (b"deep/.DS_Store", {}, "Written by the operating system"),
        (b"a.jpg", {"mode": 0o120777}, "A link to another file"),
        (b"a.jpg", {"mode": 0o060644}, "A link to another file"),
        (b"a.jpg", {"flags": 1}, "Protected by a password"),
        (b"a.jpg", {"size": 0}, "The file is empty."),
        (b"a.jpg", {"size": 4_000_000_000}, "times its size"),
    ],
)
def test_what_the_list_of_contents_gives_away_is_refused_there(
    tmp_path: Path, name: bytes, claims: dict[str, int], why: str
) -> None:
    path = archive(tmp_path, raw([(name, PHOTO, claims), (b"good.jpg", PHOTO, {})]))
    bad, good = zip_entries(path, most=10)
    assert why in bad.refusal
    assert good.refusal == ""
    assert why in extracted(path, tmp_path / "out")[0].refused


def test_what_is_no_picture_or_video_is_not_unpacked(tmp_path: Path) -> None:
    path = archive(
        tmp_path, packed([("notes.jpg", b"hello " * 1000), ("more.zip", packed([("a.jpg", PHOTO)]))])
    )
    unknown, nested = extracted(path, tmp_path / "out")
    assert unknown.is_unknown_kind
    assert "archive inside the archive" in nested.refused
    assert list((tmp_path / "out").iterdir()) == []


def test_a_file_over_the_limit_is_not_unpacked(tmp_path: Path) -> None:
    path = archive(tmp_path, packed([("a.jpg", PHOTO + bytes(100_000)), ("b.jpg", PHOTO)]))
    large, small = extracted(path, tmp_path / "out", limit_bytes=50_000)
    assert large.is_too_large
    assert small.is_written


def test_a_file_that_holds_more_than_it_says_is_cut_off_and_damaged(tmp_path: Path) -> None:
    path = archive(tmp_path, raw([(b"a.jpg", PHOTO + bytes(30_000_000), {"size": len(PHOTO) + 5000})]))
    (result,) = extracted(path, tmp_path / "out")
    assert result.failed == "The file is damaged inside the ZIP."
    assert sum(each.stat().st_size for each in (tmp_path / "out").iterdir()) < 100_000


@pytest.mark.parametrize("claims", [{"crc": 7}, {"method": 99}, {"method": 14}])
def test_damage_and_foreign_methods_cost_one_file(tmp_path: Path, claims: dict[str, int]) -> None:
    path = archive(tmp_path, raw([(b"a.jpg", PHOTO, claims), (b"b.jpg", PHOTO, {})]))
    bad, good = extracted(path, tmp_path / "out")
    assert bad.failed or bad.refused
    assert good.is_written


def test_entries_that_overlap_are_damaged_and_not_unpacked_twice(tmp_path: Path) -> None:
    content = bytearray(raw([(b"a.jpg", PHOTO, {}), (b"b.jpg", PHOTO, {})]))
    second = content.rindex(b"PK\x01\x02")
    content[second + 42 : second + 46] = bytes(4)  # its offset: that of the first
    results = extracted(archive(tmp_path, bytes(content)), tmp_path / "out")
    assert sum(each.is_written for each in results) <= 1


def test_work_stops_when_enough_is_spent_and_always_does_one(tmp_path: Path) -> None:
    path = archive(tmp_path, packed([(f"{n}.jpg", picture(colour=f"#0000{n:02x}")) for n in range(9)]))
    assert len(extracted(path, tmp_path / "out", most_seconds=0.0)) == 1
    assert len(extracted(path, tmp_path / "out", most_bytes=1)) == 1
    assert len(extracted(path, tmp_path / "out")) == 9


def test_too_many_entries_are_refused_as_a_whole(tmp_path: Path) -> None:
    path = archive(tmp_path, packed([(f"{n}.jpg", b"x") for n in range(30)]))
    with pytest.raises(ArchiveRefused, match="holds 30 entries; at most 20"):
        zip_entries(path, most=20)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"PK\x05\x06", packed([("a.jpg", PHOTO)])[:-30]])
def test_what_is_no_whole_zip_is_refused_with_a_sentence(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(ArchiveRefused, match="not a ZIP that can be opened"):
        zip_entries(archive(tmp_path, content), most=10)


def test_names_in_any_encoding_cost_no_other_file(tmp_path: Path) -> None:
    names = [
        "снимок.jpg".encode(),
        "Öl.jpg".encode("cp437"),
        b"bad\xff\xfe.jpg",
        "снимок.jpg".encode("cp1251"),
    ]
    flags = [0, 0, 0x800, 0x800]  # two that are marked as UTF-8 and are not
    entries = [(name, PHOTO, {"flags": flag}) for name, flag in zip(names, flags, strict=True)]
    path = archive(tmp_path, raw([*entries, (b"tab\there\x1b[2J.jpg", PHOTO, {})]))
    listed = run("list", str(path), "--most", "10")
    assert isinstance(listed, Success), listed
    told = [json.loads(line)["name"] for line in listed.stdout.splitlines()]
    assert told[:2] == ["снимок.jpg", "Öl.jpg"]
    assert told[2] == "bad\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}.jpg"
    assert told[4] == "tab\N{REPLACEMENT CHARACTER}here\N{REPLACEMENT CHARACTER}[2J.jpg"
    outdir = tmp_path / "out"
    outdir.mkdir()
    budget = ("--limit-bytes", str(GIB), "--most-bytes", str(GIB), "--most-seconds", "30")
    output = run("extract", str(path), str(outdir), *budget, "0", "1", "2", "3", "4")
    assert isinstance(output, Success), output
    results = [json.loads(line) for line in output.stdout.splitlines()]
    assert [each["failed"] for each in results] == [""] * 5
    assert len(list(outdir.iterdir())) == 5


def test_a_list_of_contents_that_is_a_bomb_ends_in_the_child(tmp_path: Path) -> None:
    """Six million entries: the list alone would take gigabytes."""
    path = tmp_path / "list.zip"
    entry = packed([("a.jpg", PHOTO)])
    at = entry.index(b"PK\x01\x02")
    record, count = entry[at : entry.rindex(b"PK\x05\x06")], 65_535
    directory = record * count * 20
    end = bytearray(entry[entry.rindex(b"PK\x05\x06") :])
    end[8:10] = end[10:12] = count.to_bytes(2, "little")
    end[12:16] = len(directory).to_bytes(4, "little")
    path.write_bytes(entry[:at] + directory + bytes(end))
    output = run("list", str(path), "--most", "20000")
    assert isinstance(output, Failure)
    assert output.reason == "memory" or "at most" in output.stdout.decode()


def test_the_honest_writer_of_these_tests_is_not_what_is_tested() -> None:
    assert zipfile._MASK_UTF_FILENAME == 0x800  # type: ignore[attr-defined]  # only the child changes it
