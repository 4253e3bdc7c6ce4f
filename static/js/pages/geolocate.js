// The geolocate page: the form and the map say the same thing, whichever of them is used. Every text is read by the
// server, which reads it again when the form is sent; without this module the form works as it stands.
import { word } from "catalogue/announce";
import { formatDistance, formatPosition, inverse } from "catalogue/geodesy";
import { createMap, drawSight, fitTo, goTo, placeMarker } from "catalogue/map";
import { addInvestigationArea } from "catalogue/map-area";
import { addPlaces } from "catalogue/map-places";
import { againstBearing } from "catalogue/sight";
import { closestFor, drawSaid, placesOf } from "catalogue/map-said";

const TYPING_MS = 350;
const CLOSE_ZOOM = 15;
const FAR_ZOOM = 10;
const TOO_NEAR_PX = 48;
const ROLES = ["camera", "subject"];

const form = document.querySelector("form[data-geolocate]");
const frame = document.querySelector("[data-placing-map]");
const tools = document.querySelector("[data-placing]");
const sight = document.querySelector("[data-sight]");
const field = (name) => form.elements.namedItem(name);

const placed = { camera: null, subject: null };
const markers = { camera: null, subject: null };
const waiting = { camera: null, subject: null };
const asked = { camera: 0, subject: 0 };
let active = "camera";
let map = null;

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function icon(name) {
  const NS = "http://www.w3.org/2000/svg";
  const sprite = document.querySelector('use[href*="sprite"]').getAttribute("href").split("#")[0];
  const svg = document.createElementNS(NS, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(NS, "use");
  use.setAttribute("href", `${sprite}#${name}`);
  svg.append(use);
  return svg;
}

// ---- numbers typed beside the positions
function metres(role) {
  const value = Number(field(`${role}_uncertainty_m`).value);
  return value > 0 && value < 20_100_000 ? value : 0;
}

function degrees(name, most) {
  const text = field(name).value.trim();
  const value = Number(text);
  return text && value >= 0 && value <= most ? value : null;
}

// ---- the line from camera to subject
function tellSight() {
  const line = placed.camera && placed.subject ? inverse(placed.camera, placed.subject) : null;
  const button = sight.querySelector("[data-use-azimuth]");
  button.hidden = line?.azimuth_deg == null;
  let words = word(sight, placed.camera || placed.subject ? "one" : "none", "");
  if (line?.azimuth_deg != null) {
    words = `${word(sight, "line", "Camera to subject")}: ${formatDistance(line.distance_m)}, ${line.azimuth_deg.toFixed(1)}°`;
    button.dataset.azimuth = line.azimuth_deg.toFixed(1);
    words += againstBearing(sight, line.azimuth_deg, degrees("bearing_deg", 360), degrees("field_of_view_deg", 360));
  } else if (line) words = word(sight, "same", "");
  sight.querySelector("[data-sight-words]").textContent = words;
  tools.querySelector("[data-show-all]").hidden = !(placed.camera && placed.subject);
}

function drawLens() {
  tellSight();
  if (!map) return;
  const bearing_deg = degrees("bearing_deg", 360);
  const field_of_view_deg = degrees("field_of_view_deg", 360);
  drawSight(map, field_of_view_deg ? { bearing_deg, field_of_view_deg } : null);
}

// ---- what stands on the map
function show(role, position) {
  placed[role] = position;
  if (map) {
    if (!position) {
      markers[role]?.remove();
      markers[role] = null;
    } else if (markers[role]) {
      markers[role].setPosition(position);
    } else {
      markers[role] = placeMarker(map, {
        role, position, uncertainty_m: metres(role), draggable: true,
        onMove: (moved, finished) => fromMap(role, moved, finished),
      });
    }
  }
  tellSight();
}

function fromMap(role, position, finished) {
  placed[role] = position;
  const input = field(role);
  input.value = formatPosition(position);
  input.dispatchEvent(new Event("catalogue:placed"));
  if (finished) ask(role);
  tellSight();
}

function inView(position) {
  return map.getBounds().contains([position.longitude, position.latitude]);
}

// Two marks that cover each other say nothing; nor does one on a map of the world.
function bringIntoView(role) {
  if (!map) return;
  const both = ROLES.map((each) => placed[each]).filter(Boolean);
  if (both.length > 1) {
    const [from, to] = both.map(({ latitude, longitude }) => map.project([longitude, latitude]));
    if (!both.every(inView) || from.dist(to) < TOO_NEAR_PX) fitTo(map, both);
  } else if (!inView(placed[role]) || map.getZoom() < FAR_ZOOM) {
    goTo(map, placed[role], Math.max(map.getZoom(), CLOSE_ZOOM));
  }
}

// ---- the echo under a position
function clearErrors(role) {
  const box = form.querySelector(`[data-role="${role}"]`);
  box.querySelectorAll(":scope > .errorlist").forEach((list) => { if (!list.id.includes("uncertainty")) list.remove(); });
  box.querySelector(".position__text").classList.remove("field--error");
  field(role).removeAttribute("aria-invalid");
}

function echoParsed(box, answer) {
  const line = element("p", "echo__read");
  const words = element("span");
  const precision = Number(answer.implied_uncertainty_m.toPrecision(2));
  words.append(
    `${answer.notation_name}: `, element("span", "mono", answer.decimal), " ",
    element("span", "quiet", `· ${word(form, "good-to", "its digits are good to")} ± ${precision} m`),
  );
  line.append(icon("check"), words);
  box.replaceChildren(line);
}

function echoRefused(box, role, answer) {
  const line = element("p", "echo__refused");
  line.append(icon("circle-alert"), element("span", "", answer.sentence));
  box.replaceChildren(line);
  if (!answer.readings.length) return;
  const list = element("ul", "echo__readings");
  list.setAttribute("aria-label", word(form, "could-be", "It could be:"));
  for (const reading of answer.readings) {
    const item = element("li");
    if (reading.text) {
      const button = element("button", "btn btn--small mono", reading.shown);
      button.type = "submit";
      button.name = `take_${role}`;
      button.value = reading.text;
      button.dataset.take = role;
      item.append(button);
    } else item.append(element("span", "mono", reading.shown));
    item.append(" ", element("span", "quiet", reading.note));
    list.append(item);
  }
  box.append(list);
}

async function ask(role, { move = false } = {}) {
  clearTimeout(waiting[role]);
  const text = field(role).value.trim();
  const box = form.querySelector(`[data-echo="${role}"]`);
  const turn = ++asked[role];
  clearErrors(role);
  if (!text) {
    box.replaceChildren();
    show(role, null);
    return;
  }
  const query = new URLSearchParams({ text, media: form.dataset.media, local: field("captured_from").value });
  let answer;
  try {
    const response = await fetch(`${form.dataset.parseUrl}?${query}`, { headers: { Accept: "application/json" } });
    if (!response.ok) throw new Error(String(response.status));
    answer = await response.json();
  } catch {
    if (turn === asked[role]) box.replaceChildren(element("p", "echo__refused", word(form, "offline", "")));
    return;
  }
  if (turn !== asked[role]) return; // something newer was typed meanwhile
  if (answer.ok) {
    echoParsed(box, answer);
    show(role, { latitude: answer.latitude, longitude: answer.longitude });
    if (move) bringIntoView(role);
    offerOffset(answer.offset);
  } else {
    field(role).setAttribute("aria-invalid", "true");
    echoRefused(box, role, answer);
    show(role, null);
  }
}

function put(name, value) {
  const target = field(name);
  if (target instanceof RadioNodeList) target.value = value;
  else target.value = value;
  for (const role of ROLES) if (name === role) ask(role, { move: true });
  const one = target instanceof RadioNodeList ? target[0] : target;
  one.dispatchEvent(new Event("change", { bubbles: true }));
}

// ---- the offset that clocks had there
function offerOffset(offset) {
  const box = form.querySelector("[data-offset-echo]");
  box.replaceChildren();
  if (!offset?.zone) return;
  const line = element("p");
  if (!offset.offsets.length) line.append(word(form, "skipped", ""));
  else {
    line.append(element("span", "said said--computed", `${word(form, "zone", "Clocks at this position showed")} `));
    for (const each of offset.offsets) {
      const button = element("button", "btn btn--small mono", each);
      button.type = "button";
      button.setAttribute("aria-label", `${word(form, "use", "Use")} ${each}`);
      button.addEventListener("click", () => put("captured_offset", each));
      line.append(button, " ");
    }
    line.append(element("span", "quiet", offset.zone));
  }
  box.append(line);
}

// ---- wiring
function askBeforeLeaving() {
  let dirty = false;
  form.addEventListener("input", () => { dirty = true; });
  form.addEventListener("change", () => { dirty = true; });
  form.addEventListener("submit", () => { dirty = false; });
  window.addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });
}

function wireForm() {
  for (const role of ROLES) {
    field(role).addEventListener("input", () => {
      clearTimeout(waiting[role]);
      waiting[role] = setTimeout(() => ask(role, { move: true }), TYPING_MS);
    });
    field(role).addEventListener("focus", () => activate(role));
    field(role).addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault(); // Enter reads the text; only the buttons save
      ask(role, { move: true });
    });
    field(`${role}_uncertainty_m`).addEventListener("input", () => markers[role]?.setUncertainty(metres(role)));
    field(`${role}_uncertainty_m`).addEventListener("change", () => markers[role]?.setUncertainty(metres(role)));
  }
  for (const name of ["bearing_deg", "field_of_view_deg"]) {
    field(name).addEventListener("input", drawLens);
    field(name).addEventListener("change", drawLens);
  }
  field("captured_from").addEventListener("change", () => {
    const role = ROLES.find((each) => placed[each]);
    if (role) ask(role);
  });
  form.addEventListener("click", (event) => {
    const taken = event.target.closest("[data-take]");
    const fill = event.target.closest("[data-fill]");
    if (taken) {
      event.preventDefault();
      put(taken.dataset.take, taken.value);
      field(taken.dataset.take).focus();
    }
    for (const [name, value] of Object.entries(fill?.dataset ?? {})) {
      // data-fill-camera_uncertainty_m arrives as fillCamera_uncertainty_m
      if (name !== "fill" && name.startsWith("fill")) put(name[4].toLowerCase() + name.slice(5), value);
    }
  });
  form.querySelectorAll("[data-fill]").forEach((button) => { button.hidden = false; });
  sight.querySelector("[data-use-azimuth]").addEventListener("click", (event) => put("bearing_deg", event.currentTarget.dataset.azimuth));
}

function activate(role) {
  active = role;
  for (const button of tools.querySelectorAll("[data-active-role]")) {
    button.setAttribute("aria-pressed", String(button.dataset.activeRole === role));
  }
}

function place(role, position) {
  const first = !placed[role];
  fromMap(role, position, true);
  show(role, position);
  // The next click most likely means the other end, once this one stands.
  const other = role === "camera" ? "subject" : "camera";
  if (first && !placed[other]) activate(other);
}

async function startMap() {
  const { latitude, longitude } = frame.dataset;
  const start = latitude ? { latitude: Number(latitude), longitude: Number(longitude) } : null;
  map = await createMap(frame, { center: start, zoom: start ? 11 : null });
  if (!map) return;
  frame.dataset.ready = "";
  tools.hidden = false;
  const area = addInvestigationArea(map);
  addPlaces(map, JSON.parse(document.getElementById("placing-context").textContent), { namesFrom: 4 });
  const drawing = document.getElementById("placing-said");
  const said = drawing && JSON.parse(drawing.textContent);
  if (said) drawSaid(map, said);
  map.getCanvas().classList.add("placing-cursor");
  map.on("click", (event) => {
    const { lng, lat } = event.lngLat.wrap();
    const position = { latitude: lat, longitude: lng };
    // Another tool of the page (a landmark, an area) may want this click.
    const click = new CustomEvent("placing:click", { cancelable: true, detail: position });
    if (frame.dispatchEvent(click)) place(active, position);
  });
  tools.addEventListener("click", (event) => {
    const role = event.target.closest("[data-active-role]")?.dataset.activeRole;
    if (role) activate(role);
    if (event.target.closest("[data-place-centre]")) {
      const { lng, lat } = map.getCenter().wrap();
      place(active, { latitude: lat, longitude: lng });
    }
    if (event.target.closest("[data-show-all]")) fitTo(map, ROLES.map((each) => placed[each]).filter(Boolean));
  });
  document.addEventListener("split:resize", () => map.resize());
  ROLES.filter((role) => placed[role]).forEach((role) => show(role, placed[role]));
  drawLens();
  const both = ROLES.map((each) => placed[each]).filter(Boolean);
  // With nothing placed yet, what the file says is the best place to begin.
  if (both.length) fitTo(map, both);
  else if (said) fitTo(map, placesOf(said), { closest: closestFor(said) });
  else if (!start) fitTo(map, area, { closest: 12 });
  frame.placingMap = map;
  frame.dispatchEvent(new CustomEvent("placing:ready"));
}

wireForm();
askBeforeLeaving();
await Promise.all(ROLES.filter((role) => field(role).value.trim()).map((role) => ask(role)));
await startMap();
