// Numbered marks on the picture or video of a page, in pixels of the original, whatever size it is shown in.
const BETWEEN_FRAMES_S = 0.02;

// The part of the element that the picture really covers, as object-fit: contain leaves it.
function shownBox(media, size) {
  const box = media.getBoundingClientRect();
  const scale = Math.min(box.width / size.width, box.height / size.height);
  const [width, height] = [size.width * scale, size.height * scale];
  return { left: box.left + (box.width - width) / 2, top: box.top + (box.height - height) / 2, width, height, scale };
}

// viewer: the element around <img> or <video>; getSize() the original's {width, height} or null;
// onPixel({x, y, time}) for a click while active; onMove(key, {x, y}) for a mark moved. readOnly: only to look at.
export function createPictureMarks(viewer, { getSize, onPixel, onMove, nudge, readOnly = false }) {
  const media = viewer?.querySelector("video, img");
  if (!media) return null;
  const isVideo = media instanceof HTMLVideoElement;
  const layer = document.createElement("div");
  layer.className = "picture-marks";
  viewer.append(layer);
  let marks = [];
  let active = false;

  const natural = () => {
    const [width, height] = isVideo ? [media.videoWidth, media.videoHeight] : [media.naturalWidth, media.naturalHeight];
    return width && height ? { width, height } : null;
  };
  const size = () => getSize() ?? natural();
  const time = () => (isVideo ? Math.round(media.currentTime * 1000) / 1000 : null);

  function pixelAt(clientX, clientY) {
    const full = size();
    if (!full) return null;
    const box = shownBox(media, full);
    const inside = (value, most) => Math.round(Math.min(most, Math.max(0, value)) * 10) / 10;
    return { x: inside((clientX - box.left) / box.scale, full.width), y: inside((clientY - box.top) / box.scale, full.height) };
  }

  function layOut() {
    const full = size();
    const frame = layer.getBoundingClientRect();
    for (const { element, x, y, time: at } of marks) {
      const box = full && shownBox(media, full);
      element.hidden = !full || (isVideo && at !== null && Math.abs(at - media.currentTime) > BETWEEN_FRAMES_S);
      if (!full) continue;
      element.style.left = `${box.left - frame.left + x * box.scale}px`;
      element.style.top = `${box.top - frame.top + y * box.scale}px`;
    }
  }

  function drag(mark, event) {
    event.preventDefault();
    mark.element.focus();
    mark.element.setPointerCapture(event.pointerId);
    // The number is held beside its pixel: both move by the same amount.
    const start = { x: mark.x, y: mark.y };
    const { scale, width, height } = shownBox(media, size());
    const follow = (moved) => {
      const inside = (value, most) => Math.round(Math.min(most, Math.max(0, value)) * 10) / 10;
      mark.x = inside(start.x + (moved.clientX - event.clientX) / scale, width / scale);
      mark.y = inside(start.y + (moved.clientY - event.clientY) / scale, height / scale);
      layOut();
    };
    mark.element.addEventListener("pointermove", follow);
    mark.element.addEventListener("lostpointercapture", () => {
      mark.element.removeEventListener("pointermove", follow);
      onMove(mark.key, mark);
    }, { once: true });
  }

  function keys(mark, event) {
    const step = event.shiftKey ? 10 : 1;
    const [x, y] = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[event.key] ?? [];
    const full = size();
    if (x === undefined || !full) return;
    event.preventDefault();
    mark.x = Math.min(full.width, Math.max(0, mark.x + x));
    mark.y = Math.min(full.height, Math.max(0, mark.y + y));
    layOut();
    onMove(mark.key, mark);
  }

  layer.addEventListener("click", (event) => {
    if (!active || event.target !== layer) return;
    const pixel = pixelAt(event.clientX, event.clientY);
    if (pixel) onPixel({ ...pixel, time: time() });
  });
  new ResizeObserver(layOut).observe(viewer);
  for (const name of ["load", "loadedmetadata", "seeked", "timeupdate"]) media.addEventListener(name, layOut);

  return {
    natural,
    seek: (seconds) => { if (isVideo) media.currentTime = seconds; },
    setActive: (on) => {
      active = on;
      if (on && isVideo) media.pause();
      layer.classList.toggle("picture-marks--active", on);
    },
    show: (wanted) => {
      // Redrawn while one of them is being moved by keys: it keeps the focus.
      const held = marks.find(({ element }) => element === document.activeElement)?.key;
      layer.replaceChildren();
      marks = wanted.map(({ key, number, label, x, y, time: at, below = false }) => {
        // What cannot be moved is no button, and the list beside the picture says the same to a screen reader.
        const element = document.createElement(readOnly ? "span" : "button");
        element.className = below ? "number-mark number-mark--below" : "number-mark";
        element.textContent = number;
        element.title = label;
        const mark = { key, element, x, y, time: at };
        layer.append(element);
        if (readOnly) {
          element.setAttribute("aria-hidden", "true");
          return mark;
        }
        element.type = "button";
        element.setAttribute("aria-label", `${number} ${label}: ${nudge}`);
        element.addEventListener("pointerdown", (event) => drag(mark, event));
        element.addEventListener("keydown", (event) => keys(mark, event));
        return mark;
      });
      layOut();
      if (held) marks.find(({ key }) => key === held)?.element.focus();
    },
  };
}

// The marks of a saved revision, to look at: data as views.geolocations.map_data gives it.
export function showSavedMarks(viewer, { landmarks = [], picture = null, shadow = null }) {
  if (shadow) showSavedMarks(viewer, { landmarks: shadow.marks, picture: shadow.picture });
  const seen = landmarks.filter(({ x_px }) => x_px !== null);
  if (!seen.length) return;
  const marks = createPictureMarks(viewer, { getSize: () => picture, readOnly: true });
  marks?.show(seen.map((each) => ({ key: each.number, number: each.number, label: each.label, x: each.x_px, y: each.y_px, time: each.frame_time_s, below: each.below })));
}
