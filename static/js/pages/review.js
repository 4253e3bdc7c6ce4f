// The review page: the proposal on a map with everything it is compared with, and a lower pane that can be made taller.
import { word } from "catalogue/announce";
import { arc } from "catalogue/geodesy";
import { createMap, drawSight, fitTo, placeMarker } from "catalogue/map";
import { drawSaved } from "catalogue/map-resection";
import { showSavedMarks } from "catalogue/picture-marks";
import { onThemeChange, tokenColour } from "catalogue/theme";

const SVG = "http://www.w3.org/2000/svg";
const SHAPES = {
  file: ["rect", { x: 3, y: 3, width: 10, height: 10 }],
  place: ["circle", { cx: 8, cy: 8, r: 5.5, "stroke-dasharray": "2.5 2" }],
  sibling: ["path", { d: "M8 2l6 6-6 6-6-6z" }],
};
const LEAST = 25;
const MOST = 82;
const STEP = 4;

// ---- map

function mark(kind) {
  const picture = document.createElementNS(SVG, "svg");
  picture.setAttribute("viewBox", "0 0 16 16");
  picture.setAttribute("class", "mark");
  picture.setAttribute("aria-hidden", "true");
  const [name, attributes] = SHAPES[kind];
  const part = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) part.setAttribute(key, value);
  picture.append(part);
  return picture;
}

function addCompared(map, compared) {
  for (const other of compared) {
    const element = document.createElement("button");
    element.type = "button";
    element.className = "marker marker--fixed marker--compared";
    element.setAttribute("aria-label", `${other.name}, ${other.said}`);
    element.title = `${other.name}, ${other.said}`;
    const label = document.createElement("span");
    label.className = "marker__label";
    label.textContent = other.name;
    element.append(mark(other.kind), label);
    if (other.url) element.addEventListener("click", () => { location.href = other.url; });
    new map.maplibre.Marker({ element, anchor: "center" }).setLngLat([other.longitude, other.latitude]).addTo(map);
  }
  const features = compared.filter(({ uncertainty_m }) => uncertainty_m > 0).map((other) => ({
    type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: [arc(other, other.uncertainty_m)] },
  }));
  map.addSource("compared", { type: "geojson", data: { type: "FeatureCollection", features } });
  map.addLayer({ id: "compared", type: "line", source: "compared", paint: { "line-width": 1.25, "line-dasharray": [3, 2] } });
  const paint = () => map.setPaintProperty("compared", "line-color", tokenColour("--text-quiet"));
  paint();
  map.once("remove", onThemeChange(paint));
}

function addFits(map, element, own, all) {
  if (all.length === own.length) return;
  const box = document.createElement("div");
  box.className = "map__fits";
  for (const [key, english, positions] of [["proposal", "Show the proposal", own], ["everything", "Show everything", all]]) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn--small";
    button.textContent = word(element, key, english);
    button.addEventListener("click", () => fitTo(map, positions));
    box.append(button);
  }
  element.append(box);
}

async function draw(element) {
  const data = JSON.parse(document.getElementById("map-data").textContent);
  showSavedMarks(document.querySelector(".pane-review-media .viewer"), data);
  const own = ["camera", "subject"].filter((role) => data[role]);
  const map = await createMap(element, { center: data[own[0]], zoom: 13 });
  if (!map) return;
  addCompared(map, data.compared);
  for (const role of own) placeMarker(map, { role, position: data[role], uncertainty_m: data[role].uncertainty_m });
  if (data.field_of_view_deg) drawSight(map, data);
  const positions = [...own.map((role) => data[role]), ...drawSaved(map, data)];
  fitTo(map, positions, { closest: 15 });
  addFits(map, element, positions, [...positions, ...data.compared]);
  document.addEventListener("split:resize", () => map.resize());
  element.dataset.ready = "";
}

// ---- the height of the lower pane

function remembered() {
  try {
    return Number(localStorage.getItem("split:review:below")) || null;
  } catch {
    return null; // storage is switched off: the pane starts as the stylesheet has it
  }
}

function remember(percent) {
  try {
    localStorage.setItem("split:review:below", String(percent));
  } catch {
    // storage is switched off: nothing to remember
  }
}

function addLowerDivider(split) {
  const divider = document.createElement("div");
  divider.className = "split__lower";
  divider.tabIndex = 0;
  divider.setAttribute("role", "separator");
  divider.setAttribute("aria-orientation", "horizontal");
  divider.setAttribute("aria-label", split.dataset.wordHeight);
  divider.setAttribute("aria-valuemin", String(LEAST));
  divider.setAttribute("aria-valuemax", String(MOST));
  let percent = remembered() ?? 54;
  const settle = (wanted) => {
    percent = Math.round(Math.min(MOST, Math.max(LEAST, wanted)));
    split.style.setProperty("--split-below", `${percent}%`);
    divider.setAttribute("aria-valuenow", String(percent));
    split.dispatchEvent(new CustomEvent("split:resize", { bubbles: true }));
  };
  divider.addEventListener("keydown", (event) => {
    const step = { ArrowUp: STEP, ArrowDown: -STEP }[event.key];
    if (!step) return;
    event.preventDefault();
    settle(percent + step);
    remember(percent);
  });
  divider.addEventListener("pointerdown", (event) => divider.setPointerCapture(event.pointerId));
  divider.addEventListener("pointermove", (event) => {
    if (!divider.hasPointerCapture(event.pointerId)) return;
    const box = split.getBoundingClientRect();
    settle(((box.bottom - event.clientY) / box.height) * 100);
  });
  divider.addEventListener("lostpointercapture", () => remember(percent));
  split.append(divider);
  settle(percent);
}

// On a narrow screen the decision is in a tab of its own, which a link to a part of the page cannot open.
function openDecision(event) {
  const link = event.target.closest("a[href='#decision']");
  if (!link) return;
  const pane = document.getElementById("decision").closest(".split__pane");
  document.getElementById(pane.getAttribute("aria-labelledby") ?? "")?.click();
}

const split = document.querySelector("[data-split='review']");
if (split) addLowerDivider(split);
document.addEventListener("click", openDecision);
// A page that comes back with something to correct opens where that is.
const problem = document.querySelector("[data-error-summary]");
if (problem) {
  openDecision({ target: document.querySelector("a[href='#decision']") });
  problem.focus();
}
const frame = document.querySelector("[data-review-map]");
if (frame) draw(frame);
