"""auto-archiver's folders in a ZIP: each `metadata.json` with the files it names, as one row.

Nothing is unpacked to a path that the ZIP names, and no more is read than pictures and videos could give.
What a file is, is told by its first bytes; its SHA-256 is computed and compared with the one in the report.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from evidence.archives import Refused, kind_of
from evidence.archives.auto_archiver import MAX_BYTES, all_media, media_of, report_of
from evidence.metadata import sniff
from evidence.zips.reading import BOMB_FROM_BYTES, DAMAGE, HEAD_BYTES, MOST_TIMES, PIECE_BYTES
from geolocation.importers.formats.containers import Line
from geolocation.importers.formats.row import FileUnreadable, Reason, RefusedRow

REPORT = "metadata.json"
MOST_FILES = 100
MOST_FILE_BYTES = 2 << 30
# What zipfile raises for packing it does not know, and for a member under a password.
_UNREADABLE = (*DAMAGE, NotImplementedError, RuntimeError)
# Where the archived posting may be seen, the first that has a web address.
_ARCHIVED_IN = ("browsertrix", "html_source_code", "screenshot")


class _RowRefused(Exception):
    """This folder gives no row, for one reason."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


def folder_lines(path: Path) -> Iterator[Line]:
    """One row a `metadata.json`, in the order of their names; each refused by itself."""
    try:
        archive = zipfile.ZipFile(path)
    except _UNREADABLE as error:
        raise FileUnreadable("This ZIP is damaged or cannot be opened.") from error
    with archive:
        members = {info.filename: info for info in archive.infolist() if not info.is_dir()}
        reports = sorted(name for name in members if PurePosixPath(name).name == REPORT)
        if not reports:
            raise FileUnreadable("This ZIP holds no metadata.json of auto-archiver.")
        reading = _Reading(archive, members, most_bytes=max(BOMB_FROM_BYTES, MOST_TIMES * _size(path)))
        for number, name in enumerate(reports, 1):
            try:
                yield number, reading.row(name)
            except _RowRefused as refused:
                yield RefusedRow(number, {"report": name[:500]}, (refused.reason,))


def _size(path: Path) -> int:
    return path.stat().st_size


class _Reading:
    """One ZIP, with how much of it may still be unpacked."""

    def __init__(
        self, archive: zipfile.ZipFile, members: Mapping[str, zipfile.ZipInfo], *, most_bytes: int
    ) -> None:
        self._archive, self._members, self._left_bytes = archive, members, most_bytes
        self._folders: dict[PurePosixPath, dict[str, str]] = {}
        for name in members:
            self._folders.setdefault(PurePosixPath(name).parent, {})[PurePosixPath(name).name] = name

    def row(self, name: str) -> dict[str, Any]:
        """The report and its files under the names of the sheet's columns. Raises _RowRefused."""
        _refuse_path(name)
        text = self._unpacked(name, most_bytes=MAX_BYTES)
        try:
            report = report_of(text)
        except Refused:
            raise _RowRefused(Reason.NOT_A_ROW) from None
        metadata = report["metadata"]
        named = list(all_media(report["media"]))
        if len(named) > MOST_FILES - 1:
            raise _RowRefused(Reason.FILE_TOO_LARGE)
        files = [self._file(PurePosixPath(name).parent, each) for each in named]
        return {
            "link": _text(metadata.get("url")) or _text(metadata.get("original_url")),
            "upload title": _text(metadata.get("title")),
            "text content": _text(metadata.get("content")),
            "upload timestamp": _text(metadata.get("timestamp")),
            "archive location": _archived(metadata, named),
            **_place(metadata),
            "report": name,
            "report_sha256": hashlib.sha256(text).hexdigest(),
            "files": [file for file in files if file is not None],
        }

    def _file(self, folder: PurePosixPath, each: Mapping[str, Any]) -> dict[str, Any] | None:
        """What a file is; None for an entry that names none."""
        said = media_of(dict(each))
        for given in (each.get("filename"), each.get("_key")):
            _refuse_climbing(_text(given))
        keyed = PurePosixPath(_text(each.get("_key"))).name
        if not said["name"] and not keyed:
            return None
        here = self._folders.get(folder, {})
        member = here.get(said["name"]) or here.get(keyed)
        if member is None:
            raise _RowRefused(Reason.FILE_MISSING)
        sha256, is_kept = self._looked_at(member)
        return {
            "member": member,
            "sha256": sha256,
            "stated_sha256": said["sha256"],
            "differs": said["sha256"] is not None and said["sha256"] != sha256,
            # A certificate, a PDF, a text: named in the row, and not a recording nor a copy of a kind.
            "is_kept": is_kept,
        }

    def _looked_at(self, name: str) -> tuple[str, bool]:
        """The SHA-256 of a member, and whether evidence takes a file that begins so."""
        info = self._allowed(name, most_bytes=MOST_FILE_BYTES)
        try:
            with self._archive.open(info) as stream:
                piece = stream.read(HEAD_BYTES)
                is_kept = sniff(piece) is not None or kind_of(piece) is not None
                digest = hashlib.sha256(piece)
                while piece := stream.read(PIECE_BYTES):
                    digest.update(piece)
        except _UNREADABLE:
            raise _RowRefused(Reason.FILE_DAMAGED) from None
        return digest.hexdigest(), is_kept

    def _unpacked(self, name: str, *, most_bytes: int) -> bytes:
        try:
            return self._archive.read(self._allowed(name, most_bytes=most_bytes))
        except _UNREADABLE:
            raise _RowRefused(Reason.FILE_DAMAGED) from None

    def _allowed(self, name: str, *, most_bytes: int) -> zipfile.ZipInfo:
        """By the size that the ZIP states: `zipfile` reads no more than that of a member."""
        info = self._members[name]
        if info.file_size > most_bytes:
            raise _RowRefused(Reason.FILE_TOO_LARGE)
        if info.file_size > self._left_bytes:
            raise _RowRefused(Reason.UNPACKS_TOO_FAR)
        self._left_bytes -= info.file_size
        return info


def _refuse_path(name: str) -> None:
    if name.startswith(("/", "\\")) or name[1:2] == ":":
        raise _RowRefused(Reason.FILE_PATH)
    _refuse_climbing(name)


def _refuse_climbing(name: str) -> None:
    """`..` in a path; an absolute one is how auto-archiver names its own temporary files."""
    if ".." in name.replace("\\", "/").split("/"):
        raise _RowRefused(Reason.FILE_PATH)


def _place(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """Where the metadata says a place: two values of their own, or in its `location`."""
    location = metadata.get("location")
    for found in (metadata, location if isinstance(location, dict) else {}):
        if "latitude" in found and "longitude" in found:
            return {"latitude": found["latitude"], "longitude": found["longitude"]}
    return {}


def _archived(metadata: Mapping[str, Any], named: list[dict[str, Any]]) -> str:
    wayback = _text(metadata.get("wayback"))
    if wayback.startswith("http"):
        return wayback
    urls = {said["id"]: said["urls"] for said in map(media_of, named)}
    found = [url for kind in _ARCHIVED_IN for url in urls.get(kind, []) if url.startswith("http")]
    return found[0] if found else ""


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""
