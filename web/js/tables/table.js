// @ts-check
/** The attribute table of one layer: its records page by page, tied to map and card both ways. */

import { getPage } from "../api.js";
import { element } from "../dom.js";
import { hitOfItem, readHit } from "../hits.js";
import { inEveryLanguage, pick, text } from "../text.js";
import { wordsOf } from "../status.js";
import { shownColumns } from "./columns.js";
import { columnMenu, exportMenu, headRow, tool } from "./tools.js";
import { focusRow, rowOf } from "./rows.js";

const PAGE = 100;
const NEAR_END_PX = 300;

/**
 * @typedef {object} TableDoing
 * @property {(hit: Hit) => Promise<unknown>} choose  a row was chosen: card and map follow
 * @property {(collection: Collection) => Node[]} tools  further buttons, of who may edit
 */

export class TablePage {
  /** @type {Hit[]} */
  #hits = [];
  /** @type {Hit | null} */
  #picked = null;
  #next = "";
  #chosen = -1;
  #reading = new AbortController();
  /** @type {unknown} */
  #problem = null;
  #busy = false;
  #bar = element("div", { class: "bar" });
  #count = element("span", { class: "count", role: "status" });
  #table = element("table");
  #foot = element("p", { class: "foot" });
  #scroller = element("div", { class: "scroller", on: { scroll: () => this.#scrolled() } }, this.#table, this.#foot);

  /**
   * @param {Collection} collection
   * @param {TableDoing} doing
   */
  constructor(collection, doing) {
    this.collection = collection;
    this.doing = doing;
    this.id = `table-${collection.id}`;
    this.node = element("div", { class: "table-page" }, this.#bar, this.#scroller);
    inEveryLanguage(() => this.offer());
    this.reload();
  }

  title() {
    return pick(this.collection.geoservice.title);
  }

  closed() {
    this.#reading.abort();
  }

  /** Draw the tools and the rows anew: another language, or another right to edit. */
  offer() {
    this.#bar.replaceChildren(
      this.#count,
      ...this.doing.tools(this.collection),
      columnMenu(this.collection, () => this.render()),
      exportMenu(this.collection),
      tool("table.refresh", () => this.reload()),
    );
    this.render();
  }

  /** Read from the first page anew. */
  async reload() {
    this.#reading.abort();
    this.#reading = new AbortController();
    this.#busy = false;
    this.#hits = [];
    this.#picked = null;
    this.#next = `/ogc/collections/${this.collection.id}/items?limit=${PAGE}`;
    await this.#more();
  }

  async #more() {
    if (this.#busy || !this.#next) return;
    const { signal } = this.#reading;
    this.#set(true, null);
    try {
      const page = await getPage(this.#next, signal);
      this.#hits.push(...page.features.map((item) => hitOfItem(this.collection, item)));
      this.#next = page.next;
      this.#set(false, null);
    } catch (problem) {
      if (!signal.aborted) this.#set(false, problem);
    }
  }

  /** @param {boolean} busy @param {unknown} problem */
  #set(busy, problem) {
    this.#busy = busy;
    this.#problem = problem;
    this.render();
  }

  /**
   * Mark the row of a feature chosen elsewhere; one not loaded yet is put above the others.
   * @param {Hit} hit
   */
  async mark(hit) {
    if (this.#chosen === hit.id) return;
    this.#chosen = hit.id;
    if (!this.#hits.some(({ id }) => id === hit.id)) {
      this.#picked = await readHit(this.collection, hit.id);
    }
    this.render();
    this.#row(hit.id)?.scrollIntoView({ block: "center" });
  }

  render() {
    const columns = shownColumns(this.collection);
    const focused = this.#table.contains(document.activeElement) ? this.#chosen : -1;
    const choose = (/** @type {Hit} */ hit) => this.#choose(hit);
    const rows = this.#hits.map((hit) => rowOf(hit, columns, choose));
    const picked = this.#picked && !this.#hits.some(({ id }) => id === this.#picked?.id) ? this.#picked : null;
    const apart = picked && rowOf(picked, columns, choose);
    apart?.classList.add("apart");
    apart?.setAttribute("title", text("table.picked"));
    const first = apart ?? rows[0];
    if (first) first.tabIndex = 0;
    this.#table.replaceChildren(
      element("thead", {}, headRow(columns)),
      element("tbody", {}, apart, ...rows),
    );
    this.#row(this.#chosen)?.setAttribute("aria-selected", "true");
    if (focused >= 0) this.#refocus(focused);
    this.#count.textContent = this.#counted();
    this.#foot.replaceChildren(...this.#state());
  }

  /** @param {number} id */
  #refocus(id) {
    const row = this.#row(id);
    if (row) focusRow(row);
  }

  #counted() {
    const n = this.collection.geoservice.count;
    const loaded = this.#hits.length;
    if (this.#next || this.#busy) return text("table.loaded", { loaded, n: Math.max(n, loaded) });
    return text("table.rows", { n: loaded });
  }

  /** @returns {(Node | string)[]} */
  #state() {
    if (this.#problem) return [element("span", { class: "problem", role: "alert" }, wordsOf(this.#problem)), tool("state.retry", () => this.#more())];
    if (this.#busy) return [text("table.loading")];
    if (this.#next) return [tool("table.more", () => this.#more())];
    return this.#hits.length ? [] : [text("table.empty")];
  }

  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.#scroller;
    if (!this.#problem && scrollHeight - scrollTop - clientHeight < NEAR_END_PX) this.#more();
  }

  /** @param {Hit} hit */
  async #choose(hit) {
    this.#chosen = hit.id;
    for (const row of this.#table.querySelectorAll("tr[data-id]")) row.removeAttribute("aria-selected");
    const row = this.#row(hit.id);
    row?.setAttribute("aria-selected", "true");
    if (row) focusRow(row);
    await this.doing.choose(hit);
  }

  /** @param {number} id @returns {HTMLElement | null} */
  #row(id) {
    return this.#table.querySelector(`tr[data-id="${id}"]`);
  }
}
