// Named positions that say where one is and claim nothing: quiet rings with their names.
import { LABEL_FONTS } from "catalogue/map-style";
import { onThemeChange, tokenColour } from "catalogue/theme";

// places: [{name, latitude, longitude}]; names appear from zoom `namesFrom` on.
export function addPlaces(map, places, { id = "named-places", namesFrom = 7 } = {}) {
  const features = places.map(({ name, latitude, longitude }) => ({
    type: "Feature", properties: { name }, geometry: { type: "Point", coordinates: [longitude, latitude] },
  }));
  map.addSource(id, { type: "geojson", data: { type: "FeatureCollection", features } });
  map.addLayer({
    id, type: "circle", source: id,
    paint: { "circle-radius": 6, "circle-opacity": 0, "circle-stroke-width": 1.5 },
  });
  map.addLayer({
    id: `${id}-names`, type: "symbol", source: id, minzoom: namesFrom,
    layout: {
      "text-field": ["get", "name"], "text-font": LABEL_FONTS, "text-size": 12, "text-anchor": "top",
      "text-offset": [0, 0.7], "text-max-width": 12,
    },
    paint: { "text-halo-width": 1.25 },
  });
  const paint = () => {
    map.setPaintProperty(id, "circle-stroke-color", tokenColour("--text-quiet"));
    map.setPaintProperty(`${id}-names`, "text-color", tokenColour("--text-quiet"));
    map.setPaintProperty(`${id}-names`, "text-halo-color", tokenColour("--map-halo"));
  };
  paint();
  onThemeChange(paint);
}
