// @ts-check
/** The register keeper's tools on the map page: who may do what with which record, and what follows from it. */

import { getFeatures } from "./api.js";
import { element, byId } from "./dom.js";
import { mayDispatch, mayDraft } from "./doors.js";
import { DrawingDesk } from "./drawing/desk.js";
import { readHit, whole } from "./hits.js";
import { Imports } from "./imports/imports.js";
import { bringIntoView } from "./map.js";
import { geoJsonOf, shapeOf } from "./overlay.js";
import { Editor } from "./records/editor.js";
import { Hub } from "./records/hub.js";
import { readRegisters } from "./records/service.js";
import { isSignedIn } from "./session.js";
import { StockPage } from "./stock/stock.js";
import { text } from "./text.js";

/**
 * @typedef {object} Surroundings
 * @property {ol.Map} map
 * @property {import("./layers.js").LayerSet} layers
 * @property {import("./overlay.js").Overlay} overlay
 * @property {import("./cards.js").Cards} cards
 * @property {import("./tables/tables.js").Tables} tables
 * @property {import("./dock.js").Dock} dock
 * @property {(typed: string) => LonLat | null} place
 * @property {() => Promise<void>} update  counts and layers anew
 * @property {(problem: unknown) => void} onProblem
 */

export class Keeping {
  /** @type {Map<string, Register>} */
  registers = new Map();
  mayMove = false;

  /** @param {Surroundings} around */
  constructor(around) {
    this.around = around;
    this.drawing = new DrawingDesk(byId("drawing"), around.map, around.place, {
      shapeAt: (pixel) => this.#shapeAt(pixel),
      show: (geometry) => around.overlay.look(geometry && shapeOf(geometry)),
    });
    this.imports = new Imports({
      map: around.map,
      dock: around.dock,
      registers: () => [...this.registers.values()].filter(({ may_edit }) => may_edit),
      likely: () => around.dock.current()?.id.replace("table-", "") ?? "",
      zoom: (geometry) => bringIntoView(around.map, geometry),
      choose: (geometry) => around.overlay.choose(geometry),
      applied: (register) => this.#imported(register),
      onProblem: (problem) => around.onProblem(problem),
    });
    this.editor = new Editor({
      drawing: this.drawing,
      sources: (register) => this.#sources(register),
      show: (geometry) => around.overlay.look(geometry && shapeOf(geometry)),
      suggest: (field) => this.#suggest(field),
      saved: (register, id) => this.#saved(register, id),
      mayDraft: false,
      register: (name) => this.registers.get(name),
      listed: () => this.hub?.drafts.refresh(),
    });
  }

  /** @param {Session} session */
  async learn(session) {
    this.mayMove = mayDispatch(session);
    this.editor.around.mayDraft = mayDraft(session);
    if (isSignedIn(session)) this.registers = await readRegisters();
    this.around.tables.offer();
    this.hub = new Hub(byId("panel-registers"), this);
  }

  /** @param {number[]} pixel  clicked @returns {boolean} whether the click was for drawing or for a row of a file */
  takes(pixel) {
    if (!this.drawing.isOpen) return this.imports.pick(pixel);
    this.drawing.take(pixel);
    return true;
  }

  /** The shape of the topmost feature there, whole. @param {number[]} pixel @returns {Promise<any>} GeoJSON, or null */
  async #shapeAt(pixel) {
    const [hit] = this.around.layers.at(pixel);
    const geometry = hit && (await whole(hit)).geometry;
    return geometry ? geoJsonOf(geometry) : null;
  }

  /** What may be done with a record, as buttons of its card. @param {Hit} hit @returns {Node[]} */
  actions(hit) {
    const { collection, id } = hit;
    const register = this.registers.get(collection.id);
    if (!register) return [];
    const open = (/** @type {"amend" | "retire" | "history"} */ what) => () => {
      this.around.cards.close();
      this.editor[what](register, id);
    };
    return [
      collection.id === "depots" && button("stock", () => this.stock(hit)),
      register.may_edit && button("record.amend", open("amend")),
      !register.may_edit && this.mayDraft && button("record.draft.change", open("amend")),
      register.may_edit && button("record.retire", open("retire")),
      button("record.history", open("history")),
    ].filter((one) => one instanceof Node);
  }

  /** What lies in a depot, in the dock. @param {Hit} hit */
  stock({ id, properties }) {
    const { dock, update, layers, onProblem } = this.around;
    const moved = () => layers.refreshOne("depots").then(update).catch(onProblem);
    const depots = async () => (await this.#suggest({ name: "depot_code" })) ?? [];
    const doing = { mayMove: this.mayMove, depots, moved };
    dock.open(dock.page(`stock-${id}`) ?? new StockPage({ id, name: String(properties.name) }, doing));
  }

  /** What stands above a table. @param {Collection} collection @returns {Node[]} */
  tools(collection) {
    const register = this.registers.get(collection.id);
    if (!register || !this.mayAdd(register)) return [];
    const add = button(register.may_edit ? "record.add" : "record.draft", () => this.add(register));
    return register.may_edit ? [add, button("imports.short", () => this.imports.ask(null, register.name))] : [add];
  }

  get mayDraft() {
    return this.editor.around.mayDraft;
  }

  /** @param {Register} register @returns {boolean} a record, or a draft of one */
  mayAdd(register) {
    return register.may_edit || this.mayDraft;
  }

  /** @param {Register} register @param {Parameters<Editor["add"]>[1]} [given] */
  add(register, given) {
    this.around.cards.close();
    this.editor.add(register, given);
  }

  /** The district's edge and the register's own layer. @param {Register} register */
  #sources({ name }) {
    const { entries } = this.around.layers;
    return entries
      .filter(({ collection, tiled }) => !tiled && [name, "district"].includes(collection.id))
      .map(({ layer }) => layer.getSource());
  }

  /** `depot_code` takes the code of a depot: those there are, by name. @param {{name: string}} field @returns {Promise<[string, string][] | null>} */
  async #suggest({ name }) {
    const stem = name.replace(/_code$/, "");
    const found = this.around.layers.collections.find(({ id }) => [`${stem}s`, `${stem}es`, stem.replace(/y$/, "ies")].includes(id));
    if (!found) return null;
    const features = await getFeatures(found.id);
    return features.map(({ properties }) => [String(properties[name] ?? properties.code), String(properties.name ?? "")]);
  }

  /** @param {number} id */
  openDraft(id) {
    this.around.cards.close();
    this.editor.draft(id);
  }

  /** Rows without a place are drafts now. @param {Register} register */
  async #imported(register) {
    this.hub?.drafts.refresh();
    await this.#saved(register, null);
  }

  /** Map, table, counts and card show what was saved. @param {Register} register @param {number | null} id */
  async #saved({ name }, id) {
    const { layers, tables, cards, update, onProblem } = this.around;
    try {
      await Promise.all([layers.refreshOne(name), tables.reload(name)]);
      const collection = layers.collections.find((one) => one.id === name);
      if (id !== null && collection) await cards.goTo(await readHit(collection, id));
      await update();
    } catch (problem) {
      onProblem(problem);
    }
  }
}

/** @param {string} key @param {() => void} click */
function button(key, click) {
  return element("button", { type: "button", on: { click } }, text(key));
}
