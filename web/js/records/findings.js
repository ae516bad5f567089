// @ts-check
/** Sources nobody answers for, dangers that come back, sections that crashes propose, stale registers, grades of towns. */

import { getJson } from "../api.js";
import { element } from "../dom.js";
import { readHit } from "../hits.js";
import { bringIntoView } from "../map.js";
import { shapeOf } from "../overlay.js";
import { wordsOf } from "../status.js";
import { text } from "../text.js";
import { gradeRows, labelsOf, proposalRows, repeatRows, ruleOf, staleRows, together, unownedRows } from "./finding_rows.js";

/** @typedef {import("./finding_rows.js").Row} Row */

const PATH = "/registry";
/** @type {{name: string, path: string, layer: string, rows: import("./finding_rows.js").Rows}[]} */
const LISTS = [
  { name: "unowned", path: "hazard_sources/unowned", layer: "hazard_sources", rows: unownedRows },
  { name: "repeats", path: "hidden_dangers/repeats", layer: "hidden_dangers", rows: repeatRows },
  { name: "proposals", path: "dangerous_sections/proposals", layer: "crash_points", rows: proposalRows },
  { name: "stale", path: "stale", layer: "hazard_sources", rows: staleRows },
  { name: "grades", path: "risk_points/grades", layer: "risk_points", rows: gradeRows },
];

export class Findings {
  #title = element("summary");
  #content = element("div");
  /** @type {Map<string, any>} the answers, by list */
  #answers = new Map();
  /** @type {Set<string>} the lists that are unfolded */
  #open = new Set();

  /** @param {import("../keeping.js").Surroundings} around */
  constructor(around) {
    this.around = around;
    this.node = element("details", { id: "findings", on: { toggle: () => this.refresh() } }, this.#title, this.#content);
  }

  /** Ask anew what is unfolded; folded, nothing is asked, and nothing of it stays on the map. */
  async refresh() {
    if (!this.node.open) return this.#look(null);
    if (!this.#answers.size) this.#content.replaceChildren(element("p", { class: "muted" }, text("table.loading")));
    try {
      const here = LISTS.filter(({ layer }) => this.#collection(layer));
      const told = await Promise.all(here.map(({ path }) => getJson(`${PATH}/${path}`)));
      this.#answers = new Map(here.map(({ name }, i) => [name, told[i]]));
      this.render();
    } catch (problem) {
      this.#content.replaceChildren(element("p", { class: "problem", role: "alert" }, wordsOf(problem)));
    }
  }

  render() {
    this.#title.textContent = text("findings");
    const { collections } = this.around.layers;
    const labels = labelsOf(collections, [...this.around.layers.hits()]);
    const known = LISTS.filter(({ name }) => this.#answers.has(name));
    this.#content.replaceChildren(...known.map(({ name, rows }) => this.#list(name, rows(this.#answers.get(name), labels))));
  }

  /** @param {string} name @param {Row[]} rows */
  #list(name, rows) {
    const title = element("summary", {}, text("findings.n", { title: text(`findings.${name}`), n: rows.length }));
    const answer = this.#answers.get(name);
    const all = name === "proposals" && together(answer.proposals);
    const shown = rows.length ? element("ul", { class: "rows" }, ...rows.map((row) => this.#row(row))) : element("p", { class: "muted" }, text("findings.none"));
    const node = element("details", { "data-finding": name, open: this.#open.has(name) }, title,
      ruleOf(answer) && element("p", { class: "muted" }, ruleOf(answer)),
      all && element("button", { type: "button", class: "all", on: { click: () => this.#show(all) } }, text("proposal.all")),
      shown);
    node.addEventListener("toggle", () => {
      if (node.open === this.#open.has(name)) return; // drawn anew, by nobody's hand
      if (node.open) this.#open.add(name);
      else this.#open.delete(name);
      if (all) this.#look(node.open ? all : null);
    });
    return node;
  }

  /** @param {Row} row */
  #row({ title, notes, mark, leads }) {
    const inside = [
      element("b", {}, title),
      mark && element("span", { class: "sign" }, mark),
      element("small", { class: "told" }, notes.filter(Boolean).join(" · ")),
    ];
    const follow = () => this.#follow(leads).catch(this.around.onProblem);
    return element("li", {}, element("button", { type: "button", disabled: !leads, on: { click: follow } }, ...inside));
  }

  /** @param {any} leads  see `Row` */
  async #follow(leads) {
    if ("geometry" in leads) return this.#show(leads.geometry);
    const collection = this.#collection(leads.layer ?? leads.table);
    if (!collection) return;
    if ("table" in leads) return this.around.tables.open(collection, { is_stale: "true" });
    const id = leads.id ?? (await idOf(collection, leads.code));
    if (id !== null) await this.around.cards.goTo(await readHit(collection, id));
  }

  /** @param {any} geometry  GeoJSON */
  #show(geometry) {
    this.#look(geometry);
    bringIntoView(this.around.map, shapeOf(geometry));
  }

  /** @param {any} geometry  GeoJSON or null */
  #look(geometry) {
    this.around.overlay.look(geometry && shapeOf(geometry));
  }

  /** @param {string} id */
  #collection(id) {
    return this.around.layers.collections.find((one) => one.id === id);
  }
}

/** @param {Collection} collection @param {string} code @returns {Promise<number | null>} */
async function idOf({ id }, code) {
  const query = new URLSearchParams({ limit: "1", skipGeometry: "true", filter: `"code" = '${code.replaceAll("'", "''")}'` });
  const { features } = await getJson(`/ogc/collections/${id}/items?${query}`);
  return features.length ? Number(features[0].id) : null;
}
