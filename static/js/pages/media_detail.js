// One recording's page: a filter over its raw tags, a sentence when the browser cannot play the video, a word to
// screen readers when a worker has finished, and the page afresh when a file was added.
import { announce } from "catalogue/announce";

function filterTags(input) {
  const wanted = input.value.trim().toLowerCase();
  let shown = 0;
  for (const row of input.closest("[data-tags]").querySelectorAll("tbody tr")) {
    row.hidden = wanted !== "" && !row.textContent.toLowerCase().includes(wanted);
    if (!row.hidden) shown += 1;
  }
  announce(`${shown} ${input.dataset.wordFound}`);
}

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
