// @ts-check
/** The drawing bar over the map: tools, coordinates typed in, what is wrong, finish and cancel. */

import { inEveryLanguage, text } from "../text.js";
import { showBar, tellBar } from "./bar.js";
import { Drawing } from "./drawing.js";
import { isArea, partsOf } from "./works.js";

/** @typedef {import("./drawing.js").Kind} Kind */
/**
 * @typedef {object} Wanted
 * @property {string} title  whose place it is
 * @property {Kind[]} kinds  that may be drawn, the first to begin with
 * @property {boolean} isMany
 * @property {boolean} mayBeEmpty
 * @property {any[]} sources  to snap to
 * @property {(pixel: number[]) => any} [copies]  a shape to copy that is in no layer; else null
 */

/**
 * @typedef {object} Around
 * @property {(pixel: number[]) => Promise<any>} shapeAt  GeoJSON of what lies there in another layer, or null
 * @property {(geometry: any) => void} show  a GeoJSON shape on the map; null takes it away
 */

/** What may be drawn for a register's shape. @param {Register["geometry"]} shape @returns {Pick<Wanted, "kinds" | "isMany">} */
export function drawable(shape) {
  if (shape === "MultiLineString") return { kinds: ["LineString"], isMany: true };
  if (shape === "MultiPolygon") return { kinds: ["Polygon"], isMany: true };
  return { kinds: shape === "Point" ? ["Point"] : ["Point", "LineString", "Polygon"], isMany: false };
}

export class DrawingDesk {
  /** @type {((geometry: any) => void) | null} */
  #done = null;
  /** @type {Wanted | null} */
  #wanted = null;
  /** @type {import("./drawing.js").Told} */
  told = { geometry: null, faults: 0, isSketching: false, undoes: null, redoes: null, offered: [], problem: null };
  /** The next click takes a shape of another layer. */
  isCopying = false;

  /**
   * @param {HTMLElement} bar
   * @param {ol.Map} map
   * @param {(typed: string) => LonLat | null} place  reads a coordinate
   * @param {Around} around
   */
  constructor(bar, map, place, around) {
    this.bar = bar;
    this.place = place;
    this.around = around;
    this.drawing = new Drawing(map, (told) => {
      this.told = told;
      if (this.isOpen) tellBar(this);
    });
    document.addEventListener("keydown", (event) => this.isOpen && this.#key(event), { capture: true });
    inEveryLanguage(() => this.isOpen && showBar(this));
  }

  get isOpen() {
    return this.#wanted !== null;
  }

  get wanted() {
    return /** @type {Wanted} */ (this.#wanted);
  }

  /** A click on the map while a drawing is open; only one that copies is not the tool's own. @param {number[]} pixel */
  async take(pixel) {
    if (!this.isCopying) return;
    const shape = this.wanted.copies?.(pixel) ?? (await this.around.shapeAt(pixel));
    const parts = partsOf(shape).filter(({ type }) => this.wanted.kinds.includes(type));
    this.copy(false);
    if (parts.length) this.drawing.add(this.wanted.isMany ? parts : parts.slice(0, 1), "copy");
    else this.drawing.fail(new Error(text("drawing.copy.none")));
  }

  /** @param {boolean} isCopying */
  copy(isCopying) {
    this.isCopying = isCopying;
    if (isCopying) this.drawing.rest();
    else this.drawing.reshape();
  }

  /**
   * Let a place be drawn.
   * @param {any} geometry  GeoJSON or null
   * @param {Wanted} wanted
   * @returns {Promise<any>} the place (null: none); undefined when it was cancelled
   */
  edit(geometry, wanted) {
    this.cancel();
    this.#wanted = wanted;
    this.isCopying = false;
    document.body.classList.add("drawing");
    this.bar.hidden = false;
    this.drawing.start(geometry, { kind: wanted.kinds[0], isMany: wanted.isMany }, wanted.sources);
    showBar(this);
    this.drawing.sheet.bringIntoView();
    return new Promise((resolve) => {
      this.#done = resolve;
    });
  }

  /** @param {any} [geometry]  undefined: as it was */
  #close(geometry) {
    this.#wanted = null;
    this.around.show(null);
    this.drawing.stop();
    this.bar.hidden = true;
    document.body.classList.remove("drawing");
    this.#done?.(geometry);
    this.#done = null;
  }

  cancel() {
    if (this.isOpen) this.#close(undefined);
  }

  finish() {
    if (this.drawing.tool.finish()) return;
    if (this.refused()) return tellBar(this);
    this.#close(this.told.geometry);
  }

  /** @returns {string} why the drawing cannot be finished as it is, or "" */
  refused() {
    const { geometry, faults } = this.told;
    if (faults) return text("drawing.faults", { n: faults });
    return geometry || this.#wanted?.mayBeEmpty ? "" : text("drawing.empty");
  }

  /** @returns {boolean} whether what is drawn is an area, which alone can be cut, split and joined */
  get hasArea() {
    return isArea(this.told.geometry);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const isTyping = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement || event.target instanceof HTMLSelectElement;
    const isMeta = event.ctrlKey || event.metaKey;
    const letter = event.key.toLowerCase();
    if (event.key === "Escape") this.drawing.tool.abort() || this.cancel();
    else if (isTyping || event.target instanceof HTMLButtonElement) return;
    else if (event.key === "Enter") this.finish();
    else if (event.key === "Backspace" || event.key === "Delete") this.drawing.removeCorner();
    else if (isMeta && letter === "z") event.shiftKey ? this.drawing.redo() : this.drawing.undo();
    else if (isMeta && letter === "y") this.drawing.redo();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}
