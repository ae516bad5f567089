// @ts-check
/** The search box: names and codes of what is loaded, hidden layers too, and coordinates. */

import { nameOf } from "./card.js";
import { degreesText } from "./coordinates.js";
import { byId, element } from "./dom.js";
import { inEveryLanguage, pick, text } from "./text.js";

const MOST = 12;

/**
 * @typedef {object} Searching
 * @property {() => Iterable<Hit>} hits
 * @property {() => Collection[]} unsearched  layers too large to be loaded whole
 * @property {(typed: string) => LonLat | null} place
 * @property {(hit: Hit) => void} onHit
 * @property {(place: LonLat) => void} onPlace
 */

/** @typedef {{title: string, detail: string, go: () => void}} Option */

/** A combobox: the list follows what is typed, arrows mark a row, Enter takes it. */
export class Search {
  #box = /** @type {HTMLInputElement} */ (byId("search"));
  #list = byId("search-results");
  #marked = -1;
  /** @type {Option[]} */
  #options = [];

  /** @param {Searching} searching */
  constructor(searching) {
    this.searching = searching;
    this.#box.addEventListener("input", () => this.update());
    this.#box.addEventListener("focus", () => this.update());
    this.#box.addEventListener("blur", () => this.close());
    this.#box.addEventListener("keydown", (event) => this.#key(event));
    inEveryLanguage(() => this.close());
  }

  update() {
    const query = this.#box.value.trim();
    if (!query) return this.close();
    this.#options = optionsFor(query, this.searching);
    const rows = this.#options.map((option, i) => optionRow(option, i, () => this.choose(i)));
    const none = element("li", { class: "none" }, nothing(query, this.searching));
    this.#list.replaceChildren(...(rows.length ? rows : [none]));
    this.#list.hidden = false;
    this.#box.setAttribute("aria-expanded", "true");
    this.mark(0);
  }

  close() {
    this.#list.hidden = true;
    this.#box.setAttribute("aria-expanded", "false");
    this.#box.removeAttribute("aria-activedescendant");
  }

  /** @param {number} index  beyond either end it comes in at the other */
  mark(index) {
    const { length } = this.#options;
    this.#marked = length ? (index + length) % length : -1;
    [...this.#list.children].forEach((row, i) => row.setAttribute("aria-selected", String(i === this.#marked)));
    if (length) this.#box.setAttribute("aria-activedescendant", `search-${this.#marked}`);
    this.#list.children[this.#marked]?.scrollIntoView({ block: "nearest" });
  }

  /** @param {number} index */
  choose(index) {
    this.#options[index]?.go();
    this.close();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.isComposing) return; // Enter ends a Chinese input method's word
    if (event.key === "Escape") this.close();
    if (event.key === "Enter") this.choose(this.#marked);
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      this.mark(this.#marked + (event.key === "ArrowDown" ? 1 : -1));
    }
  }
}

/** @param {string} query @param {Searching} searching @returns {Option[]} */
function optionsFor(query, { hits, place, onHit, onPlace }) {
  const spot = place(query);
  if (spot) {
    const title = text("search.coordinate", { value: degreesText(spot) });
    return [{ title, detail: "", go: () => onPlace(spot) }];
  }
  return ranked(query, hits()).map((hit) => ({
    title: nameOf(hit),
    detail: pick(hit.collection.geoservice.title),
    go: () => onHit(hit),
  }));
}

/** @param {Option} option @param {number} index @param {() => void} choose */
function optionRow({ title, detail }, index, choose) {
  const words = [element("b", {}, title), element("small", {}, detail)];
  const row = element("li", { role: "option", id: `search-${index}` }, ...words);
  row.addEventListener("pointerdown", (event) => {
    event.preventDefault(); // keeps the focus, so that blur does not close the list first
    choose();
  });
  return row;
}

/** @param {string} query @param {Searching} searching */
function nothing(query, { unsearched }) {
  const layers = unsearched().map((collection) => pick(collection.geoservice.title)).join(" ");
  return layers ? text("search.tiled", { query, layers }) : text("search.none", { query });
}

/**
 * The best of the features whose name or code contains the query: whole names first, then beginnings.
 * @param {string} query
 * @param {Iterable<Hit>} hits
 * @returns {Hit[]}
 */
export function ranked(query, hits) {
  const wanted = query.toLowerCase();
  const found = [...hits].map((hit) => ({ hit, score: bestScore(hit, wanted) })).filter(({ score }) => score > 0);
  const name = (/** @type {Hit} */ hit) => String(hit.properties.name);
  found.sort((a, b) => b.score - a.score || name(a.hit).localeCompare(name(b.hit), "zh", { numeric: true }));
  return found.slice(0, MOST).map(({ hit }) => hit);
}

/** @param {Hit} hit @param {string} wanted @returns {number} 0 where neither name nor code has it */
function bestScore({ properties }, wanted) {
  const scores = [properties.name, properties.name_en, properties.code].map((word) => {
    const whole = String(word ?? "").toLowerCase();
    if (!whole.includes(wanted)) return 0;
    return whole === wanted ? 3 : whole.startsWith(wanted) ? 2 : 1;
  });
  return Math.max(...scores);
}
