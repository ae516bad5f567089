// @ts-check
/** The place of a record in its form: said in a word, drawn and changed on the map. */

import { element } from "../dom.js";
import { drawable } from "../drawing/desk.js";
import { pick, text } from "../text.js";

/**
 * @typedef {object} Placing
 * @property {string | null} title  whose place it is; null: the register's name
 * @property {boolean} mayBeEmpty
 * @property {() => void} changed
 */

export class Place {
  node = element("div", { class: "place" });

  /**
   * @param {Register} register
   * @param {any} geometry  GeoJSON or null
   * @param {import("./editor.js").Surroundings} around
   * @param {Placing} how
   */
  constructor(register, geometry, around, how) {
    this.register = register;
    this.geometry = geometry;
    this.around = around;
    this.how = how;
  }

  show() {
    const { geometry } = this;
    this.around.show(geometry);
    const said = geometry ? describe(geometry) : text("form.geometry.none");
    const draw = element("button", { type: "button", on: { click: () => this.#draw() } }, text(geometry ? "form.geometry.redraw" : "form.geometry.draw"));
    this.node.replaceChildren(element("span", { class: "label" }, text("form.geometry")), element("span", {}, said), draw);
  }

  async #draw() {
    const { register, around, how } = this;
    const title = how.title ?? pick(register);
    const wanted = { title, ...drawable(register.geometry), mayBeEmpty: how.mayBeEmpty, sources: around.sources(register) };
    around.show(null); // the drawing shows it itself
    const drawn = await around.drawing.edit(this.geometry, wanted);
    if (drawn !== undefined) {
      this.geometry = drawn;
      how.changed();
    }
    this.show();
  }
}

/** @param {any} geometry  GeoJSON @returns {string} what it is, in a word */
function describe({ type, coordinates }) {
  if (type === "Point") return `${coordinates[0].toFixed(6)}, ${coordinates[1].toFixed(6)}`;
  const parts = type.startsWith("Multi") ? coordinates.length : 1;
  const kind = type.replace("Multi", "");
  return text(`form.geometry.${kind}`, { n: parts });
}
