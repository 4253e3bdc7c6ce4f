// The area of an investigation, drawn: corners clicked on the map, dragged or moved by keys. The text field is the truth,
// and is what is sent; GeoJSON in it is shown and not edited here.
import { word } from "catalogue/announce";
import { formatPosition } from "catalogue/geodesy";
import { createMap, fitTo } from "catalogue/map";
import { drawInvestigationArea } from "catalogue/map-area";
import { placeNumber } from "catalogue/map-resection";

const TYPING_MS = 400;
const part = document.querySelector("[data-area-editor]");
const frame = part.querySelector("[data-area-map]");
const text = part.closest("form").elements.namedItem("area");
const undo = part.querySelector("[data-area-undo]");
let map = null;
let markers = [];
let waiting = 0;

// Corners of one ring, a line each; null where a line is none, or the text is GeoJSON.
function corners() {
  const lines = text.value.split("\n").map((line) => line.trim()).filter(Boolean);
  const read = lines.map((line) => line.split(/[\s,;]+/).map(Number));
  const whole = read.every((pair) => pair.length === 2 && Math.abs(pair[0]) <= 90 && Math.abs(pair[1]) <= 180);
  return whole ? read.map(([latitude, longitude]) => ({ latitude, longitude })) : null;
}

function ringsOfGeoJson() {
  try {
    const data = JSON.parse(text.value);
    const geometry = data.geometry ?? data;
    if (geometry.type === "Polygon") return [geometry.coordinates[0]];
    return geometry.type === "MultiPolygon" ? geometry.coordinates.map(([ring]) => ring) : [];
  } catch {
    return []; // said by the server when it is sent
  }
}

function write(positions) {
  text.value = positions.map(formatPosition).join("\n");
  text.dispatchEvent(new Event("change", { bubbles: true }));
  show();
}

function show() {
  const typed = corners();
  const positions = typed ?? [];
  const held = markers.findIndex((marker) => marker.getElement() === document.activeElement);
  for (const marker of markers) marker.remove();
  markers = positions.map((position, at) => placeNumber(map, {
    number: at + 1, label: word(part, "corner", "Corner"), position, nudge: word(part, "nudge", "arrow keys move it"),
    onMove: (moved) => write(positions.with(at, moved)),
  }));
  markers[held]?.getElement().focus();
  const ring = positions.map(({ latitude, longitude }) => [longitude, latitude]);
  drawInvestigationArea(map, typed ? (ring.length > 1 ? [[...ring, ring[0]]] : []) : ringsOfGeoJson());
  undo.hidden = !positions.length;
  part.querySelector("[data-area-fixed]").hidden = typed !== null;
}

async function start() {
  part.hidden = false;
  map = await createMap(frame);
  if (!map) return;
  const shown = corners() ?? ringsOfGeoJson().flat().map(([longitude, latitude]) => ({ latitude, longitude }));
  if (shown.length) fitTo(map, shown, { closest: 13, padding: 40 });
  show();
  map.getCanvas().classList.add("placing-cursor");
  map.on("click", ({ lngLat }) => {
    const before = corners();
    if (!before) return;
    const { lng, lat } = lngLat.wrap();
    write([...before, { latitude: lat, longitude: lng }]);
  });
  undo.addEventListener("click", () => write((corners() ?? []).slice(0, -1)));
  text.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, TYPING_MS);
  });
  frame.areaMap = map;
  frame.dataset.ready = "";
}

start();
