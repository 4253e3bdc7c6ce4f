// The page of one geolocation: its camera and subject on a map, as the current revision has them.
import { createMap, drawSight, fitTo, placeMarker } from "catalogue/map";
import { drawSaved } from "catalogue/map-resection";
import { showSavedMarks } from "catalogue/picture-marks";

const frame = document.querySelector("[data-geolocation-map]");

async function draw(element) {
  const data = JSON.parse(document.getElementById("map-data").textContent);
  showSavedMarks(document.querySelector(".dossier__media .viewer"), data);
  const shown = ["camera", "subject"].filter((role) => data[role]);
  if (!shown.length) return;
  const map = await createMap(element, { center: data[shown[0]], zoom: 12 });
  if (!map) return;
  for (const role of shown) placeMarker(map, { role, position: data[role], uncertainty_m: data[role].uncertainty_m });
  if (data.field_of_view_deg) drawSight(map, data);
  fitTo(map, [...shown.map((role) => data[role]), ...drawSaved(map, data)], { padding: 48 });
  element.dataset.ready = "";
}

if (frame) draw(frame);
