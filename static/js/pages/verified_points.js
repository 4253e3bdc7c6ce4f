// Verified points: the map of the filter that the table shows, "only what the map shows", and one point's own map.
import { word } from "catalogue/announce";
import { addPoints, addPointTiles, createMap, drawCircle, drawSight, fitTo, fitToBox, placeMarker, sayOn } from "catalogue/map";
import { followRows, saidOfVerified } from "catalogue/map-verified";

// What the map needs of a GeoJSON feature of the API: its status, and what the popup says.
function pointOf(feature, frame) {
  const { verified_by: people, ...properties } = feature.properties;
  const said = saidOfVerified(frame, { ...properties, id: feature.id, verified_by: people.join(", ") });
  return { type: "Feature", geometry: feature.geometry, properties: { status: "verified", ...said } };
}

function positionsOf(collection) {
  return collection.features.map(({ geometry: { coordinates: [longitude, latitude] } }) => ({ latitude, longitude }));
}

// west,south,east,north of what is seen; null when it is the whole world round.
function seen(map) {
  const bounds = map.getBounds();
  if (bounds.getEast() - bounds.getWest() >= 360) return null;
  const around = (longitude) => ((((longitude + 180) % 360) + 360) % 360) - 180;
  const latitude = (value) => Math.max(-90, Math.min(90, value));
  return [around(bounds.getWest()), latitude(bounds.getSouth()), around(bounds.getEast()), latitude(bounds.getNorth())]
    .map((value) => value.toFixed(5)).join(",");
}

function setUpBox(map, form, tools) {
  const field = form.querySelector("[data-points-bbox]");
  const ask = (box) => {
    field.value = box ?? "";
    field.disabled = !box;
    form.requestSubmit();
  };
  tools.hidden = false;
  tools.querySelector("[data-points-here]").addEventListener("click", () => ask(seen(map)));
}

function setUpUnbox(form) {
  const button = document.querySelector("[data-points-unbox]");
  if (!button) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    form.querySelector("[data-points-bbox]").disabled = true;
    form.requestSubmit();
  });
}

// Empty fields would make a long address that says nothing.
function leaveOutEmpty(form) {
  form.addEventListener("formdata", ({ formData }) => {
    for (const [name, value] of [...formData]) if (!value) formData.delete(name);
  });
}

async function fetchPoints(frame) {
  if (!frame.dataset.url) return { type: "FeatureCollection", features: [] };
  const answer = await fetch(frame.dataset.url, { headers: { Accept: "application/geo+json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  const collection = await answer.json();
  return { type: "FeatureCollection", features: collection.features.map((feature) => pointOf(feature, frame)) };
}

async function drawAll(frame, form) {
  const { tiles } = frame.dataset;
  const [map, points] = await Promise.all([createMap(frame, {}), tiles ? null : fetchPoints(frame).catch(() => null)]);
  if (!map) return;
  setUpBox(map, form, document.querySelector("[data-points-tools]"));
  followRows(map);
  document.addEventListener("split:resize", () => map.resize());
  const box = frame.dataset.box?.split(",").map(Number);
  const tiled = tiles && await addPointTiles(map, {
    url: tiles, within: box, describe: (properties) => saidOfVerified(frame, properties), note: (sentence) => sayOn(frame, sentence),
  }).catch(() => null);
  if (points) addPoints(map, points);
  else if (!tiled) sayOn(frame, word(frame, "failed", "The points could not be fetched for the map."));
  if (box) fitToBox(map, box);
  else if (tiled) fitToBox(map, tiled, { closest: 12, padding: 32 });
  else if (points) fitTo(map, positionsOf(points), { closest: 12 });
  frame.pointsMap = map;
  frame.dataset.ready = "";
}

async function drawOne(frame) {
  const data = JSON.parse(document.getElementById("map-data").textContent);
  const shown = ["camera", "subject", "circle"].filter((role) => data[role]);
  const map = await createMap(frame, { center: data[shown[0]], zoom: 9 });
  if (!map) return;
  for (const role of shown) {
    if (role === "circle") drawCircle(map, data[role]);
    else placeMarker(map, { role, position: data[role], uncertainty_m: data[role].uncertainty_m });
  }
  if (data.field_of_view_deg && shown.length === 2) drawSight(map, data);
  fitTo(map, shown.map((role) => data[role]), { closest: 11, padding: 64 });
  frame.dataset.ready = "";
}

const all = document.querySelector("[data-points-map]");
const one = document.querySelector("[data-point-map]");
const filter = document.querySelector("[data-points-filter]");
if (filter) {
  leaveOutEmpty(filter);
  setUpUnbox(filter);
}
if (all) drawAll(all, filter);
if (one) drawOne(one);
