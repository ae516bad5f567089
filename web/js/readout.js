// @ts-check
/** Where the pointer is: degrees, and X/Y of the district's Gauss-Krüger zone. A click copies. */

import { degreesText, gridCoordinate } from "./coordinates.js";
import { byId } from "./dom.js";
import { inEveryLanguage, text } from "./text.js";

/**
 * @param {() => number} meridian  central meridian of the district's zone
 */
export function createReadout(meridian) {
  const degrees = byId("readout-degrees");
  const grid = byId("readout-grid");
  /** @type {{pointer: LonLat | null, picked: LonLat | null}} */
  const state = { pointer: null, picked: null };

  const render = () => {
    const place = state.pointer ?? state.picked;
    const isPicked = !state.pointer && state.picked !== null;
    byId("readout").hidden = !place;
    byId("readout-picked").hidden = !isPicked;
    if (!place) return;
    degrees.textContent = `${place.lon.toFixed(6)}°, ${place.lat.toFixed(6)}°`;
    const { x, y } = gridCoordinate(place, meridian());
    grid.textContent = `X ${x.toFixed(1)}  Y ${y.toFixed(1)}`;
    grid.title = `${text("readout.zone", { meridian: meridian() })} · ${text("readout.grid")}`;
  };
  const shown = () => state.pointer ?? state.picked;
  degrees.addEventListener("click", () => {
    const place = shown();
    if (place) copy(degreesText(place));
  });
  grid.addEventListener("click", () => {
    const place = shown();
    if (!place) return;
    const { x, y } = gridCoordinate(place, meridian());
    copy(`${x.toFixed(3)},${y.toFixed(3)}`);
  });
  inEveryLanguage(render);
  return {
    /** @param {LonLat | null} place  null: the pointer left, what was picked is shown again */
    move(place) {
      state.pointer = place;
      render();
    },
    /** @param {LonLat} place */
    pick(place) {
      state.picked = place;
      render();
    },
  };
}

/** @param {string} value */
async function copy(value) {
  const note = byId("note");
  // browsers offer the clipboard only to https and this machine's own pages
  const done = await copied(value);
  note.textContent = text(done ? "readout.copied" : "readout.uncopied", { value });
  note.hidden = false;
  setTimeout(() => {
    note.hidden = true;
  }, 4000);
}

/** @param {string} value @returns {Promise<boolean>} */
async function copied(value) {
  try {
    await navigator.clipboard.writeText(value);
    return true;
  } catch {
    return false;
  }
}
