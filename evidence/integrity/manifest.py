"""Manifests that a person can verify without this software.

Two spellings of the same entries: the one of `sha256sum --check` (GNU coreutils: a file name with a
backslash, line feed or carriage return is escaped and its line begins with a backslash), and BagIt's
`manifest-sha256.txt` (RFC 8493, sections 2.1.3 and 2.4: line feed, carriage return and per cent sign are
percent-encoded).
Paths are relative, with forward slashes, and never leave the directory.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from evidence.integrity.hashing import SHA256_PATTERN

#: The contents of a bag's bagit.txt (RFC 8493, section 2.1.1).
BAGIT_DECLARATION: Final = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
#: Name of the payload manifest in a bag, and of the plain list of digests.
BAGIT_MANIFEST_NAME: Final = "manifest-sha256.txt"
BAGIT_TAG_MANIFEST_NAME: Final = "tagmanifest-sha256.txt"
SHA256SUMS_NAME: Final = "SHA256SUMS"

_DIGEST = re.compile(SHA256_PATTERN)
_SHA256SUM_LINE = re.compile(r"([0-9A-Fa-f]{64}) [ *](.+)", re.DOTALL)
_BAGIT_LINE = re.compile(r"([0-9A-Fa-f]{64})[ \t]+\*?(.+)", re.DOTALL)
_BAGIT_ESCAPES = {"%": "%25", "\n": "%0A", "\r": "%0D"}
_SHA256SUM_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r"}


class ManifestError(ValueError):
    """A manifest, or an entry meant for one, that cannot be trusted; the message says which one."""


@dataclass(frozen=True, slots=True)
class ManifestEntry:
    """One file: its relative path with forward slashes, and its SHA-256 in lower-case hexadecimal digits.

    Raises ManifestError for a digest of another form and for a path that could leave the directory.
    """

    path: str
    sha256: str

    def __post_init__(self) -> None:
        if not _DIGEST.fullmatch(self.sha256):
            raise ManifestError(f"{self.sha256!r} is not a SHA-256 digest in lower-case hexadecimal digits.")
        parts = self.path.split("/")
        if not self.path or "\0" in self.path or self.path[0] == "~" or {"", ".", ".."} & set(parts):
            raise ManifestError(f"{self.path!r} is not a path inside the directory of a manifest.")


def write_sha256sums(entries: Iterable[ManifestEntry]) -> Iterator[bytes]:
    """Lines for `sha256sum --check`, one chunk an entry. Raises ManifestError for a path given twice."""
    for entry in _unique(entries):
        escaped = _escape(entry.path, _SHA256SUM_ESCAPES)
        mark = "\\" if escaped != entry.path else ""
        yield f"{mark}{entry.sha256}  {escaped}\n".encode()


def read_sha256sums(text: str) -> tuple[ManifestEntry, ...]:
    """The entries of a file that `sha256sum` wrote, in order. Raises ManifestError with the line number."""
    return tuple(_unique(_parse_lines(text, escaped_by_mark=True)))


def write_bagit_manifest(entries: Iterable[ManifestEntry], *, payload: bool = True) -> Iterator[bytes]:
    """Lines of manifest-sha256.txt (or, with `payload=False`, of tagmanifest-sha256.txt), one chunk an entry.

    Raises ManifestError for a path given twice, a payload outside `data/` or a tag file inside it.
    """
    for entry in _unique(entries):
        if entry.path.startswith("data/") is not payload:
            where = "inside" if payload else "outside"
            raise ManifestError(f"{entry.path!r} must lie {where} data/ to stand in this manifest of a bag.")
        yield f"{entry.sha256}  {_escape(entry.path, _BAGIT_ESCAPES)}\n".encode()


def read_bagit_manifest(text: str) -> tuple[ManifestEntry, ...]:
    """The entries of a bag's manifest, in its order. Raises ManifestError with the line number."""
    return tuple(_unique(_parse_lines(text, escaped_by_mark=False)))


def _unique(entries: Iterable[ManifestEntry]) -> Iterator[ManifestEntry]:
    seen: set[str] = set()
    for entry in entries:
        if entry.path in seen:
            raise ManifestError(f"{entry.path!r} stands in the manifest twice.")
        seen.add(entry.path)
        yield entry


def _escape(path: str, escapes: dict[str, str]) -> str:
    return "".join(escapes.get(character, character) for character in path)


def _parse_lines(text: str, *, escaped_by_mark: bool) -> Iterator[ManifestEntry]:
    # Not splitlines(): a file name may hold U+2028, form feeds and other things that it takes for line ends.
    for number, raw_line in enumerate(re.split(r"\r\n|\n|\r", text), start=1):
        if not raw_line:
            continue
        marked = escaped_by_mark and raw_line.startswith("\\")
        pattern = _SHA256SUM_LINE if escaped_by_mark else _BAGIT_LINE
        found = pattern.fullmatch(raw_line[1:] if marked else raw_line)
        if found is None:
            raise ManifestError(f"Line {number} is not a SHA-256 digest followed by a path.")
        path = found[2]
        if marked:
            path = _unescape_sha256sum(path, number)
        elif not escaped_by_mark:
            path = re.sub(r"%(0[aAdD]|25)", lambda code: chr(int(code[1], 16)), path)
            path = path.removeprefix("./")
        try:
            yield ManifestEntry(path=path, sha256=found[1].lower())
        except ManifestError as error:
            raise ManifestError(f"Line {number}: {error}") from error


def _unescape_sha256sum(path: str, number: int) -> str:
    if re.fullmatch(r"(?:[^\\]|\\[\\nr])*", path, re.DOTALL) is None:
        raise ManifestError(f"Line {number} holds a backslash that stands for nothing.")
    meanings = {"\\\\": "\\", "\\n": "\n", "\\r": "\r"}
    return re.sub(r"\\[\\nr]", lambda code: meanings[code[0]], path)
