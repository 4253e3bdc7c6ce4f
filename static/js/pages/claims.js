// The dossier's small map: the places the claim is about as rings, the verified points of its evidence by their symbol.
import { word } from "catalogue/announce";
import { arc } from "catalogue/geodesy";
import { addPoints, createMap, fitTo } from "catalogue/map";
import { onThemeChange, tokenColour } from "catalogue/theme";

function addPlaces(map, places) {
  const named = places.map(({ name, latitude, longitude }) => ({
    type: "Feature", properties: { name }, geometry: { type: "Point", coordinates: [longitude, latitude] },
  }));
  const reaches = places.filter(({ radius_m }) => radius_m > 0).map((place) => ({
    type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: [arc(place, place.radius_m)] },
  }));
  map.addSource("claim-places", { type: "geojson", data: { type: "FeatureCollection", features: named } });
  map.addSource("claim-reaches", { type: "geojson", data: { type: "FeatureCollection", features: reaches } });
  map.addLayer({ id: "claim-reaches", type: "line", source: "claim-reaches", paint: { "line-width": 1.25, "line-dasharray": [3, 2] } });
  map.addLayer({ id: "claim-places", type: "circle", source: "claim-places", paint: { "circle-radius": 6, "circle-opacity": 0, "circle-stroke-width": 1.5 } });
  map.addLayer({
    id: "claim-labels", type: "symbol", source: "claim-places",
    layout: { "text-field": ["get", "name"], "text-font": ["Inter", "Noto Sans Armenian", "Noto Sans Arabic"], "text-size": 12, "text-anchor": "top", "text-offset": [0, 0.7], "text-max-width": 12 },
    paint: { "text-halo-width": 1.25 },
  });
  const paint = () => {
    map.setPaintProperty("claim-reaches", "line-color", tokenColour("--text-quiet"));
    map.setPaintProperty("claim-places", "circle-stroke-color", tokenColour("--text-quiet"));
    map.setPaintProperty("claim-labels", "text-color", tokenColour("--text"));
    map.setPaintProperty("claim-labels", "text-halo-color", tokenColour("--map-halo"));
  };
  paint();
  map.once("remove", onThemeChange(paint));
}

async function draw(element) {
  const { places, points } = JSON.parse(document.getElementById("map-data").textContent);
  const map = await createMap(element, {});
  if (!map) return;
  addPlaces(map, places);
  const features = points.map((point) => ({
    type: "Feature",
    properties: { status: "verified", status_word: word(element, "verified", "Verified"), title: point.title, url: point.url, detail: point.relation },
    geometry: { type: "Point", coordinates: [point.longitude, point.latitude] },
  }));
  addPoints(map, { type: "FeatureCollection", features }, { cluster: false });
  fitTo(map, [...places, ...points], { closest: 11, padding: 44 });
  element.dataset.ready = "";
}

const frame = document.querySelector("[data-claim-map]");
if (frame) draw(frame);
