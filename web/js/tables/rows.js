// @ts-check
/** The rows of a table as elements: one line a record, codes in words, walked through by arrow keys. */

import { nameOf, valueText } from "../card.js";
import { element } from "../dom.js";
import { text } from "../text.js";
import { SIGNS } from "./columns.js";

/**
 * @param {Hit} hit
 * @param {FieldDef[]} columns
 * @param {(hit: Hit) => void} choose
 * @returns {HTMLTableRowElement}
 */
export function rowOf(hit, columns, choose) {
  const cells = columns.map((field, i) => {
    if (i === 0) return element("th", { scope: "row" }, nameOf(hit), ...signsOf(hit));
    return element("td", { class: kindOf(field) }, ...cellOf(hit, field));
  });
  const on = { click: () => choose(hit), keydown: (/** @type {KeyboardEvent} */ event) => walk(event, () => choose(hit)) };
  return element("tr", { "data-id": hit.id, tabindex: -1, class: urgencyOf(hit), on }, ...cells);
}

/** @param {FieldDef} field @returns {string | null} */
export function kindOf({ type, codes }) {
  return (type === "integer" || type === "number") && !Object.keys(codes).length ? "number" : null;
}

/** @param {Hit} hit @param {FieldDef} field @returns {(Node | string)[]} */
function cellOf({ collection, properties }, field) {
  const value = properties[field.name];
  if (value === null || value === undefined || value === "") return [];
  const words = valueText(value, field);
  const { legend } = collection.geoservice;
  const entry = legend.field === field.name && legend.entries.find((one) => String(one.value) === String(value));
  if (!entry) return [words];
  const dot = element("i", { class: "dot", "aria-hidden": "true" });
  dot.style.backgroundColor = entry.colour;
  return [dot, words];
}

/** What is overdue or has long not been verified says so beside its name. @param {Hit} hit @returns {Node[]} */
export function signsOf({ properties }) {
  return SIGNS.filter((name) => properties[name] === true).map((name) => {
    const key = `table.${name.slice("is_".length)}`;
    return element("span", { class: `sign ${name}`, title: text(`${key}.long`) }, text(key));
  });
}

/** @param {Hit} hit @returns {string | null} */
function urgencyOf({ properties }) {
  return SIGNS.find((name) => properties[name] === true) ?? null;
}

/** @param {KeyboardEvent} event @param {() => void} choose */
function walk(event, choose) {
  const row = /** @type {HTMLElement} */ (event.currentTarget);
  if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    return choose();
  }
  const rows = [...(row.closest("table")?.querySelectorAll("tr[data-id]") ?? [])];
  const at = rows.indexOf(row);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  const next = rows[to];
  if (next instanceof HTMLElement) focusRow(next);
}

/** One row of a table is in the order of tabulation. @param {HTMLElement} row */
export function focusRow(row) {
  row.closest("table")?.querySelector('tr[tabindex="0"]')?.setAttribute("tabindex", "-1");
  row.tabIndex = 0;
  row.focus();
}
