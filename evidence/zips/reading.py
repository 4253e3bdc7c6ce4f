"""ZIP files (APPNOTE.TXT 6.3.10) read with suspicion: bombs, links, passwords, archives in archives."""

from __future__ import annotations

import stat
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from evidence.metadata import sniff

HEAD_BYTES = 4096
PIECE_BYTES = 1 << 20
# Pictures and videos are compressed already. What unpacks to so many times its size is none of them.
MOST_TIMES = 200
BOMB_FROM_BYTES = 64 * 1024 * 1024
SYSTEM_NAMES = frozenset({".ds_store", "thumbs.db", "desktop.ini"})
ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06")
ARCHIVE_STARTS = (*ZIP_STARTS, b"7z\xbc\xaf\x27\x1c", b"Rar!", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, OverflowError)

NOT_A_ZIP = "This is not a ZIP that can be opened, or it is damaged."
TOO_MANY = "The ZIP holds {count:,} entries; at most {most:,} are taken at once. Send it in parts."
SYSTEM_FILE = "Written by the operating system beside the files; left out."
A_LINK = "A link to another file, and not a file."
ENCRYPTED = "Protected by a password. Unpack it and send the file itself."
EMPTY = "The file is empty."
A_BOMB = "It would unpack to {times:,} times its size, as no picture or video does; it was left packed."
AN_ARCHIVE = "An archive inside the archive. Unpack it and send what is in it."
UNKNOWN_METHOD = "Packed in a way that is not read here (method {method})."
DAMAGED = "The file is damaged inside the ZIP."

_NAME_IS_UTF8 = 0x800
_IS_ENCRYPTED = 0x1


def decode_names_here() -> None:
    """Have `zipfile` leave names to `_name`: one that is marked as UTF-8 and is not would cost the others.

    For a process that does nothing else: it changes the library.
    """
    zipfile._MASK_UTF_FILENAME = 0  # type: ignore[attr-defined]


class ArchiveRefused(Exception):
    """The whole ZIP cannot be taken; ``sentence`` says why, for a person."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Entry:
    """One file in a ZIP: its number, its name as a label, its size as the ZIP says, why it is refused."""

    index: int
    name: str
    size_bytes: int
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Extracted:
    """What came of one entry: a file named by its number, or the reason why not.

    ``refused`` is a judgement on what it is, ``failed`` on a ZIP that is damaged there. ``is_unknown_kind``
    means that its first bytes are of no picture or video; nothing of it was written then.
    """

    index: int
    size_bytes: int = 0
    refused: str = ""
    failed: str = ""
    is_unknown_kind: bool = False
    is_too_large: bool = False

    @property
    def is_written(self) -> bool:
        return not (self.refused or self.failed or self.is_unknown_kind or self.is_too_large)


def zip_entries(path: Path, *, most: int) -> list[Entry]:
    """Every file in the ZIP, folders left out. Raises ArchiveRefused."""
    with _opened(path) as archive:
        entries = archive.infolist()
    if len(entries) > most:
        raise ArchiveRefused(TOO_MANY.format(count=len(entries), most=most))
    return [
        Entry(index, _name(info), info.file_size, _refusal(info, _name(info)))
        for index, info in enumerate(entries)
        if not info.is_dir()
    ]


def zip_extract(
    path: Path,
    outdir: Path,
    indexes: Sequence[int],
    *,
    limit_bytes: int,
    most_bytes: int,
    most_seconds: float,
    written: Callable[[int], None] = lambda size_bytes: None,
) -> Iterator[Extracted]:
    """Write entries as ``outdir/<index>``, in the order asked for, until enough bytes or seconds are spent.

    ``written`` hears of each piece. The first is always done, so that asking again comes to an end.
    """
    deadline, spent_bytes = time.monotonic() + most_seconds, 0
    with _opened(path) as archive:
        entries = archive.infolist()
        for index in indexes:
            if not 0 <= index < len(entries):
                yield Extracted(index, failed=DAMAGED)
                continue
            result = _extract(archive, entries[index], index, outdir, limit_bytes, written)
            yield result
            spent_bytes += result.size_bytes
            if spent_bytes >= most_bytes or time.monotonic() >= deadline:
                return


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except DAMAGE as error:
        raise ArchiveRefused(NOT_A_ZIP) from error


def _extract(
    archive: zipfile.ZipFile,
    info: zipfile.ZipInfo,
    index: int,
    outdir: Path,
    limit_bytes: int,
    written: Callable[[int], None],
) -> Extracted:
    if refusal := _refusal(info, _name(info)):
        return Extracted(index, refused=refusal)
    if info.file_size > limit_bytes:
        return Extracted(index, is_too_large=True)
    try:
        with archive.open(info) as packed:
            head = packed.read(HEAD_BYTES)
            if head.startswith(ARCHIVE_STARTS):
                return Extracted(index, refused=AN_ARCHIVE)
            if sniff(head) is None:
                return Extracted(index, is_unknown_kind=True)
            size_bytes = 0
            with (outdir / str(index)).open("wb") as file:
                piece = head
                while piece:
                    file.write(piece)
                    size_bytes += len(piece)
                    if size_bytes > limit_bytes:
                        return Extracted(index, is_too_large=True)
                    written(size_bytes)
                    piece = packed.read(PIECE_BYTES)
    except NotImplementedError:
        return Extracted(index, refused=UNKNOWN_METHOD.format(method=info.compress_type))
    except RuntimeError:
        return Extracted(index, refused=ENCRYPTED)
    except DAMAGE:
        return Extracted(index, failed=DAMAGED)
    return Extracted(index, size_bytes=size_bytes)


def _refusal(info: zipfile.ZipInfo, name: str) -> str:
    """Why an entry is not taken, as far as the list of contents tells."""
    parts = name.replace("\\", "/").split("/")
    if "__MACOSX" in parts or parts[-1].startswith("._") or parts[-1].lower() in SYSTEM_NAMES:
        return SYSTEM_FILE
    mode = info.external_attr >> 16
    if mode and stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return A_LINK
    if info.flag_bits & _IS_ENCRYPTED:
        return ENCRYPTED
    if not info.file_size:
        return EMPTY
    times = info.file_size // max(1, info.compress_size)
    if info.file_size > BOMB_FROM_BYTES and times > MOST_TIMES:
        return A_BOMB.format(times=times)
    return ""


def _name(info: zipfile.ZipInfo) -> str:
    """The name as its bytes most likely mean it: UTF-8 if they are that, else code page 437."""
    raw = info.orig_filename.encode("cp437", "replace")
    try:
        name = raw.decode("utf-8")
    except UnicodeDecodeError:
        name = raw.decode("utf-8", "replace") if info.flag_bits & _NAME_IS_UTF8 else raw.decode("cp437")
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in name)[:1000]
