// Keyboard rows: in <table data-rows>, j and k walk the rows, Enter opens the row's first link (or [data-row-link]).
function rowsOf(table) {
  return [...table.querySelectorAll("tbody tr")].filter((row) => !row.hidden);
}

function move(table, step) {
  const rows = rowsOf(table);
  if (!rows.length) return;
  const at = rows.indexOf(document.activeElement?.closest?.("tr"));
  const next = rows[Math.min(rows.length - 1, Math.max(0, at < 0 ? 0 : at + step))];
  for (const row of rows) row.tabIndex = row === next ? 0 : -1;
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable], dialog")) return;
  const table = event.target.closest("table[data-rows]") ?? document.querySelector("table[data-rows]");
  if (!table) return;
  if (event.key === "j" || event.key === "k") {
    event.preventDefault();
    move(table, event.key === "j" ? 1 : -1);
  } else if (event.key === "Enter" && event.target.matches?.("table[data-rows] tbody tr")) {
    (event.target.querySelector("[data-row-link]") ?? event.target.querySelector("a"))?.click();
  }
}

export function setUpRows(root) {
  root.addEventListener("keydown", onKey);
}
