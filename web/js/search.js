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

/** @param {Searching} searching */
export function createSearch(searching) {
  const box = /** @type {HTMLInputElement} */ (byId("search"));
  const list = byId("search-results");
  let active = -1;
  /** @type {(() => void)[]} */
  let choices = [];

  const close = () => {
    list.hidden = true;
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
  };
  /** @param {number} index */
  const choose = (index) => {
    choices[index]?.();
    close();
  };
  const update = () => {
    const query = box.value.trim();
    if (!query) return close();
    const options = optionsFor(query, searching);
    choices = options.map((option) => option.go);
    list.replaceChildren(...options.map((option, i) => optionRow(option, i, choose)));
    if (!options.length) list.append(element("li", { class: "none" }, nothing(query, searching)));
    list.hidden = false;
    box.setAttribute("aria-expanded", "true");
    mark(0);
  };
  /** @param {number} index */
  const mark = (index) => {
    active = choices.length ? (index + choices.length) % choices.length : -1;
    [...list.children].forEach((row, i) => row.setAttribute("aria-selected", String(i === active)));
    if (active >= 0) box.setAttribute("aria-activedescendant", `search-${active}`);
    list.children[active]?.scrollIntoView({ block: "nearest" });
  };

  box.addEventListener("input", update);
  box.addEventListener("focus", update);
  box.addEventListener("blur", close);
  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return; // Enter ends a Chinese input method's word
    if (event.key === "Escape") close();
    if (event.key === "Enter") choose(active);
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      mark(active + (event.key === "ArrowDown" ? 1 : -1));
    }
  });
  inEveryLanguage(close);
}

/** @typedef {{title: string, detail: string, go: () => void}} Option */

/** @param {string} query @param {Searching} searching @returns {Option[]} */
function optionsFor(query, { hits, place, onHit, onPlace }) {
  const spot = place(query);
  if (spot) return [{ title: text("search.coordinate", { value: degreesText(spot) }), detail: "", go: () => onPlace(spot) }];
  return ranked(query, hits()).map((hit) => ({
    title: nameOf(hit),
    detail: pick(hit.collection.geoservice.title),
    go: () => onHit(hit),
  }));
}

/** @param {Option} option @param {number} index @param {(index: number) => void} choose */
function optionRow({ title, detail }, index, choose) {
  const row = element("li", { role: "option", id: `search-${index}` }, element("b", {}, title), element("small", {}, detail));
  row.addEventListener("pointerdown", (event) => {
    event.preventDefault(); // keeps the focus, so that blur does not close the list first
    choose(index);
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
  /** @type {[number, Hit][]} */
  const found = [];
  for (const hit of hits) {
    const score = Math.max(...[hit.properties.name, hit.properties.name_en, hit.properties.code].map((word) => scoreOf(word, wanted)));
    if (score > 0) found.push([score, hit]);
  }
  return found
    .sort(([a, one], [b, other]) => b - a || String(one.properties.name).localeCompare(String(other.properties.name), "zh"))
    .slice(0, MOST)
    .map(([, hit]) => hit);
}

/** @param {Value} word @param {string} wanted @returns {number} 0 where it is not contained */
function scoreOf(word, wanted) {
  const at = String(word ?? "").toLowerCase().indexOf(wanted);
  if (at < 0) return 0;
  return String(word).length === wanted.length ? 3 : at === 0 ? 2 : 1;
}
