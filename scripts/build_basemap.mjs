// Cuts the layers of the offline base map into vector tiles. Run by build_basemap.py, which packs them.
// Usage: node build_basemap.mjs <directory with node_modules and places.geojson> <output file>
// The output is a sequence of [zoom uint8, x uint32, y uint32, length uint32, bytes], little-endian.
import { readFileSync, openSync, writeSync, closeSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const [workspace, output] = process.argv.slice(2);
const require = createRequire(join(resolve(workspace), "package.json"));
const { feature, mesh } = require("topojson-client");
const { GeoJSONVT } = await import(join(resolve(workspace), "node_modules/@maplibre/geojson-vt/dist/geojson-vt.mjs"));
const vtpbf = require("vt-pbf");

const MAX_ZOOM = 6;
const EXTENT = 8192; // MapLibre's own; at zoom 6 one unit is 76 m at the equator

// A border is drawn dashed where states or the United Nations do not agree on it. Names are Natural Earth's.
const DISPUTED_ENTITIES = new Set([
  "Kosovo", "N. Cyprus", "Cyprus U.N. Buffer Zone", "W. Sahara", "Somaliland", "Palestine", "Siachen Glacier", "Baikonur",
]);
const DISPUTED_PAIRS = new Set([
  "Armenia|Azerbaijan", "India|Pakistan", "China|India", "Bhutan|China", "Israel|Syria", "Israel|Lebanon", "Lebanon|Syria",
  "Russia|Ukraine", "S. Sudan|Sudan", "Egypt|Sudan", "Guyana|Venezuela", "Guyana|Suriname", "Kyrgyzstan|Tajikistan",
  "North Korea|South Korea", "Ethiopia|Somalia",
]);

function isDisputed(a, b) {
  const names = [a.properties.name, b.properties.name].sort();
  return names.some((name) => DISPUTED_ENTITIES.has(name)) || DISPUTED_PAIRS.has(names.join("|"));
}

function collection(features) {
  return { type: "FeatureCollection", features };
}

const world = JSON.parse(readFileSync(join(workspace, "node_modules/world-atlas/countries-10m.json"), "utf8"));
const countries = world.objects.countries;
const borders = (disputed) => ({
  type: "Feature",
  properties: { disputed: disputed ? 1 : 0 },
  geometry: mesh(world, countries, (a, b) => a !== b && isDisputed(a, b) === disputed),
});
const land = feature(world, world.objects.land);
const places = JSON.parse(readFileSync(join(workspace, "places.geojson"), "utf8"));

const SETTINGS = { maxZoom: MAX_ZOOM, indexMaxZoom: MAX_ZOOM, indexMaxPoints: 0, extent: EXTENT, buffer: 128 };
const index = (data, tolerance) => new GeoJSONVT(data, { ...SETTINGS, tolerance });
const indexes = [
  ["land", index(land.type === "FeatureCollection" ? land : collection([land]), 8)],
  ["borders", index(collection([borders(false), borders(true)]), 8)],
];
// A place is put into a tile only from the zoom at which it is drawn; the last zoom holds them all.
for (let zoom = 0; zoom <= MAX_ZOOM; zoom += 1) {
  const shown = places.features.filter((place) => zoom === MAX_ZOOM || place.properties.rank <= zoom);
  indexes.push(["places", index(collection(shown), 0), zoom]);
}

const file = openSync(output, "w");
let tiles = 0;
for (let zoom = 0; zoom <= MAX_ZOOM; zoom += 1) {
  for (let x = 0; x < 2 ** zoom; x += 1) {
    for (let y = 0; y < 2 ** zoom; y += 1) {
      const layers = {};
      for (const [name, tileIndex, only] of indexes) {
        if (only !== undefined && only !== zoom) continue;
        const tile = tileIndex.getTile(zoom, x, y);
        if (tile?.features.length) layers[name] = tile;
      }
      if (!Object.keys(layers).length) continue;
      const bytes = vtpbf.fromGeojsonVt(layers, { version: 2, extent: EXTENT });
      const head = Buffer.alloc(13);
      head.writeUInt8(zoom, 0);
      head.writeUInt32LE(x, 1);
      head.writeUInt32LE(y, 5);
      head.writeUInt32LE(bytes.length, 9);
      writeSync(file, head);
      writeSync(file, bytes);
      tiles += 1;
    }
  }
}
closeSync(file);
console.log(`${tiles} tiles`);
