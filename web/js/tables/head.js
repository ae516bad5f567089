// @ts-check
/** The headings of a table: a click sorts, the line below filters. */

import { element } from "../dom.js";
import { pick, text } from "../text.js";
import { isChosen } from "./query.js";
import { kindOf } from "./rows.js";

const WAIT_MS = 400;

/** @typedef {import("./question.js").Question} Question */
/** @typedef {{sort: (name: string) => void, filter: (name: string, typed: string) => void}} Doing */

/** @param {FieldDef[]} columns @param {Question} question @param {Doing} doing @returns {Node[]} */
export function headRows(columns, question, doing) {
  const names = columns.map((field) => {
    const is = question.order?.name === field.name ? (question.order.falling ? "descending" : "ascending") : null;
    const sort = element("button", { type: "button", class: "sorts", title: text("table.sort"), on: { click: () => doing.sort(field.name) } },
      pick(field), is && element("i", { "aria-hidden": "true" }, is === "ascending" ? "▲" : "▼"));
    return element("th", { scope: "col", class: kindOf(field), "aria-sort": is }, sort);
  });
  if (!question.isFiltering) return [element("tr", {}, ...names)];
  const filters = columns.map((field) => element("td", {}, filterOf(field, question, doing)));
  return [element("tr", {}, ...names), element("tr", { class: "filters" }, ...filters)];
}

/** @param {FieldDef} field @param {Question} question @param {Doing} doing */
function filterOf(field, question, doing) {
  const label = text("table.filter.of", { field: pick(field) });
  const shared = { "aria-label": label, title: label, "data-filter": field.name };
  const value = question.typed[field.name] ?? "";
  if (isChosen(field)) {
    const codes = field.type === "boolean" ? [["true", text("yes")], ["false", text("no")]] : Object.entries(field.codes).map(([code, both]) => [code, pick(both)]);
    const options = codes.map(([code, words]) => element("option", { value: code, selected: code === value }, words));
    const select = element("select", shared, element("option", { value: "" }, text("table.filter.all")), ...options);
    select.addEventListener("change", () => doing.filter(field.name, select.value));
    return select;
  }
  const hint = field.type === "text" ? "table.filter.text" : field.type === "date" || field.type === "instant" ? "table.filter.date" : "table.filter.number";
  const input = element("input", { ...shared, type: "search", placeholder: text(hint), value, "aria-invalid": String(question.wrong === field.name) });
  let waiting = 0;
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => doing.filter(field.name, input.value), WAIT_MS);
  });
  return input;
}

/** @param {HTMLElement} head @param {string | null} name  of the field whose filter is no value */
export function markWrong(head, name) {
  for (const input of head.querySelectorAll("[data-filter]"))
    input.setAttribute("aria-invalid", String(input.getAttribute("data-filter") === name));
}
