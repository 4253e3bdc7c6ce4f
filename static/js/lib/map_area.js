// The area that an investigation is about: a quiet dashed edge on every map of it, without a fill that would hide things.
import { onThemeChange, tokenColour } from "catalogue/theme";

const polygons = (rings) => ({
  type: "Feature", properties: {}, geometry: { type: "MultiPolygon", coordinates: rings.map((ring) => [ring]) },
});

// rings: closed lists of [longitude, latitude]. Called again, it draws the new ones instead.
export function drawInvestigationArea(map, rings) {
  const source = map.getSource("investigation-area");
  if (source) {
    source.setData(polygons(rings));
    return;
  }
  map.addSource("investigation-area", { type: "geojson", data: polygons(rings) });
  map.addLayer({
    id: "investigation-area", type: "line", source: "investigation-area",
    paint: { "line-width": 1.5, "line-dasharray": [5, 3] },
  });
  const paint = () => map.setPaintProperty("investigation-area", "line-color", tokenColour("--text-quiet"));
  paint();
  map.once("remove", onThemeChange(paint));
}

// Draws what the page holds of it. Returns its corners as positions, so that a map without points can show it.
export function addInvestigationArea(map) {
  const rings = JSON.parse(document.getElementById("investigation-area")?.textContent ?? "[]");
  if (rings.length) drawInvestigationArea(map, rings);
  return rings.flat().map(([longitude, latitude]) => ({ latitude, longitude }));
}
