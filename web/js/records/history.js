// @ts-check
/** The history of a record: who changed what and when, each field before and after. */

import { element } from "../dom.js";
import { pick, text } from "../text.js";
import { instantText } from "../times.js";
import { wordsOf } from "./conflict.js";

/**
 * @typedef {{version: number, at: string, by: string, action: string, changes: Record<string, [any, any]>}} Change
 */

/** Columns that every table has beside its fields; those of the service's own are not told. */
const QUIET = new Set(["id", "uid", "valid_from", "changed_xid", "is_demo", "valid_to"]);

/**
 * @param {Register} register
 * @param {Change[]} told  newest first
 * @param {(geometry: any) => void} look  at a shape as it was
 * @returns {Node[]}
 */
export function historyRows(register, told, look) {
  return told.map(({ version, at, by, action, changes }) => {
    const rows = Object.entries(changes)
      .filter(([name, [before, after]]) => !QUIET.has(name) && !(action === "added" && isEmpty(before) && isEmpty(after)))
      .map(([name, [before, after]]) => rowOf(register, name, action === "added" ? undefined : before, after, look));
    const when = element("time", { datetime: at }, instantText(new Date(at)));
    return element(
      "li",
      {},
      element("p", { class: "what" }, element("b", {}, text(`history.${action}`)), text("history.version", { n: version })),
      element("p", { class: "muted" }, by, " · ", when),
      rows.length > 0 && element("dl", {}, ...rows.flat()),
    );
  });
}

/** @param {Register} register @param {string} name @param {any} before @param {any} after @param {(geometry: any) => void} look */
function rowOf(register, name, before, after, look) {
  const field = register.fields.find((one) => one.name === name);
  const isShape = name === "geom" || name.endsWith("_geom");
  const heading = field ? pick(field) : isShape ? text("form.geometry") : name;
  const shown = (/** @type {any} */ value) => {
    if (isShape && value) return element("button", { type: "button", on: { click: () => look(value) } }, text("history.look"));
    return element("span", {}, field ? wordsOf(field, value) : plain(value));
  };
  const parts = before === undefined ? [shown(after)] : [shown(before), element("i", { "aria-label": text("history.to") }, "→"), shown(after)];
  return [element("dt", {}, heading), element("dd", {}, ...parts)];
}

/** @param {any} value @returns {string} */
function plain(value) {
  if (isEmpty(value)) return text("table.nothing");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** @param {any} value */
function isEmpty(value) {
  return value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
}
