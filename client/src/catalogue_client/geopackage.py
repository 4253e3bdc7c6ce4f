"""The parts of a GeoPackage (OGC 12-128r18) that a mirror needs, written with the sqlite3 of Python.

GDAL would write it too, but in transactions of its own: rows and the cursor have to be one.
"""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from catalogue_client.models import Point, Removal

POINTS, REMOVED = "verified_points", "removed_points"
_APPLICATION_ID = 0x47504B47  # "GPKG"
_VERSION = 10300
_WGS84 = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],'
    'UNIT["degree",0.0174532925199433]]'
)
#: Every field of a point with its type in SQLite; lists are one text joined by `; `.
COLUMNS: Mapping[str, str] = {
    "id": "TEXT NOT NULL UNIQUE",
    "url": "TEXT",
    "investigation": "TEXT",
    "reference": "TEXT",
    "media_reference": "TEXT",
    "title": "TEXT",
    "kind": "TEXT",
    "latitude": "DOUBLE",
    "longitude": "DOUBLE",
    "uncertainty_m": "DOUBLE",
    "position_role": "TEXT",
    "disclosure": "TEXT",
    "camera_latitude": "DOUBLE",
    "camera_longitude": "DOUBLE",
    "subject_latitude": "DOUBLE",
    "subject_longitude": "DOUBLE",
    "place_name": "TEXT",
    "captured_from": "DATETIME",
    "captured_to": "DATETIME",
    "captured_on": "DATE",
    "claims": "TEXT",
    "source_url": "TEXT",
    "licence": "TEXT",
    "attribution": "TEXT",
    "revision": "INTEGER",
    "verified_at": "DATETIME",
    "verified_by": "TEXT",
    "updated_at": "DATETIME",
}
# No name in these statements comes from outside: they are made of the table above alone.
_NAMES = ", ".join(COLUMNS)
_UPSERT = (
    # S608: table and column names are constants of this module; values are parameters.
    f"INSERT INTO {POINTS} (geom, {_NAMES}) VALUES (?{', ?' * len(COLUMNS)}) "  # noqa: S608
    f"ON CONFLICT (id) DO UPDATE SET geom = excluded.geom, "
    f"{', '.join(f'{name} = excluded.{name}' for name in COLUMNS if name != 'id')}"
)
_TABLES = f"""
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY,
  organization TEXT NOT NULL, organization_coordsys_id INTEGER NOT NULL,
  definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL,
  identifier TEXT UNIQUE, description TEXT DEFAULT '',
  last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE,
  srs_id INTEGER REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL UNIQUE REFERENCES gpkg_contents(table_name),
  column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL REFERENCES gpkg_spatial_ref_sys(srs_id), z TINYINT NOT NULL, m TINYINT NOT NULL,
  PRIMARY KEY (table_name, column_name));
CREATE TABLE {POINTS} (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom POINT,
  {", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())});
CREATE TABLE {REMOVED} (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, id TEXT NOT NULL UNIQUE,
  investigation TEXT, reason TEXT, sentence TEXT, removed_at DATETIME);
"""


def tables_make(database: sqlite3.Connection) -> None:
    """The tables of a GeoPackage with an empty layer of points. The caller holds the transaction."""
    database.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
    database.execute(f"PRAGMA user_version = {_VERSION}")
    for statement in _TABLES.split(";\n"):
        if statement.strip():
            database.execute(statement)
    systems = [
        ("WGS 84", 4326, "EPSG", 4326, _WGS84, "longitude and latitude in degrees"),
        ("Undefined Cartesian", -1, "NONE", -1, "undefined", ""),
        ("Undefined geographic", 0, "NONE", 0, "undefined", ""),
    ]
    database.executemany("INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, ?)", systems)
    contents = "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) VALUES (?, ?, ?, ?)"
    database.execute(contents, (POINTS, "features", "Verified points", 4326))
    database.execute(contents, (REMOVED, "attributes", "Points that left, and why", None))
    database.execute("INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', 'POINT', 4326, 0, 0)", (POINTS,))


def points_put(database: sqlite3.Connection, points: Iterable[Point]) -> None:
    """Add points, or replace those with the same id; they are not among the removed any more."""
    for point in points:
        values = [_stored(getattr(point, name)) for name in COLUMNS]
        database.execute(_UPSERT, [_geometry(point), *values])
        database.execute(f"DELETE FROM {REMOVED} WHERE id = ?", (point.id,))  # noqa: S608  a constant


def points_drop(database: sqlite3.Connection, removals: Iterable[Removal]) -> int:
    """Drop points and keep why. Returns how many were there."""
    dropped = 0
    for gone in removals:
        # S608: the table's name is a constant of this module.
        dropped += database.execute(f"DELETE FROM {POINTS} WHERE id = ?", (gone.id,)).rowcount  # noqa: S608
        database.execute(
            # S608: as above.
            f"INSERT OR REPLACE INTO {REMOVED} (id, investigation, reason, sentence, removed_at) "  # noqa: S608
            "VALUES (?, ?, ?, ?, ?)",
            (gone.id, gone.investigation, gone.reason, gone.sentence, _stored(gone.removed_at)),
        )
    return dropped


def removals_read(database: sqlite3.Connection) -> list[Removal]:
    """The points that left and did not come back, the latest first."""
    rows = database.execute(
        f"SELECT id, investigation, reason, sentence, removed_at FROM {REMOVED} "  # noqa: S608  a constant
        "ORDER BY removed_at DESC, fid DESC"
    )
    names = ("id", "investigation", "reason", "sentence", "removed_at")
    return [Removal.from_json(dict(zip(names, row, strict=True))) for row in rows]


def extent_update(database: sqlite3.Connection) -> None:
    """What GIS programs read to know where the layer lies, and since when."""
    database.execute(
        "UPDATE gpkg_contents SET (min_x, min_y, max_x, max_y) = (SELECT min(longitude), min(latitude), "
        "max(longitude), max(latitude) FROM verified_points) WHERE table_name = ?",
        (POINTS,),
    )
    database.execute("UPDATE gpkg_contents SET last_change = strftime('%Y-%m-%dT%H:%M:%fZ','now')")


def _geometry(point: Point) -> bytes:
    """A GeoPackage geometry: its header without an envelope, then well-known binary, little-endian."""
    header = b"GP" + struct.pack("<BBi", 0, 1, 4326)
    return header + struct.pack("<BIdd", 1, 1, point.longitude, point.latitude)


def _stored(value: Any) -> Any:
    if isinstance(value, datetime):
        # The format knows milliseconds and no more.
        return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    return "; ".join(value) if isinstance(value, tuple) else value
