// A small map beside a coordinate, on request: the button data-peek inside [data-coordinate].
import { createMap, placeMarker } from "catalogue/map";
import { word } from "catalogue/announce";

const ZOOM = 8;
let open = null;

function close() {
  open?.map?.remove();
  open?.box.remove();
  open?.button.setAttribute("aria-expanded", "false");
  open = null;
}

async function show(button) {
  const { latitude, longitude, uncertaintyM } = button.closest("[data-coordinate]").dataset;
  const position = { latitude: Number(latitude), longitude: Number(longitude) };
  const box = document.createElement("div");
  box.className = "peek";
  box.setAttribute("role", "dialog");
  box.setAttribute("aria-label", word(button, "peek", "Where this is"));
  const frame = document.createElement("div");
  frame.className = "map map--peek";
  box.append(frame);
  document.body.append(box);
  const at = button.getBoundingClientRect();
  box.style.left = `${Math.max(8, Math.min(at.left + window.scrollX, document.documentElement.clientWidth - 296))}px`;
  box.style.top = `${at.bottom + window.scrollY + 6}px`;
  button.setAttribute("aria-expanded", "true");
  const opened = { box, button, map: null };
  open = opened;
  const map = await createMap(frame, { center: position, zoom: ZOOM, small: true });
  if (open !== opened) map?.remove();
  else if (map) {
    opened.map = map;
    placeMarker(map, { role: "subject", position, uncertainty_m: Number(uncertaintyM ?? 0) });
  }
}

let ready = false;

export function setUpPeek() {
  if (ready) return;
  ready = true;
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-peek]");
    if (event.target.closest(".peek")) return;
    const same = button && open?.button === button;
    close();
    if (button && !same) show(button);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && open) {
      const { button } = open;
      close();
      button.focus();
    }
  });
}
