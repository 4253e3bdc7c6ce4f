// What a file says of places, drawn: its positions, what it was pointed at, a timed track, the outline of a raster.
// Said by the file, so it is drawn in lines and rings, apart from the markers of what people state.
//
//   const drawn = drawSaid(map, said);   // said: Drawing.for_map of evidence/views/file_map.py
//   drawn.goTo(12);                      // the fix with this index; answers what is said on it
import { arc } from "catalogue/geodesy";
import { word } from "catalogue/announce";
import { onThemeChange, tokenColour } from "catalogue/theme";

const EMPTY = { type: "FeatureCollection", features: [] };
const HOVER_PX = 12;

const feature = (part, type, coordinates) => ({ type: "Feature", properties: { part }, geometry: { type, coordinates } });
const point = (part, [longitude, latitude]) => feature(part, "Point", [longitude, latitude]);

// Longitudes that run on across the antimeridian, so that a line is not drawn around the world.
function unwrapped(track) {
  let turn = 0;
  return track.map(([longitude, latitude], index) => {
    if (index) {
      const step = longitude - track[index - 1][0];
      if (step > 180) turn -= 360;
      else if (step < -180) turn += 360;
    }
    return [longitude + turn, latitude];
  });
}

function features(said, line) {
  const found = [];
  if (said.footprint.length) found.push(feature("footprint", "Polygon", [said.footprint]));
  if (line.length > 1) found.push(feature("track", "LineString", line));
  for (const each of said.positions) {
    if (each.uncertainty_m > 0) found.push(feature("error", "Polygon", [arc(each, each.uncertainty_m)]));
    found.push(point(each.is_preferred ? "preferred" : "position", [each.longitude, each.latitude]));
  }
  if (said.destination) found.push(point("destination", [said.destination.longitude, said.destination.latitude]));
  if (line.length) found.push(point("start", line[0]), point("end", line[line.length - 1]));
  return found;
}

function addLayers(map) {
  const part = (...names) => ["in", ["get", "part"], ["literal", names]];
  map.addLayer({ id: "said-fill", type: "fill", source: "said", filter: part("footprint", "error"), paint: { "fill-opacity": 0.1 } });
  map.addLayer({ id: "said-outline", type: "line", source: "said", filter: part("footprint", "error"), paint: { "line-width": 1.5 } });
  map.addLayer({
    id: "said-track", type: "line", source: "said", filter: part("track"),
    layout: { "line-cap": "round", "line-join": "round" }, paint: { "line-width": 3 },
  });
  map.addLayer({
    id: "said-points", type: "circle", source: "said", filter: part("preferred", "position", "destination", "start", "end"),
    paint: {
      "circle-radius": ["match", ["get", "part"], "preferred", 6, 4.5],
      "circle-stroke-width": 2,
      "circle-opacity": ["match", ["get", "part"], "preferred", 1, "end", 1, 0],
    },
  });
  map.addLayer({ id: "said-here", type: "circle", source: "said-here", paint: { "circle-radius": 7, "circle-stroke-width": 3 } });
}

function paint(map) {
  const ink = tokenColour("--camera");
  map.setPaintProperty("said-fill", "fill-color", ink);
  map.setPaintProperty("said-outline", "line-color", ink);
  map.setPaintProperty("said-track", "line-color", ink);
  map.setPaintProperty("said-points", "circle-color", ink);
  map.setPaintProperty("said-points", "circle-stroke-color", ink);
  map.setPaintProperty("said-here", "circle-color", tokenColour("--map-halo"));
  map.setPaintProperty("said-here", "circle-stroke-color", ink);
}

function addLabel(map, text, coordinates, anchor) {
  const element = document.createElement("span");
  element.className = "said-mark";
  element.textContent = text;
  new map.maplibre.Marker({ element, anchor, offset: [0, anchor === "top" ? 8 : -8] }).setLngLat(coordinates).addTo(map);
}

// The fix whose drawn place is nearest to a point of the screen, or -1 where none is near.
function nearest(map, line, at) {
  let best = -1;
  let least = HOVER_PX;
  line.forEach((coordinates, index) => {
    const distance = map.project(coordinates).dist(at);
    if (distance < least) [best, least] = [index, distance];
  });
  return best;
}

// How near a map may go: lines and outlines have a size that is worth seeing, a point has none.
export function closestFor(said) {
  return said.track.length || said.footprint.length ? 18 : 13;
}

// Every position of the drawing as {latitude, longitude}, for fitTo.
export function placesOf(said) {
  return [
    ...said.positions, ...(said.destination ? [said.destination] : []),
    ...said.footprint.map(([longitude, latitude]) => ({ longitude, latitude })),
    ...unwrapped(said.track).map(([longitude, latitude]) => ({ longitude, latitude })),
  ];
}

// onHover(index) is called while the pointer is on the track.
export function drawSaid(map, said, { onHover = null, labels = true } = {}) {
  const line = unwrapped(said.track);
  map.addSource("said", { type: "geojson", data: { type: "FeatureCollection", features: features(said, line) } });
  map.addSource("said-here", { type: "geojson", data: EMPTY });
  addLayers(map);
  paint(map);
  map.once("remove", onThemeChange(() => paint(map)));
  if (labels && line.length > 1) {
    const [start, end] = [line[0], line[line.length - 1]];
    addLabel(map, `${word(map.getContainer(), "start", "start")} ${said.track[0][3].split(" ")[0]}`, start, "bottom");
    addLabel(map, `${word(map.getContainer(), "end", "end")} ${said.track[line.length - 1][3].split(" ")[0]}`, end, "top");
  }
  if (labels && said.destination) addLabel(map, said.destination.name, [said.destination.longitude, said.destination.latitude], "bottom");
  const goTo = (index) => {
    map.getSource("said-here").setData(point("here", line[index]));
    return said.track[index][3];
  };
  if (onHover && line.length) {
    map.on("mousemove", (event) => {
      const index = nearest(map, line, event.point);
      map.getCanvas().classList.toggle("said-cursor", index >= 0);
      if (index >= 0) onHover(index);
    });
  }
  return { goTo };
}
