// Points in the colours and shapes of their status. Each status has its own outline, so none is told by colour alone.
import { onThemeChange, tokenColour } from "catalogue/theme";

const SIDE = 22;
const RATIO = 2;
const TONES = {
  draft: "neutral", in_review: "amber", changes_requested: "amber", verified: "teal", rejected: "red",
  awaiting_second: "amber", supporting: "teal", disputed: "magenta", retracted: "neutral", withdrawn: "neutral", withheld: "neutral",
  import_new: "neutral", import_changed: "neutral", import_same: "neutral", import_doubtful: "amber",
};

const circle = (c, r = 8) => c.arc(11, 11, r, 0, 2 * Math.PI);
const path = (c, points, closed = true) => {
  points.forEach(([x, y], index) => (index ? c.lineTo(x, y) : c.moveTo(x, y)));
  if (closed) c.closePath();
};
// outline: filled with the tone; glyph: drawn on it in the halo's colour; hollow: only the line.
const SHAPES = {
  draft: { outline: (c) => circle(c, 7), hollow: true },
  in_review: { outline: (c) => path(c, [[11, 1.5], [20.5, 11], [11, 20.5], [1.5, 11]]), glyph: (c) => path(c, [[11, 6.5], [11, 11.5], [14, 13.5]], false) },
  awaiting_second: { outline: (c) => path(c, [[11, 2.5], [19.5, 11], [11, 19.5], [2.5, 11]]), hollow: true, glyph: (c) => path(c, [[6.75, 15.25], [15.25, 6.75]], false) },
  supporting: { outline: (c) => circle(c, 8), hollow: true, glyph: (c) => path(c, [[7.5, 11.5], [10, 14], [14.5, 8.5]], false) },
  changes_requested: { outline: (c) => path(c, [[2, 11], [12, 2.5], [12, 7], [19.5, 7], [19.5, 15], [12, 15], [12, 19.5]]) },
  verified: { outline: (c) => circle(c, 9), glyph: (c) => path(c, [[7, 11.5], [10, 14.5], [15.5, 8]], false) },
  rejected: { outline: (c) => path(c, [[7, 2], [15, 2], [20, 7], [20, 15], [15, 20], [7, 20], [2, 15], [2, 7]]), glyph: (c) => { path(c, [[7.5, 7.5], [14.5, 14.5]], false); path(c, [[14.5, 7.5], [7.5, 14.5]], false); } },
  disputed: { outline: (c) => path(c, [[11, 2], [20.5, 19], [1.5, 19]]), glyph: (c) => path(c, [[11, 7.5], [11, 16.5]], false) },
  retracted: { outline: (c) => circle(c, 8), hollow: true, glyph: (c) => path(c, [[3.5, 18.5], [18.5, 3.5]], false) },
  withdrawn: { outline: (c) => circle(c, 5), hollow: true },
  withheld: { outline: (c) => c.roundRect(3, 3, 16, 16, 3), glyph: (c) => { c.rect(8, 11, 6, 4); c.moveTo(9, 11); c.arc(11, 9, 2, Math.PI, 0); } },
  // What bringing in a row would do: a plus, a pencil's stroke, nothing, a question.
  import_new: { outline: (c) => circle(c, 8), glyph: (c) => { path(c, [[11, 7], [11, 15]], false); path(c, [[7, 11], [15, 11]], false); } },
  import_changed: { outline: (c) => c.roundRect(3, 3, 16, 16, 2), glyph: (c) => path(c, [[7.5, 14.5], [14.5, 7.5]], false) },
  import_same: { outline: (c) => c.roundRect(5, 5, 12, 12, 2), hollow: true },
  import_doubtful: { outline: (c) => path(c, [[11, 1.5], [20.5, 11], [11, 20.5], [1.5, 11]]), hollow: true, glyph: (c) => { path(c, [[11, 6.5], [11, 11.5]], false); path(c, [[11, 15], [11, 15.2]], false); } },
};

function drawSymbol(status) {
  const { outline, glyph, hollow } = SHAPES[status];
  const canvas = document.createElement("canvas");
  canvas.width = SIDE * RATIO;
  canvas.height = SIDE * RATIO;
  const context = canvas.getContext("2d");
  context.scale(RATIO, RATIO);
  context.lineJoin = "round";
  context.lineCap = "round";
  const tone = tokenColour(`--${TONES[status]}-mark`);
  const paper = tokenColour("--map-halo");
  context.beginPath();
  outline(context);
  context.fillStyle = hollow ? paper : tone;
  context.fill();
  context.lineWidth = hollow ? 2.5 : 1.5;
  context.strokeStyle = hollow ? tone : paper;
  context.stroke();
  if (glyph) {
    context.beginPath();
    glyph(context);
    context.lineWidth = 2.25;
    context.strokeStyle = hollow ? tone : paper;
    context.stroke();
  }
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

export function addSymbols(map) {
  for (const status of Object.keys(SHAPES)) {
    const id = `status-${status}`;
    const picture = drawSymbol(status);
    if (map.hasImage(id)) map.updateImage(id, picture);
    else map.addImage(id, picture, { pixelRatio: RATIO });
  }
}

// What a popup says. Everything is set as text: titles come from people and from files.
function popupContent({ title, url, status_word, place, detail }) {
  const box = document.createElement("div");
  const heading = document.createElement("p");
  const name = document.createElement(url ? "a" : "strong");
  name.textContent = title ?? "";
  if (url && new URL(url, location.href).origin === location.origin) name.href = url;
  heading.append(name);
  box.append(heading);
  for (const line of [status_word, place, detail].filter(Boolean)) {
    const row = document.createElement("p");
    row.className = "quiet";
    row.textContent = line;
    box.append(row);
  }
  return box;
}

export function showPopup(map, coordinates, said) {
  new map.maplibre.Popup({ offset: 12, focusAfterOpen: true }).setLngLat(coordinates).setDOMContent(popupContent(said)).addTo(map);
}

function openOnClick(map, layer, onOpen) {
  map.on("click", layer, (event) => {
    const point = event.features[0];
    if (onOpen) {
      onOpen(point.properties);
      return;
    }
    showPopup(map, point.geometry.coordinates, point.properties);
  });
  map.on("mouseenter", layer, () => { map.getCanvas().style.cursor = "pointer"; });
  map.on("mouseleave", layer, () => { map.getCanvas().style.cursor = ""; });
}

export const SYMBOL_LAYOUT = {
  "icon-image": ["concat", "status-", ["get", "status"]],
  "icon-allow-overlap": true,
  "icon-ignore-placement": true,
  "symbol-sort-key": ["case", ["==", ["get", "status"], "verified"], 1, 0],
};

function addClusterLayers(map, id) {
  map.addLayer({
    id: `${id}-clusters`, type: "circle", source: id, filter: ["has", "point_count"],
    paint: {
      "circle-radius": ["interpolate", ["linear"], ["ln", ["get", "point_count"]], 0.7, 12, 9, 32],
      "circle-stroke-width": 1.5,
    },
  });
  map.addLayer({
    id: `${id}-counts`, type: "symbol", source: id, filter: ["has", "point_count"],
    layout: { "text-field": ["get", "point_count_abbreviated"], "text-font": ["Inter"], "text-size": 12, "text-allow-overlap": true },
  });
  map.on("click", `${id}-clusters`, async (event) => {
    const cluster = event.features[0];
    const zoom = await map.getSource(id).getClusterExpansionZoom(cluster.properties.cluster_id);
    map.easeTo({ center: cluster.geometry.coordinates, zoom });
  });
}

export function paintCircles(map, id) {
  map.setPaintProperty(`${id}-clusters`, "circle-color", tokenColour("--raised"));
  map.setPaintProperty(`${id}-clusters`, "circle-stroke-color", tokenColour("--text-quiet"));
  map.setPaintProperty(`${id}-counts`, "text-color", tokenColour("--text"));
}

// geojson: FeatureCollection of points with properties {status, title, url, status_word, place, detail}, or its URL.
// Returns {setData}. onOpen(properties) replaces the popup. Clusters are neutral: they mix statuses.
export function addPoints(map, geojson, { id = "points", cluster = true, onOpen = null } = {}) {
  addSymbols(map);
  map.addSource(id, { type: "geojson", data: geojson, cluster, clusterRadius: 42, clusterMaxZoom: 13 });
  map.addLayer({ id: `${id}-symbols`, type: "symbol", source: id, filter: ["!", ["has", "point_count"]], layout: SYMBOL_LAYOUT });
  if (cluster) {
    addClusterLayers(map, id);
    paintCircles(map, id);
  }
  openOnClick(map, `${id}-symbols`, onOpen);
  map.once("remove", onThemeChange(() => {
    addSymbols(map);
    if (cluster) paintCircles(map, id);
  }));
  return { setData: (data) => map.getSource(id).setData(data) };
}
