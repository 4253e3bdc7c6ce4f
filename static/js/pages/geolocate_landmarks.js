// Landmarks on the geolocate page: rows of fields, their marks in the picture and on the map, and the solving of them.
// The fields are the truth; picture and map follow them and write into them. Without this module they work as they are.
import { announce, word } from "catalogue/announce";
import { formatPosition } from "catalogue/geodesy";
import { fitTo } from "catalogue/map";
import { drawResection, placeNumber } from "catalogue/map-resection";
import { createPictureMarks } from "catalogue/picture-marks";

const TYPING_MS = 350;
const step = document.querySelector("[data-landmarks]");
const form = step.closest("form");
const list = step.querySelector("[data-landmark-rows]");
const total = form.elements.namedItem("landmarks-TOTAL_FORMS");
const most = Number(form.elements.namedItem("landmarks-MAX_NUM_FORMS").value);
const frame = document.querySelector("[data-placing-map]");
const places = new Map(); // row -> {latitude, longitude}, as the server read its text
const markers = new Map();
let map = null;
let tool = null; // {row, kind: "mark" | "place"}
let drawn = null;

const rows = () => [...list.querySelectorAll("[data-landmark]")];
const field = (row, name) => row.querySelector(`[name$="-${name}"]`);
const number = (input) => (input.value.trim() === "" ? null : Number(input.value));
const numberOf = (row) => rows().indexOf(row) + 1;
const labelOf = (row) => field(row, "label").value.trim() || word(step, "unnamed", "");
const isBlank = (row) => [...row.querySelectorAll("input")].every((input) => (input.type === "checkbox" ? !input.checked : !input.value.trim()));

function changed(input) {
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

// On a narrow screen the panes are tabs: bring the one that is needed now to the front.
function openPane(element) {
  const pane = element?.closest(".split__pane");
  document.getElementById(pane?.getAttribute("aria-labelledby") ?? "")?.click();
}

// ---- the picture
const picture = createPictureMarks(document.querySelector(".pane-media .viewer"), {
  getSize: () => {
    const [width, height] = ["picture_width_px", "picture_height_px"].map((name) => Number(form.elements.namedItem(name).value));
    return width > 1 && height > 1 ? { width, height } : null;
  },
  onPixel: ({ x, y, time }) => {
    const { row } = tool;
    field(row, "x_px").value = x;
    field(row, "y_px").value = y;
    if (time !== null) field(row, "frame_time_s").value = time;
    use(null);
    showMarks();
    changed(field(row, "x_px"));
    openPane(form);
    row.querySelector("[data-landmark-place]").focus();
  },
  onMove: (row, { x, y }) => {
    field(row, "x_px").value = x;
    field(row, "y_px").value = y;
    changed(field(row, "x_px"));
  },
  nudge: word(step, "nudge", "arrow keys move it"),
});

// Where no reader has said the original's size, pixels count in what is shown; and a file may be shown turned.
function rememberSize() {
  const natural = picture?.natural();
  if (!natural || rows().some((row) => field(row, "x_px").value)) return;
  const [width, height] = ["picture_width_px", "picture_height_px"].map((name) => form.elements.namedItem(name));
  if (!width.value || !height.value) [width.value, height.value] = [natural.width, natural.height];
  const isTurned = (Number(width.value) - Number(height.value)) * (natural.width - natural.height) < 0;
  if (isTurned) [width.value, height.value] = [height.value, width.value];
}

function showMarks() {
  picture?.show(rows().filter((row) => field(row, "x_px").value && field(row, "y_px").value).map((row) => ({
    key: row, number: numberOf(row), label: labelOf(row), x: number(field(row, "x_px")), y: number(field(row, "y_px")), time: number(field(row, "frame_time_s")),
  })));
}

// ---- the map
function showPlaces() {
  if (!map) return;
  const held = [...markers].find(([, marker]) => marker.getElement() === document.activeElement)?.[0];
  for (const marker of markers.values()) marker.remove();
  markers.clear();
  for (const row of rows()) {
    const position = places.get(row);
    if (!position) continue;
    markers.set(row, placeNumber(map, {
      number: numberOf(row), label: labelOf(row), position, excluded: field(row, "is_excluded").checked,
      nudge: word(step, "nudge", "arrow keys move it"), onMove: (moved) => putPlace(row, moved),
    }));
  }
  markers.get(held)?.getElement().focus();
}

function putPlace(row, position) {
  places.set(row, position);
  field(row, "position").value = formatPosition(position);
  changed(field(row, "label"));
}

async function readPlace(row) {
  const text = field(row, "position").value.trim();
  let position = null;
  if (text) {
    try {
      const query = new URLSearchParams({ text, media: form.dataset.media });
      const answer = await (await fetch(`${form.dataset.parseUrl}?${query}`, { headers: { Accept: "application/json" } })).json();
      if (answer.ok) position = { latitude: answer.latitude, longitude: answer.longitude };
    } catch {
      return; // the text is kept, and read when it is solved or saved
    }
  }
  if (field(row, "position").value.trim() !== text) return;
  field(row, "position").toggleAttribute("aria-invalid", Boolean(text) && !position);
  if (text && !position) field(row, "position").setAttribute("aria-invalid", "true");
  if (position) places.set(row, position);
  else places.delete(row);
  showPlaces();
}

// ---- the tool in hand
function use(next) {
  tool = next;
  picture?.setActive(tool?.kind === "mark");
  frame.classList.toggle("map--picking", tool?.kind === "place");
  for (const row of rows()) {
    for (const kind of ["mark", "place"]) {
      row.querySelector(`[data-landmark-${kind}]`).setAttribute("aria-pressed", String(tool?.row === row && tool.kind === kind));
    }
  }
  const words = step.querySelector("[data-tool-words]");
  words.hidden = !tool;
  words.textContent = tool ? `${numberOf(tool.row)}: ${word(step, tool.kind, "")}` : "";
  if (tool?.kind === "mark") {
    rememberSize();
    const at = number(field(tool.row, "frame_time_s"));
    if (at !== null) picture.seek(at);
    openPane(document.querySelector(".pane-media .viewer"));
  } else if (tool) openPane(frame);
}

// ---- rows
function renumber() {
  rows().forEach((row, at) => {
    for (const each of row.querySelectorAll("[name^='landmarks-'], [id^='id_landmarks-'], [for^='id_landmarks-']")) {
      for (const attribute of ["name", "id", "for"]) {
        const value = each.getAttribute(attribute);
        if (value) each.setAttribute(attribute, value.replace(/landmarks-(\d+|__prefix__)-/, `landmarks-${at}-`));
      }
    }
    for (const each of row.querySelectorAll("[data-number]")) each.textContent = at + 1;
  });
  total.value = rows().length;
  form.elements.namedItem("landmarks-INITIAL_FORMS").value = 0;
  const filled = rows().filter((row) => !isBlank(row)).length;
  step.querySelector("[data-landmark-count]").textContent = filled ? filled : "";
  step.querySelector("[data-landmark-add]").disabled = rows().length >= most;
}

function add() {
  list.append(step.querySelector("[data-landmark-template]").content.cloneNode(true));
  const row = rows().at(-1);
  renumber();
  wire(row);
  return row;
}

function remove(row) {
  if (tool?.row === row) use(null);
  places.delete(row);
  row.remove();
  renumber();
  showMarks();
  showPlaces();
  step.querySelector("[data-landmark-add]").focus();
}

function wire(row) {
  for (const button of row.querySelectorAll("button[hidden]")) button.hidden = false;
  row.querySelector("[data-landmark-mark]").hidden = !picture;
  let waiting = 0;
  field(row, "position").addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => readPlace(row), TYPING_MS);
  });
  for (const name of ["label", "x_px", "y_px", "frame_time_s"]) field(row, name).addEventListener("input", showMarks);
  for (const name of ["label", "is_excluded"]) field(row, name).addEventListener("input", showPlaces);
  row.addEventListener("input", renumber);
  row.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("input")) event.preventDefault(); // only the buttons save
  });
  row.querySelector("[data-landmark-remove]").addEventListener("click", () => remove(row));
  for (const kind of ["mark", "place"]) {
    row.querySelector(`[data-landmark-${kind}]`).addEventListener("click", () => {
      use(tool?.row === row && tool.kind === kind ? null : { row, kind });
    });
  }
}

// ---- solving
function showErrors(errors) {
  for (const list of step.querySelectorAll("[data-solve-error]")) list.remove();
  for (const [name, sentences] of Object.entries(errors)) {
    const input = form.elements.namedItem(name);
    const line = document.createElement("p");
    line.className = "errorlist";
    line.dataset.solveError = "";
    line.textContent = sentences.join(" ");
    input?.setAttribute("aria-invalid", "true");
    (input?.closest(".landmark__fields") ?? input?.closest(".field"))?.after(line);
  }
}

async function solve() {
  const box = step.querySelector("[data-resection]");
  box.setAttribute("aria-busy", "true");
  let answer;
  try {
    const response = await fetch(step.dataset.solveUrl, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } });
    if (!response.ok) throw new Error(String(response.status));
    answer = await response.json();
  } catch {
    box.textContent = word(step, "offline", "");
    return;
  } finally {
    box.removeAttribute("aria-busy");
  }
  // Made by this server's template, which escapes; the page's policy runs no script in it.
  box.innerHTML = answer.html;
  showErrors(answer.errors);
  show(answer.drawing);
}

function show(drawing) {
  drawn = drawing;
  if (!map) return;
  drawResection(map, drawn);
  if (drawn) fitTo(map, [...drawn.places, ...drawn.landmarks], { closest: 18 });
}

function takeOver(place) {
  for (const [name, value] of Object.entries(place.dataset)) {
    const input = name === "place" ? null : form.elements.namedItem(name);
    if (!input) continue;
    input.value = value;
    changed(input);
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }
  announce(word(step, "taken", ""));
  form.elements.namedItem("camera").focus();
}

function start() {
  for (const row of rows()) if (isBlank(row)) row.remove();
  rows().forEach(wire);
  renumber();
  showMarks();
  const button = step.querySelector("[data-landmark-add]");
  button.hidden = false;
  button.addEventListener("click", () => field(add(), "label").focus());
  for (const name of ["picture_width_px", "picture_height_px"]) form.elements.namedItem(name).addEventListener("input", showMarks);
  form.addEventListener("click", (event) => {
    const solving = event.target.closest("[data-solve]");
    const taking = event.target.closest("[data-take-place]");
    if (solving || taking) event.preventDefault();
    if (solving) solve();
    if (taking) takeOver(taking.closest("[data-place]"));
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && tool) use(null); });
  frame.addEventListener("placing:click", (event) => {
    if (tool?.kind !== "place") return;
    event.preventDefault();
    const { row } = tool;
    putPlace(row, event.detail);
    use(null);
    showPlaces();
    openPane(form);
    row.querySelector("[data-landmark-place]").focus();
  });
  const ready = () => {
    map = frame.placingMap;
    showPlaces();
    const stored = document.getElementById("resection-drawing");
    if (drawn ?? stored) show(drawn ?? JSON.parse(stored.textContent));
  };
  if (frame.placingMap) ready();
  else frame.addEventListener("placing:ready", ready, { once: true });
  rows().forEach(readPlace);
}

start();
