// Says a sentence to screen readers without moving the focus.
let region = null;

export function announce(sentence) {
  if (!region) {
    region = document.createElement("div");
    region.className = "visually-hidden";
    region.setAttribute("role", "status");
    document.body.append(region);
  }
  region.textContent = "";
  requestAnimationFrame(() => { region.textContent = sentence; });
}

// A translated word the template gave as data-word-<key>, or the English one.
export function word(element, key, english) {
  return element.closest(`[data-word-${key}]`)?.getAttribute(`data-word-${key}`) ?? english;
}
