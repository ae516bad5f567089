// @ts-check
/** Where the pointer is: degrees, and X/Y of the district's Gauss-Krüger zone. A click copies. */

import { degreesText, gridCoordinate } from "./coordinates.js";
import { byId } from "./dom.js";
import { inEveryLanguage, text } from "./text.js";

const NOTE_MS = 4000;

export class Readout {
  /** @type {LonLat | null} */
  #pointer = null;
  /** @type {LonLat | null} */
  #picked = null;

  /** @param {() => number} meridian  central meridian of the district's zone */
  constructor(meridian) {
    this.meridian = meridian;
    byId("readout-degrees").addEventListener("click", () => this.#copy(degreesText));
    byId("readout-grid").addEventListener("click", () => this.#copy((place) => this.#grid(place, 3, ",")));
    inEveryLanguage(() => this.#render());
  }

  /** @param {LonLat | null} place  null: the pointer left, what was picked is shown again */
  move(place) {
    this.#pointer = place;
    this.#render();
  }

  /** @param {LonLat} place */
  pick(place) {
    this.#picked = place;
    this.#render();
  }

  #render() {
    const place = this.#pointer ?? this.#picked;
    byId("readout").hidden = !place;
    byId("readout-picked").hidden = this.#pointer !== null;
    if (!place) return;
    const grid = byId("readout-grid");
    byId("readout-degrees").textContent = `${place.lon.toFixed(6)}°, ${place.lat.toFixed(6)}°`;
    grid.textContent = `X ${this.#grid(place, 1, "  Y ")}`;
    grid.title = `${text("readout.zone", { meridian: this.meridian() })} · ${text("readout.grid")}`;
  }

  /** @param {LonLat} place @param {number} decimals @param {string} between */
  #grid(place, decimals, between) {
    const { x, y } = gridCoordinate(place, this.meridian());
    return x.toFixed(decimals) + between + y.toFixed(decimals);
  }

  /** @param {(place: LonLat) => string} written */
  async #copy(written) {
    const place = this.#pointer ?? this.#picked;
    if (!place) return;
    const value = written(place);
    const note = byId("note");
    note.textContent = text((await copied(value)) ? "readout.copied" : "readout.uncopied", { value });
    note.hidden = false;
    setTimeout(() => {
      note.hidden = true;
    }, NOTE_MS);
  }
}

/**
 * Browsers offer the clipboard only to https and to this machine's own pages.
 * @param {string} value
 * @returns {Promise<boolean>} whether it is on the clipboard
 */
async function copied(value) {
  try {
    await navigator.clipboard.writeText(value);
    return true;
  } catch {
    return false;
  }
}
