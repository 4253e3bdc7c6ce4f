// The one way to make a map here: MapLibre over the offline base map, in the colours of the theme, with scale and grid.
//
//   const map = await createMap(element, { center: { latitude, longitude }, zoom });
//   if (map) { addPoints(map, geojson); placeMarker(map, { role: "camera", position, uncertainty_m: 15 }); }
//
// Without WebGL createMap answers null after showing a sentence and the table named by data-fallback.
// On the element: data-borders="off" leaves borders out, data-names="reversed" puts the other name of a disputed
// place first, data-fallback="id" names the table to show instead, data-word-* hold translated words.
// More layers (imagery) come from <script type="application/json" id="map-layers">; there are none unless configured.
import { word } from "catalogue/announce";
import { formatPosition } from "catalogue/geodesy";
import { addGrid } from "catalogue/map-grid";
import { addPlaceDot, baseStyle, loadLabelFonts, recolour } from "catalogue/map-style";
import { onThemeChange } from "catalogue/theme";

export { drawCircle, drawSight, placeMarker } from "catalogue/map-markers";
export { addPoints } from "catalogue/map-points";
export { addPointTiles } from "catalogue/map-tiles";

const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
let library = null;

function stylesheet(name) {
  const href = import.meta.resolve(name);
  if ([...document.styleSheets].some((sheet) => sheet.href === href)) return Promise.resolve();
  return new Promise((resolve) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = href;
    link.addEventListener("load", resolve, { once: true });
    link.addEventListener("error", resolve, { once: true });
    document.head.append(link);
  });
}

// Reads ranges of the base map. A server that cannot (a development server) sends the whole file to the first request;
// the others wait for that answer, so that it is sent once.
class Archive {
  constructor(url) {
    this.url = url;
    this.whole = null;
    this.first = null;
  }

  getKey() {
    return this.url;
  }

  async request(offset, length, signal) {
    const answer = await fetch(this.url, { signal, headers: { Range: `bytes=${offset}-${offset + length - 1}` } });
    if (!answer.ok) throw new Error(`the base map could not be read (${answer.status})`);
    const data = await answer.arrayBuffer();
    if (answer.status === 206) return data;
    this.whole = data;
    return data.slice(offset, offset + length);
  }

  async getBytes(offset, length, signal) {
    if (!this.first) {
      this.first = this.request(offset, length); // not tied to the signal: others wait for it
      return { data: await this.first };
    }
    await this.first;
    if (this.whole) return { data: this.whole.slice(offset, offset + length) };
    return { data: await this.request(offset, length, signal) };
  }
}

async function load() {
  const [maplibre, { PMTiles, Protocol }] = await Promise.all([
    import("maplibre-gl"), import("pmtiles"), stylesheet("maplibre-gl/css"), stylesheet("catalogue/map-css"), loadLabelFonts(),
  ]);
  const archive = import.meta.resolve("catalogue/basemap");
  const protocol = new Protocol();
  protocol.add(new PMTiles(new Archive(archive)));
  maplibre.addProtocol("pmtiles", protocol.tile);
  maplibre.setWorkerUrl(import.meta.resolve("maplibre-gl/worker"));
  return { maplibre, archive };
}

function showUnavailable(element, onUnavailable) {
  const sentence = word(
    element, "unavailable",
    "The map cannot be drawn because this browser has no WebGL. The same points are in the table.",
  );
  const note = document.createElement("div");
  note.className = "map__unavailable";
  const words = document.createElement("p");
  words.textContent = sentence;
  note.append(words);
  element.replaceChildren(note);
  element.classList.add("map--unavailable");
  const fallback = document.getElementById(element.dataset.fallback ?? "");
  if (fallback) fallback.hidden = false;
  onUnavailable?.(sentence);
}

function addReadout(map, element) {
  const readout = document.createElement("div");
  readout.className = "map__readout";
  readout.setAttribute("aria-hidden", "true");
  readout.hidden = true;
  element.append(readout);
  map.on("mousemove", (event) => {
    readout.hidden = false;
    readout.textContent = formatPosition({ latitude: event.lngLat.lat, longitude: event.lngLat.wrap().lng });
  });
  map.on("mouseout", () => { readout.hidden = true; });
}

function configuredLayers() {
  const source = document.getElementById("map-layers");
  return source ? JSON.parse(source.textContent) : [];
}

// Imagery from a server that the person running this installation named. Off until somebody switches it on.
function addConfiguredLayers(map, element) {
  const layers = configuredLayers();
  if (!layers.length) return;
  const box = document.createElement("fieldset");
  box.className = "map__layers";
  const legend = document.createElement("legend");
  legend.className = "visually-hidden";
  legend.textContent = word(element, "layers", "Imagery");
  box.append(legend);
  for (const layer of layers) {
    const id = `imagery-${layer.id}`;
    map.addSource(id, {
      type: "raster", tiles: layer.tiles, tileSize: layer.tile_size ?? 256, maxzoom: layer.maxzoom ?? 19, attribution: layer.attribution,
    });
    map.addLayer({ id, type: "raster", source: id, layout: { visibility: "none" } }, "borders");
    const label = document.createElement("label");
    const input = document.createElement("input");
    input.type = "checkbox";
    input.addEventListener("change", () => map.setLayoutProperty(id, "visibility", input.checked ? "visible" : "none"));
    label.append(input, ` ${layer.title}`);
    box.append(label);
  }
  element.append(box);
}

function options(element, { center, zoom, interactive }) {
  return {
    container: element,
    center: center ? [center.longitude, center.latitude] : [20, 25],
    zoom: zoom ?? 1.4,
    maxZoom: 21,
    interactive,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    fadeDuration: calm() ? 0 : 200,
    attributionControl: false,
  };
}

// center: {latitude, longitude}; zoom 0-21; small: no controls, no grid, no readout, for a peek.
// Resolves to MapLibre's Map once its style is ready, or to null where it cannot be drawn.
export async function createMap(element, { center = null, zoom = null, small = false, onUnavailable = null } = {}) {
  library ??= load();
  const { maplibre, archive } = await library;
  const style = baseStyle({
    archive,
    bordersShown: element.dataset.borders !== "off",
    namesReversed: element.dataset.names === "reversed",
  });
  let map;
  try {
    map = new maplibre.Map({ ...options(element, { center, zoom, interactive: !small }), style });
  } catch {
    showUnavailable(element, onUnavailable);
    return null;
  }
  map.maplibre = maplibre;
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.getCanvas().setAttribute("aria-label", element.dataset.label ?? word(element, "map", "Interactive map"));
  if (!small) {
    map.addControl(new maplibre.NavigationControl({ showCompass: false }), "top-right");
    map.addControl(new maplibre.ScaleControl({ maxWidth: 140 }), "bottom-left");
    addReadout(map, element);
  }
  map.addControl(new maplibre.AttributionControl({ compact: small }), "bottom-right");
  await new Promise((resolve) => { map.once("style.load", resolve); });
  addPlaceDot(map);
  if (!small) addGrid(map);
  addConfiguredLayers(map, element);
  map.once("remove", onThemeChange(() => recolour(map)));
  return map;
}

// Shows all of the positions [{latitude, longitude}], never closer than `closest`.
export function fitTo(map, positions, { closest = 16, padding = 64 } = {}) {
  if (!positions.length) return;
  const bounds = new map.maplibre.LngLatBounds();
  for (const { latitude, longitude } of positions) bounds.extend([longitude, latitude]);
  map.fitBounds(bounds, { padding, maxZoom: closest, animate: !calm(), duration: calm() ? 0 : 400 });
}

// Shows [west, south, east, north] in degrees; a box across the date line has west > east.
export function fitToBox(map, [west, south, east, north], { closest = 16, padding = 8 } = {}) {
  map.fitBounds([[west, south], [east < west ? east + 360 : east, north]], { padding, maxZoom: closest, animate: false });
}

// A sentence on the map about what it does not show; "" takes it away.
export function sayOn(frame, sentence) {
  let note = frame.parentElement.querySelector(":scope > .map__note");
  if (!note) {
    note = document.createElement("p");
    note.className = "map__note";
    note.setAttribute("role", "status");
    frame.after(note);
  }
  if (note.textContent !== sentence) note.textContent = sentence;
  note.hidden = !sentence;
}

export function goTo(map, position, zoom = null) {
  const target = { center: [position.longitude, position.latitude], zoom: zoom ?? map.getZoom() };
  if (calm()) map.jumpTo(target);
  else map.easeTo({ ...target, duration: 400 });
}
