// @ts-check
/** The tab of the registers: every register with its table, what is stale or overdue, what is not saved yet. */

import { getPage } from "../api.js";
import { element } from "../dom.js";
import { DraftList } from "../drafts/list.js";
import { wordsOf } from "../status.js";
import { SIGNS } from "../tables/columns.js";
import { inEveryLanguage, pick, text } from "../text.js";
import { instantText } from "../times.js";
import { Findings } from "./findings.js";
import { allUnsaved } from "./unsaved.js";

/** @typedef {{collection: Collection, sign: string, preset: {title: string, filter: string} | null}} List */

/** Lists with a name of their own, where a layer has the fields for them. */
const PRESETS = [
  { layer: "hidden_dangers", fields: ["repeat_of"], title: "hub.repeated", filter: '"repeat_of" IS NOT NULL' },
];

export class Hub {
  /** @type {(List & {n: number})[] | null} null: not asked yet */
  #attention = null;
  #unsaved = element("div");
  #signs = element("div");
  #signsTitle = element("summary");
  #registers = element("div");

  /**
   * @param {HTMLElement} node
   * @param {import("../keeping.js").Keeping} keeping
   */
  constructor(node, keeping) {
    this.keeping = keeping;
    this.drafts = new DraftList(keeping.registers, (id) => keeping.openDraft(id));
    this.findings = new Findings(keeping.around);
    const mayEdit = [...keeping.registers.values()].some(({ may_edit }) => may_edit);
    const tools = [...(mayEdit ? [element("p", { class: "hub-tools" }, keeping.imports.button()), keeping.imports.list.node] : []), this.#unsaved, ...(keeping.mayDraft ? [this.drafts.node] : [])];
    node.replaceChildren(...tools, element("details", { id: "attention" }, this.#signsTitle, this.#signs), this.findings.node, this.#registers);
    // asked for when it is seen: one short question a register
    new IntersectionObserver((seen) => seen.some((one) => one.isIntersecting) && this.refresh()).observe(node);
    inEveryLanguage(() => this.render());
  }

  async refresh() {
    this.render();
    if (this.keeping.mayDraft) this.drafts.refresh();
    if (this.findings.node.open) this.findings.refresh();
    this.keeping.imports.list.refresh();
    try {
      this.#attention = await attention(this.keeping.around.layers.collections);
      this.render();
    } catch (problem) {
      this.#signs.replaceChildren(element("p", { class: "problem" }, wordsOf(problem)));
    }
  }

  render() {
    this.#unsaved.replaceChildren(...this.#kept());
    this.drafts.render();
    this.findings.render();
    this.keeping.imports.list.render();
    this.#signsTitle.textContent = text("hub.attention");
    this.#signs.replaceChildren(...this.#stale());
    this.#registers.replaceChildren(element("h3", {}, text("hub.registers")), this.#all());
  }

  #kept() {
    const { registers, editor, around } = this.keeping;
    const rows = allUnsaved().flatMap(({ register: name, id, at }) => {
      const register = registers.get(name);
      if (!register || !this.keeping.mayAdd(register)) return [];
      const open = () => {
        around.cards.close();
        if (id === null) editor.add(register);
        else editor.amend(register, id);
      };
      const what = id === null ? text("hub.unsaved.new") : text("hub.unsaved.id", { id });
      const words = [element("b", {}, `${pick(register)} · ${what}`), element("small", {}, instantText(new Date(at)))];
      return [element("li", {}, element("button", { type: "button", on: { click: open } }, ...words))];
    });
    return rows.length ? [element("h3", {}, text("hub.unsaved")), element("ul", { class: "rows" }, ...rows)] : [];
  }

  #stale() {
    const found = this.#attention;
    if (!found) return [element("p", { class: "muted" }, text("table.loading"))];
    if (!found.length) return [element("p", { class: "muted" }, text("hub.attention.none"))];
    const rows = found.map(({ collection, sign, preset, n }) => {
      const typed = sign ? { [sign]: "true" } : {};
      const open = () => this.keeping.around.tables.open(collection, typed, preset);
      const title = preset ? text(preset.title) : pick(collection.geoservice.title);
      const mark = element("span", { class: `sign ${sign || "is_overdue"}` }, sign ? `${text(`table.${sign.slice("is_".length)}`)} ${n}` : n);
      return element("li", {}, element("button", { type: "button", on: { click: open } }, element("b", {}, title), mark));
    });
    return [element("ul", { class: "rows" }, ...rows)];
  }

  #all() {
    const { registers, around } = this.keeping;
    const rows = [...registers.values()].map((register) => {
      const collection = around.layers.collections.find(({ id }) => id === register.name);
      const table = collection && tool(register, "hub.table", () => around.tables.open(collection));
      const add = this.keeping.mayAdd(register) && tool(register, register.may_edit ? "record.add" : "record.draft", () => this.keeping.add(register));
      return element("li", { "data-register": register.name }, element("span", { class: "name" }, pick(register)), table, add);
    });
    return element("ul", { class: "registers" }, ...rows);
  }
}

/** @param {Register} register @param {string} key @param {() => void} click */
function tool(register, key, click) {
  const label = text("hub.tools", { title: pick(register), what: text(key) });
  return element("button", { type: "button", "aria-label": label, on: { click } }, text(key));
}

/**
 * The lists there are something in, the pressing ones first.
 * @param {Collection[]} collections
 * @returns {Promise<(List & {n: number})[]>}
 */
async function attention(collections) {
  const found = [];
  for (const list of lists(collections)) {
    const filter = list.preset ? list.preset.filter : `"${list.sign}" = TRUE`;
    const query = new URLSearchParams({ limit: "1", count: "true", filter, skipGeometry: "true" });
    const { matched } = await getPage(`/ogc/collections/${list.collection.id}/items?${query}`);
    if (matched) found.push({ ...list, n: matched });
  }
  return found;
}

/** @param {Collection[]} collections @returns {List[]} */
function lists(collections) {
  const has = (/** @type {Collection} */ { geoservice }, /** @type {string} */ name) => geoservice.fields.some((field) => field.name === name);
  const filled = collections.filter(({ geoservice }) => geoservice.count);
  const presets = PRESETS.flatMap(({ layer, fields, ...preset }) =>
    filled.filter((one) => one.id === layer && fields.every((name) => has(one, name))).map((collection) => ({ collection, sign: "", preset })));
  const signs = SIGNS.flatMap((sign) => filled.filter((one) => has(one, sign)).map((collection) => ({ collection, sign, preset: null })));
  return [...presets, ...signs];
}
