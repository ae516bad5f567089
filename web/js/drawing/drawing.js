// @ts-check
/** Drawing and reshaping one record's place on the map: points, lines, areas; holes and parts stay. */

import { sketchStyle } from "./look.js";
import { Sheet } from "./sheet.js";
import { Steps } from "./steps.js";

const SNAP_PX = 12;

/** @typedef {"Point" | "LineString" | "Polygon"} Kind */
/**
 * @typedef {object} Told  how the drawing stands
 * @property {any} geometry  GeoJSON, longitude first, or null
 * @property {number} faults
 * @property {boolean} isSketching  a line or area is begun and not finished
 * @property {boolean} canUndo
 * @property {boolean} canRedo
 */

export class Drawing {
  /** @type {any[]} */
  #tools = [];
  /** @type {any} */
  #draw = null;
  /** @type {any} */
  #modify = null;
  #isSketching = false;
  /** @type {Steps<any>} */
  #steps = new Steps(null);
  /** @type {number[] | null} the corner touched last */
  #corner = null;

  /**
   * @param {ol.Map} map
   * @param {(told: Told) => void} tell
   */
  constructor(map, tell) {
    this.map = map;
    this.tell = tell;
    this.sheet = new Sheet(map, () => this.#report());
  }

  /**
   * @param {any} geometry  GeoJSON to begin with, or null
   * @param {{kind: Kind, isMany: boolean}} shape  what may be drawn; many: parts are added to those there
   * @param {any[]} sources  to snap to: the district's edge, the own layer
   */
  start(geometry, shape, sources) {
    this.stop();
    this.shape = shape;
    this.sources = sources;
    this.#steps = new Steps(geometry);
    this.sheet.open();
    this.sheet.put(geometry);
    if (geometry) this.reshape();
    else this.draw();
  }

  stop() {
    this.#drop();
    this.sheet.close();
  }

  /** Draw a new part (or the place itself). @param {Kind} [kind] */
  draw(kind) {
    if (kind && this.shape) this.shape = { ...this.shape, kind };
    this.#drop();
    this.#draw = new ol.interaction.Draw({ type: this.shape?.kind ?? "Point", style: /** @type {any} */ (sketchStyle) });
    this.#draw.on("drawstart", (/** @type {any} */ { feature }) => {
      this.#isSketching = true;
      feature.getGeometry().on("change", () => this.sheet.check(feature.getGeometry()));
      this.#report();
    });
    this.#draw.on("drawabort", () => this.#sketched(null));
    this.#draw.on("drawend", (/** @type {any} */ { feature }) => this.#sketched(feature.getGeometry()));
    this.#use(this.#draw);
  }

  /** Move, add and take away corners of what is there. */
  reshape() {
    this.#drop();
    this.#modify = new ol.interaction.Modify({ source: this.sheet.source, pixelTolerance: 12 });
    this.#modify.on("modifystart", (/** @type {any} */ { mapBrowserEvent }) => {
      this.#corner = mapBrowserEvent.coordinate;
    });
    this.#modify.on("modifyend", (/** @type {any} */ { mapBrowserEvent }) => {
      this.#corner = mapBrowserEvent.coordinate;
      this.#keep();
    });
    this.#use(this.#modify);
  }

  get isDrawing() {
    return this.#draw !== null;
  }

  /** Take away the corner that was touched last; of a sketch, the last one set. */
  removeCorner() {
    if (this.#draw) return this.#draw.removeLastPoint();
    const shape = this.sheet.shape;
    if (!shape || !this.#corner) return;
    const corner = shape.getClosestPoint(this.#corner);
    if (this.#modify.removePoint(corner)) this.#keep();
  }

  /** A corner by its numbers: the place itself, or the next one of the sketch. @param {LonLat} place */
  put({ lon, lat }) {
    const at = ol.proj.fromLonLat([lon, lat]);
    this.map.getView().animate({ center: at, duration: 200 });
    if (this.shape?.kind === "Point") return this.#replace({ type: "Point", coordinates: [lon, lat] });
    if (!this.#draw) this.draw();
    this.#draw.appendCoordinates([at]);
  }

  /** @returns {boolean} whether there was a sketch, which is now finished */
  finishSketch() {
    if (!this.#isSketching) return false;
    this.#draw.finishDrawing();
    return true;
  }

  /** @returns {boolean} whether there was a sketch, which is now given up */
  abortSketch() {
    if (!this.#isSketching) return false;
    this.#draw.abortDrawing();
    return true;
  }

  undo() {
    if (this.#isSketching) return this.#draw.removeLastPoint();
    this.sheet.put(this.#steps.undo());
  }

  redo() {
    this.sheet.put(this.#steps.redo());
  }

  /** Take everything away. */
  clear() {
    this.abortSketch();
    this.#replace(null);
    this.draw();
  }

  /** @param {any} geometry */
  #replace(geometry) {
    this.#steps.push(geometry);
    this.sheet.put(geometry);
  }

  /** @param {any} part  of OpenLayers; null when the sketch was given up */
  #sketched(part) {
    this.#isSketching = false;
    if (!part) return this.sheet.check(this.sheet.shape);
    const drawn = this.sheet.written(part);
    setTimeout(() => {
      this.#replace(this.shape?.isMany ? joined(this.#steps.current, drawn) : drawn);
      this.reshape(); // what is drawn is mended next
    });
  }

  #keep() {
    this.#steps.push(this.sheet.written(this.sheet.shape));
    this.#report();
  }

  #report() {
    this.tell({
      geometry: this.#steps.current,
      faults: this.sheet.faults,
      isSketching: this.#isSketching,
      canUndo: this.#isSketching || this.#steps.canUndo,
      canRedo: !this.#isSketching && this.#steps.canRedo,
    });
  }

  /** @param {any} tool  with snapping, which must come last */
  #use(tool) {
    const snaps = [this.sheet.source, ...(this.sources ?? [])].map((source) => new ol.interaction.Snap({ source, pixelTolerance: SNAP_PX }));
    this.#tools = [tool, ...snaps];
    for (const one of this.#tools) this.map.addInteraction(one);
    this.#report();
  }

  #drop() {
    for (const tool of this.#tools) this.map.removeInteraction(tool);
    this.#tools = [];
    this.#draw = this.#modify = null;
    this.#isSketching = false;
  }
}

/** @param {any} geometry  GeoJSON or null @param {any} part @returns {any} both together, as a Multi of the part's kind */
export function joined(geometry, part) {
  const type = `Multi${part.type}`;
  const before = geometry?.type === type ? geometry.coordinates : geometry?.type === part.type ? [geometry.coordinates] : [];
  return { type, coordinates: [...before, part.coordinates] };
}
