// Split panes: <div class="split" data-split="name"> with two or three <section class="split__pane" data-label="...">.
// The divider can be dragged or moved with the arrow keys and is remembered for each name; under 700 px the panes
// become tabs. Emits "split:resize" on the element so that maps can follow.
const NARROW = matchMedia("(max-width: 700px)");
const LEAST = 20;
const MOST = 80;

function remembered(name) {
  try {
    return Number(localStorage.getItem(`split:${name}`)) || null;
  } catch {
    return null; // storage is switched off: the divider starts where the page puts it
  }
}

function remember(name, percent) {
  try {
    localStorage.setItem(`split:${name}`, String(percent));
  } catch {
    // storage is switched off: nothing to remember
  }
}

function setPosition(split, divider, percent) {
  const kept = Math.round(Math.min(MOST, Math.max(LEAST, percent)) * 10) / 10;
  split.style.setProperty("--split", `${kept}%`);
  divider.setAttribute("aria-valuenow", String(Math.round(kept)));
  split.dispatchEvent(new CustomEvent("split:resize", { bubbles: true }));
  return kept;
}

function makeDivider(split, panes) {
  const divider = document.createElement("div");
  divider.className = "split__divider";
  divider.tabIndex = 0;
  divider.setAttribute("role", "separator");
  divider.setAttribute("aria-orientation", "vertical");
  divider.setAttribute("aria-label", split.dataset.wordDivider ?? "Width of the panes");
  divider.setAttribute("aria-controls", panes[0].id);
  divider.setAttribute("aria-valuemin", String(LEAST));
  divider.setAttribute("aria-valuemax", String(MOST));
  let percent = setPosition(split, divider, remembered(split.dataset.split) ?? Number(split.dataset.start ?? 50));
  const settle = (value) => { percent = setPosition(split, divider, value); };
  divider.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -2, ArrowRight: 2, PageDown: -10, PageUp: 10 }[event.key];
    const end = { Home: LEAST, End: MOST }[event.key];
    if (step === undefined && end === undefined) return;
    event.preventDefault();
    settle(end ?? percent + step);
    remember(split.dataset.split, percent);
  });
  divider.addEventListener("pointerdown", (event) => {
    divider.setPointerCapture(event.pointerId);
    split.classList.add("split--dragging");
  });
  divider.addEventListener("pointermove", (event) => {
    if (!divider.hasPointerCapture(event.pointerId)) return;
    const box = split.getBoundingClientRect();
    settle(((event.clientX - box.left) / box.width) * 100);
  });
  divider.addEventListener("lostpointercapture", () => {
    split.classList.remove("split--dragging");
    remember(split.dataset.split, percent);
  });
  divider.addEventListener("dblclick", () => {
    settle(Number(split.dataset.start ?? 50));
    remember(split.dataset.split, percent);
  });
  return divider;
}

function show(split, panes, tabs, index) {
  panes.forEach((pane, at) => pane.classList.toggle("split__pane--current", at === index));
  tabs.forEach((tab, at) => {
    tab.setAttribute("aria-selected", String(at === index));
    tab.tabIndex = at === index ? 0 : -1;
  });
  split.dispatchEvent(new CustomEvent("split:resize", { bubbles: true }));
}

function makeTabs(split, panes) {
  const list = document.createElement("div");
  list.className = "split__tabs";
  list.setAttribute("role", "tablist");
  const tabs = panes.map((pane) => {
    const tab = document.createElement("button");
    tab.type = "button";
    tab.className = "tab";
    tab.id = `${pane.id}-tab`;
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-controls", pane.id);
    tab.textContent = pane.dataset.label;
    list.append(tab);
    return tab;
  });
  tabs.forEach((tab, index) => {
    tab.addEventListener("click", () => show(split, panes, tabs, index));
    tab.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!step) return;
      const next = (index + step + tabs.length) % tabs.length;
      show(split, panes, tabs, next);
      tabs[next].focus();
    });
  });
  show(split, panes, tabs, Number(split.dataset.firstTab ?? 0));
  return list;
}

function setRoles(split, panes) {
  for (const pane of panes) {
    pane.setAttribute("role", NARROW.matches ? "tabpanel" : "region");
    if (NARROW.matches) {
      pane.removeAttribute("aria-label");
      pane.setAttribute("aria-labelledby", `${pane.id}-tab`);
    } else {
      pane.removeAttribute("aria-labelledby");
      pane.setAttribute("aria-label", pane.dataset.label);
    }
  }
  split.classList.toggle("split--tabbed", NARROW.matches);
}

export function setUpSplit(root) {
  for (const split of root.querySelectorAll("[data-split]:not([data-split-ready])")) {
    split.dataset.splitReady = "";
    const panes = [...split.querySelectorAll(":scope > .split__pane")];
    panes.forEach((pane, index) => {
      pane.id ||= `split-${split.dataset.split}-${index + 1}`;
      // A pane that scrolls must be reachable by keyboard even if nothing in it takes the focus.
      pane.tabIndex = 0;
    });
    if (panes.length === 3) split.classList.add("split--three");
    panes[0].after(makeDivider(split, panes));
    split.prepend(makeTabs(split, panes));
    setRoles(split, panes);
    NARROW.addEventListener("change", () => setRoles(split, panes));
  }
}
