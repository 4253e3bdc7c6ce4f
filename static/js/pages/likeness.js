// Two recordings beside each other or over each other; of two videos, both show the same moment.
import { setUpSensitive } from "catalogue/sensitive";

const STEP_S = 0.1;

function clock(seconds) {
  const tenths = Math.max(0, Math.round(seconds * 10));
  const minutes = Math.floor(tenths / 600);
  return `${minutes}:${String(Math.floor((tenths % 600) / 10)).padStart(2, "0")}.${tenths % 10}`;
}

function setUpView(root, stage, controls) {
  const slider = controls.querySelector("[data-overlay]");
  const label = controls.querySelector("[data-for-overlay]");
  const words = controls.querySelector("[data-overlay-word]");
  const show = () => {
    const view = controls.elements.view.value;
    stage.dataset.view = view;
    label.hidden = view === "beside";
    words.textContent = view === "swipe" ? words.dataset.wordSwipe : words.dataset.wordBlend;
    // Controls of a player that lies under another one cannot be reached.
    for (const video of stage.querySelectorAll("video")) {
      video.controls = view === "beside" && !stage.matches("[data-sensitive]:not([data-shown])");
    }
    stage.style.setProperty("--at", `${slider.value}%`);
  };
  controls.addEventListener("input", show);
  show();
}

function setUpMirror(stage, controls) {
  const box = controls.querySelector("[data-mirror]");
  const right = stage.querySelector('[data-side="right"]');
  const show = () => right.toggleAttribute("data-turned", box.checked);
  box.addEventListener("change", show);
  show();
}

function setUpMoments(root, stage, controls) {
  const slider = controls.querySelector("[data-moment]");
  const nudge = controls.querySelector("[data-nudge]");
  if (!slider) return;
  const [left, right] = stage.querySelectorAll("video");
  const shift = Number(root.dataset.shift);
  const from = Number(root.dataset.from);
  const show = () => {
    const at = Number(slider.value);
    const other = at + shift + Number(nudge.value);
    for (const [video, moment] of [[left, at], [right, other]]) {
      if (Number.isFinite(video.duration)) video.currentTime = Math.min(Math.max(0, moment), video.duration);
    }
    controls.querySelector("[data-moment-word]").textContent = clock(at);
    controls.querySelector("[data-shift-word]").textContent = `${(shift + Number(nudge.value)).toFixed(1)} s`;
  };
  let hasBegun = false;
  const begin = () => {
    if (hasBegun || !Number.isFinite(left.duration) || !Number.isFinite(right.duration)) return;
    hasBegun = true;
    slider.max = String(Math.max(STEP_S, left.duration));
    slider.value = String(from);
    show();
  };
  for (const video of [left, right]) video.addEventListener("loadedmetadata", begin);
  slider.addEventListener("input", show);
  nudge.addEventListener("input", show);
  begin();
}

for (const root of document.querySelectorAll("[data-compare]")) {
  const stage = root.querySelector("[data-stage]");
  const controls = root.querySelector("[data-controls]");
  setUpSensitive(root);
  controls.addEventListener("submit", (event) => event.preventDefault());
  setUpMirror(stage, controls);
  setUpMoments(root, stage, controls);
  setUpView(root, stage, controls);
  // Once the cover is lifted, the players get their controls as the view wants them.
  stage.addEventListener("click", () => setTimeout(() => controls.dispatchEvent(new Event("input")), 0));
  controls.hidden = false;
}
