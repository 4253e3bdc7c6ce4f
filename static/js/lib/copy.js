// Buttons with data-copy put that text on the clipboard and show a check mark for a moment.
import { announce, word } from "catalogue/announce";

const SHOWN_MS = 1600;

async function copyText(text) {
  if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
  // A server in a local network without TLS has no clipboard API.
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "visually-hidden";
  document.body.append(area);
  area.select();
  const copied = document.execCommand("copy");
  area.remove();
  if (!copied) throw new Error("the browser refused to copy");
  return undefined;
}

async function onClick(event) {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  event.preventDefault();
  event.stopPropagation();
  try {
    await copyText(button.dataset.copy);
    button.classList.add("copy--done");
    announce(word(button, "copied", "Copied"));
    setTimeout(() => button.classList.remove("copy--done"), SHOWN_MS);
  } catch {
    announce(word(button, "copy-failed", "Could not copy: select the text and copy it by hand"));
  }
}

export function setUpCopy(root) {
  root.addEventListener("click", onClick);
}
