// @ts-check
/** The layer tree, which is the legend: groups, check boxes, marks and counts. */

import { byId, element } from "./dom.js";
import { wordsOf } from "./status.js";
import { drawSwatch } from "./swatch.js";
import { inEveryLanguage, pick, text } from "./text.js";

const MOST_OPEN = 6; // a longer legend is folded

/** @typedef {import("./layers.js").Entry} Entry */
/** @typedef {import("./layers.js").LayerSet} LayerSet */

/**
 * @param {LayerSet} layers
 * @param {(collection: Collection) => void} openTable
 * @returns {() => void} draws the tree anew, after layers were read or shown
 */
export function createTree(layers, openTable) {
  const render = () => {
    const folds = [...document.querySelectorAll("#tree details")].map((node) => [node.id, node.hasAttribute("open")]);
    const rows = (/** @type {Collection} */ one) => row(one, layers, openTable);
    const groups = grouped(layers.collections).map(([id, ones]) => group(id, ones, rows));
    const shown = groups.length ? [...groups, sources(layers.collections)] : [element("p", {}, text("layers.none"))];
    byId("tree").replaceChildren(...shown);
    for (const [id, isOpen] of folds) document.getElementById(String(id))?.toggleAttribute("open", Boolean(isOpen));
  };
  inEveryLanguage(render);
  return render;
}

/**
 * Topmost layer first, tables last; a group stands where its topmost layer does.
 * @param {Collection[]} collections
 * @returns {[string, Collection[]][]}
 */
export function grouped(collections) {
  /** @type {Map<string, Collection[]>} */
  const groups = new Map();
  const height = (/** @type {Collection} */ { geoservice: { geometry, order } }) => (geometry === "none" ? -order : order);
  for (const collection of [...collections].sort((a, b) => height(b) - height(a))) {
    const { id } = collection.geoservice.group;
    groups.set(id, [...(groups.get(id) ?? []), collection]);
  }
  return [...groups];
}

/** Whom the data come from, as their licences ask. @param {Collection[]} collections */
function sources(collections) {
  const named = new Set(collections.flatMap((collection) => collection.attribution?.split("；") ?? []));
  const list = element("ul", {}, ...[...named].sort().map((source) => element("li", {}, source)));
  return element("details", { id: "sources" }, element("summary", {}, text("layers.sources")), list);
}

/** @param {string} id @param {Collection[]} collections @param {(one: Collection) => Node} row */
function group(id, collections, row) {
  const heading = element("h2", {}, pick(collections[0].geoservice.group));
  const summary = element("summary", {}, heading);
  return element("details", { id: `group-${id}`, open: true }, summary, element("ul", {}, ...collections.map(row)));
}

/** @param {Collection} collection @param {LayerSet} layers @param {(collection: Collection) => void} openTable */
function row(collection, layers, openTable) {
  const { title, count: n } = collection.geoservice;
  const entry = layers.entries.find((one) => one.collection === collection) ?? null;
  const count = element("span", { class: "count", "aria-label": text("layers.count", { n }) }, n.toLocaleString());
  const words = text("tree.table", { title: pick(title) });
  const opens = { type: "button", class: "opens", "aria-label": words, title: words };
  const table = element("button", { ...opens, on: { click: () => openTable(collection) } }, "▤");
  const name = element("span", { class: "name" }, pick(title));
  const head = entry ? switchOf(entry, layers, name, count) : element("div", { class: "plain" }, name, count);
  const failed = entry?.problem && { class: "problem", title: wordsOf(entry.problem) };
  const warning = failed && element("p", failed, text("layers.failed"));
  const line = element("div", { class: "line" }, head, table);
  return element("li", { "data-layer": collection.id }, line, warning, entry && isClassed(entry) && legendOf(entry));
}

/** @param {Entry} entry */
function isClassed({ collection }) {
  return collection.geoservice.legend.entries.length > 1;
}

/** @param {Entry} entry @param {LayerSet} layers @param {...Node} words */
function switchOf(entry, layers, ...words) {
  const { id, geoservice } = entry.collection;
  const box = element("input", { type: "checkbox", id: `show-${id}`, checked: entry.layer.getVisible() });
  box.addEventListener("change", () => layers.show(id, box.checked));
  const mark = isClassed(entry) ? null : swatch(entry, geoservice.legend.entries[0]);
  return element("label", { for: `show-${id}` }, box, mark, ...words);
}

/** @param {Entry} entry */
function legendOf(entry) {
  const { entries } = entry.collection.geoservice.legend;
  const rows = entries.map((one) => element("li", {}, swatch(entry, one), element("span", {}, pick(one))));
  const list = element("ul", { class: "legend" }, ...rows);
  if (entries.length <= MOST_OPEN) return list;
  const summary = element("summary", {}, text("layers.classes", { n: entries.length }));
  return element("details", { id: `legend-${entry.collection.id}`, class: "long" }, summary, list);
}

/** @param {Entry} entry @param {LegendEntry} one */
function swatch({ collection, style }, { value, symbol }) {
  const { legend, geometry, fields } = collection.geoservice;
  const canvas = element("canvas", { width: 26, height: 18, "aria-hidden": "true" });
  const isBoolean = fields.some((field) => field.name === legend.field && field.type === "boolean");
  const drawn = isBoolean && value !== null ? value === "true" : value;
  const shape = geometry === "mixed" || geometry === "none" ? shapeOf(symbol) : geometry;
  drawSwatch(canvas, style, legend.field ? { [legend.field]: drawn } : {}, shape);
  return canvas;
}

/** @param {string} symbol @returns {"point" | "line" | "polygon"} what a layer of several shapes shows in its legend */
function shapeOf(symbol) {
  if (symbol.startsWith("marker")) return "point";
  return symbol.startsWith("line") ? "line" : "polygon";
}
