// @ts-check
/** A staged file in the dock: what it is, its rows by state, decisions, applying, the report. */

import { element } from "../dom.js";
import { wordsOf } from "../status.js";
import { inEveryLanguage, pick, text } from "../text.js";
import { mappingForm } from "./mapping.js";
import { optionForm } from "./options.js";
import { countsOf, endingOf, stepOf, toolsOf } from "./parts.js";
import { markRow, rowTable } from "./rows.js";
import { Side } from "./side.js";
import { applyJob, ASK_AGAIN_MS, checkAgain, decide, dropJob, readJob, readRows } from "./service.js";

/** @typedef {import("./service.js").Job} Job @typedef {import("./service.js").Row} Row */
/**
 * @typedef {object} StagedDoing
 * @property {Register} register
 * @property {import("./preview.js").Preview} preview
 * @property {(geometry: ol.geom.Geometry) => void} zoom
 * @property {(geometry: ol.geom.Geometry | null) => void} choose
 * @property {() => Promise<void>} applied
 * @property {() => void} changed  its state, for the list of files
 * @property {(page: StagedPage) => void} dropped
 */

export class StagedPage {
  #bar = element("div", { class: "bar" });
  #chips = element("div", { class: "chips", role: "group" });
  #notes = element("div", { class: "notes" });
  #list = element("div");
  #foot = element("p", { class: "foot" });
  #side = new Side();
  #complaint = element("div", { class: "problem", role: "alert" });
  /** @type {Row[]} */
  #rows = [];
  /** @type {number | null} */
  #next = null;
  #state = "";
  #turn = Promise.resolve();

  /** @param {Job} job @param {StagedDoing} doing */
  constructor(job, doing) {
    this.job = job;
    this.doing = doing;
    this.id = `import-${job.id}`;
    const scroller = element("div", { class: "scroller" }, this.#notes, this.#list, this.#foot);
    const head = element("div", {}, this.#bar, this.#chips, this.#complaint);
    this.node = element("div", { class: "table-page import-page" }, head, element("div", { class: "beside" }, scroller, this.#side.node));
    inEveryLanguage(() => this.#render());
    this.follow();
  }

  title() {
    return text("imports.page", { name: this.job.file_name });
  }

  shown() {
    this.#preview();
  }

  closed() {
    this.doing.preview.hide();
  }

  /** Ask how far it is until it is read (or written), then show it. */
  async follow() {
    try {
      while (this.job.state === "reading" && !this.job.problem) {
        await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
        this.job = await readJob(this.job.id);
        this.#render();
      }
      if (this.job.state === "failed") this.#say();
      else await this.#read("");
      this.#preview();
      this.doing.changed();
    } catch (problem) {
      this.#complain(problem);
    }
  }

  #preview() {
    const { preview, zoom } = this.doing;
    if (this.job.state !== "staged" || !this.job.preview) return preview.hide();
    preview.show(this.job.preview);
    if (preview.whole) zoom(preview.whole);
  }

  /** @param {string} state  "" for all rows */
  async #read(state) {
    this.#state = state;
    const { rows, next } = await readRows(this.job.id, { state, after: -1 });
    this.#rows = rows;
    this.#next = next;
    this.#render();
  }

  async #more() {
    const { rows, next } = await readRows(this.job.id, { state: this.#state, after: this.#next ?? -1 });
    this.#rows.push(...rows);
    this.#next = next;
    this.#render();
  }

  /** @param {Row} row @param {string | null} decision */
  async #decide(row, decision) {
    await this.#try(async () => {
      this.job = await decide(this.job.id, row.row, decision);
      row.decision = /** @type {Row["decision"]} */ (decision);
    });
  }

  /** @param {boolean} skipsBad */
  async #apply(skipsBad) {
    await this.#try(async () => {
      this.job = await applyJob(this.job.id, skipsBad, (progress) => this.#foot.replaceChildren(...stepOf(progress)));
      this.doing.preview.hide();
      await this.#read("");
      await this.doing.applied();
      this.doing.changed();
    });
  }

  /** Check it again, as it is said now. @param {Record<string, any>} said */
  async #check(said) {
    await this.#try(async () => {
      this.job = await checkAgain(this.job.id, said);
      this.#side.fold();
      this.#rows = [];
      await this.follow();
    });
  }

  async #drop() {
    await this.#try(async () => {
      await dropJob(this.job.id);
      this.doing.dropped(this);
    });
  }

  /** One thing after the other. @param {() => Promise<void>} work */
  async #try(work) {
    this.#turn = this.#turn.then(() => this.#do(work));
    await this.#turn;
  }

  /** @param {() => Promise<void>} work */
  async #do(work) {
    this.#busy(true);
    this.#complaint.replaceChildren();
    try {
      await work();
    } catch (problem) {
      this.#complain(problem);
    }
    this.#busy(false);
    this.#render();
  }

  /** @param {boolean} isBusy  nothing can be said of it meanwhile */
  #busy(isBusy) {
    this.#side.node.inert = isBusy;
    this.#bar.inert = isBusy;
    this.node.setAttribute("aria-busy", String(isBusy));
  }

  /** @param {unknown} problem */
  #complain(problem) {
    this.#complaint.replaceChildren(element("p", {}, wordsOf(problem)));
  }

  #render() {
    const { job } = this;
    const doing = { map: () => this.#map(), say: () => this.#say(), drop: () => this.#drop(), apply: (/** @type {boolean} */ skipsBad) => this.#apply(skipsBad) };
    this.#bar.replaceChildren(...toolsOf(job, this.doing.register, doing));
    const show = (/** @type {string} */ state) => this.#read(state).catch((problem) => this.#complain(problem));
    this.#chips.replaceChildren(...countsOf(job, this.#state, show));
    this.#notes.replaceChildren(...(job.found.notes ?? []).map((note) => element("p", { class: "notice" }, pick(note))));
    const look = (/** @type {Row} */ row) => this.look(row.row);
    const decideIt = job.state === "staged" ? (/** @type {Row} */ row, /** @type {string | null} */ decision) => this.#decide(row, decision) : null;
    this.#list.replaceChildren(...(this.#rows.length ? [rowTable(this.#rows, { look, decide: decideIt })] : []));
    this.#foot.replaceChildren(...endingOf(job, this.#next === null ? null : () => this.#more()));
  }

  #map() {
    this.#side.toggle(mappingForm(this.doing.register, this.job.found, (columns) => this.#check({ columns })));
  }

  #say() {
    this.#side.toggle(optionForm(this.job.options, (said) => this.#check(said)));
  }

  /** @param {number} row  of the file, on the map */
  look(row) {
    const shape = this.doing.preview.shapeOf(row);
    this.doing.choose(shape);
    if (shape) this.doing.zoom(shape);
    markRow(this.#list, row);
  }
}
