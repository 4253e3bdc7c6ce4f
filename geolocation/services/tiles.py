"""Vector tiles out of the grid and the points, and the version by which a reader knows that one stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import structlog
from django.core.cache import cache
from django.db import connection, transaction

from geolocation.tiles import (
    BYTES_MOST,
    CELLS_ACROSS,
    DESCRIBED_MOST,
    FEATURES_MOST,
    GRID_ZOOM_MOST,
    Tile,
    latitude_at,
    spans,
)

log = structlog.get_logger(__name__)
VERIFIED: Final = ("verified",)
#: Beyond this, points that a tile has no room for are not counted one by one: "at least so many".
COUNTED_MOST: Final = 20_000
# Seconds. Long enough for a crowd that looks at one town; a change makes another key in any case.
_KEPT_S: Final = 600
# Raised when the same points come to give other tiles.
_FORM: Final = 1

_FOLDER = Path(__file__).parent
# Asked for every tile, so in as few words as will do.
_VERSIONS = """SELECT investigation_id, verified, everything FROM geolocation_tileversion
    WHERE investigation_id = ANY(%(investigations)s::bigint[]) ORDER BY investigation_id"""
_PUBLISHED = """SELECT id, coalesce(verified, 0) FROM evidence_investigation
    LEFT JOIN geolocation_tileversion ON investigation_id = id WHERE visibility = 'published' ORDER BY id"""


def _sql(name: str) -> str:
    return (_FOLDER / f"tile_{name}.sql").read_text()


_GRID, _POINTS, _MORE, _BOUNDS = (_sql(name) for name in ("grid", "points", "more", "bounds"))
_ROWS_VERIFIED, _ROWS_WORK = _sql("rows_verified"), _sql("rows_work")
_TOTAL, _FIRST = _sql("total"), _sql("first")


@dataclass(frozen=True, kw_only=True)
class TileFilter:
    """Whose geolocations, in which states, and when captured. Who may see them was asked before.

    Zooms of the grid count by the month in which a capture begins; the others compare exactly.
    """

    investigations: tuple[int, ...]
    statuses: tuple[str, ...] = VERIFIED
    start: datetime | None = None
    end: datetime | None = None


def tile_version(wanted: TileFilter) -> str:
    """Changes with every committed change of these tiles; read it before the tile it is to stand for."""
    column = 1 if wanted.statuses == VERIFIED else 2
    rows = _all(_VERSIONS, {"investigations": list(wanted.investigations)})
    return _digest((row[0], row[column]) for row in rows)


def published_version() -> tuple[tuple[int, ...], str]:
    """Whose verified points everybody may read, and the version of the tiles of all of them."""
    rows = _all(_PUBLISHED, {})
    return tuple(row[0] for row in rows), _digest((row[0], row[1]) for row in rows)


def tile_kept(tile: Tile, wanted: TileFilter, version: str) -> bytes:
    """The tile as it was last made for this version, or made now and kept for a while.

    `version` was read before, so what is kept is never older than it says. The grid answers sooner than the
    store would. Without a store each tile is made.
    """
    if tile.is_grid:
        return tile_made(tile, wanted)
    # By the database too: another one on the same store counts its versions for itself.
    asked = (connection.settings_dict["NAME"], tile, wanted)
    key = f"tile:{version}:{sha256(repr(asked).encode()).hexdigest()}"
    found = _from_store(lambda: cache.get(key))
    if found is None:
        made = tile_made(tile, wanted)
        _from_store(lambda: cache.set(key, made, _KEPT_S))
        return made
    return bytes(found)


def tile_made(tile: Tile, wanted: TileFilter) -> bytes:
    """The tile as MVT 2.1; empty bytes where there is nothing. Never above 200 kB."""
    if tile.is_grid:
        return _grid_tile(tile, wanted)
    count, made = _point_tile(tile, wanted, described=DESCRIBED_MOST)
    if len(made) > BYTES_MOST and count <= DESCRIBED_MOST:
        # Long words. Marks alone are small.
        count, made = _point_tile(tile, wanted, described=-1)
    if count <= FEATURES_MOST:
        return made
    is_exact = _is_counted(tile, wanted) or count <= COUNTED_MOST
    total = max(_total(tile, wanted), count) if _is_counted(tile, wanted) else min(count, COUNTED_MOST)
    more = {"total": total, "is_exact": is_exact, "shown": FEATURES_MOST}
    return made + bytes(_one(_MORE, more)[0])


def tiles_bounds(wanted: TileFilter) -> tuple[float, float, float, float] | None:
    """West, south, east, north around everything in the grid, to its finest cells; None without anything."""
    west, east, north, south = _one(_BOUNDS, _scope(wanted))
    if west is None:
        return None
    across = CELLS_ACROSS << GRID_ZOOM_MOST
    return (
        west / across * 360 - 180,
        latitude_at((south + 1) / across),
        (east + 1) / across * 360 - 180,
        latitude_at(north / across),
    )


def tiles_begin(wanted: TileFilter) -> date | None:
    """The first day of the first month in which a capture begins, in UTC; None where no time is known."""
    month = _one(_FIRST, _scope(wanted))[0]
    return None if month is None else date(month // 100, month % 100, 1)


@transaction.atomic
def tile_cells_rebuild() -> int:
    """Make the whole grid again from the points. How many cells it has then. Writers wait meanwhile."""
    return int(_one("SELECT tile_cells_rebuild()", {})[0])


def tile_cells_wrong() -> int:
    """How many cells say something else than the points do."""
    return int(_one("SELECT tile_cells_wrong()", {})[0])


def _grid_tile(tile: Tile, wanted: TileFilter) -> bytes:
    periods = spans(wanted.start.date() if wanted.start else None, wanted.end.date() if wanted.end else None)
    given = {"lows": [low for low, _high in periods], "highs": [high for _low, high in periods]}
    return bytes(_one(_GRID, {**_scope(wanted), **_numbers(tile), **given})[0])


def _point_tile(tile: Tile, wanted: TileFilter, *, described: int) -> tuple[int, bytes]:
    """The layer of points, and how many there are: counted no further than is needed."""
    limit = FEATURES_MOST if _is_counted(tile, wanted) else COUNTED_MOST
    given = {"most": FEATURES_MOST, "limit": limit + 1, "described": described}
    count, made = _one(_with_rows(_POINTS, wanted), {**_scope(wanted), **_numbers(tile), **given})
    return count, bytes(made)


def _with_rows(statement: str, wanted: TileFilter) -> str:
    """The statement with the rows of the tables that the statuses ask for in the place of (FOUND)."""
    parts = [_ROWS_VERIFIED] if "verified" in wanted.statuses else []
    parts += [_ROWS_WORK] if set(wanted.statuses) - set(VERIFIED) else []
    return statement.replace("(FOUND)", f"({' UNION ALL '.join(parts)})", 1)


def _total(tile: Tile, wanted: TileFilter) -> int:
    """How many lie in a tile that whole cells of the grid make up."""
    finer = tile.zoom - GRID_ZOOM_MOST
    side = CELLS_ACROSS >> finer
    left, top = (tile.x * side) % CELLS_ACROSS, (tile.y * side) % CELLS_ACROSS
    cells = [row * CELLS_ACROSS + col for row in range(top, top + side) for col in range(left, left + side)]
    parent = {"parent_x": tile.x >> finer, "parent_y": tile.y >> finer, "cells": cells}
    return int(_one(_TOTAL, {**_scope(wanted), **parent})[0])


def _is_counted(tile: Tile, wanted: TileFilter) -> bool:
    """Whether whole cells of the finest grid make up the tile, and none is cut by a time."""
    return tile.zoom <= GRID_ZOOM_MOST + 4 and wanted.start is None and wanted.end is None


def _scope(wanted: TileFilter) -> dict[str, Any]:
    return {
        "investigations": list(wanted.investigations),
        "statuses": list(wanted.statuses),
        "start": wanted.start,
        "end": wanted.end,
    }


def _numbers(tile: Tile) -> dict[str, Any]:
    edges: Iterable[tuple[str, float]] = zip(("west", "south", "east", "north"), tile.box(), strict=True)
    return {"zoom": tile.zoom, "x": tile.x, "y": tile.y, **dict(edges)}


def _from_store(act: Callable[[], Any]) -> Any:
    try:
        return act()
    # Whatever is wrong with the store: a tile can do without.
    except Exception as error:
        log.warning("tile_store_failed", error=str(error))
        return None


def _digest(versions: Iterable[tuple[int, int]]) -> str:
    said = ";".join(f"{pk}:{number}" for pk, number in versions)
    return sha256(f"{_FORM}|{said}".encode()).hexdigest()[:24]


def _all(statement: str, given: dict[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return list(cursor.fetchall())


def _one(statement: str, given: dict[str, Any]) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return cursor.fetchone()
