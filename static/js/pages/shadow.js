// The workbench: marks of a shadow in the picture write into the form's fields, and follow them. The fields are the
// truth; without this module they work as they are.
import { word } from "catalogue/announce";
import { createPictureMarks } from "catalogue/picture-marks";

const SVG = "http://www.w3.org/2000/svg";
const POINTS = ["foot", "tip", "top", "horizon"];
const form = document.querySelector("[data-shadow]");
const viewer = document.querySelector(".pane-media .viewer");
const rowOf = (point) => form.querySelector(`[data-point="${point}"]`);
const field = (name) => form.elements.namedItem(name);
const number = (name) => (field(name).value.trim() === "" ? null : Number(field(name).value));
const labelOf = (point) => rowOf(point).querySelector("[data-mark]").textContent.replace(/^\d/, "").trim();
let tool = null;

function openPane(element) {
  const pane = element?.closest(".split__pane");
  document.getElementById(pane?.getAttribute("aria-labelledby") ?? "")?.click();
}

function sizeOf() {
  const [width, height] = [number("picture_width_px"), number("picture_height_px")];
  return width > 1 && height > 1 ? { width, height } : null;
}

const picture = createPictureMarks(viewer, {
  getSize: sizeOf,
  onPixel: (pixel) => put(tool, pixel, { next: true }),
  onMove: (point, pixel) => put(point, { ...pixel, time: null }),
  nudge: word(form, "nudge", "arrow keys move it"),
});

// Where no reader has said the original's size, pixels count in what is shown; and a file may be shown turned.
function rememberSize() {
  const natural = picture?.natural();
  if (!natural || POINTS.some((point) => isMarked(point))) return;
  const [width, height] = [field("picture_width_px"), field("picture_height_px")];
  if (!width.value || !height.value) [width.value, height.value] = [natural.width, natural.height];
  const isTurned = (Number(width.value) - Number(height.value)) * (natural.width - natural.height) < 0;
  if (isTurned) [width.value, height.value] = [height.value, width.value];
}

const isMarked = (point) => number(`${point}_y`) !== null && (point === "horizon" || number(`${point}_x`) !== null);

function put(point, { x, y, time }, { next = false } = {}) {
  if (point !== "horizon") field(`${point}_x`).value = Math.round(x * 10) / 10;
  field(`${point}_y`).value = Math.round(y * 10) / 10;
  if (time !== null && time !== undefined) field("frame_time_s").value = time;
  if (next) use(POINTS.find((each) => !isMarked(each)) ?? null);
  show();
}

function show() {
  const full = sizeOf() ?? picture?.natural();
  if (!picture || !full) return;
  const time = viewer.querySelector("video") ? number("frame_time_s") : null;
  picture.show(POINTS.filter(isMarked).map((point) => ({
    key: point, number: POINTS.indexOf(point) + 1, label: labelOf(point), time, below: point === "foot" || point === "tip",
    x: point === "horizon" ? full.width / 2 : number(`${point}_x`), y: number(`${point}_y`),
  })));
}

function use(point) {
  tool = point;
  picture.setActive(Boolean(point));
  for (const each of POINTS) rowOf(each).querySelector("[data-mark]").setAttribute("aria-pressed", String(each === point));
  const words = form.querySelector("[data-tool-words]");
  words.hidden = !point;
  words.textContent = point ? `${labelOf(point)}: ${word(form, "click", "")}` : "";
}

// With the keyboard a mark begins in the middle of the picture, and the arrow keys take it to its place.
function begin(point, byKeyboard) {
  rememberSize();
  const at = number("frame_time_s");
  if (at !== null) picture.seek(at);
  openPane(viewer);
  if (!byKeyboard) return;
  const full = sizeOf() ?? picture.natural();
  if (!full) return;
  if (!isMarked(point)) {
    const video = viewer.querySelector("video");
    put(point, { x: full.width / 2, y: full.height / 2, time: video ? Math.round(video.currentTime * 1000) / 1000 : null });
  }
  const name = `${POINTS.indexOf(point) + 1} ${labelOf(point)}`;
  [...viewer.querySelectorAll(".number-mark")].find((mark) => mark.getAttribute("aria-label").startsWith(name))?.focus();
}

// ---- the lines of shadow, object and horizon, drawn from where the marks are
function drawLines() {
  const lines = viewer.querySelector(".shadow-lines");
  lines.replaceChildren();
  const marks = new Map([...viewer.querySelectorAll(".number-mark")].filter(({ hidden }) => !hidden)
    .map((mark) => [POINTS[Number(mark.textContent) - 1], { x: parseFloat(mark.style.left), y: parseFloat(mark.style.top) }]));
  const line = (from, to, name) => {
    if (!from || !to) return;
    const drawn = document.createElementNS(SVG, "line");
    for (const [key, value] of Object.entries({ x1: from.x, y1: from.y, x2: to.x, y2: to.y, class: `shadow-lines__${name}` })) drawn.setAttribute(key, value);
    lines.append(drawn);
  };
  line(marks.get("foot"), marks.get("tip"), "shadow");
  line(marks.get("foot"), marks.get("top"), "height");
  const horizon = marks.get("horizon");
  if (horizon) line({ x: 0, y: horizon.y }, { x: viewer.clientWidth, y: horizon.y }, "horizon");
}

if (picture) {
  const lines = document.createElementNS(SVG, "svg");
  lines.setAttribute("class", "shadow-lines");
  lines.setAttribute("aria-hidden", "true");
  viewer.append(lines);
  new MutationObserver(drawLines).observe(viewer.querySelector(".picture-marks"), { subtree: true, childList: true, attributes: true, attributeFilter: ["style", "hidden"] });
  for (const point of POINTS) {
    const button = rowOf(point).querySelector("[data-mark]");
    button.hidden = false;
    button.addEventListener("click", (event) => {
      const next = tool === point ? null : point;
      use(next);
      if (next) begin(next, event.detail === 0);
    });
  }
  form.addEventListener("input", show);
  form.querySelector("[data-frames]")?.addEventListener("click", (event) => {
    const frame = event.target.closest("[data-frame]");
    if (!frame) return;
    event.preventDefault();
    picture.seek(Number(frame.dataset.frame));
    if (!POINTS.some(isMarked)) field("frame_time_s").value = frame.dataset.frame;
    openPane(viewer);
  });
  const media = viewer.querySelector("video, img");
  const whenReady = () => {
    const at = number("frame_time_s");
    if (at !== null && POINTS.some(isMarked)) picture.seek(at);
    show();
  };
  if (media.complete || media.readyState >= 1) whenReady();
  else for (const name of ["load", "loadedmetadata"]) media.addEventListener(name, whenReady, { once: true });
  form.dataset.ready = "";
}
