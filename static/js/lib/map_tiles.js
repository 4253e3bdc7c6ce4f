// Points from vector tiles, for maps of more of them than a page should carry: counted in circles from afar, single
// points in the shape of their status from zoom 9 on. The tiles say of themselves where they are (TileJSON).
//
//   const box = await addPointTiles(map, { url, describe, note });   // [west, south, east, north] or null
//
// describe(properties) turns what a tile says of a point into what its popup says: {title, url, status_word, place,
// detail}. note(sentence) is told what the map does not show, "" when it shows everything. Words come from the data
// attributes of the map's element: data-word-more, data-word-at-least, data-word-months, data-word-crowded.
import { word } from "catalogue/announce";
import { SYMBOL_LAYOUT, addSymbols, paintCircles, showPopup } from "catalogue/map-points";
import { LABEL_FONTS } from "catalogue/map-style";
import { onThemeChange } from "catalogue/theme";

const FIRST_POINTS = 9;
const CLOSEST_TILES = 16;
const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
const COUNT = ["get", "point_count"];
// 950, 1.2k, 48k, 1.3M: as MapLibre shortens the counts of its own clusters.
const SHORT_COUNT = ["case",
  ["<", COUNT, 1000], ["to-string", COUNT],
  ["<", COUNT, 10000], ["concat", ["/", ["round", ["/", COUNT, 100]], 10], "k"],
  ["<", COUNT, 1000000], ["concat", ["round", ["/", COUNT, 1000]], "k"],
  ["concat", ["/", ["round", ["/", COUNT, 100000]], 10], "M"]];

// A box as an area of the map; one across the date line is two.
function areaOf([west, south, east, north]) {
  const ring = (left, right) => [[[left, south], [right, south], [right, north], [left, north], [left, south]]];
  const coordinates = west <= east ? [ring(west, east)] : [ring(west, 180), ring(-180, east)];
  return { type: "MultiPolygon", coordinates };
}

function addLayers(map, id, within) {
  const only = (...conditions) => ["all", ...conditions, ...(within ? [["within", areaOf(within)]] : [])];
  const isOne = ["all", ["==", COUNT, 1], ["has", "status"]];
  map.addLayer({
    id: `${id}-clusters`, type: "circle", source: id, "source-layer": "clusters", filter: only(["!", isOne]),
    layout: { "circle-sort-key": COUNT },
    paint: {
      "circle-radius": ["interpolate", ["linear"], ["ln", COUNT], 0.7, 10, 9, 19, 13, 23],
      "circle-stroke-width": 1.5,
    },
  });
  map.addLayer({
    id: `${id}-counts`, type: "symbol", source: id, "source-layer": "clusters", filter: only(["!", isOne]),
    layout: { "text-field": SHORT_COUNT, "text-font": [LABEL_FONTS[0]], "text-size": 11, "symbol-sort-key": ["-", COUNT] },
  });
  map.addLayer({
    id: `${id}-singles`, type: "symbol", source: id, "source-layer": "clusters", filter: only(isOne), layout: SYMBOL_LAYOUT,
  });
  map.addLayer({
    id: `${id}-symbols`, type: "symbol", source: id, "source-layer": "points", layout: SYMBOL_LAYOUT,
    ...(within ? { filter: only() } : {}),
  });
}

function closer(map, center, zoom) {
  if (calm()) map.jumpTo({ center, zoom });
  else map.easeTo({ center, zoom });
}

function answerClicks(map, id, describe) {
  const here = (event) => event.features[0].geometry.coordinates;
  map.on("click", `${id}-clusters`, (event) => closer(map, here(event), Math.min(map.getZoom() + 2, FIRST_POINTS)));
  map.on("click", `${id}-singles`, (event) => closer(map, here(event), FIRST_POINTS));
  map.on("click", `${id}-symbols`, (event) => {
    const { properties } = event.features[0];
    if (properties.id) {
      showPopup(map, here(event), describe(properties));
    } else if (map.getZoom() < CLOSEST_TILES) {
      // Among very many a tile does not say what each of them is.
      closer(map, here(event), map.getZoom() + 2);
    } else {
      const title = word(map.getContainer(), "crowded", "Too many points lie here to tell them apart. They are in the table.");
      showPopup(map, here(event), { title });
    }
  });
  for (const layer of ["clusters", "singles", "symbols"]) {
    map.on("mouseenter", `${id}-${layer}`, () => { map.getCanvas().style.cursor = "pointer"; });
    map.on("mouseleave", `${id}-${layer}`, () => { map.getCanvas().style.cursor = ""; });
  }
}

// What is left out where one looks. Tiles of other places are not counted.
function leftOut(map, id, isTimed) {
  if (map.getZoom() < FIRST_POINTS) {
    return isTimed ? word(map.getContainer(), "months", "From afar, captures are counted by whole months. Zoom in for the exact days.") : "";
  }
  const bounds = map.getBounds();
  // A point of this layer is in the middle of its tile; half a tile further out it may be seen.
  const half = 180 / 2 ** Math.floor(map.getZoom());
  const seen = map.querySourceFeatures(id, { sourceLayer: "more" }).filter(({ geometry: { coordinates: [longitude, latitude] } }) =>
    longitude > bounds.getWest() - half && longitude < bounds.getEast() + half && latitude > bounds.getSouth() - half && latitude < bounds.getNorth() + half);
  if (!seen.length) return "";
  const fullest = seen.reduce((one, other) => (other.properties.total > one.properties.total ? other : one)).properties;
  const [key, english] = fullest.is_exact
    ? ["more", "Not every point is drawn: %(shown)s of %(total)s in one part of the map. Zoom in to see all."]
    : ["at-least", "Not every point is drawn: %(shown)s of at least %(total)s in one part of the map. Zoom in to see all."];
  const number = (value) => value.toLocaleString(document.documentElement.lang || "en");
  return word(map.getContainer(), key, english).replace("%(shown)s", number(fullest.shown)).replace("%(total)s", number(fullest.total));
}

// within: [west, south, east, north] leaves out what lies outside; west > east crosses the date line.
export async function addPointTiles(map, { url, describe, note, within = null, id = "tiles" }) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(String(answer.status));
  const { tiles, minzoom, maxzoom, bounds, attribution } = await answer.json();
  addSymbols(map);
  map.addSource(id, { type: "vector", tiles, minzoom, maxzoom, attribution });
  addLayers(map, id, within);
  const paint = () => paintCircles(map, id);
  paint();
  answerClicks(map, id, describe);
  const isTimed = /[?&](from|to)=/.test(url);
  const tell = () => note(leftOut(map, id, isTimed));
  tell();
  map.on("moveend", tell);
  map.on("sourcedata", (event) => {
    if (event.sourceId === id && event.isSourceLoaded) tell();
  });
  // The last tile may come while another is under way that is then given up, and nothing follows but rest.
  map.on("idle", tell);
  map.once("remove", onThemeChange(() => {
    addSymbols(map);
    paint();
  }));
  return bounds;
}
