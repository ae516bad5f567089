// @ts-check
/** Drafts in the dock: what was drawn or typed for later, and rows of files that have no place yet. */

import { getJson, send } from "../api.js";
import { element } from "../dom.js";
import { drawable } from "../drawing/desk.js";
import { wordsOf } from "../status.js";
import { tool } from "../tables/tools.js";
import { inEveryLanguage, pick, text } from "../text.js";
import { instantText } from "../times.js";

/**
 * @typedef {{id: number, register: string, record_id: number | null, values: Record<string, any>, geometry: any,
 *   state: string, reason: string | null, version: number, created_by: string, created_at: string}} Draft
 * @typedef {object} DraftDoing
 * @property {Map<string, Register>} registers
 * @property {import("../drawing/desk.js").DrawingDesk} drawing
 * @property {(register: Register) => any[]} sources
 * @property {(register: Register, id: number | null) => Promise<void>} applied
 */

const BASE = "/registry/drafts";
const HEADS = ["drafts.register", "drafts.name", "drafts.has", "drafts.by", "drafts.at", "drafts.do"];

/** @param {{register: string, record_id: number | null, base_version: number | null, values: object, geometry: any}} draft */
export function saveDraft(draft) {
  return send("POST", BASE, { body: draft });
}

export class DraftsPage {
  id = "drafts";
  #bar = element("div", { class: "bar" });
  #count = element("span", { class: "count", role: "status" });
  #complaint = element("p", { class: "problem", role: "alert" });
  #list = element("div", { class: "scroller" });
  /** @type {Draft[]} */
  #drafts = [];

  /** @param {DraftDoing} doing */
  constructor(doing) {
    this.doing = doing;
    this.node = element("div", { class: "table-page" }, element("div", {}, this.#bar, this.#complaint), this.#list);
    inEveryLanguage(() => this.#render());
  }

  title() {
    return text("drafts");
  }

  shown() {
    return this.#try(() => this.reload());
  }

  async reload() {
    const all = await getJson(`${BASE}?limit=500`);
    this.#drafts = all.filter((/** @type {Draft} */ { state }) => state === "draft" || state === "checked");
    this.#render();
  }

  /** @param {() => Promise<void>} work */
  async #try(work) {
    this.#complaint.textContent = "";
    try {
      await work();
    } catch (problem) {
      this.#complaint.textContent = wordsOf(problem);
    }
  }

  /** @param {Draft} draft @param {Register} register */
  async #place(draft, register) {
    const wanted = { title: nameOf(draft), ...drawable(register.geometry), mayBeEmpty: false, sources: this.doing.sources(register) };
    const geometry = await this.doing.drawing.edit(draft.geometry, wanted);
    if (geometry === undefined) return;
    await send("PATCH", `${BASE}/${draft.id}`, { body: { geometry }, etag: `"${draft.id}-${draft.version}"` });
    await this.reload();
  }

  /** @param {Draft} draft @param {Register} register */
  async #apply(draft, register) {
    const { body } = await send("POST", `${BASE}/${draft.id}/apply`, {});
    await this.reload();
    await this.doing.applied(register, body.record_id);
  }

  /** @param {Draft} draft */
  async #drop(draft) {
    await send("DELETE", `${BASE}/${draft.id}`);
    await this.reload();
  }

  #render() {
    this.#count.textContent = text("table.rows", { n: this.#drafts.length });
    this.#bar.replaceChildren(this.#count, tool("table.refresh", () => this.shown()));
    const heads = HEADS.map((key) => element("th", { scope: "col" }, text(key)));
    const table = element("table", {}, element("thead", {}, element("tr", {}, ...heads)), element("tbody", {}, ...this.#drafts.map((draft) => this.#row(draft))));
    this.#list.replaceChildren(this.#drafts.length ? table : element("p", { class: "foot" }, text("drafts.none")));
  }

  /** @param {Draft} draft */
  #row(draft) {
    const register = this.doing.registers.get(draft.register);
    const does = register ? [
      ...(register.geometry ? [tool("drafts.place", () => this.#try(() => this.#place(draft, register)))] : []),
      tool("drafts.apply", () => this.#try(() => this.#apply(draft, register))),
      tool("drafts.drop", () => this.#try(() => this.#drop(draft))),
    ] : [];
    return element("tr", { "data-draft": draft.id },
      element("td", {}, register ? pick(register) : draft.register),
      element("th", { scope: "row" }, nameOf(draft)),
      element("td", {}, text(draft.geometry ? "drafts.placed" : "drafts.unplaced")),
      element("td", {}, draft.created_by),
      element("td", {}, instantText(new Date(draft.created_at))),
      element("td", { class: "does" }, ...does));
  }
}

/** @param {Draft} draft */
function nameOf({ values, id }) {
  return [values.code, values.name].filter(Boolean).join(" ") || String(id);
}
