// @ts-check
/** The rows of a staged file: what will become of each and why, and what the keeper decides. */

import { element } from "../dom.js";
import { pick, text } from "../text.js";
import { COLOURS } from "./colours.js";

/** @typedef {import("./service.js").Row} Row */
/**
 * @typedef {object} RowDoing
 * @property {(row: Row) => void} look  at it on the map
 * @property {((row: Row, decision: string | null) => void) | null} decide  null once it is written
 */

/** @param {Row[]} rows @param {RowDoing} doing */
export function rowTable(rows, doing) {
  const heads = ["imports.row", "imports.state", "imports.why", "imports.decision"].map((key) => element("th", { scope: "col" }, text(key)));
  const names = [element("th", { scope: "col" }, text("drafts.name"))];
  const head = element("tr", {}, heads[0], heads[1], ...names, heads[2], heads[3]);
  return element("table", { class: "staged" }, element("thead", {}, head), element("tbody", {}, ...rows.map((row) => line(row, doing))));
}

/** @param {Row} row @param {RowDoing} doing */
function line(row, doing) {
  const look = () => doing.look(row);
  const on = { click: look, keydown: (/** @type {KeyboardEvent} */ event) => event.key === "Enter" && event.target === event.currentTarget && look() };
  const why = row.reasons.map((reason) => element("p", {}, sentence(reason)));
  return element(
    "tr",
    { "data-row": row.row, tabindex: 0, on },
    element("th", { scope: "row" }, row.row),
    element("td", {}, mark(row.outcome ? `imports.outcome.${row.outcome}` : `imports.state.${row.state}`, row.state)),
    element("td", {}, [row.code, row.values.name].filter(Boolean).join(" ")),
    element("td", { class: "why" }, ...why),
    element("td", {}, doing.decide && choice(row, doing.decide)),
  );
}

/** Show which row is looked at. @param {HTMLElement} list @param {number} row */
export function markRow(list, row) {
  for (const line of list.querySelectorAll("tr[data-row]")) {
    const isIt = line.getAttribute("data-row") === String(row);
    line.toggleAttribute("aria-selected", isIt);
    if (isIt) line.scrollIntoView({ block: "nearest" });
  }
}

/** @param {string} key @param {string} state */
export function mark(key, state) {
  const dot = element("i", { class: "dot", "aria-hidden": "true" });
  dot.style.backgroundColor = COLOURS[state] ?? "";
  return element("span", { class: "mark" }, dot, text(key));
}

/** What is wrong, with the column and what stood there. @param {Row["reasons"][number]} reason @returns {string} */
export function sentence(reason) {
  const given = reason.given ? text("imports.given", { given: reason.given }) : "";
  return `${reason.column ? `${reason.column}: ` : ""}${pick(reason)}${given}`;
}

/** What may become of a row. @param {Row} row @returns {[string, string][]} */
export function decisions({ state, match }) {
  /** @type {[string, string]} */
  const skip = ["skip", text("imports.decide.skip")];
  if (state === "duplicate")
    return [["", text("imports.decide.none")], ["merge", text("imports.decide.merge", { code: match?.code ?? "" })], ["new", text("imports.decide.new")], skip];
  return ["ok", "amend", "aside"].includes(state) ? [["", text("imports.decide.take")], skip] : [];
}

/** @param {Row} row @param {(row: Row, decision: string | null) => void} decide */
function choice(row, decide) {
  const options = decisions(row).map(([value, words]) => element("option", { value, selected: value === (row.decision ?? "") }, words));
  if (!options.length) return null;
  const select = element("select", { "aria-label": `${text("imports.decision")} ${row.row}`, on: { click: (/** @type {Event} */ event) => event.stopPropagation() } }, ...options);
  select.addEventListener("change", () => decide(row, select.value || null));
  return select;
}
