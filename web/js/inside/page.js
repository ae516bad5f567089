// @ts-check
/** What is inside a shape, in the dock: each layer with its number, its sums and its names. */

import { send } from "../api.js";
import { element } from "../dom.js";
import { wordsOf } from "../status.js";
import { language, inEveryLanguage, pick, text } from "../text.js";
import { exportPath } from "./taking.js";

/** @typedef {{layer: string, title: Text2, count: number, measure: number | null, sums: {field: string, label: Text2, total: number}[], classes: Record<string, number>, rows: {id: number, name: string}[]}} Inside */
/**
 * @typedef {object} Doing
 * @property {import("../layers.js").LayerSet} layers
 * @property {(geometry: any) => void} show  a GeoJSON shape on the map; null takes it away
 * @property {(layer: string, id: number) => void} goTo
 */

export class InsidePage {
  id = "inside";
  node = element("div", { class: "table-page inside" });
  /** @type {{geometry: any, name: string, buffer: number} | null} */
  #asked = null;
  /** @type {{geometry: any, area_m2: number, layers: Inside[]} | null} */
  #found = null;
  /** @type {unknown} */
  #problem = null;

  /** @param {Doing} doing */
  constructor(doing) {
    this.doing = doing;
    inEveryLanguage(() => this.#render());
  }

  title() {
    return text("inside");
  }

  shown() {
    this.doing.show(this.#found?.geometry ?? null);
  }

  closed() {
    this.doing.show(null);
  }

  /** @param {any} geometry  GeoJSON @param {string} name  of what it is @param {number} buffer  metres round it */
  async ask(geometry, name, buffer) {
    this.#asked = { geometry, name, buffer };
    this.#problem = null;
    try {
      this.#found = (await send("POST", "/analysis/within", { body: { geometry, buffer_m: buffer, limit: 200 } })).body;
    } catch (problem) {
      this.#found = null;
      this.#problem = problem;
    }
    this.shown();
    this.#render();
  }

  #render() {
    if (!this.#asked) return;
    const found = this.#found;
    const layers = found?.layers ?? [];
    const order = this.doing.layers.collections.map(({ id }) => id).reverse();
    layers.sort((a, b) => order.indexOf(a.layer) - order.indexOf(b.layer));
    this.node.replaceChildren(
      this.#bar(),
      element("div", { class: "scroller inside-layers" },
        this.#problem ? element("p", { class: "problem", role: "alert" }, wordsOf(this.#problem)) : "",
        found && !layers.length ? element("p", { class: "muted" }, text("inside.nothing")) : "",
        ...layers.map((one) => this.#layer(one))));
  }

  #bar() {
    const asked = this.#asked ?? { geometry: null, name: "", buffer: 0 };
    const buffer = element("input", { type: "number", id: "inside-buffer", min: 0, max: 100000, step: "any", value: asked.buffer });
    const submit = (/** @type {Event} */ event) => {
      event.preventDefault();
      if (buffer.checkValidity()) this.ask(asked.geometry, asked.name, Number(buffer.value));
    };
    const size = this.#found ? text("inside.area", { name: asked.name, km2: (this.#found.area_m2 / 1e6).toFixed(3) }) : asked.name;
    return element("div", { class: "bar" }, element("b", { role: "status" }, size),
      element("form", { on: { submit } }, element("label", { for: "inside-buffer" }, text("inside.buffer")), buffer, element("button", { type: "submit" }, text("inside.again"))));
  }

  /** @param {Inside} one */
  #layer(one) {
    const collection = this.doing.layers.collections.find(({ id }) => id === one.layer);
    const rows = one.rows.map(({ id, name }) => element("li", {}, element("button", { type: "button", on: { click: () => this.doing.goTo(one.layer, id) } }, name || String(id))));
    const rest = one.count - rows.length;
    return element("details", { "data-layer": one.layer },
      element("summary", {}, element("b", {}, pick(one.title)), element("span", { class: "count" }, String(one.count)), element("small", {}, figures(one, collection))),
      element("ul", {}, ...rows), rest > 0 && element("p", { class: "muted" }, text("card.more", { n: rest })), this.#takeAway(one));
  }

  /** @param {Inside} one */
  #takeAway(one) {
    const path = this.#found && exportPath(one.layer, this.#found.geometry);
    return path && element("a", { class: "button", href: path, download: true }, text("inside.export"));
  }
}

/** What it sums up to: measure, sums, numbers by class. @param {Inside} one @param {Collection | undefined} collection @returns {string} */
function figures({ measure, sums, classes }, collection) {
  const told = sums.map(({ label, total }) => `${pick(label)} ${number(total)}`);
  const geometry = collection?.geoservice.geometry;
  if (measure !== null) told.unshift(geometry === "line" ? text("inside.km", { n: number(measure / 1000) }) : text("inside.ha", { n: number(measure / 1e4) }));
  const codes = collection?.geoservice.fields.find(({ name }) => name === collection.geoservice.legend.field)?.codes ?? {};
  const kinds = Object.entries(classes).map(([code, n]) => `${codes[code] ? pick(codes[code]) : code || text("inside.unsaid")} ${n}`);
  return [...told, ...kinds].join(language() === "zh" ? "；" : "; ");
}

/** @param {number} value */
function number(value) {
  return (Math.round(value * 100) / 100).toLocaleString(language() === "zh" ? "zh-CN" : "en-GB");
}
