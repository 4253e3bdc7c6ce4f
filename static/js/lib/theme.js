// The choice of light, dark or "as the system". The server reads the cookie, so a page never flashes in the wrong one.
const YEAR_S = 31_536_000;

function chosen() {
  return document.documentElement.dataset.theme ?? "system";
}

function mark(root) {
  for (const button of root.querySelectorAll("[data-theme-choice]")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeChoice === chosen()));
  }
}

export function chooseTheme(choice) {
  const secure = location.protocol === "https:" ? "; secure" : "";
  if (choice === "system") {
    delete document.documentElement.dataset.theme;
    document.cookie = `theme=; path=/; max-age=0; samesite=lax${secure}`;
  } else {
    document.documentElement.dataset.theme = choice;
    document.cookie = `theme=${choice}; path=/; max-age=${YEAR_S}; samesite=lax${secure}`;
  }
  mark(document);
  document.dispatchEvent(new CustomEvent("catalogue:theme"));
}

export function isDark() {
  const choice = chosen();
  return choice === "dark" || (choice === "system" && matchMedia("(prefers-color-scheme: dark)").matches);
}

// The computed value of a colour token, as rgb(): canvas and WebGL cannot read light-dark().
export function tokenColour(name) {
  const probe = document.createElement("span");
  probe.hidden = true;
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}

// Calls back after each change; returns the function that ends it.
export function onThemeChange(callback) {
  const system = matchMedia("(prefers-color-scheme: dark)");
  document.addEventListener("catalogue:theme", callback);
  system.addEventListener("change", callback);
  return () => {
    document.removeEventListener("catalogue:theme", callback);
    system.removeEventListener("change", callback);
  };
}

export function setUpTheme(root) {
  mark(root);
  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-theme-choice]");
    if (!button) return;
    chooseTheme(button.dataset.themeChoice);
    const menu = button.closest("details");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
}
