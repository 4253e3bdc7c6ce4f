"""Manifests: GNU sha256sum checks and writes the same ones, and RFC 8493's rules for paths hold."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.integrity.hashing import hash_stream
from evidence.integrity.manifest import (
    ManifestEntry,
    ManifestError,
    read_bagit_manifest,
    read_sha256sums,
    write_bagit_manifest,
    write_sha256sums,
)

# SHA-256 of "abc", FIPS 180-4.
ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

NAMES = [
    "plain.txt",
    "two words.mp4",
    " leading and trailing ",
    "*star.txt",
    "back\\slash\\n.txt",
    "line\nfeed.txt",
    "Ստեփանակերտ 😀.jpg",
    "line\u2028separator.txt",
    "100%.txt",
    "%0A.txt",
    "\\start.txt",
    "folder/inner file.txt",
]

parts = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="/\0"), min_size=1, max_size=8
).filter(lambda part: part not in {".", ".."} and not part.startswith("~"))
paths = st.lists(parts, min_size=1, max_size=3).map("/".join)
digests = st.binary(max_size=8).map(lambda content: hash_stream([content]).sha256)
entries = st.lists(st.builds(ManifestEntry, path=paths, sha256=digests), unique_by=lambda entry: entry.path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in NAMES:
        path = tmp_path / "files" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())
    return tmp_path


def entries_of(names: list[str]) -> list[ManifestEntry]:
    return [ManifestEntry(path=name, sha256=hash_stream([name.encode()]).sha256) for name in names]


def test_sha256sum_itself_verifies_what_is_written(folder: Path) -> None:
    (folder / "SHA256SUMS").write_bytes(b"".join(write_sha256sums(entries_of(NAMES))))
    command = ["sha256sum", "--check", "--strict", "--quiet", "../SHA256SUMS"]
    checked = subprocess.run(command, cwd=folder / "files", capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")
    (folder / "files" / "plain.txt").write_bytes(b"tampered")
    assert subprocess.run(command, cwd=folder / "files", capture_output=True, check=False).returncode == 1


@pytest.mark.parametrize("option", ["--text", "--binary"])
def test_what_sha256sum_writes_is_read(folder: Path, option: str) -> None:
    command = ["sha256sum", option, "--", *NAMES]
    shown = subprocess.run(command, cwd=folder / "files", capture_output=True, check=True).stdout.decode()
    # "*star.txt" in text mode is "  *star.txt": the mode is one character, the rest is the name.
    assert read_sha256sums(shown) == tuple(entries_of(NAMES))


@given(entries)
def test_sha256sums_round_trip(original: list[ManifestEntry]) -> None:
    text = b"".join(write_sha256sums(original)).decode()
    assert read_sha256sums(text) == tuple(original)


@given(entries)
def test_bag_manifests_round_trip(original: list[ManifestEntry]) -> None:
    payload = [ManifestEntry(path=f"data/{entry.path}", sha256=entry.sha256) for entry in original]
    text = b"".join(write_bagit_manifest(payload)).decode()
    assert text.count("\n") == len(payload)
    assert read_bagit_manifest(text) == tuple(payload)


def test_a_bag_manifest_encodes_only_what_the_rfc_names() -> None:
    entry = ManifestEntry(path="data/a\r\nb %0A Ս\\n.txt", sha256=ABC)
    assert b"".join(write_bagit_manifest([entry])).decode() == f"{ABC}  data/a%0D%0Ab %250A Ս\\n.txt\n"


def test_a_bag_manifest_of_another_writer_is_read() -> None:
    # RFC 8493, section 2.1.3: any whitespace between, perhaps an asterisk, either case of digits.
    text = f"{ABC.upper()}\t*data/one.txt\r\n{ABC}   ./data/tw%0ao.txt\n\n"
    assert [entry.path for entry in read_bagit_manifest(text)] == ["data/one.txt", "data/tw\no.txt"]
    assert {entry.sha256 for entry in read_bagit_manifest(text)} == {ABC}


@pytest.mark.parametrize(
    "path", ["", "/etc/passwd", "../outside", "data/../../outside", "a//b", "./a", "~/a", "data/", "nul\0"]
)
def test_a_path_that_leaves_the_folder_is_refused(path: str) -> None:
    with pytest.raises(ManifestError, match="not a path inside"):
        ManifestEntry(path=path, sha256=ABC)
    if path and "\0" not in path and not path.startswith("./"):
        with pytest.raises(ManifestError, match="Line 1"):
            read_bagit_manifest(f"{ABC}  {path}\n")


@pytest.mark.parametrize("digest", ["", ABC[:-1], ABC.upper(), ABC + "\n", "md5"])
def test_a_digest_of_another_form_is_refused(digest: str) -> None:
    with pytest.raises(ManifestError, match="not a SHA-256 digest"):
        ManifestEntry(path="a", sha256=digest)


def test_the_same_path_twice_is_refused_in_both_directions() -> None:
    twice = [ManifestEntry(path="data/a", sha256=ABC)] * 2
    with pytest.raises(ManifestError, match="twice"):
        list(write_bagit_manifest(twice))
    with pytest.raises(ManifestError, match="twice"):
        read_sha256sums(f"{ABC}  a\n{ABC}  a\n")


def test_payload_and_tag_files_stay_in_their_own_manifests() -> None:
    with pytest.raises(ManifestError, match="inside data/"):
        list(write_bagit_manifest([ManifestEntry(path="bagit.txt", sha256=ABC)]))
    with pytest.raises(ManifestError, match="outside data/"):
        list(write_bagit_manifest([ManifestEntry(path="data/a", sha256=ABC)], payload=False))


@pytest.mark.parametrize("line", ["not a line", f"{ABC}", f"{ABC[:-1]}  a", f"{ABC}a"])
def test_a_line_that_is_none_is_named(line: str) -> None:
    with pytest.raises(ManifestError, match="Line 2 "):
        read_sha256sums(f"{ABC}  a\n{line}\n")


def test_an_escape_that_sha256sum_does_not_write_is_refused() -> None:
    with pytest.raises(ManifestError, match="backslash"):
        read_sha256sums(f"\\{ABC}  a\\tb\n")
