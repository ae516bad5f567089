// @ts-check
/** The drafts: those that wait, and those that are in their register or were rejected. */

import { element } from "../dom.js";
import { wordsOf } from "../status.js";
import { pick, text } from "../text.js";
import { instantText } from "../times.js";
import { nameOf } from "./draft.js";
import { missing } from "./missing.js";
import { countDrafts, listDrafts } from "./service.js";

const PAGE = 20;
/** What may be listed, by the states of it: each is read to its end before the next. @type {Record<string, string[]>} */
const KINDS = { waiting: ["checked", "draft"], merged: ["merged"], rejected: ["rejected"] };

/** @typedef {import("./service.js").Draft} Draft */

export class DraftList {
  /** @type {Draft[]} */
  #drafts = [];
  /** @type {Record<string, number> | null} by state; null: not asked yet */
  #counts = null;
  #kind = "waiting";
  /** @type {string[]} */
  #states = [];
  /** @type {number | null} */
  #before = null;
  #title = element("summary");
  #content = element("div");
  #reading = 0;

  /**
   * @param {Map<string, Register>} registers
   * @param {(id: number) => void} open
   */
  constructor(registers, open) {
    this.registers = registers;
    this.open = open;
    this.node = element("details", { id: "drafts", open: true }, this.#title, this.#content);
  }

  async refresh() {
    const wanted = Math.max(PAGE, this.#drafts.length);
    this.#states = [...KINDS[this.#kind]];
    this.#before = null;
    await this.#read([], wanted);
  }

  /** @param {Draft[]} drafts  that are listed @param {number} n  more of them */
  async #read(drafts, n) {
    const reading = ++this.#reading;
    try {
      const [next, counts] = await Promise.all([this.#next(n), countDrafts()]);
      if (reading !== this.#reading) return; // asked anew meanwhile
      this.#drafts = [...drafts, ...next];
      this.#counts = counts;
      this.render();
    } catch (problem) {
      this.#content.replaceChildren(element("p", { class: "problem", role: "alert" }, wordsOf(problem)));
    }
  }

  /** @param {number} n @returns {Promise<Draft[]>} the next ones, at most so many */
  async #next(n) {
    /** @type {Draft[]} */
    const found = [];
    while (found.length < n && this.#states.length) {
      const limit = n - found.length;
      const page = await listDrafts({ state: this.#states[0], before: this.#before, limit });
      found.push(...page);
      this.#before = page.at(-1)?.id ?? null;
      if (page.length === limit) break;
      this.#states.shift();
      this.#before = null;
    }
    return found;
  }

  render() {
    const hasMore = this.#states.length > 0;
    const n = this.#drafts.length;
    this.#title.textContent = this.#counts ? text("drafts.n", { n: this.#number("waiting") }) : text("drafts");
    const more = hasMore && n > 0 && element("button", { type: "button", class: "more", on: { click: () => this.#read(this.#drafts, PAGE) } }, text("drafts.more", { n: PAGE }));
    const none = !n && element("p", { class: "muted" }, text(hasMore ? "table.loading" : "drafts.none"));
    const rows = element("ul", { class: "rows" }, ...this.#drafts.map((draft) => this.#row(draft)));
    this.#content.replaceChildren(...[this.#choice(), none, rows, more].filter((one) => one instanceof Node));
  }

  /** Which are listed: those that wait, or what became of others. */
  #choice() {
    const options = Object.keys(KINDS).map((kind) => element("option", { value: kind, selected: kind === this.#kind }, text(`drafts.${kind}`, { n: this.#number(kind) })));
    const choose = (/** @type {Event} */ event) => {
      if (event.target instanceof HTMLSelectElement) this.#kind = event.target.value;
      this.#drafts = [];
      this.refresh();
    };
    return element("select", { id: "drafts-which", "aria-label": text("drafts.which"), on: { change: choose } }, ...options);
  }

  /** @param {string} kind */
  #number(kind) {
    return KINDS[kind].reduce((sum, state) => sum + (this.#counts?.[state] ?? 0), 0);
  }

  /** @param {Draft} draft */
  #row(draft) {
    const register = this.registers.get(draft.register);
    const told = [draft.created_by, instantText(new Date(draft.created_at)), draft.job_row && text("drafts.row", { n: draft.job_row })];
    return element("li", { "data-draft": draft.id },
      element("button", { type: "button", on: { click: () => this.open(draft.id) } },
        element("b", {}, nameOf(draft)),
        element("small", {}, register ? pick(register) : draft.register),
        element("small", { class: "told" }, told.filter(Boolean).join(" · ")),
        element("small", { class: "told lacking" }, register ? said(register, draft) : "")));
  }
}

/** @param {Register} register @param {Draft} draft @returns {string} what is missing, what it changes, or what became of it */
function said(register, draft) {
  if (draft.state === "merged") return text("drafts.is.merged", { id: draft.record_id ?? "" });
  if (draft.state === "rejected") return text("drafts.is.rejected", { why: draft.reason ?? "" });
  if (draft.record_id !== null) return text("drafts.change", { id: draft.record_id });
  const { fields, isPlaceless } = missing(register, draft);
  const names = [isPlaceless && text("drafts.place"), ...fields.map(pick)].filter(Boolean);
  return names.length ? text("drafts.missing", { what: names.join(text("drafts.separator")) }) : text("drafts.open");
}
