// Writes land.json (a MultiPolygon) and borders.json (lines, disputed 1 or 0) as GeoJSON. Run by build_basemap.py,
// which cuts them into tiles.
// Usage: node build_basemap.mjs <directory with node_modules; the files are written there>
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const workspace = resolve(process.argv[2]);
const require = createRequire(join(workspace, "package.json"));
const { merge, mesh } = require("topojson-client");

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

function write(name, content) {
  writeFileSync(join(workspace, name), JSON.stringify(content));
}

const world = JSON.parse(readFileSync(join(workspace, "node_modules/world-atlas/countries-10m.json"), "utf8"));
const countries = world.objects.countries;
const borders = [false, true].map((disputed) => ({
  type: "Feature",
  properties: { disputed: disputed ? 1 : 0 },
  geometry: mesh(world, countries, (a, b) => a !== b && isDisputed(a, b) === disputed),
}));

write("land.json", merge(world, world.objects.land.geometries ?? [world.objects.land]));
write("borders.json", { type: "FeatureCollection", features: borders });
