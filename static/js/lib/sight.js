// The line of sight in words: how far the subject lies from the bearing given, and whether the lens saw it.
import { word } from "catalogue/announce";

// element carries the translated words; bearing_deg and field_of_view_deg are null where nobody gave them.
export function againstBearing(element, azimuth_deg, bearing_deg, field_of_view_deg) {
  if (bearing_deg === null) return "";
  const off_deg = ((azimuth_deg - bearing_deg + 540) % 360) - 180;
  const side = off_deg < 0 ? word(element, "left", "left of the bearing") : word(element, "right", "right of the bearing");
  const off = `; ${Math.abs(off_deg).toFixed(1)}° ${side}`;
  if (!field_of_view_deg) return off;
  const isInside = Math.abs(off_deg) <= field_of_view_deg / 2;
  return `${off}, ${isInside ? word(element, "inside", "in the field of view") : word(element, "outside", "outside the field of view")}`;
}
