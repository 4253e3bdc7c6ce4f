// The map of an import's rows: what each would do, in the shape of its verdict, for the filter that the table shows.
import { word } from "catalogue/announce";
import { addPoints, createMap, fitTo } from "catalogue/map";
import { addInvestigationArea } from "catalogue/map-area";

function note(frame, sentence) {
  const line = document.createElement("p");
  line.className = "imports-map__note";
  line.textContent = sentence;
  frame.parentElement.append(line);
}

async function draw(frame) {
  const map = await createMap(frame, {});
  if (!map) return;
  const area = addInvestigationArea(map);
  try {
    const answer = await fetch(frame.dataset.url, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(answer.statusText);
    const points = await answer.json();
    addPoints(map, points);
    // Where nothing better is known, doubtful ones decide what is shown: most of those are at 0, 0.
    const sure = points.features.filter(({ properties: { status } }) => status !== "import_doubtful");
    const positions = (sure.length ? sure : points.features).map(({ geometry: { coordinates: [longitude, latitude] } }) => ({ latitude, longitude }));
    fitTo(map, positions.length ? positions : area, { closest: 12, padding: 48 });
    if (points.has_more) note(frame, word(frame, "more", "Not all points are drawn."));
  } catch {
    note(frame, word(frame, "failed", "The points could not be fetched for the map."));
  }
  document.addEventListener("split:resize", () => map.resize());
  frame.dataset.ready = "";
}

const frame = document.querySelector("[data-import-map]");
if (frame) draw(frame);
