// A blind round: what each person placed, with its circle, and a line between each two of the same role.
import { arc } from "catalogue/geodesy";
import { createMap, fitTo } from "catalogue/map";
import { onThemeChange, tokenColour } from "catalogue/theme";

const SVG = "http://www.w3.org/2000/svg";
// One colour for each person, and one shape for each role, so that neither is told by colour alone.
const COLOURS = ["--camera", "--magenta-mark", "--teal-mark"];
const SHAPES = {
  camera: ["circle", { cx: 8, cy: 8, r: 5 }],
  subject: ["path", { d: "M8 1v14M1 8h14" }],
};

const colourOf = (index) => tokenColour(COLOURS[index % COLOURS.length]);

function mark(role) {
  const picture = document.createElementNS(SVG, "svg");
  picture.setAttribute("viewBox", "0 0 16 16");
  picture.setAttribute("class", "mark");
  picture.setAttribute("aria-hidden", "true");
  const [name, attributes] = SHAPES[role];
  const part = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) part.setAttribute(key, value);
  picture.append(part);
  return picture;
}

function addMarks(map, marks) {
  for (const placed of marks) {
    const element = document.createElement("div");
    element.className = `marker marker--fixed marker--round marker--round-${placed.index % COLOURS.length}`;
    element.setAttribute("role", "img");
    element.setAttribute("aria-label", `${placed.name}, ${placed.said}`);
    const label = document.createElement("span");
    label.className = "marker__label";
    label.textContent = placed.name;
    element.append(mark(placed.role), label);
    new map.maplibre.Marker({ element, anchor: "center" }).setLngLat([placed.longitude, placed.latitude]).addTo(map);
  }
}

function addFigures(map, { marks, lines }) {
  const rings = marks.map((placed) => ({
    type: "Feature", properties: { index: placed.index % COLOURS.length },
    geometry: { type: "Polygon", coordinates: [arc(placed, placed.uncertainty_m)] },
  }));
  const between = lines.map((ends) => ({
    type: "Feature", properties: {},
    geometry: { type: "LineString", coordinates: ends.map(({ latitude, longitude }) => [longitude, latitude]) },
  }));
  map.addSource("round-rings", { type: "geojson", data: { type: "FeatureCollection", features: rings } });
  map.addSource("round-lines", { type: "geojson", data: { type: "FeatureCollection", features: between } });
  map.addLayer({ id: "round-fill", type: "fill", source: "round-rings", paint: { "fill-opacity": 0.13 } });
  map.addLayer({ id: "round-rings", type: "line", source: "round-rings", paint: { "line-width": 1.75 } });
  map.addLayer({ id: "round-lines", type: "line", source: "round-lines", paint: { "line-width": 1.5, "line-dasharray": [3, 2] } });
  const paint = () => {
    const colour = ["match", ["get", "index"], 1, colourOf(1), 2, colourOf(2), colourOf(0)];
    map.setPaintProperty("round-fill", "fill-color", colour);
    map.setPaintProperty("round-rings", "line-color", colour);
    map.setPaintProperty("round-lines", "line-color", tokenColour("--text"));
  };
  paint();
  map.once("remove", onThemeChange(paint));
}

async function draw(element) {
  const data = JSON.parse(document.getElementById("map-data").textContent);
  if (!data.marks.length) return;
  const map = await createMap(element, { center: data.marks[0], zoom: 13 });
  if (!map) return;
  addFigures(map, data);
  addMarks(map, data.marks);
  // With their circles: two that overlap are seen to overlap.
  const edges = data.marks.flatMap((placed) => arc(placed, placed.uncertainty_m, { steps: 8 }));
  fitTo(map, edges.map(([longitude, latitude]) => ({ latitude, longitude })), { padding: 56, closest: 17 });
  element.dataset.ready = "";
}

const frame = document.querySelector("[data-round-map]");
if (frame) draw(frame);
