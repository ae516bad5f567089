// @ts-check
/** What stands above the rows: buttons, the choice of columns, files to take away. */

import { element } from "../dom.js";
import { pick, text } from "../text.js";
import { chooseColumns, offered, shownColumns, SIGNS } from "./columns.js";

const FORMATS = ["xlsx", "csv", "gpkg", "geojson", "shp", "kml", "fgb"];

/** @param {string} key @param {() => void} click @param {string} [style] */
export function tool(key, click, style) {
  return element("button", { type: "button", class: style, on: { click } }, text(key));
}

/**
 * A menu that folds; Escape and leaving it close it.
 * @param {string} key
 * @param {...Node} content
 */
export function menu(key, ...content) {
  const fold = element("details", { class: "menu" }, element("summary", {}, text(key)), element("div", {}, ...content));
  fold.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !fold.open) return;
    event.stopPropagation();
    fold.open = false;
    fold.querySelector("summary")?.focus();
  });
  fold.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget instanceof Node && !fold.contains(relatedTarget)) fold.open = false;
  });
  return fold;
}

/**
 * @param {Collection} collection
 * @param {() => void} changed
 */
export function columnMenu(collection, changed) {
  const shown = new Set(shownColumns(collection).map(({ name }) => name));
  const boxes = offered(collection).map((field, i) => {
    const box = element("input", { type: "checkbox", checked: shown.has(field.name), disabled: i === 0 });
    box.addEventListener("change", () => {
      if (box.checked) shown.add(field.name);
      else shown.delete(field.name);
      chooseColumns(collection, [...shown]);
      changed();
    });
    return element("label", {}, box, pick(field));
  });
  const reset = tool("table.columns.reset", () => {
    chooseColumns(collection, null);
    changed();
  });
  return menu("table.columns", ...boxes, reset);
}

/**
 * Only what is overdue, or has long not been verified; nothing where the layer knows neither.
 * @param {Collection} collection
 * @param {import("./question.js").Question} question
 * @param {(typed: Record<string, string>) => void} narrow
 */
export function signChoice({ geoservice }, question, narrow) {
  const names = SIGNS.filter((name) => geoservice.fields.some((field) => field.name === name));
  if (!names.length) return null;
  const options = names.map((name) =>
    element("option", { value: name, selected: question.typed[name] === "true" }, text(`table.only.${name.slice("is_".length)}`)));
  const select = element("select", { "aria-label": text("table.only"), "data-signs": true }, element("option", { value: "" }, text("table.only.all")), ...options);
  select.addEventListener("change", () => {
    const others = Object.entries(question.typed).filter(([name]) => !SIGNS.includes(name));
    narrow({ ...Object.fromEntries(others), ...(select.value && { [select.value]: "true" }) });
  });
  return select;
}

/**
 * The name of the list that is shown, with a way out of it to all records.
 * @param {import("./question.js").Question} question
 * @param {() => void} left
 */
export function presetOf(question, left) {
  if (!question.preset) return null;
  const leave = () => {
    question.preset = null;
    left();
  };
  const label = text("table.preset.leave");
  return element("span", { class: "preset" }, text(question.preset.title), element("button", { type: "button", "aria-label": label, title: label, on: { click: leave } }, "×"));
}

/**
 * Files of exactly what the table shows.
 * @param {Collection} collection
 * @param {() => string} filter  CQL2, or "" for everything
 */
export function exportMenu(collection, filter) {
  const links = FORMATS.map((format) => {
    const label = text("table.export.as", { format: format.toUpperCase() });
    const link = element("a", { href: `/exports/${collection.id}?format=${format}`, download: true }, label);
    link.addEventListener("click", () => {
      const query = new URLSearchParams({ format, ...(filter() && { filter: filter() }) });
      link.href = `/exports/${collection.id}?${query}`;
    });
    return link;
  });
  return menu("table.export", ...links);
}
