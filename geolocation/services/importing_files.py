"""The files of auto-archiver's folders: out of the kept ZIP to their posting, the way evidence takes files.

They are hashed again while they are stored. A file that was not the one its report states stays out.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from django.utils.translation import gettext as _

from evidence.errors import InvalidInput
from evidence.platforms import Link, read_link
from evidence.services.appearances import appearance_find
from evidence.services.archived_sets import archived_set_add
from evidence.storage import media_storage
from geolocation.models import ImportBatch, StagedRow

_PIECE_BYTES = 1 << 20
_FIXED_DATE = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, kw_only=True)
class _Member:
    """A file of a ZIP, as evidence takes an upload."""

    archive: zipfile.ZipFile
    info: zipfile.ZipInfo

    @property
    def name(self) -> str:
        return PurePosixPath(self.info.filename).name

    @property
    def size(self) -> int:
        return self.info.file_size

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        with self.archive.open(self.info) as stream:
            yield from iter(lambda: stream.read(chunk_size or _PIECE_BYTES), b"")


def row_has_files(row: StagedRow) -> bool:
    """Whether it is a row of auto-archiver's folders. No cell of a sheet is a list."""
    return isinstance(row.row.get("files"), list)


def row_files_add(*, actor: Any, batch: ImportBatch, row: StagedRow) -> None:
    """Keep the report and the files of a row at its posting; nothing for a row of a sheet.

    All of them or none. InvalidInput where the link is of no posting or the ZIP is damaged; FileRefused.
    """
    if not row_has_files(row):
        return
    link = read_link(row.row["link"])
    found = (
        appearance_find(investigation=batch.investigation, canonical_url=link.canonical)
        if isinstance(link, Link)
        else None
    )
    if found is None:
        raise InvalidInput(_("The link of this row is not one of a posting, so its files have no place."))
    wanted = [row.row["report"]]
    wanted += [file["member"] for file in row.row["files"] if file["is_kept"] and not file["differs"]]
    try:
        with zipfile.ZipFile(media_storage().path_of(batch.sha256)) as archive:
            uploads = [_Member(archive=archive, info=archive.getinfo(name)) for name in dict.fromkeys(wanted)]
            archived_set_add(actor=actor, appearance=found, uploads=uploads)
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError) as error:
        raise InvalidInput(_("The ZIP is damaged at the files of this row.")) from error


def folder_pack(folder: Path, target: Path) -> None:
    """A folder of the disk as a ZIP, the same bytes each time; links and devices are left out."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_symlink() or not path.is_file():
                continue
            info = zipfile.ZipInfo(path.relative_to(folder).as_posix(), _FIXED_DATE)
            info.file_size = path.stat().st_size
            with path.open("rb") as source, archive.open(info, "w") as packed:
                while piece := source.read(_PIECE_BYTES):
                    packed.write(piece)
