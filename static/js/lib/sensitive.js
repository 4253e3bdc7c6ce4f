// Media marked data-sensitive stay blurred until somebody asks for them; a moving picture does not start by itself.
import { word } from "catalogue/announce";

function cover(element) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "sensitive__cover";
  button.textContent = word(element, "sensitive", "Marked sensitive. Show");
  button.addEventListener("click", (event) => {
    event.preventDefault();
    event.stopPropagation();
    element.dataset.shown = "";
    const media = element.querySelector("video, audio");
    if (media) {
      media.controls = true;
      media.focus();
    }
  });
  return button;
}

export function setUpSensitive(root) {
  for (const element of root.querySelectorAll("[data-sensitive]:not([data-shown])")) {
    if (element.querySelector(":scope > .sensitive__cover")) continue;
    for (const media of element.querySelectorAll("video, audio")) {
      media.autoplay = false;
      media.controls = false;
      media.pause();
    }
    element.append(cover(element));
  }
}
