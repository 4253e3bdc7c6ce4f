// The style of the offline base map: paper, water, quiet borders and names. No glyph server: MapLibre draws labels
// with the page's own fonts, which have to be loaded for every script before the first label is drawn.
import { tokenColour } from "catalogue/theme";

export const LABEL_FONTS = ["Inter", "Noto Sans Armenian", "Noto Sans Arabic"];
export const MONO_FONTS = ["IBM Plex Mono"];
const SAMPLES = [
  ["Inter", "Aə Жж Αα"], ["Noto Sans Armenian", "Աա"], ["Noto Sans Arabic", "ابپ"], ["IBM Plex Mono", "0°N"],
];

export async function loadLabelFonts() {
  const wanted = SAMPLES.map(([family, sample]) => document.fonts.load(`16px "${family}"`, sample));
  await Promise.allSettled(wanted);
}

function colours() {
  const names = ["water", "land", "line", "grid", "text", "halo"];
  return Object.fromEntries(names.map((name) => [name, tokenColour(`--map-${name}`)]));
}

// Both names of a disputed place, in the order asked for.
function placeName(namesReversed) {
  const [first, second] = namesReversed ? ["other", "name"] : ["name", "other"];
  return ["case", ["has", "other"], ["concat", ["get", first], " / ", ["get", second]], ["get", "name"]];
}

function borderLayer(id, disputed, colour, visible) {
  return {
    id,
    type: "line",
    source: "world",
    "source-layer": "borders",
    filter: ["==", ["get", "disputed"], disputed ? 1 : 0],
    layout: { visibility: visible ? "visible" : "none", "line-join": "round" },
    paint: {
      "line-color": colour,
      "line-width": ["interpolate", ["linear"], ["zoom"], 1, 0.5, 8, 1.25],
      ...(disputed ? { "line-dasharray": [3, 3] } : {}),
    },
  };
}

// Names grow by a pixel a zoom from the one at which they appear, and stop before they shout.
function sizeAt(zoom) {
  return ["max", 11, ["min", 15, ["+", 11, ["-", zoom, ["get", "rank"]]]]];
}

function placesLayer(colour, namesReversed) {
  return {
    id: "places",
    type: "symbol",
    source: "world",
    "source-layer": "places",
    filter: ["<=", ["get", "rank"], ["zoom"]],
    layout: {
      "text-field": placeName(namesReversed),
      "text-font": LABEL_FONTS,
      "text-size": ["interpolate", ["linear"], ["zoom"], ...[2, 5, 8, 11, 14].flatMap((zoom) => [zoom, sizeAt(zoom)])],
      "text-variable-anchor": ["left", "right", "top", "bottom"],
      "text-radial-offset": 0.5,
      "text-justify": "auto",
      "text-max-width": 12,
      "text-padding": 6,
      "symbol-sort-key": ["get", "rank"],
      "icon-image": "place-dot",
      "icon-allow-overlap": false,
      "icon-optional": false,
    },
    paint: { "text-color": colour.text, "text-halo-color": colour.halo, "text-halo-width": 1.25 },
  };
}

// bordersShown: false leaves borders out (an editorial setting); namesReversed: the other name first.
export function baseStyle({ archive, bordersShown = true, namesReversed = false }) {
  const colour = colours();
  return {
    version: 8,
    sources: {
      world: {
        type: "vector",
        url: `pmtiles://${archive}`,
        attribution: "Natural Earth · GeoNames (CC BY 4.0)",
      },
    },
    layers: [
      { id: "water", type: "background", paint: { "background-color": colour.water } },
      { id: "land", type: "fill", source: "world", "source-layer": "land", paint: { "fill-color": colour.land } },
      borderLayer("borders", false, colour.line, bordersShown),
      borderLayer("borders-disputed", true, colour.line, bordersShown),
      placesLayer(colour, namesReversed),
    ],
  };
}

// Recolours a living map after the theme changed, without losing anything added to it.
export function recolour(map) {
  const colour = colours();
  map.setPaintProperty("water", "background-color", colour.water);
  map.setPaintProperty("land", "fill-color", colour.land);
  for (const id of ["borders", "borders-disputed"]) map.setPaintProperty(id, "line-color", colour.line);
  map.setPaintProperty("places", "text-color", colour.text);
  map.setPaintProperty("places", "text-halo-color", colour.halo);
  if (map.getLayer("grid-lines")) {
    map.setPaintProperty("grid-lines", "line-color", colour.grid);
    map.setPaintProperty("grid-labels", "text-color", colour.text);
    map.setPaintProperty("grid-labels", "text-halo-color", colour.halo);
  }
  addPlaceDot(map);
}

export function addPlaceDot(map) {
  const side = 12;
  const canvas = document.createElement("canvas");
  canvas.width = side;
  canvas.height = side;
  const context = canvas.getContext("2d");
  context.fillStyle = tokenColour("--map-halo");
  context.strokeStyle = tokenColour("--map-text");
  context.lineWidth = 2;
  context.beginPath();
  context.arc(side / 2, side / 2, 3.5, 0, 2 * Math.PI);
  context.fill();
  context.stroke();
  const picture = context.getImageData(0, 0, side, side);
  if (map.hasImage("place-dot")) map.updateImage("place-dot", picture);
  else map.addImage("place-dot", picture, { pixelRatio: 2 });
}
