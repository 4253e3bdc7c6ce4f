// The subject's area on the geolocate page: corners clicked on the map, dragged or moved by keys; the text field is the truth.
import { word } from "catalogue/announce";
import { formatPosition } from "catalogue/geodesy";
import { drawArea, placeNumber } from "catalogue/map-resection";

const TYPING_MS = 500;
const step = document.querySelector("[data-area]");
const form = step.closest("form");
const text = form.elements.namedItem("subject_area");
const draw = step.querySelector("[data-area-draw]");
const undo = step.querySelector("[data-area-undo]");
const frame = document.querySelector("[data-placing-map]");
const words = document.querySelector("[data-landmarks]");
let map = null;
let corners = [];
let markers = [];
let waiting = 0;

function show() {
  undo.hidden = !corners.length;
  if (!map) return;
  const held = markers.findIndex((marker) => marker.getElement() === document.activeElement);
  for (const marker of markers) marker.remove();
  drawArea(map, corners.map(({ latitude, longitude }) => [longitude, latitude]));
  markers = corners.map((position, at) => placeNumber(map, {
    number: "◆", label: `${word(words, "corner", "Corner")} ${at + 1}`, position, nudge: word(words, "nudge", "arrow keys move it"),
    onMove: (moved) => { corners[at] = moved; write(); },
  }));
  markers[held]?.getElement().focus();
}

function write() {
  text.value = corners.map(formatPosition).join("\n");
  show();
}

async function read() {
  const lines = text.value.split("\n").map((line) => line.trim()).filter(Boolean);
  const found = [];
  for (const line of lines) {
    const query = new URLSearchParams({ text: line, media: form.dataset.media });
    try {
      const answer = await (await fetch(`${form.dataset.parseUrl}?${query}`, { headers: { Accept: "application/json" } })).json();
      if (!answer.ok) return; // said when it is saved; the map keeps what was understood
      found.push({ latitude: answer.latitude, longitude: answer.longitude });
    } catch {
      return;
    }
  }
  corners = found;
  show();
}

function drawing(on) {
  draw.setAttribute("aria-pressed", String(on));
  frame.classList.toggle("map--picking", on);
}

draw.hidden = false;
draw.addEventListener("click", () => drawing(draw.getAttribute("aria-pressed") !== "true"));
undo.addEventListener("click", () => { corners.pop(); write(); });
text.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(read, TYPING_MS);
});
document.addEventListener("keydown", (event) => { if (event.key === "Escape") drawing(false); });
frame.addEventListener("placing:click", (event) => {
  if (event.defaultPrevented || draw.getAttribute("aria-pressed") !== "true") return;
  event.preventDefault();
  corners.push(event.detail);
  write();
});
const ready = () => { map = frame.placingMap; show(); };
if (frame.placingMap) ready();
else frame.addEventListener("placing:ready", ready, { once: true });
read();
