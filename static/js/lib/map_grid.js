// Latitude and longitude lines with labels at the edges of the view. There is no street data offline: this grid and
// the scale are what a position is read against.
import { MONO_FONTS } from "catalogue/map-style";
import { tokenColour } from "catalogue/theme";

const FROM_ZOOM = 4;
const STEPS_DEG = [
  30, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001, 0.0005, 0.0002, 0.0001, 0.00005, 0.00002, 0.00001,
];
const LINES_WANTED = 5;
const LEAST_SPACING_PX = 96; // the longest label and a gap
// Room kept free of labels: the zoom buttons and half a label at the right, half a label at the left, and for latitudes
// the longitudes' own row at the top and the scale and the readout at the bottom.
const ROOM_PX = { left: 40, right: 88, top: 28, bottom: 72 };
const MOST_LINES = 60;
const EMPTY = { type: "FeatureCollection", features: [] };

// The widest step that gives enough lines, unless the labels of so many would touch: then a wider one.
function stepFor(span_deg, pixelsPerDegree) {
  const wanted = STEPS_DEG.find((step) => span_deg / step >= LINES_WANTED - 1) ?? STEPS_DEG.at(-1);
  const roomy = STEPS_DEG.findLast((step) => step * pixelsPerDegree >= LEAST_SPACING_PX) ?? STEPS_DEG[0];
  return Math.max(wanted, roomy);
}

function multiples(least, most, step) {
  const first = Math.ceil(least / step);
  const last = Math.min(Math.floor(most / step), first + MOST_LINES);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => (first + index) * step);
}

function label(value, step, positive, negative) {
  const digits = Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
  const letter = Math.abs(value) < step / 2 ? "" : value > 0 ? positive : negative;
  return `${Math.abs(value).toFixed(digits)}°${letter}`;
}

function line(from, to) {
  return { type: "Feature", properties: {}, geometry: { type: "LineString", coordinates: [from, to] } };
}

function caption(text, position, anchor) {
  return { type: "Feature", properties: { text, anchor }, geometry: { type: "Point", coordinates: position } };
}

// Lines and labels for a view; bounds in degrees, west < east (may pass 180); size of the view in CSS pixels;
// pixelAt([longitude, latitude]) -> {x, y} in the view.
export function gridFor({ west, south, east, north }, { width, height }, pixelAt) {
  const step = stepFor(Math.min(east - west, (north - south) * 1.6), width / (east - west));
  const features = [];
  for (const latitude of multiples(south, north, step)) {
    features.push(line([west, latitude], [east, latitude]));
    const { y } = pixelAt([west, latitude]);
    if (y < ROOM_PX.top || y > height - ROOM_PX.bottom) continue;
    features.push(caption(label(latitude, step, "N", "S"), [west, latitude], "left"));
  }
  for (const longitude of multiples(west, east, step)) {
    const wrapped = ((longitude + 540) % 360) - 180;
    features.push(line([longitude, south], [longitude, north]));
    const { x } = pixelAt([longitude, north]);
    if (x < ROOM_PX.left || x > width - ROOM_PX.right) continue;
    features.push(caption(label(wrapped, step, "E", "W"), [longitude, north], "top"));
  }
  return { type: "FeatureCollection", features };
}

function refresh(map) {
  const source = map.getSource("grid");
  if (!source) return;
  if (map.getZoom() < FROM_ZOOM) {
    source.setData(EMPTY);
    return;
  }
  const bounds = map.getBounds();
  const { clientWidth: width, clientHeight: height } = map.getContainer();
  source.setData(gridFor(
    {
      west: bounds.getWest(), south: Math.max(-85, bounds.getSouth()),
      east: bounds.getEast(), north: Math.min(85, bounds.getNorth()),
    },
    { width, height },
    (position) => map.project(position),
  ));
}

export function addGrid(map) {
  map.addSource("grid", { type: "geojson", data: EMPTY });
  map.addLayer({
    id: "grid-lines",
    type: "line",
    source: "grid",
    filter: ["==", ["geometry-type"], "LineString"],
    paint: { "line-color": tokenColour("--map-grid"), "line-width": 1, "line-opacity": 0.55 },
  }, "places");
  map.addLayer({
    id: "grid-labels",
    type: "symbol",
    source: "grid",
    filter: ["==", ["geometry-type"], "Point"],
    layout: {
      "text-field": ["get", "text"],
      "text-font": MONO_FONTS,
      "text-size": 11,
      "text-anchor": ["get", "anchor"],
      "text-offset": [0.3, 0.2],
      "text-allow-overlap": false,
      "text-padding": 2,
    },
    paint: {
      "text-color": tokenColour("--map-text"),
      "text-halo-color": tokenColour("--map-halo"),
      "text-halo-width": 1.25,
    },
  });
  map.on("moveend", () => refresh(map));
  map.on("resize", () => refresh(map));
  refresh(map);
}
