// @ts-check
/** The tool in hand: a sketch being drawn or corners being moved, with snapping. */

import { sketchStyle } from "./look.js";

const TOLERANCE_PX = 12;

/** @typedef {"Point" | "LineString" | "Polygon"} Kind */

export class Tool {
  /** @type {any[]} */
  #interactions = [];
  /** @type {any} */
  #draw = null;
  /** @type {any} */
  #modify = null;
  /** @type {number[] | null} the corner touched last */
  #corner = null;
  /** A line or area is begun and not finished. */
  isSketching = false;
  /** @type {any[]} to snap to beside the drawing itself */
  sources = [];

  /**
   * @param {ol.Map} map
   * @param {import("./sheet.js").Sheet} sheet
   * @param {() => void} changed
   */
  constructor(map, sheet, changed) {
    this.map = map;
    this.sheet = sheet;
    this.changed = changed;
  }

  get isDrawing() {
    return this.#draw !== null;
  }

  /** @param {Kind} kind @param {(drawn: any) => void} taken  gets the finished sketch as GeoJSON */
  draw(kind, taken) {
    this.drop();
    this.#draw = new ol.interaction.Draw({ type: kind, style: /** @type {any} */ (sketchStyle) });
    this.#draw.on("drawstart", (/** @type {any} */ { feature }) => {
      this.isSketching = true;
      feature.getGeometry().on("change", () => this.sheet.check(feature.getGeometry()));
      this.changed();
    });
    const ended = (/** @type {any} */ shape) => {
      this.isSketching = false;
      if (!shape) return this.sheet.check(this.sheet.shape);
      const drawn = this.sheet.written(shape);
      setTimeout(() => taken(drawn)); // the interaction that speaks may be taken away by it
    };
    this.#draw.on("drawabort", () => ended(null));
    this.#draw.on("drawend", (/** @type {any} */ { feature }) => ended(feature.getGeometry()));
    this.#use(this.#draw);
  }

  /** Move, add and take away corners. @param {() => void} kept  after each */
  modify(kept) {
    this.drop();
    this.#modify = new ol.interaction.Modify({ source: this.sheet.source, pixelTolerance: TOLERANCE_PX });
    const touched = (/** @type {any} */ { mapBrowserEvent }) => {
      this.#corner = mapBrowserEvent.coordinate;
    };
    this.#modify.on("modifystart", touched);
    this.#modify.on("modifyend", (/** @type {any} */ event) => {
      touched(event);
      kept();
    });
    this.#use(this.#modify);
  }

  /** The corner touched last; of a sketch, the last one set. @returns {boolean} whether a finished shape has one less */
  removeCorner() {
    if (this.#draw) {
      this.#draw.removeLastPoint();
      return false;
    }
    const { shape } = this.sheet;
    return Boolean(shape && this.#corner && this.#modify?.removePoint(shape.getClosestPoint(this.#corner)));
  }

  /** @param {number[]} at  the next corner of the sketch, in the map's projection */
  append(at) {
    this.#draw?.appendCoordinates([at]);
  }

  /** @returns {boolean} whether there was a sketch, which is now finished */
  finish() {
    if (!this.isSketching) return false;
    this.#draw.finishDrawing();
    return true;
  }

  /** @returns {boolean} whether there was a sketch, which is now given up */
  abort() {
    if (!this.isSketching) return false;
    this.#draw.abortDrawing();
    return true;
  }

  drop() {
    for (const one of this.#interactions) this.map.removeInteraction(one);
    this.#interactions = [];
    this.#draw = this.#modify = null;
    this.isSketching = false;
  }

  /** @param {any} interaction  with snapping, which must come last */
  #use(interaction) {
    const snaps = [this.sheet.source, ...this.sources].map((source) => new ol.interaction.Snap({ source, pixelTolerance: TOLERANCE_PX }));
    this.#interactions = [interaction, ...snaps];
    for (const one of this.#interactions) this.map.addInteraction(one);
    this.changed();
  }
}
