// @ts-check
/** Importing: the button, a file dropped anywhere on the page, and the staged file in the dock. */

import { element } from "../dom.js";
import { inEveryLanguage, text } from "../text.js";
import { JobList } from "./list.js";
import { Preview } from "./preview.js";
import { askForFile } from "./sending.js";
import { readJob } from "./service.js";
import { StagedPage } from "./staged.js";

/**
 * @typedef {object} Surroundings
 * @property {ol.Map} map
 * @property {import("../dock.js").Dock} dock
 * @property {() => Register[]} registers  that the caller may edit
 * @property {() => string} likely  the register whose table is in front
 * @property {(geometry: ol.geom.Geometry) => void} zoom
 * @property {(geometry: ol.geom.Geometry | null) => void} choose
 * @property {(register: Register) => Promise<void>} applied
 * @property {(problem: unknown) => void} onProblem
 */

export class Imports {
  /** @param {Surroundings} around */
  constructor(around) {
    this.around = around;
    this.preview = new Preview(around.map);
    this.list = new JobList(around.registers, (job) => this.again(job.id));
    /** @type {StagedPage[]} */
    this.pages = [];
    this.#takeDropped();
  }

  /** @returns {HTMLElement} a button, drawn anew in every language */
  button() {
    const button = element("button", { type: "button", class: "primary", id: "import-open", on: { click: () => this.ask() } });
    inEveryLanguage(() => {
      button.textContent = text("imports");
    });
    return button;
  }

  /** @param {File | null} [file] @param {string} [register] */
  ask(file = null, register = this.around.likely()) {
    const registers = this.around.registers();
    if (registers.length) askForFile(registers, { file, register }, (job) => this.open(job));
  }

  /** Open a file that was sent before. @param {string} id */
  async again(id) {
    const page = this.pages.find(({ job }) => job.id === id);
    if (page) return this.around.dock.open(page);
    try {
      this.open(await readJob(id));
    } catch (problem) {
      this.around.onProblem(problem);
    }
  }

  /** @param {import("./service.js").Job} job */
  open(job) {
    const register = this.around.registers().find(({ name }) => name === job.register);
    if (!register) return;
    const { zoom, choose, applied } = this.around;
    const changed = () => this.list.refresh();
    const dropped = (/** @type {StagedPage} */ page) => {
      this.around.dock.close(page);
      this.pages = this.pages.filter((one) => one !== page);
      changed();
    };
    const page = new StagedPage(job, { register, preview: this.preview, zoom, choose, applied: () => applied(register), changed, dropped });
    this.pages.push(page);
    this.around.dock.open(page);
  }

  /** A click on the map while rows are shown. @param {number[]} pixel @returns {boolean} whether it hit one */
  pick(pixel) {
    const row = this.preview.at(pixel);
    const page = this.around.dock.current();
    if (row === null || !(page instanceof StagedPage)) return false;
    page.look(row);
    return true;
  }

  #takeDropped() {
    const veil = element("div", { id: "drop", hidden: true }, element("p", {}));
    document.body.append(veil);
    const isFile = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes("Files") && this.around.registers().length > 0;
    document.addEventListener("dragover", (event) => {
      if (!isFile(event)) return;
      event.preventDefault();
      veil.hidden = false;
      veil.firstElementChild?.replaceChildren(text("imports.drop"));
    });
    document.addEventListener("dragleave", (event) => {
      if (event.relatedTarget === null) veil.hidden = true;
    });
    document.addEventListener("drop", (event) => {
      veil.hidden = true;
      if (!isFile(event)) return;
      event.preventDefault();
      this.ask(event.dataTransfer?.files[0] ?? null);
    });
  }
}
