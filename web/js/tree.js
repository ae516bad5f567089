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
 * @returns {() => void} draws the tree anew, after layers were read or shown
 */
export function createTree(layers) {
  const render = () => {
    const folds = [...document.querySelectorAll("#tree details")].map((node) => [node.id, node.hasAttribute("open")]);
    const groups = grouped(layers.entries).map(([id, entries]) => group(id, entries, layers));
    const shown = groups.length ? [...groups, sources(layers.entries)] : [element("p", {}, text("layers.none"))];
    byId("tree").replaceChildren(...shown);
    for (const [id, isOpen] of folds) document.getElementById(String(id))?.toggleAttribute("open", Boolean(isOpen));
  };
  inEveryLanguage(render);
  return render;
}

/**
 * Topmost layer first; a group stands where its topmost layer does.
 * @param {Entry[]} entries
 * @returns {[string, Entry[]][]}
 */
export function grouped(entries) {
  /** @type {Map<string, Entry[]>} */
  const groups = new Map();
  for (const entry of [...entries].sort((a, b) => b.collection.geoservice.order - a.collection.geoservice.order)) {
    const { id } = entry.collection.geoservice.group;
    groups.set(id, [...(groups.get(id) ?? []), entry]);
  }
  return [...groups];
}

/** Whom the data come from, as their licences ask. @param {Entry[]} entries */
function sources(entries) {
  const named = new Set(entries.flatMap(({ collection }) => collection.attribution?.split("；") ?? []));
  const list = element("ul", {}, ...[...named].sort().map((source) => element("li", {}, source)));
  return element("details", { id: "sources" }, element("summary", {}, text("layers.sources")), list);
}

/** @param {string} id @param {Entry[]} entries @param {LayerSet} layers */
function group(id, entries, layers) {
  const heading = element("h2", {}, pick(entries[0].collection.geoservice.group));
  const rows = entries.map((entry) => row(entry, layers));
  const summary = element("summary", {}, heading);
  return element("details", { id: `group-${id}`, open: true }, summary, element("ul", {}, ...rows));
}

/** @param {Entry} entry @param {LayerSet} layers */
function row(entry, layers) {
  const { id, geoservice } = entry.collection;
  const { legend } = geoservice;
  const isClassed = legend.entries.length > 1;
  const box = element("input", { type: "checkbox", id: `show-${id}`, checked: entry.layer.getVisible() });
  box.addEventListener("change", () => layers.show(id, box.checked));
  const mark = isClassed ? null : swatch(entry, legend.entries[0]);
  const count = element(
    "span",
    { class: "count", "aria-label": text("layers.count", { n: entry.count }) },
    entry.count.toLocaleString(),
  );
  const name = element("span", { class: "name" }, pick(geoservice.title));
  const label = element("label", { for: `show-${id}` }, box, mark, name, count);
  const { problem } = entry;
  const warning = problem && element("p", { class: "problem", title: wordsOf(problem) }, text("layers.failed"));
  return element("li", { "data-layer": id }, label, warning, isClassed && legendOf(entry));
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
