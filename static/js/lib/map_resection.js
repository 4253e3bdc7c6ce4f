// Landmarks, the rays from a solved camera to them, its 95 % ellipse and wedge, and a subject's area, on a map.
import { arc, inverse } from "catalogue/geodesy";
import { onThemeChange, tokenColour } from "catalogue/theme";

const EMPTY = { type: "FeatureCollection", features: [] };
const LEAST_REACH_M = 30;

function feature(part, type, coordinates) {
  return { type: "Feature", properties: { part }, geometry: { type, coordinates } };
}

function state(map) {
  if (map.resected) return map.resected;
  map.resected = { drawing: null, corners: [] };
  map.addSource("resected", { type: "geojson", data: EMPTY });
  const only = (...parts) => ["in", ["get", "part"], ["literal", parts]];
  const before = map.getLayer("placed-fill") ? "placed-fill" : undefined;
  map.addLayer({ id: "resected-fill", type: "fill", source: "resected", filter: only("ellipse", "wedge", "area"), paint: { "fill-opacity": 0.1 } }, before);
  map.addLayer({ id: "resected-edge", type: "line", source: "resected", filter: only("ellipse"), paint: { "line-width": 2 } }, before);
  map.addLayer({ id: "resected-doubt", type: "line", source: "resected", filter: only("doubtful"), paint: { "line-width": 2, "line-dasharray": [2, 2] } }, before);
  map.addLayer({ id: "resected-ray", type: "line", source: "resected", filter: only("ray"), paint: { "line-width": 1, "line-opacity": 0.8 } }, before);
  map.addLayer({ id: "resected-out", type: "line", source: "resected", filter: only("outlier"), paint: { "line-width": 1.5, "line-dasharray": [1, 2] } }, before);
  map.addLayer({ id: "resected-area", type: "line", source: "resected", filter: only("area", "area-open"), paint: { "line-width": 2, "line-dasharray": [4, 1.5] } }, before);
  const paint = () => {
    const [computed, subject, wrong] = ["--text", "--camera", "--red-mark"].map((name) => tokenColour(name));
    map.setPaintProperty("resected-fill", "fill-color", computed);
    for (const name of ["edge", "doubt", "ray"]) map.setPaintProperty(`resected-${name}`, "line-color", computed);
    map.setPaintProperty("resected-area", "line-color", subject);
    map.setPaintProperty("resected-out", "line-color", wrong);
  };
  paint();
  map.once("remove", onThemeChange(paint));
  return map.resected;
}

function ofPlace(place, drawing) {
  const corner = [place.longitude, place.latitude];
  const features = [
    feature(drawing.reliable ? "ellipse" : "doubtful", drawing.reliable ? "Polygon" : "LineString", drawing.reliable ? [place.ellipse] : place.ellipse),
  ];
  let reach_m = LEAST_REACH_M;
  for (const { latitude, longitude, outlier } of drawing.landmarks) {
    const ray = inverse(place, { latitude, longitude });
    reach_m = Math.max(reach_m, outlier ? 0 : ray?.distance_m ?? 0);
    features.push(feature(outlier ? "outlier" : "ray", "LineString", [corner, [longitude, latitude]]));
  }
  const half = place.field_of_view_deg / 2;
  const edge = arc(place, reach_m * 1.1, { from_deg: place.heading_deg - half, to_deg: place.heading_deg + half, steps: 24 });
  features.push(feature("wedge", "Polygon", [[corner, ...edge, corner]]));
  return features;
}

function redraw(map) {
  const { drawing, corners } = state(map);
  const features = (drawing?.places ?? []).flatMap((place) => ofPlace(place, drawing));
  if (corners.length > 2) features.push(feature("area", "Polygon", [[...corners, corners[0]]]));
  else if (corners.length === 2) features.push(feature("area-open", "LineString", corners));
  map.getSource("resected").setData({ type: "FeatureCollection", features });
}

// What views.resection_drawing.drawing gave; null takes it off the map.
export function drawResection(map, drawing) {
  state(map).drawing = drawing;
  redraw(map);
}

// Corners as [longitude, latitude], in order, not closed.
export function drawArea(map, corners) {
  state(map).corners = corners;
  redraw(map);
}

// A small numbered mark; onMove(position) makes it one that can be dragged or moved with the arrow keys.
export function placeNumber(map, { number, label, position, excluded = false, onMove = null, nudge = "arrow keys move it" }) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = `number-mark${excluded ? " number-mark--excluded" : ""}${onMove ? "" : " marker--fixed"}`;
  element.textContent = number;
  element.title = label;
  element.setAttribute("aria-label", onMove ? `${number} ${label}: ${nudge}` : `${number} ${label}`);
  const marker = new map.maplibre.Marker({ element, draggable: Boolean(onMove), anchor: "center" })
    .setLngLat([position.longitude, position.latitude]).addTo(map);
  const moved = () => {
    const { lng, lat } = marker.getLngLat().wrap();
    onMove({ latitude: lat, longitude: lng });
  };
  if (onMove) {
    marker.on("dragend", moved);
    element.addEventListener("click", (event) => event.stopPropagation());
    element.addEventListener("keydown", (event) => {
      const step = event.shiftKey ? 10 : 1;
      const [x, y] = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[event.key] ?? [];
      if (x === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      const point = map.project(marker.getLngLat());
      marker.setLngLat(map.unproject([point.x + x, point.y + y]));
      moved();
    });
  }
  return marker;
}

// Everything of a saved revision, to look at. Returns the positions, so that the map can be fitted to them.
export function drawSaved(map, data) {
  for (const each of data.landmarks ?? []) {
    placeNumber(map, { number: each.number, label: each.label, position: each, excluded: each.excluded });
  }
  if (data.area?.length) drawArea(map, data.area.slice(0, -1));
  if (data.resection) drawResection(map, data.resection);
  return [...(data.landmarks ?? []), ...(data.area ?? []).map(([longitude, latitude]) => ({ latitude, longitude }))];
}
