// @ts-check
/** The drafts that wait: one's own, those of one's towns, rows of imports that have no place. */

import { element } from "../dom.js";
import { wordsOf } from "../status.js";
import { pick, text } from "../text.js";
import { instantText } from "../times.js";
import { nameOf } from "./draft.js";
import { missing } from "./missing.js";
import { listDrafts } from "./service.js";

const PAGE = 20;
const WAITING = ["checked", "draft"]; // each is read to its end before the next

/** @typedef {import("./service.js").Draft} Draft */

export class DraftList {
  /** @type {Draft[]} */
  #drafts = [];
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
    this.#states = [...WAITING];
    this.#before = null;
    await this.#read([], wanted);
  }

  /** @param {Draft[]} drafts  that are listed @param {number} n  more of them */
  async #read(drafts, n) {
    const reading = ++this.#reading;
    try {
      const found = [...drafts, ...(await this.#next(n))];
      if (reading !== this.#reading) return; // asked anew meanwhile
      this.#drafts = found;
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
    const n = this.#drafts.length;
    const hasMore = this.#states.length > 0;
    this.#title.textContent = text(hasMore ? (n ? "drafts.more.n" : "drafts") : "drafts.n", { n });
    const more = hasMore && n > 0 && element("button", { type: "button", class: "more", on: { click: () => this.#read(this.#drafts, PAGE) } }, text("drafts.more", { n: PAGE }));
    const none = !n && element("p", { class: "muted" }, text(hasMore ? "table.loading" : "drafts.none"));
    this.#content.replaceChildren(...[none, element("ul", { class: "rows" }, ...this.#drafts.map((draft) => this.#row(draft))), more].filter((one) => one instanceof Node));
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
        element("small", { class: "told lacking" }, register ? lacking(register, draft) : "")));
  }
}

/** @param {Register} register @param {Draft} draft @returns {string} what is missing, or what it changes */
function lacking(register, draft) {
  if (draft.record_id !== null) return text("drafts.change", { id: draft.record_id });
  const { fields, isPlaceless } = missing(register, draft);
  const names = [isPlaceless && text("drafts.place"), ...fields.map(pick)].filter(Boolean);
  return names.length ? text("drafts.missing", { what: names.join(text("drafts.separator")) }) : text("drafts.open");
}
