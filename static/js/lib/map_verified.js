// What maps of verified points share: what a popup says of one, and a table whose rows the map follows.
import { word } from "catalogue/announce";
import { goTo } from "catalogue/map";

// Of a point as a tile or a page says it.
export function saidOfVerified(frame, { id, title, place_name: place, uncertainty_m: radius, media_reference: reference, verified_by: people }) {
  return {
    status_word: `${word(frame, "verified", "Verified")}: ${people}`,
    title: `${reference} ${title}`,
    url: `/points/${id}/`,
    place,
    detail: `± ${radius} m`,
  };
}

// The map goes to the row that gets the focus.
export function followRows(map) {
  const table = document.querySelector("[data-points-rows]");
  table?.addEventListener("focusin", (event) => {
    const row = event.target.closest("tr[data-latitude]");
    if (!row || event.target !== row) return;
    goTo(map, { latitude: Number(row.dataset.latitude), longitude: Number(row.dataset.longitude) }, Math.max(map.getZoom(), 9));
  });
}
