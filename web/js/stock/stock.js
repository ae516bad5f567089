// @ts-check
/** The stock of one depot in the dock: its lots, a move, and the moves before. */

import { getJson } from "../api.js";
import { element } from "../dom.js";
import { wordsOf } from "../status.js";
import { tool } from "../tables/tools.js";
import { inEveryLanguage, text } from "../text.js";
import { lotTable, moveTable } from "./lots.js";
import { moveForm } from "./moving.js";

/** @typedef {import("./lots.js").Lot} Lot */

/**
 * @typedef {object} StockDoing
 * @property {boolean} mayMove
 * @property {() => Promise<[string, string][]>} depots  codes and names
 * @property {() => void} moved  layers and tables follow
 */

export class StockPage {
  #lots = element("div");
  #moves = element("div");
  #form = element("div", { class: "side", hidden: true });
  #count = element("span", { class: "count", role: "status" });
  #bar = element("div", { class: "bar" });
  /** @type {Lot[]} */
  #held = [];
  /** @type {import("./lots.js").Booked[]} */
  #booked = [];
  /** @type {number | null} */
  #next = null;

  /** @param {{id: number, name: string}} depot @param {StockDoing} doing */
  constructor(depot, doing) {
    this.depot = depot;
    this.doing = doing;
    this.id = `stock-${depot.id}`;
    this.path = `/registry/depots/${depot.id}/stock`;
    const tables = element("div", { class: "scroller" }, this.#lots, this.#moves);
    this.node = element("div", { class: "table-page stock" }, this.#bar, element("div", { class: "beside" }, tables, this.#form));
    inEveryLanguage(() => this.#render());
    this.reload();
  }

  title() {
    return text("stock.title", { name: this.depot.name });
  }

  async reload() {
    try {
      const [{ lots }, { moves, next }] = await Promise.all([getJson(this.path), getJson(`${this.path}/moves?limit=50`)]);
      this.#held = lots;
      this.#booked = moves;
      this.#next = next;
      this.#render();
    } catch (problem) {
      this.#lots.replaceChildren(element("p", { class: "problem foot", role: "alert" }, wordsOf(problem), tool("state.retry", () => this.reload())));
    }
  }

  async #earlier() {
    const { moves, next } = await getJson(`${this.path}/moves?limit=50&before=${this.#next}`);
    this.#booked.push(...moves);
    this.#next = next;
    this.#render();
  }

  #render() {
    const may = this.doing.mayMove;
    this.#count.textContent = text("stock.lots", { n: this.#held.length });
    this.#bar.replaceChildren(this.#count, tool("table.refresh", () => this.reload()));
    this.#lots.replaceChildren(this.#held.length ? lotTable(this.#held, may ? (lot) => this.#move(lot) : null) : element("p", { class: "foot" }, text("stock.none")));
    const heading = element("h3", { class: "under" }, text("stock.moves"));
    const more = this.#next !== null && tool("table.more", () => this.#earlier());
    const none = !this.#booked.length && element("p", { class: "foot" }, text("stock.moves.none"));
    this.#moves.replaceChildren(...[heading, moveTable(this.#booked), none, more].filter((node) => node instanceof Node));
  }

  /** @param {Lot} lot */
  #move(lot) {
    const close = () => {
      this.#form.hidden = true;
    };
    const done = () => {
      close();
      this.reload();
      this.doing.moved();
    };
    this.#form.replaceChildren(moveForm(this.path, this.#held, lot, { depots: this.doing.depots, done, close }));
    this.#form.hidden = false;
    this.#form.querySelector("#move-kind")?.scrollIntoView({ block: "nearest" });
    /** @type {HTMLElement | null} */ (this.#form.querySelector("#move-kind"))?.focus();
  }
}
