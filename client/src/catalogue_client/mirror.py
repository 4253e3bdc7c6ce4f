"""`Mirror`: a GeoPackage that is kept in step with the verified points of a catalogue."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from catalogue_client import frames, geopackage
from catalogue_client.catalogue import Catalogue, changes_path
from catalogue_client.errors import Invalid, LocalFileError, MirrorMismatch
from catalogue_client.models import ChangePage, Point, Removal

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

_SCHEMA = 1
_BUSY_S = 60.0
_SYNC = """
CREATE TABLE catalogue_sync (only_one INTEGER PRIMARY KEY CHECK (only_one = 1), schema INTEGER NOT NULL,
  server TEXT NOT NULL, feed TEXT NOT NULL, cursor TEXT NOT NULL)
"""


@dataclass(frozen=True, kw_only=True)
class Synced:
    """What one run changed: points added or replaced, points dropped, and how many there are now."""

    put: int
    dropped: int
    held: int


class Mirror:
    """A GeoPackage at `path`: the layer `verified_points`, and `removed_points` with the reasons.

    The first `updates()` fetches everything, each later one only what changed. Every page of the corrections
    feed is written in one SQLite transaction together with the cursor behind it. So whenever it ends, also by
    a power cut, the file is exactly the state at some cursor, and the next run goes on from there. Two runs
    at once do not harm each other: a page is only written where the cursor is still the one it was asked for.

    With `investigation` only its points, with `members` also what is not published. Raises MirrorMismatch for
    a file that is something else, or the mirror of something else; it is left as it is.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        path: str | Path,
        *,
        investigation: str | None = None,
        members: bool = False,
        page_size: int = 500,
    ) -> None:
        self.path = Path(path)
        self._catalogue = catalogue
        self._investigation = investigation
        self._members = members
        self._page_size = page_size
        if self.path.suffix != ".gpkg":
            raise LocalFileError(f"A mirror is a GeoPackage, and “{self.path.name}” does not end with .gpkg.")
        public = f"?investigation={investigation}" if investigation and not members else ""
        self._feed = changes_path(investigation, members=members) + public
        with self._open() as database, _transaction(database):
            self._prepare(database)

    @property
    def cursor(self) -> str:
        """Where the file stands in the feed; empty before the first run."""
        with self._open() as database:
            return _cursor(database)

    def updates(self, progress: Callable[[int, int], None] | None = None) -> Synced:
        """Fetch and apply all that changed. `progress` is told how many were put and dropped so far."""
        put = dropped = 0
        more = True
        with self._open() as database:
            while more:
                since = _cursor(database)
                page = self._page(since)
                applied = _apply(database, page, since)
                if applied is not None:
                    put, dropped, more = put + applied[0], dropped + applied[1], page.more
                if progress is not None:
                    progress(put, dropped)
            (held,) = database.execute("SELECT count(*) FROM verified_points").fetchone()
        return Synced(put=put, dropped=dropped, held=held)

    def removed(self) -> list[Removal]:
        """The points that left and did not come back, with the reasons; the latest first."""
        with self._open() as database:
            return geopackage.removals_read(database)

    def frame(self) -> GeoDataFrame:
        """The points as a GeoDataFrame, as `Catalogue.pull` gives it. Needs the extra `geo`."""
        return frames.read(self.path).drop(columns="fid", errors="ignore")

    def _page(self, since: str) -> ChangePage:
        try:
            return self._catalogue.changes(
                since or None,
                investigation=self._investigation,
                members=self._members,
                page_size=self._page_size,
            )
        except Invalid as refused:
            if since and "updated_since" in refused.fields:
                raise MirrorMismatch(
                    f"The server does not know any more where {self.path.name} stands: it has a new key. "
                    "Move the file away and sync again, which fetches everything."
                ) from refused
            raise

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            # Transactions are begun by hand: the module of Python would begin some of its own.
            database = sqlite3.connect(self.path, timeout=_BUSY_S, isolation_level=None)
        except sqlite3.Error as error:
            raise LocalFileError(f"{self.path} cannot be opened ({error}).") from error
        try:
            yield database
        except sqlite3.DatabaseError as error:
            if "not a database" in str(error):
                raise MirrorMismatch(f"{self.path} is no mirror; it was left as it is.") from error
            raise LocalFileError(f"{self.path} could not be read or written ({error}).") from error
        finally:
            database.close()

    def _prepare(self, database: sqlite3.Connection) -> None:
        tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if not tables:
            geopackage.tables_make(database)
            database.execute(_SYNC)
            database.execute(
                "INSERT INTO catalogue_sync VALUES (1, ?, ?, ?, '')",
                (_SCHEMA, self._catalogue.url, self._feed),
            )
            return
        if "catalogue_sync" not in tables:
            raise MirrorMismatch(f"{self.path} is no mirror; it was left as it is.")
        schema, server, feed = database.execute(
            "SELECT schema, server, feed FROM catalogue_sync"
        ).fetchone()  # fmt: skip
        if schema != _SCHEMA:
            raise MirrorMismatch(
                f"{self.path} was made by another version of this package. Sync to a new one."
            )  # fmt: skip
        if (server, feed) != (self._catalogue.url, self._feed):
            raise MirrorMismatch(
                f"{self.path} mirrors {server}{feed}, not {self._catalogue.url}{self._feed}. "
                "Name another file."
            )


def _apply(database: sqlite3.Connection, page: ChangePage, since: str) -> tuple[int, int] | None:
    """Write a page and its cursor as one. None, and nothing written, if another run was here meanwhile."""
    points = [entry for entry in page.entries if isinstance(entry, Point)]
    removals = [entry for entry in page.entries if isinstance(entry, Removal)]
    with _transaction(database):
        if _cursor(database) != since:
            return None
        geopackage.points_put(database, points)
        dropped = geopackage.points_drop(database, removals)
        database.execute("UPDATE catalogue_sync SET cursor = ?", (page.cursor,))
        if not page.more:
            geopackage.extent_update(database)
    return len(points), dropped


def _cursor(database: sqlite3.Connection) -> str:
    (cursor,) = database.execute("SELECT cursor FROM catalogue_sync").fetchone()
    return str(cursor)


@contextlib.contextmanager
def _transaction(database: sqlite3.Connection) -> Iterator[None]:
    """One transaction that writes, with the lock from its beginning."""
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        if database.in_transaction:  # SQLite ends it by itself when the disk is full
            database.execute("ROLLBACK")
        raise
    database.execute("COMMIT")
