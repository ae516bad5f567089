// @ts-check
/** The form of one record, generated from its register; what is typed is kept as it is typed. */

import { element } from "../dom.js";
import { pick, text } from "../text.js";
import { inputOf } from "./inputs.js";
import { asked, changes, isSame, typedOf } from "./values.js";

/** @typedef {import("./values.js").Typed} Typed */

export class RecordForm {
  /** @type {Map<string, import("./inputs.js").Asked>} */
  #inputs = new Map();
  /** @type {Record<string, Typed>} */
  #before = {};

  /**
   * @param {Register} register
   * @param {any} record  null: a new one
   * @param {Record<string, Typed>} typed  over what the record holds
   * @param {{changed: () => void, suggest: Parameters<typeof inputOf>[2]["suggest"]}} doing
   */
  constructor(register, record, typed, doing) {
    this.register = register;
    this.node = element("div", { class: "fields", on: { input: doing.changed } });
    for (const field of asked(register)) {
      // a field that the caller may not see is not in the record, and stays as it is
      if (record && !(field.name in record)) continue;
      const before = typedOf(field, record?.[field.name]);
      this.#before[field.name] = before;
      const how = { isFixed: record !== null && field.name === "code", suggest: doing.suggest };
      const made = inputOf(field, typed[field.name] ?? before, how);
      this.#inputs.set(field.name, made);
      this.node.append(made.node);
    }
  }

  /** @returns {Record<string, Typed>} what every input holds */
  get all() {
    return Object.fromEntries([...this.#inputs].map(([name, input]) => [name, input.get()]));
  }

  /** @returns {Record<string, Typed>} what was typed and differs */
  get typed() {
    return Object.fromEntries(Object.entries(this.all).filter(([name, typed]) => !isSame(this.#before[name], typed)));
  }

  /** @returns {Record<string, any>} the body of the change */
  get changes() {
    return changes(this.register, this.#before, this.typed);
  }

  /**
   * Put what the service says of a field beside it.
   * @param {{where: string, texts: Text2}[]} errors
   * @returns {string[]} what belongs to no field of the form
   */
  complain(errors) {
    for (const input of this.#inputs.values()) input.complain(null);
    const others = errors.filter(({ where }) => !this.#inputs.has(where));
    for (const { where, texts } of errors) this.#inputs.get(where)?.complain(pick(texts));
    const first = this.node.querySelector("[aria-invalid=true]");
    if (first instanceof HTMLElement) first.focus();
    return others.map(({ where, texts }) => (where === "geometry" ? text("form.geometry.bad", { why: pick(texts) }) : `${where}: ${pick(texts)}`));
  }
}
