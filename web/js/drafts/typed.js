// @ts-check
/** What was typed in an opened draft and not saved: kept in this browser until it is saved, applied or put away. */

import { keep, kept } from "../kept.js";

/**
 * @typedef {object} Typing
 * @property {Record<string, import("../records/values.js").Typed>} typed  all inputs
 * @property {any} geometry  GeoJSON or null
 * @property {string} at
 */

/** @param {number} id @returns {Typing | null} */
export function typing(id) {
  return kept(`draft.${id}`);
}

/** @param {number} id @param {Omit<Typing, "at">} what */
export function keepTyping(id, what) {
  keep(`draft.${id}`, { ...what, at: new Date().toISOString() });
}

/** @param {number} id */
export function forgetTyping(id) {
  keep(`draft.${id}`, null);
}
