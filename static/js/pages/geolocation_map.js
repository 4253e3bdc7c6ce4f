// The map of everything in an investigation: geolocations by status, named places as quiet rings.
import { addPoints, createMap, fitTo } from "catalogue/map";
import { onThemeChange, tokenColour } from "catalogue/theme";

const frame = document.querySelector("[data-everything-map]");
const read = (id) => JSON.parse(document.getElementById(id).textContent);

function addPlaces(map, places) {
  const features = places.map(({ name, latitude, longitude }) => ({
    type: "Feature", properties: { name }, geometry: { type: "Point", coordinates: [longitude, latitude] },
  }));
  map.addSource("named-places", { type: "geojson", data: { type: "FeatureCollection", features } });
  map.addLayer({ id: "named-places", type: "circle", source: "named-places", paint: { "circle-radius": 6, "circle-opacity": 0, "circle-stroke-width": 1.5 } });
  map.addLayer({
    id: "named-places-labels", type: "symbol", source: "named-places", minzoom: 7,
    layout: { "text-field": ["get", "name"], "text-font": ["Inter", "Noto Sans Armenian", "Noto Sans Arabic"], "text-size": 12, "text-anchor": "top", "text-offset": [0, 0.7], "text-max-width": 12 },
    paint: { "text-halo-width": 1.25 },
  });
  const paint = () => {
    map.setPaintProperty("named-places", "circle-stroke-color", tokenColour("--text-quiet"));
    map.setPaintProperty("named-places-labels", "text-color", tokenColour("--text"));
    map.setPaintProperty("named-places-labels", "text-halo-color", tokenColour("--map-halo"));
  };
  paint();
  onThemeChange(paint);
}

async function draw(element) {
  const points = read("everything-points");
  const places = read("everything-places");
  const map = await createMap(element, {});
  if (!map) return;
  addPlaces(map, places);
  addPoints(map, points);
  const positions = [
    ...points.features.map(({ geometry: { coordinates: [longitude, latitude] } }) => ({ latitude, longitude })),
    ...(points.features.length ? [] : places),
  ];
  fitTo(map, positions, { closest: 13 });
  document.addEventListener("split:resize", () => map.resize());
  element.dataset.ready = "";
}

if (frame) draw(frame);
