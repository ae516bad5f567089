// @ts-check
/** Which columns a table shows: the name first, then those chosen, as this browser remembers. Pure but for that. */

import { keep, kept } from "../kept.js";

const FIRST = 9; // columns until someone chooses
/** Fields shown as marks beside the name, not as columns of their own. */
export const SIGNS = ["is_overdue", "is_stale"];
const LAST = ["town_code", "source_doc", "secrecy", "uid", "surveyed_on", "is_demo", "org"];

/**
 * Every column a collection can show, the name first.
 * @param {Collection} collection
 * @returns {FieldDef[]}
 */
export function offered({ geoservice: { fields, title_field: title } }) {
  const shown = fields.filter(({ name }) => !SIGNS.includes(name));
  return [...shown.filter(({ name }) => name === title), ...shown.filter(({ name }) => name !== title)];
}

/**
 * The columns shown until someone chooses: the telling ones.
 * @param {Collection} collection
 * @returns {string[]} names
 */
export function usual(collection) {
  const names = offered(collection).map(({ name }) => name);
  const telling = names.filter((name) => !LAST.includes(name) && !name.endsWith("_en"));
  const chosen = new Set(telling.slice(0, FIRST));
  if (names.includes("surveyed_on")) chosen.add("surveyed_on");
  return names.filter((name) => chosen.has(name));
}

/**
 * @param {Collection} collection
 * @returns {FieldDef[]} what to show now; the first column always
 */
export function shownColumns(collection) {
  const chosen = kept(`columns.${collection.id}`);
  const names = new Set(Array.isArray(chosen) ? chosen : usual(collection));
  return offered(collection).filter(({ name }, i) => i === 0 || names.has(name));
}

/**
 * @param {Collection} collection
 * @param {string[] | null} names  null: the usual ones again
 */
export function chooseColumns(collection, names) {
  keep(`columns.${collection.id}`, names);
}
