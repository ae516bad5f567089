// @ts-check
/** The drawing bar over the map: tools, coordinates typed in, what is wrong, finish and cancel. */

import { element } from "../dom.js";
import { inEveryLanguage, text } from "../text.js";
import { Drawing } from "./drawing.js";

/** @typedef {import("./drawing.js").Kind} Kind */
/**
 * @typedef {object} Wanted
 * @property {string} title  whose place it is
 * @property {Kind[]} kinds  that may be drawn, the first to begin with
 * @property {boolean} isMany
 * @property {boolean} mayBeEmpty
 * @property {any[]} sources  to snap to
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
  #told = { geometry: null, faults: 0, isSketching: false, canUndo: false, canRedo: false };
  #state = element("p", { class: "state", role: "status" });

  /**
   * @param {HTMLElement} bar
   * @param {ol.Map} map
   * @param {(typed: string) => LonLat | null} place  reads a coordinate
   */
  constructor(bar, map, place) {
    this.bar = bar;
    this.place = place;
    this.drawing = new Drawing(map, (told) => {
      this.#told = told;
      this.#report();
    });
    document.addEventListener("keydown", (event) => this.isOpen && this.#key(event), { capture: true });
    inEveryLanguage(() => this.isOpen && this.#render());
  }

  get isOpen() {
    return this.#wanted !== null;
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
    document.body.classList.add("drawing");
    this.bar.hidden = false;
    this.drawing.start(geometry, { kind: wanted.kinds[0], isMany: wanted.isMany }, wanted.sources);
    this.#render();
    this.drawing.sheet.bringIntoView();
    return new Promise((resolve) => {
      this.#done = resolve;
    });
  }

  /** @param {any} [geometry]  undefined: as it was */
  #close(geometry) {
    this.#wanted = null;
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
    if (this.drawing.finishSketch()) return;
    if (this.#refused()) return this.#report();
    this.#close(this.#told.geometry);
  }

  /** @returns {string} why the drawing cannot be finished as it is, or "" */
  #refused() {
    const { geometry, faults } = this.#told;
    if (faults) return text("drawing.faults", { n: faults });
    return geometry || this.#wanted?.mayBeEmpty ? "" : text("drawing.empty");
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const isTyping = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement || event.target instanceof HTMLSelectElement;
    const isMeta = event.ctrlKey || event.metaKey;
    const letter = event.key.toLowerCase();
    if (event.key === "Escape") this.drawing.abortSketch() || this.cancel();
    else if (isTyping || event.target instanceof HTMLButtonElement) return;
    else if (event.key === "Enter") this.finish();
    else if (event.key === "Backspace" || event.key === "Delete") this.drawing.removeCorner();
    else if (isMeta && letter === "z") event.shiftKey ? this.drawing.redo() : this.drawing.undo();
    else if (isMeta && letter === "y") this.drawing.redo();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  #render() {
    const { title, kinds } = /** @type {Wanted} */ (this.#wanted);
    const { drawing } = this;
    const draws = kinds.map((kind) => this.#button(`drawing.draw.${kind}`, () => drawing.draw(kind), kind));
    this.bar.replaceChildren(
      element("b", {}, text("drawing.title", { title })),
      element("div", { class: "tools" },
        ...draws,
        this.#button("drawing.reshape", () => drawing.reshape(), "reshape"),
        this.#button("drawing.corner", () => drawing.removeCorner()),
        this.#button("drawing.undo", () => drawing.undo(), "undo"),
        this.#button("drawing.redo", () => drawing.redo(), "redo"),
        this.#button("drawing.clear", () => drawing.clear())),
      this.#typing(),
      element("div", { class: "tools" },
        element("button", { type: "button", class: "primary", on: { click: () => this.finish() } }, text("drawing.finish")),
        this.#button("drawing.cancel", () => this.cancel())),
      this.#state,
    );
    this.#report();
  }

  #typing() {
    const input = element("input", { type: "text", id: "drawing-place", autocomplete: "off", placeholder: text("drawing.place.hint") });
    const submit = (/** @type {Event} */ event) => {
      event.preventDefault();
      const place = this.place(input.value);
      input.setAttribute("aria-invalid", String(!place));
      if (!place) return void (this.#state.textContent = text("drawing.place.bad"));
      input.value = "";
      return this.drawing.put(place);
    };
    const label = element("label", { class: "hidden", for: "drawing-place" }, text("drawing.place"));
    return element("form", { class: "tools", on: { submit } }, label, input, element("button", { type: "submit" }, text("drawing.place.put")));
  }

  /** @param {string} key @param {() => void} click @param {string} [name] */
  #button(key, click, name) {
    return element("button", { type: "button", "data-tool": name, on: { click } }, text(key));
  }

  /** What is drawn, what is wrong, which tools can do something. */
  #report() {
    const { isSketching, canUndo, canRedo, geometry, faults } = this.#told;
    const able = /** @type {Record<string, boolean>} */ ({ undo: canUndo, redo: canRedo, reshape: geometry !== null });
    for (const button of this.bar.querySelectorAll("[data-tool]")) {
      if (!(button instanceof HTMLButtonElement)) continue;
      const name = button.dataset.tool ?? "";
      button.disabled = name in able && !able[name];
      button.setAttribute("aria-pressed", String(name === (this.drawing.isDrawing ? this.drawing.shape?.kind : "reshape")));
    }
    const hint = isSketching ? "drawing.hint.sketch" : this.drawing.isDrawing ? "drawing.hint.draw" : "drawing.hint.reshape";
    this.#state.classList.toggle("problem", faults > 0);
    this.#state.textContent = faults || (!isSketching && !this.drawing.isDrawing) ? this.#refused() || text(hint) : text(hint);
  }
}
