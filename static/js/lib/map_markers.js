// Camera and subject on a map: markers that can be dragged or moved with the arrow keys, their uncertainty as circles,
// the line of sight between them and the wedge the lens saw.
import { word } from "catalogue/announce";
import { arc, inverse } from "catalogue/geodesy";
import { onThemeChange, tokenColour } from "catalogue/theme";

const SVG = "http://www.w3.org/2000/svg";
const EMPTY = { type: "FeatureCollection", features: [] };
const NUDGE_PX = 1;
const NUDGE_FAR_PX = 10;
// Two shapes that stay apart without colour: a lens for where the camera stood, crosshairs for what it saw.
const SHAPES = {
  camera: [
    ["circle", { cx: 18, cy: 18, r: 9, fill: "var(--map-land)", stroke: "currentColor", "stroke-width": 3 }],
    ["circle", { cx: 18, cy: 18, r: 3.5, fill: "currentColor" }],
  ],
  subject: [
    ["path", { d: "M18 3v9M18 24v9M3 18h9M24 18h9", stroke: "currentColor", "stroke-width": 3, "stroke-linecap": "round" }],
    ["circle", { cx: 18, cy: 18, r: 2, fill: "currentColor" }],
  ],
};

function shape(role) {
  const picture = document.createElementNS(SVG, "svg");
  picture.setAttribute("viewBox", "0 0 36 36");
  picture.setAttribute("fill", "none");
  picture.setAttribute("aria-hidden", "true");
  for (const [name, attributes] of SHAPES[role]) {
    const part = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) part.setAttribute(key, value);
    picture.append(part);
  }
  return picture;
}

function state(map) {
  if (map.placed) return map.placed;
  map.placed = { markers: new Map(), sight: null };
  map.addSource("placed", { type: "geojson", data: EMPTY });
  map.addLayer({ id: "placed-fill", type: "fill", source: "placed", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-opacity": 0.13 } });
  map.addLayer({
    id: "placed-ring", type: "line", source: "placed", filter: ["==", ["get", "part"], "uncertainty"],
    paint: { "line-width": 1.5, "line-opacity": 0.85 },
  });
  map.addLayer({
    id: "placed-sight", type: "line", source: "placed", filter: ["==", ["get", "part"], "sight"],
    paint: { "line-width": 2, "line-dasharray": [2, 1.5] },
  });
  const paint = () => {
    const colour = tokenColour("--camera");
    map.setPaintProperty("placed-fill", "fill-color", colour);
    map.setPaintProperty("placed-ring", "line-color", colour);
    map.setPaintProperty("placed-sight", "line-color", colour);
  };
  paint();
  map.once("remove", onThemeChange(paint));
  return map.placed;
}

function polygon(part, ring) {
  return { type: "Feature", properties: { part }, geometry: { type: "Polygon", coordinates: [ring] } };
}

function redraw(map) {
  const { markers, sight } = state(map);
  const features = [];
  for (const { position, uncertainty_m } of markers.values()) {
    if (uncertainty_m > 0) features.push(polygon("uncertainty", arc(position, uncertainty_m)));
  }
  const camera = markers.get("camera")?.position;
  const subject = markers.get("subject")?.position;
  const between = camera && subject ? inverse(camera, subject) : null;
  if (between?.azimuth_deg != null) {
    const ends = [camera, subject].map(({ latitude, longitude }) => [longitude, latitude]);
    features.push({ type: "Feature", properties: { part: "sight" }, geometry: { type: "LineString", coordinates: ends } });
  }
  const azimuth_deg = sight?.bearing_deg ?? between?.azimuth_deg;
  if (camera && sight?.field_of_view_deg && azimuth_deg != null) {
    const half = sight.field_of_view_deg / 2;
    const reach_m = between?.distance_m || sight.reach_m || 500;
    const edge = arc(camera, reach_m, { from_deg: azimuth_deg - half, to_deg: azimuth_deg + half, steps: 24 });
    const corner = [camera.longitude, camera.latitude];
    features.push(polygon("view", [corner, ...edge, corner]));
  }
  map.getSource("placed").setData({ type: "FeatureCollection", features });
}

// A circle without a mark in it, for a position that is not given out more exactly.
export function drawCircle(map, { uncertainty_m, ...position }) {
  state(map).markers.set("circle", { position, uncertainty_m, handle: { remove() {} } });
  redraw(map);
}

// What the lens saw: bearing_deg (default: towards the subject) and field_of_view_deg; null takes the wedge away.
export function drawSight(map, sight) {
  state(map).sight = sight;
  redraw(map);
}

function nudge(map, marker, event) {
  const step = event.shiftKey ? NUDGE_FAR_PX : NUDGE_PX;
  const [x, y] = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[event.key] ?? [];
  if (x === undefined) return false;
  event.preventDefault();
  event.stopPropagation();
  const point = map.project(marker.getLngLat());
  marker.setLngLat(map.unproject([point.x + x, point.y + y]));
  return true;
}

// role "camera" | "subject"; position {latitude, longitude}; uncertainty_m radius of the circle; onMove(position,
// finished) while it is dragged (finished false) and when it is let go (true). One marker of each role a map.
// Returns {getPosition, setPosition, setUncertainty, remove}.
export function placeMarker(map, { role, position, uncertainty_m = 0, draggable = false, onMove = null, label = null }) {
  const { markers } = state(map);
  markers.get(role)?.handle.remove();
  const element = document.createElement("button");
  element.type = "button";
  element.className = draggable ? "marker" : "marker marker--fixed";
  const name = label ?? word(map.getContainer(), role, role === "camera" ? "Camera position" : "Subject position");
  element.setAttribute("aria-label", draggable ? `${name}: ${word(map.getContainer(), "nudge", "arrow keys move it")}` : name);
  element.title = name;
  element.append(shape(role));
  const marker = new map.maplibre.Marker({ element, draggable, anchor: "center" })
    .setLngLat([position.longitude, position.latitude]).addTo(map);
  const entry = { position, uncertainty_m };
  const follow = (finished) => {
    const { lng, lat } = marker.getLngLat().wrap();
    entry.position = { latitude: lat, longitude: lng };
    redraw(map);
    onMove?.(entry.position, finished);
  };
  if (draggable) {
    marker.on("drag", () => follow(false));
    marker.on("dragend", () => follow(true));
    element.addEventListener("keydown", (event) => { if (nudge(map, marker, event)) follow(true); });
  }
  entry.handle = {
    getPosition: () => entry.position,
    setPosition: (next) => {
      entry.position = next;
      marker.setLngLat([next.longitude, next.latitude]);
      redraw(map);
    },
    setUncertainty: (metres) => {
      entry.uncertainty_m = metres;
      redraw(map);
    },
    remove: () => {
      marker.remove();
      if (markers.get(role) === entry) markers.delete(role);
      redraw(map);
    },
  };
  markers.set(role, entry);
  redraw(map);
  return entry.handle;
}
