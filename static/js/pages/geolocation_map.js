// The map of everything in an investigation: geolocations by status, named places as quiet rings.
import { addPoints, createMap, fitTo } from "catalogue/map";
import { addInvestigationArea } from "catalogue/map-area";
import { addPlaces } from "catalogue/map-places";

const frame = document.querySelector("[data-everything-map]");
const read = (id) => JSON.parse(document.getElementById(id).textContent);

async function draw(element) {
  const points = read("everything-points");
  const places = read("everything-places");
  const map = await createMap(element, {});
  if (!map) return;
  const area = addInvestigationArea(map);
  addPlaces(map, places);
  addPoints(map, points);
  const positions = [
    ...points.features.map(({ geometry: { coordinates: [longitude, latitude] } }) => ({ latitude, longitude })),
    ...(points.features.length ? [] : places),
  ];
  fitTo(map, positions.length ? positions : area, { closest: 13 });
  document.addEventListener("split:resize", () => map.resize());
  element.dataset.ready = "";
}

if (frame) draw(frame);
