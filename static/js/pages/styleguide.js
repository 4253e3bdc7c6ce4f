// The style guide's two maps: one position seen from another, and a point of every status.
import { addPoints, createMap, drawSight, fitTo, placeMarker } from "catalogue/map";
import { formatDistance, inverse } from "catalogue/geodesy";

const AVENUE = { latitude: 39.821232, longitude: 46.758423 };
const TERMINAL = { latitude: 39.899226, longitude: 46.787836 };
const STATUSES = [
  "draft", "in_review", "changes_requested", "verified", "rejected", "disputed", "retracted", "withdrawn", "withheld",
  "awaiting_second", "supporting",
];

async function sight(element) {
  const map = await createMap(element, { center: AVENUE, zoom: 11 });
  if (!map) return;
  const readout = document.querySelector("[data-sight-readout]");
  const tell = (camera) => {
    const { distance_m, azimuth_deg } = inverse(camera, TERMINAL);
    readout.textContent = `Camera to terminal: ${formatDistance(distance_m)}, ${azimuth_deg.toFixed(2)}°`;
  };
  placeMarker(map, { role: "camera", position: AVENUE, uncertainty_m: 400, draggable: true, onMove: tell });
  placeMarker(map, { role: "subject", position: TERMINAL, uncertainty_m: 250 });
  drawSight(map, { field_of_view_deg: 40 });
  fitTo(map, [AVENUE, TERMINAL]);
  tell(AVENUE);
}

async function points(element) {
  const map = await createMap(element, { center: { latitude: 39.85, longitude: 46.9 }, zoom: 7.4 });
  if (!map) return;
  const features = STATUSES.map((status, index) => ({
    type: "Feature",
    properties: { status, status_word: status.replace("_", " "), title: `Example ${index + 1}`, url: "#main", place: "Example place" },
    geometry: { type: "Point", coordinates: [45.3 + index * 0.42, 39.6 + (index % 2) * 0.2] },
  }));
  addPoints(map, { type: "FeatureCollection", features }, { cluster: false });
}

const guide = document.querySelector("[data-styleguide-map]");
if (guide) sight(guide);
const status = document.querySelector("[data-styleguide-points]");
if (status) points(status);
