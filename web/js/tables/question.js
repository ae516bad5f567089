// @ts-check
/** What a table is asked for at the moment: its order and its filters, as typed and as sent. */

import { filterText, itemsPath, nextOrder } from "./query.js";

const PAGE = 100;

export class Question {
  /** @type {import("./query.js").Order | null} */
  order = null;
  /** @type {import("./query.js").Typed} */
  typed = {};
  filter = "";
  isFiltering = false;
  /** @type {{title: string, filter: string} | null} a list with a name of its own, within which one filters on */
  preset = null;
  /** @type {string | null} the field whose filter is no value */
  wrong = null;

  /** @param {Collection} collection */
  constructor(collection) {
    this.collection = collection;
  }

  get path() {
    return itemsPath(this.collection.id, { limit: PAGE, order: this.order, filter: this.filter });
  }

  /** A heading was clicked. @param {string} name */
  sort(name) {
    this.order = nextOrder(this.order, name);
  }

  /**
   * Show only some records.
   * @param {import("./query.js").Typed} typed
   * @returns {boolean} whether it could be read
   */
  narrow(typed) {
    this.typed = typed;
    this.wrong = null;
    try {
      const narrowed = filterText(this.collection.geoservice.fields, typed);
      this.filter = [this.preset && `(${this.preset.filter})`, narrowed].filter(Boolean).join(" AND ");
    } catch (problem) {
      if (!(problem instanceof RangeError)) throw problem;
      this.wrong = problem.message;
    }
    return this.wrong === null;
  }
}
