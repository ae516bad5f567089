// @ts-check
/** Drawing and reshaping one place on the map: points, lines, areas; holes and parts stay; each step has a name. */

import { Sheet } from "./sheet.js";
import { Steps } from "./steps.js";
import { Tool } from "./tool.js";
import { joinedAreas, partsOf, together, widened, worked, WORKS } from "./works.js";

/** @typedef {import("./tool.js").Kind} Kind */
/** @typedef {import("./works.js").Piece} Piece */
/** @typedef {import("./works.js").Work} Work */
/**
 * @typedef {object} Told  how the drawing stands
 * @property {any} geometry  GeoJSON, longitude first, or null
 * @property {number} faults
 * @property {boolean} isSketching  a line or area is begun and not finished
 * @property {string | null} undoes  the name of the step that undoing takes back
 * @property {string | null} redoes
 * @property {Piece[]} offered  pieces to choose from, of a split
 * @property {unknown} problem  of the last work, or null
 */

export class Drawing {
  /** @type {Steps<any>} */
  #steps = new Steps(null);
  /** @type {Piece[]} */
  #offered = [];
  /** @type {unknown} */
  #problem = null;
  /** @type {Work | null} the sketch in hand is for this */
  work = null;

  /**
   * @param {ol.Map} map
   * @param {(told: Told) => void} tell
   */
  constructor(map, tell) {
    this.map = map;
    this.tell = tell;
    this.sheet = new Sheet(map, () => this.#report());
    this.tool = new Tool(map, this.sheet, () => this.#report());
  }

  /**
   * @param {any} geometry  GeoJSON to begin with, or null
   * @param {{kind: Kind, isMany: boolean}} shape  what may be drawn; many: parts are added to those there
   * @param {any[]} sources  to snap to: the district's edge, the own layer
   */
  start(geometry, shape, sources) {
    this.stop();
    this.shape = shape;
    this.tool.sources = sources;
    this.#steps = new Steps(geometry);
    this.sheet.open();
    this.sheet.put(geometry);
    if (geometry) this.reshape();
    else this.draw();
  }

  stop() {
    this.tool.drop();
    this.#settle();
    this.sheet.close();
  }

  /** Draw a new part (or the place itself). @param {Kind} [kind] */
  draw(kind) {
    if (kind && this.shape) this.shape = { ...this.shape, kind };
    this.#settle();
    const of = this.shape?.kind ?? "Point";
    this.tool.draw(of, (drawn) => this.add([drawn], `draw.${of}`));
  }

  /** Parts more, or a place instead. @param {any[]} parts  GeoJSON @param {string} name  of the step */
  add(parts, name) {
    const before = this.shape?.isMany ? partsOf(this.#steps.current).filter(({ type }) => type === parts[0]?.type) : [];
    this.#replace(this.shape?.isMany ? together([...before, ...parts]) : parts[0], name);
    this.reshape(); // what is drawn is mended next
  }

  /** Sketch what cuts, splits or bends the areas. @param {Work} work */
  begin(work) {
    this.#settle();
    this.work = work;
    this.tool.draw(WORKS[work], (drawn) => this.#ask(work, worked(work, this.#steps.current, drawn)));
  }

  join() {
    return this.#ask("join", joinedAreas(partsOf(this.#steps.current)));
  }

  /** @param {number} metres */
  widen(metres) {
    return this.#ask("widen", widened(this.#steps.current, metres));
  }

  /** Of the pieces of a split, these stay. @param {Piece[]} pieces */
  keep(pieces) {
    this.#replace(together(pieces.map(({ geometry }) => geometry)), "split");
    this.reshape();
  }

  /** Move, add and take away corners of what is there. */
  reshape() {
    this.#settle();
    this.tool.modify(() => this.#kept());
  }

  /** No tool in hand: a click is for something else. */
  rest() {
    this.#settle();
    this.tool.drop();
    this.#report();
  }

  /** @param {unknown} problem  to be told */
  fail(problem) {
    this.#problem = problem;
    this.#report();
  }

  /** Take away the corner that was touched last; of a sketch, the last one set. */
  removeCorner() {
    if (this.tool.removeCorner()) this.#kept();
  }

  /** A corner by its numbers: the place itself, or the next one of the sketch. @param {LonLat} place */
  put({ lon, lat }) {
    const at = ol.proj.fromLonLat([lon, lat]);
    this.map.getView().animate({ center: at, duration: 200 });
    if (this.shape?.kind === "Point" && !this.work) return this.#replace({ type: "Point", coordinates: [lon, lat] }, "put");
    if (!this.tool.isDrawing) this.draw();
    this.tool.append(at);
  }

  undo() {
    if (this.tool.isSketching) return void this.tool.removeCorner();
    this.sheet.put(this.#steps.undo());
  }

  redo() {
    this.sheet.put(this.#steps.redo());
  }

  /** Take everything away. */
  clear() {
    this.tool.abort();
    this.#replace(null, "clear");
    this.draw();
  }

  /** @param {string} name  of the step @param {Promise<Piece[]>} asked */
  async #ask(name, asked) {
    try {
      const pieces = await asked;
      this.reshape();
      if (name === "split") this.#offered = pieces;
      else this.#replace(together(pieces.map(({ geometry }) => geometry)), name);
      this.#report();
    } catch (problem) {
      this.reshape();
      this.fail(problem);
    }
  }

  /** Another tool: what the last one said or offered is over. */
  #settle() {
    this.work = null;
    this.#offered = [];
    this.#problem = null;
  }

  /** @param {any} geometry @param {string} name */
  #replace(geometry, name) {
    this.#steps.push(geometry, name);
    this.sheet.put(geometry);
  }

  #kept() {
    this.#steps.push(this.sheet.written(this.sheet.shape), "corners");
    this.#report();
  }

  #report() {
    const { isSketching } = this.tool;
    this.tell({
      geometry: this.#steps.current,
      faults: this.sheet.faults,
      isSketching,
      undoes: isSketching ? "sketch" : this.#steps.undoes,
      redoes: isSketching ? null : this.#steps.redoes,
      offered: this.#offered,
      problem: this.#problem,
    });
  }
}

