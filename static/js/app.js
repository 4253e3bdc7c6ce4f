// Loaded on every page. Each part looks for its own data attributes inside the element it is given, so the same
// call serves the page at first and every fragment that htmx brings later.
import { setUpCopy } from "catalogue/copy";
import { setUpFailures } from "catalogue/failures";
import { setUpMenus } from "catalogue/menus";
import { setUpRows } from "catalogue/rows";
import { setUpSensitive } from "catalogue/sensitive";
import { setUpSplit } from "catalogue/split";
import { setUpTheme } from "catalogue/theme";

setUpCopy(document);
setUpFailures(document);
setUpMenus(document);
setUpRows(document);
setUpTheme(document);

function enhance(root) {
  setUpSensitive(root);
  setUpSplit(root);
  // Rare parts are fetched only where a page has them.
  if (root.querySelector("[data-upload]")) import("catalogue/upload").then((part) => part.setUpUploads(root));
  if (root.querySelector("[data-peek]")) import("catalogue/peek").then((part) => part.setUpPeek());
}

enhance(document);
document.addEventListener("htmx:load", (event) => {
  if (event.target !== document.body) enhance(event.target.parentElement ?? event.target);
});
document.querySelector("[data-error-summary]")?.focus();
