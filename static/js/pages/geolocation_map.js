// The map of everything in an investigation: geolocations by status, named places as quiet rings. Of very many
// geolocations the points come in tiles; only the person's own sealed ones are then in the page.
import { word } from "catalogue/announce";
import { addPoints, addPointTiles, createMap, fitTo, fitToBox, sayOn } from "catalogue/map";
import { addInvestigationArea } from "catalogue/map-area";
import { addPlaces } from "catalogue/map-places";

const frame = document.querySelector("[data-everything-map]");
const read = (id) => JSON.parse(document.getElementById(id).textContent);

// What the popup of a geolocation that came in a tile says: the same as of one in the page.
function describer(element) {
  const states = read("everything-states");
  const pattern = element.dataset.detailUrl;
  return ({ reference, title, status, place_name: place, uncertainty_m: radius, position_role: role }) => ({
    status_word: states[status],
    title: `${reference} · ${title}`,
    url: pattern.replace("REFERENCE", encodeURIComponent(reference)),
    place,
    detail: `${word(element, role, role)}, ± ${radius} m`,
  });
}

async function draw(element) {
  const points = read("everything-points");
  const places = read("everything-places");
  const map = await createMap(element, {});
  if (!map) return;
  const area = addInvestigationArea(map);
  addPlaces(map, places);
  const { tiles } = element.dataset;
  const say = (sentence) => sayOn(element, sentence);
  const box = tiles && await addPointTiles(map, { url: tiles, describe: describer(element), note: say })
    .catch(() => say(word(element, "failed", "The points could not be fetched for the map.")));
  addPoints(map, points);
  const positions = [
    ...points.features.map(({ geometry: { coordinates: [longitude, latitude] } }) => ({ latitude, longitude })),
    ...(points.features.length ? [] : places),
  ];
  if (box) fitToBox(map, box, { closest: 13, padding: 32 });
  else fitTo(map, positions.length ? positions : area, { closest: 13 });
  document.addEventListener("split:resize", () => map.resize());
  element.pointsMap = map;
  element.dataset.ready = "";
}

if (frame) draw(frame);
