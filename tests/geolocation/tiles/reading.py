"""Tiles as GDAL's own driver reads them: layers of plain dictionaries, positions in degrees."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyogrio
from pyproj import Transformer

_DEGREES = Transformer.from_crs(3857, 4326, always_xy=True)


def layers_of(data: bytes, tile: tuple[int, int, int], folder: Path) -> dict[str, list[dict[str, Any]]]:
    """Features by layer; each has its properties, `longitude` and `latitude`. No layers in an empty tile."""
    if not data:
        return {}
    path = folder / "tile.mvt"
    path.write_bytes(data)
    zoom, x, y = tile
    where = {"Z": str(zoom), "X": str(x), "Y": str(y), "CLIP": "NO"}
    found = {}
    for name, _kind in pyogrio.list_layers(f"MVT:{path}"):
        frame = pyogrio.read_dataframe(f"MVT:{path}", layer=name, **where)
        rows = []
        for _index, row in frame.iterrows():
            properties = {
                key: value
                for key, value in row.items()
                if key not in ("geometry", "mvt_id") and value == value
            }
            longitude, latitude = _DEGREES.transform(row.geometry.x, row.geometry.y)
            rows.append({**properties, "longitude": longitude, "latitude": latitude})
        found[name] = rows
    return found
