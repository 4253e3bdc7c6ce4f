// The small picture of a check, from the figures the check stored: <div data-drawing><script type="application/json">.
// kinds: distance (two circles and the line between them), compass, sun (its path over the horizon), timeline.
import { word } from "catalogue/announce";
import { formatDistance } from "catalogue/geodesy";

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 152;
const RAD = Math.PI / 180;

function picture(height) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${WIDTH} ${height}`);
  svg.setAttribute("class", "drawing");
  svg.setAttribute("aria-hidden", "true");
  return svg;
}

function draw(parent, name, className, attributes, text = null) {
  const part = document.createElementNS(SVG, name);
  if (className) part.setAttribute("class", className);
  for (const [key, value] of Object.entries(attributes)) {
    part.setAttribute(key, typeof value === "number" ? value.toFixed(2) : value);
  }
  if (text !== null) part.textContent = text;
  parent.append(part);
  return part;
}

// Two circles to scale, each as large as its uncertainty.
function distance(drawing) {
  const svg = picture(84);
  const [first, second] = drawing.points.map((point) => point.uncertainty_m ?? 0);
  const left_m = Math.min(-first, drawing.distance_m - second);
  const right_m = Math.max(first, drawing.distance_m + second);
  const widest_m = Math.max(right_m - left_m, 2 * first, 2 * second, 1e-6);
  const scale = Math.min((WIDTH - 12) / widest_m, 56 / Math.max(2 * first, 2 * second, 1e-6));
  const middle_m = (left_m + right_m) / 2;
  const at = (metres) => WIDTH / 2 + (metres - middle_m) * scale;
  const y = 34;
  for (const [radius, x] of [[first, at(0)], [second, at(drawing.distance_m)]]) {
    draw(svg, "circle", "reach", { cx: x, cy: y, r: Math.max(radius * scale, 2.5) });
  }
  draw(svg, "line", "measure", { x1: at(0), y1: y, x2: at(drawing.distance_m), y2: y });
  draw(svg, "circle", "point", { cx: at(0), cy: y, r: 2.5 });
  draw(svg, "circle", "point point--measured", { cx: at(drawing.distance_m), cy: y, r: 2.5 });
  draw(svg, "text", "value", { x: WIDTH / 2, y: 79, "text-anchor": "middle" }, formatDistance(drawing.distance_m));
  return svg;
}

function onCircle(cx, cy, radius, azimuth_deg) {
  return [cx + radius * Math.sin(azimuth_deg * RAD), cy - radius * Math.cos(azimuth_deg * RAD)];
}

function wedge(svg, cx, cy, radius, from_deg, to_deg) {
  const [x1, y1] = onCircle(cx, cy, radius, from_deg);
  const [x2, y2] = onCircle(cx, cy, radius, to_deg);
  const large = to_deg - from_deg > 180 ? 1 : 0;
  draw(svg, "path", "wedge", { d: `M${cx} ${cy}L${x1.toFixed(2)} ${y1.toFixed(2)}A${radius} ${radius} 0 ${large} 1 ${x2.toFixed(2)} ${y2.toFixed(2)}Z` });
}

// A rose: the field of view as a wedge about its axis, and the direction that was computed.
function compass(drawing) {
  const svg = picture(104);
  const [cx, cy, radius] = [WIDTH / 2, 52, 38];
  const half = Math.min(drawing.half_field_deg ?? drawing.tolerance_deg ?? 0, 179.9);
  wedge(svg, cx, cy, radius, drawing.axis_deg - half, drawing.axis_deg + half);
  draw(svg, "circle", "guide", { cx, cy, r: radius });
  for (let azimuth = 0; azimuth < 360; azimuth += 30) {
    const [x1, y1] = onCircle(cx, cy, radius, azimuth);
    const [x2, y2] = onCircle(cx, cy, radius - (azimuth % 90 ? 3 : 6), azimuth);
    draw(svg, "line", "guide", { x1, y1, x2, y2 });
  }
  for (const [letter, azimuth] of [["N", 0], ["E", 90], ["S", 180], ["W", 270]]) {
    const [x, y] = onCircle(cx, cy, radius + 8, azimuth);
    draw(svg, "text", null, { x, y: y + 4, "text-anchor": "middle" }, letter);
  }
  const [sx, sy] = onCircle(cx, cy, radius - 3, drawing.axis_deg);
  draw(svg, "line", "stated", { x1: cx, y1: cy, x2: sx, y2: sy });
  const [mx, my] = onCircle(cx, cy, radius, drawing.azimuth_deg);
  draw(svg, "line", "measure", { x1: cx, y1: cy, x2: mx, y2: my });
  draw(svg, "circle", "point point--measured", { cx: mx, cy: my, r: 3.5 });
  draw(svg, "circle", "point", { cx, cy, r: 2.5 });
  return svg;
}

// Height of the sun over the horizon through the interval; one sample is one mark on the dome.
function sun(drawing) {
  const svg = picture(84);
  const samples = drawing.samples ?? [];
  const top = Math.max(30, ...samples.map((sample) => sample.altitude_deg)) * 1.15;
  const bottom = Math.min(-10, ...samples.map((sample) => sample.altitude_deg)) * 1.15;
  const y = (altitude) => 4 + ((top - altitude) / (top - bottom)) * 62;
  const x = (index) => (samples.length > 1 ? 6 + (index / (samples.length - 1)) * (WIDTH - 12) : WIDTH / 2);
  draw(svg, "rect", "wedge", { x: 0, y: y(0), width: WIDTH, height: 66 - y(0) });
  draw(svg, "line", "guide", { x1: 0, y1: y(0), x2: WIDTH, y2: y(0) });
  const track = samples.map((sample, index) => `${x(index).toFixed(2)} ${y(sample.altitude_deg).toFixed(2)}`);
  if (track.length > 1) draw(svg, "path", "measure", { d: `M${track.join("L")}` });
  for (const index of new Set([0, samples.length - 1])) {
    if (samples[index]) draw(svg, "circle", "point point--measured", { cx: x(index), cy: y(samples[index].altitude_deg), r: 3.5 });
  }
  const clock = (sample) => sample.at_utc.slice(11, 16);
  if (samples.length > 1) {
    draw(svg, "text", null, { x: 0, y: 79 }, clock(samples[0]));
    draw(svg, "text", null, { x: WIDTH, y: 79, "text-anchor": "end" }, `${clock(samples.at(-1))} UTC`);
  } else if (samples.length) {
    draw(svg, "text", "value", { x: WIDTH / 2, y: 79, "text-anchor": "middle" }, `${samples[0].altitude_deg.toFixed(1)}°, ${clock(samples[0])} UTC`);
  }
  return svg;
}

// Spans of time, one row each; an end that nobody knows fades into dashes.
function timeline(drawing, element) {
  const spans = drawing.spans ?? [];
  const svg = picture(spans.length * 26 + 18);
  const known = spans.flatMap((span) => [span.start_utc, span.end_utc]).filter(Boolean).map(Date.parse);
  const [least, most] = [Math.min(...known), Math.max(...known)];
  const width = most - least || 1;
  const x = (moment) => 6 + ((Date.parse(moment) - least) / width) * (WIDTH - 12);
  spans.forEach((span, index) => {
    const y = index * 26 + 18;
    const [from, to] = [span.start_utc ? x(span.start_utc) : 0, span.end_utc ? x(span.end_utc) : WIDTH];
    draw(svg, "line", "guide guide--dashed", { x1: 0, y1: y, x2: WIDTH, y2: y });
    draw(svg, "line", index ? "measure" : "stated", { x1: from, y1: y, x2: Math.max(to, from + 0.5), y2: y });
    if (span.start_utc) draw(svg, "circle", `point${index ? " point--measured" : ""}`, { cx: from, cy: y, r: 3 });
    if (span.end_utc && to - from > 1) draw(svg, "circle", `point${index ? " point--measured" : ""}`, { cx: to, cy: y, r: 3 });
    draw(svg, "text", null, { x: 0, y: y - 7 }, word(element, span.role, span.role));
  });
  const day = (time) => new Date(time).toISOString().slice(...(width < 86_400_000 && !drawing.date_only ? [11, 16] : [5, 10]));
  draw(svg, "text", null, { x: 0, y: spans.length * 26 + 14 }, day(least));
  draw(svg, "text", null, { x: WIDTH, y: spans.length * 26 + 14, "text-anchor": "end" }, `${day(most)} UTC`);
  return svg;
}

const KINDS = { distance, compass, sun, timeline };

export function drawAll(root) {
  for (const element of root.querySelectorAll("[data-drawing]:not([data-drawn])")) {
    element.dataset.drawn = "";
    const source = element.querySelector('script[type="application/json"]');
    const drawing = source ? JSON.parse(source.textContent) : null;
    const make = KINDS[drawing?.kind];
    if (make) element.append(make(drawing, element));
    else element.hidden = true;
  }
}
