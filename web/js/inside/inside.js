// @ts-check
/** The tool that asks what is inside: a shape drawn for it, or that of a feature. */

import { byId, element } from "../dom.js";
import { readHit, whole } from "../hits.js";
import { geoJsonOf, shapeOf } from "../overlay.js";
import { text } from "../text.js";
import { InsidePage } from "./page.js";

const ROUND_M = 1000; // of a point or line, to begin with

export class InsideTool {
  /**
   * @param {object} around
   * @param {import("../dock.js").Dock} around.dock
   * @param {import("../layers.js").LayerSet} around.layers
   * @param {import("../overlay.js").Overlay} around.overlay
   * @param {import("../cards.js").Cards} around.cards
   * @param {import("../drawing/desk.js").DrawingDesk} around.drawing
   * @param {(problem: unknown) => void} around.onProblem
   */
  constructor(around) {
    this.around = around;
    this.page = new InsidePage({
      layers: around.layers,
      show: (geometry) => around.overlay.look(geometry && shapeOf(geometry)),
      goTo: (layer, id) => this.#goTo(layer, id),
    });
  }

  /** Draw a shape, then ask. */
  async draw() {
    const { drawing, cards } = this.around;
    cards.close();
    const shape = await drawing.edit(null, { title: text("inside"), kinds: ["Polygon", "Point", "LineString"], isMany: false, mayBeEmpty: false, sources: [] });
    if (shape) await this.#ask(shape, text("inside.drawn"));
  }

  /** The button on a feature's card. @param {Hit} hit @returns {Node[]} */
  actions(hit) {
    if (!hit.geometry) return [];
    const click = async () => {
      const { geometry, properties } = await whole(hit);
      if (geometry) await this.#ask(geoJsonOf(geometry), String(properties.name ?? properties.code ?? hit.id));
    };
    return [element("button", { type: "button", on: { click: () => click().catch(this.around.onProblem) } }, text("inside.of"))];
  }

  /** @param {any} shape  GeoJSON @param {string} name */
  async #ask(shape, name) {
    const isArea = shape.type.endsWith("Polygon");
    this.around.dock.open(this.page);
    await this.page.ask(shape, name, isArea ? 0 : ROUND_M);
  }

  /** @param {string} layer @param {number} id */
  async #goTo(layer, id) {
    const { layers, cards, onProblem } = this.around;
    const collection = layers.collections.find((one) => one.id === layer);
    if (collection) await readHit(collection, id).then((hit) => cards.goTo(hit)).catch(onProblem);
  }
}

/** The tool with its button on the map. @param {ConstructorParameters<typeof InsideTool>[0]} around */
export function offerInside(around) {
  const tool = new InsideTool(around);
  const button = byId("map-inside");
  button.hidden = false;
  button.addEventListener("click", () => tool.draw().catch(around.onProblem));
  return tool;
}
