// A map of points and named places for pages that show both: [data-home-map] names two json_script elements.
import { word } from "catalogue/announce";
import { addPoints, addPointTiles, createMap, fitTo, fitToBox, sayOn } from "catalogue/map";
import { addInvestigationArea } from "catalogue/map-area";
import { onThemeChange, tokenColour } from "catalogue/theme";

const read = (id) => JSON.parse(document.getElementById(id)?.textContent ?? "null");

function addPlaces(map, places) {
  const features = places.map(({ name, latitude, longitude }) => ({
    type: "Feature", properties: { name }, geometry: { type: "Point", coordinates: [longitude, latitude] },
  }));
  map.addSource("named-places", { type: "geojson", data: { type: "FeatureCollection", features } });
  map.addLayer({
    id: "named-places", type: "circle", source: "named-places",
    paint: { "circle-radius": 5, "circle-opacity": 0, "circle-stroke-width": 1.5 },
  });
  map.addLayer({
    id: "named-places-words", type: "symbol", source: "named-places", minzoom: 8,
    layout: { "text-field": ["get", "name"], "text-font": ["Inter", "Noto Sans Armenian", "Noto Sans Arabic"], "text-size": 12, "text-anchor": "top", "text-offset": [0, 0.7], "text-max-width": 12 },
    paint: { "text-halo-width": 1.25 },
  });
  const paint = () => {
    map.setPaintProperty("named-places", "circle-stroke-color", tokenColour("--text-quiet"));
    map.setPaintProperty("named-places-words", "text-color", tokenColour("--text"));
    map.setPaintProperty("named-places-words", "text-halo-color", tokenColour("--map-halo"));
  };
  paint();
  onThemeChange(paint);
}

function drawTiles(map, element) {
  const { tiles, mediaUrl } = element.dataset;
  const describe = ({ media_reference: reference, title, place_name: place, uncertainty_m: radius }) => ({
    status_word: word(element, "verified", "Verified"),
    title: `${reference} · ${title}`,
    url: mediaUrl.replace("REFERENCE", encodeURIComponent(reference)),
    place,
    detail: `± ${radius} m`,
  });
  const say = (sentence) => sayOn(element, sentence);
  return addPointTiles(map, { url: tiles, describe, note: say })
    .catch(() => say(word(element, "failed", "The points could not be fetched for the map.")));
}

async function draw(element) {
  const places = read(element.dataset.places) ?? [];
  const points = read(element.dataset.points)?.features ?? [];
  const map = await createMap(element);
  if (!map) return;
  const area = addInvestigationArea(map);
  addPlaces(map, places);
  if (points.length) addPoints(map, { type: "FeatureCollection", features: points });
  const verified = points.map(({ geometry: { coordinates: [longitude, latitude] } }) => ({ latitude, longitude }));
  const box = element.dataset.tiles && await drawTiles(map, element);
  if (box) fitToBox(map, box, { closest: 11, padding: 16 });
  else fitTo(map, [verified, places, area].find((each) => each.length) ?? [], { closest: 11, padding: 48 });
  element.pointsMap = map;
  element.dataset.ready = "";
}

const frame = document.querySelector("[data-home-map]");
if (frame) draw(frame);
