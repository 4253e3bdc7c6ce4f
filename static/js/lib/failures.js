// A request that htmx made and that failed says so above the content; what was typed stays where it is.
import { word } from "catalogue/announce";

function show(sentence) {
  const list = document.getElementById("messages");
  if (!list) return;
  const item = document.createElement("li");
  item.className = "message status--failed";
  item.setAttribute("role", "alert");
  const words = document.createElement("p");
  words.textContent = sentence;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "icon-button message__close";
  close.dataset.dismiss = "";
  close.setAttribute("aria-label", word(list, "dismiss", "Dismiss this message"));
  close.textContent = "×";
  item.append(words, close);
  list.replaceChildren(item);
  list.scrollIntoView({ block: "nearest" });
}

export function setUpFailures(root) {
  const list = document.getElementById("messages") ?? document.body;
  root.addEventListener("htmx:responseError", (event) => {
    const refused = event.detail.xhr.status < 500;
    show(refused
      ? word(list, "refused", "This was refused. Reload the page and try again.")
      : word(list, "broken", "The server could not finish this. Try again in a minute."));
  });
  root.addEventListener("htmx:sendError", () => {
    show(word(list, "unreachable", "The server could not be reached. Check the connection and try again."));
  });
}
