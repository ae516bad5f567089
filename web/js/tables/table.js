// @ts-check
/** The attribute table of one layer: its records page by page, tied to map and card both ways. */

import { element } from "../dom.js";
import { readHit } from "../hits.js";
import { inEveryLanguage, pick, text } from "../text.js";
import { wordsOf } from "../status.js";
import { shownColumns } from "./columns.js";
import { headRows, markWrong } from "./head.js";
import { Pages } from "./pages.js";
import { Question } from "./question.js";
import { focusRow, rowOf } from "./rows.js";
import { columnMenu, exportMenu, presetOf, signChoice, tool } from "./tools.js";

const NEAR_END_PX = 300;

/**
 * @typedef {object} TableDoing
 * @property {(hit: Hit) => Promise<unknown>} choose  a row was chosen: card and map follow
 * @property {(collection: Collection) => Node[]} tools  further buttons, of who may edit
 */

export class TablePage {
  /** @type {Hit | null} */
  #picked = null;
  #chosen = -1;
  #bar = element("div", { class: "bar" });
  #count = element("span", { class: "count", role: "status" });
  #head = element("thead");
  #body = element("tbody");
  #table = element("table", {}, this.#head, this.#body);
  #foot = element("p", { class: "foot" });
  #scroller = element("div", { class: "scroller", on: { scroll: () => this.#scrolled() } }, this.#table, this.#foot);

  /**
   * @param {Collection} collection
   * @param {TableDoing} doing
   */
  constructor(collection, doing) {
    this.collection = collection;
    this.question = new Question(collection);
    this.pages = new Pages(collection, () => this.render());
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
    this.pages.stop();
  }

  /** Draw the tools and the rows anew: another language, or another right to edit. */
  offer() {
    const signs = signChoice(this.collection, this.question, (typed) => this.narrow(typed));
    const preset = presetOf(this.question, () => {
      this.narrow(this.question.typed);
      this.offer();
    });
    this.#bar.replaceChildren(
      ...(preset ? [preset] : []),
      this.#count,
      ...this.doing.tools(this.collection),
      ...(signs ? [signs] : []),
      tool("table.filter", () => this.#toggle()),
      columnMenu(this.collection, () => this.#columns()),
      exportMenu(this.collection, () => this.question.filter),
      tool("table.refresh", () => this.reload()),
    );
    this.#columns();
  }

  #columns() {
    this.#headings();
    this.render();
  }

  #headings() {
    const { question } = this;
    this.#head.replaceChildren(...headRows(shownColumns(this.collection), question, {
      sort: (name) => {
        question.sort(name);
        this.#headings();
        this.reload();
      },
      filter: (name, typed) => this.narrow({ ...question.typed, [name]: typed }),
    }));
  }

  /** Open the line of filters, or close it and show everything again. */
  #toggle() {
    const { question } = this;
    question.isFiltering = !question.isFiltering;
    if (!question.isFiltering && question.filter) this.narrow({});
    this.#headings();
    const first = this.#head.querySelector(".filters input, .filters select");
    if (first instanceof HTMLElement) first.focus();
  }

  /** Show only some records. @param {import("./query.js").Typed} typed */
  narrow(typed) {
    const isRead = this.question.narrow(typed);
    markWrong(this.#head, this.question.wrong);
    if (isRead) this.reload();
    else this.#foot.replaceChildren(element("span", { class: "problem", role: "alert" }, text("table.filter.bad")));
  }

  /** Read from the first page anew. */
  async reload() {
    this.#picked = null;
    await this.pages.start(this.question.path);
  }

  /**
   * Mark the row of a feature chosen elsewhere; one not loaded yet is put above the others.
   * @param {Hit} hit
   */
  async mark(hit) {
    if (this.#chosen === hit.id) return;
    this.#chosen = hit.id;
    if (!this.pages.has(hit.id)) this.#picked = await readHit(this.collection, hit.id);
    this.render();
    this.#row(hit.id)?.scrollIntoView({ block: "center" });
  }

  render() {
    const columns = shownColumns(this.collection);
    const focused = this.#body.contains(document.activeElement) ? this.#chosen : -1;
    const choose = (/** @type {Hit} */ hit) => this.#choose(hit);
    const rows = this.pages.hits.map((hit) => rowOf(hit, columns, choose));
    const picked = this.#picked && !this.pages.has(this.#picked.id) ? this.#picked : null;
    const apart = picked && rowOf(picked, columns, choose);
    apart?.classList.add("apart");
    apart?.setAttribute("title", text("table.picked"));
    const first = apart ?? rows[0];
    if (first) first.tabIndex = 0;
    this.#body.replaceChildren(...(apart ? [apart] : []), ...rows);
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
    const { hits, matched, isBusy, hasMore } = this.pages;
    const all = this.collection.geoservice.count;
    const loaded = hits.length;
    if (this.question.filter && !isBusy) return text("table.filtered", { loaded, n: matched ?? loaded, all });
    if (hasMore || isBusy) return text("table.loaded", { loaded, n: Math.max(matched ?? all, loaded) });
    return text("table.rows", { n: loaded });
  }

  /** @returns {(Node | string)[]} */
  #state() {
    const { hits, problem, isBusy, hasMore } = this.pages;
    const more = () => this.pages.more();
    if (problem) return [element("span", { class: "problem", role: "alert" }, wordsOf(problem)), tool("state.retry", more)];
    if (isBusy) return [text("table.loading")];
    if (hasMore) return [tool("table.more", more)];
    return hits.length ? [] : [text("table.empty")];
  }

  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.#scroller;
    if (!this.pages.problem && scrollHeight - scrollTop - clientHeight < NEAR_END_PX) this.pages.more();
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
