// @ts-check
/** What was typed and not saved yet: kept in this browser, a record each, until it is saved or thrown away. */

import { keep, kept, keptNames } from "../kept.js";

/**
 * @typedef {object} Unsaved
 * @property {Record<string, import("./values.js").Typed>} typed  fields that differ from the record
 * @property {any} [geometry]  GeoJSON, where the shape was changed
 * @property {any} base  the record as the form was opened, or null for a new one
 * @property {string} etag
 * @property {string} at
 */

/** @param {string} register @param {number | null} id */
function nameOf(register, id) {
  return `unsaved.${register}.${id ?? "new"}`;
}

/** @param {string} register @param {number | null} id @returns {Unsaved | null} */
export function unsaved(register, id) {
  return kept(nameOf(register, id));
}

/** @param {string} register @param {number | null} id @param {Unsaved} what @returns {boolean} whether it is kept */
export function keepUnsaved(register, id, what) {
  return keep(nameOf(register, id), what);
}

/** @param {string} register @param {number | null} id */
export function forget(register, id) {
  keep(nameOf(register, id), null);
}

/** @returns {{register: string, id: number | null, at: string}[]} all that wait, the newest first */
export function allUnsaved() {
  return keptNames("unsaved.")
    .map((name) => {
      const [, register, id] = name.split(".");
      return { register, id: id === "new" ? null : Number(id), at: String(kept(name)?.at ?? "") };
    })
    .sort((a, b) => b.at.localeCompare(a.at));
}
