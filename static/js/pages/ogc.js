// The map of an OGC API page: the points of the page, one point with its circle, or the tiles of a whole collection.
import { word } from "catalogue/announce";
import { addPoints, addPointTiles, createMap, drawCircle, fitTo, fitToBox, sayOn } from "catalogue/map";
import { followRows, saidOfVerified } from "catalogue/map-verified";

function drawPoints(map, frame) {
  const features = JSON.parse(document.getElementById("ogc-points").textContent)
    .map((feature) => ({ ...feature, properties: { ...feature.properties, ...saidOfVerified(frame, feature.properties) } }));
  const positions = features.map(({ geometry: { coordinates: [longitude, latitude] } }) => ({ latitude, longitude }));
  addPoints(map, { type: "FeatureCollection", features });
  if ("isOne" in frame.dataset) drawCircle(map, { ...positions[0], uncertainty_m: features[0].properties.uncertainty_m });
  fitTo(map, positions, { closest: 12 });
}

async function drawTiles(map, frame) {
  const box = await addPointTiles(map, {
    url: frame.dataset.tiles, describe: (properties) => saidOfVerified(frame, properties), note: (sentence) => sayOn(frame, sentence),
  }).catch(() => null);
  if (box) fitToBox(map, box, { closest: 12, padding: 32 });
  else sayOn(frame, word(frame, "failed", "The points could not be fetched for the map."));
}

async function draw(frame) {
  const map = await createMap(frame, {});
  if (!map) return;
  if (frame.dataset.tiles) await drawTiles(map, frame);
  else drawPoints(map, frame);
  followRows(map);
  frame.ogcMap = map;
  frame.dataset.ready = "";
}

const shown = document.querySelector("[data-ogc-map]");
if (shown) draw(shown);
