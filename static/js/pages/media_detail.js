// One recording's page: a filter over its raw tags, the map of what the file says, a sentence when the browser cannot
// play the video, a word to screen readers when a worker has finished, and the page afresh when a file was added.
import { announce } from "catalogue/announce";
import { createMap, fitTo } from "catalogue/map";
import { closestFor, drawSaid, placesOf } from "catalogue/map-said";

const texts = new WeakMap();

// A row's text is read once: there can be thousands, and every letter typed goes through all of them.
function textOf(row) {
  if (!texts.has(row)) texts.set(row, row.textContent.toLowerCase());
  return texts.get(row);
}

function filterTags(input) {
  const wanted = input.value.trim().toLowerCase();
  let shown = 0;
  for (const row of input.closest("[data-tags]").querySelectorAll("tbody tr")) {
    row.hidden = wanted !== "" && !textOf(row).includes(wanted);
    if (!row.hidden) shown += 1;
  }
  announce(`${shown} ${input.dataset.wordFound}`);
}

// ---- the map of what the file says: made when it comes into view, once for each time the fragment is swapped in
let drawnMap = null;

function nearestInTime(track, seconds) {
  let best = 0;
  track.forEach(([, , time], index) => { if (Math.abs(time - seconds) < Math.abs(track[best][2] - seconds)) best = index; });
  return best;
}

function followTrack(figure, said, drawn) {
  const box = figure.querySelector("[data-said-time]");
  if (!box) return;
  const input = box.querySelector("input");
  const output = box.querySelector("output");
  const show = (index) => {
    input.value = index;
    output.textContent = drawn.goTo(index);
    input.setAttribute("aria-valuetext", output.textContent);
  };
  box.hidden = false;
  input.addEventListener("input", () => show(Number(input.value)));
  figure.addEventListener("said:at", (event) => show(event.detail));
  // The viewer is outside of the fragment and stays; what it plays moves the mark along.
  document.addEventListener("timeupdate", (event) => {
    if (figure.isConnected && event.target.matches?.("[data-viewer-video]")) show(nearestInTime(said.track, event.target.currentTime));
  }, true);
  show(0);
}

async function drawMap(figure) {
  const said = JSON.parse(figure.dataset.said);
  const frame = figure.querySelector("[data-said-map]");
  const places = placesOf(said);
  drawnMap?.remove();
  drawnMap = null;
  const map = await createMap(frame, { center: places[0], zoom: 9 });
  if (!map) {
    figure.querySelector("details")?.setAttribute("open", "");
    return;
  }
  drawnMap = map;
  const hover = (index) => figure.dispatchEvent(new CustomEvent("said:at", { detail: index }));
  followTrack(figure, said, drawSaid(map, said, { onHover: hover }));
  fitTo(map, places, { closest: closestFor(said), padding: 48 });
  frame.dataset.ready = "";
}

const whenSeen = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    whenSeen.unobserve(target);
    drawMap(target);
  }
});
const watchMaps = () => document.querySelectorAll("[data-said]:not([data-watched])").forEach((figure) => {
  figure.dataset.watched = "";
  whenSeen.observe(figure);
});
watchMaps();
document.addEventListener("split:resize", () => drawnMap?.resize());

function cannotPlay(video) {
  const note = video.closest(".viewer")?.querySelector("[data-viewer-note]");
  if (note) note.hidden = false;
}

document.addEventListener("input", (event) => {
  if (event.target.matches("[data-tag-filter]")) filterTags(event.target);
});

// Errors of media do not bubble; a video may have failed before this module ran.
document.addEventListener("error", (event) => {
  if (event.target.matches?.("[data-viewer-video]")) cannotPlay(event.target);
}, true);
for (const video of document.querySelectorAll("[data-viewer-video]")) if (video.error) cannotPlay(video);

document.addEventListener("htmx:afterSwap", (event) => {
  watchMaps();
  const reading = document.getElementById("reading");
  if (reading) announce(reading.dataset.reading);
  // The button that was pressed is gone: whoever uses the keyboard goes on from the heading above it.
  if (event.detail.requestConfig?.verb === "post") document.getElementById("reading-heading")?.focus();
});

document.addEventListener("upload:done", (event) => {
  const box = event.target.closest("[data-upload-then-reload]");
  if (!box || event.detail.existed) return;
  // The upload counts as running until its last event; leaving before that would be asked about.
  setTimeout(() => {
    if (!box.uploadsRunning && !box.uploadQueue.length) location.assign(event.detail.url);
  }, 100);
});
