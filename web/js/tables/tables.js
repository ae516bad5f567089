// @ts-check
/** The tables that are open: one a layer, each a tab of the dock. */

import { TablePage } from "./table.js";

/** @typedef {import("./table.js").TableDoing} TableDoing */

export class Tables {
  /** @type {Map<string, TablePage>} */
  #open = new Map();

  /**
   * @param {import("../dock.js").Dock} dock
   * @param {TableDoing} doing
   */
  constructor(dock, doing) {
    this.dock = dock;
    this.doing = doing;
  }

  /**
   * @param {Collection} collection
   * @param {import("./query.js").Typed} [typed]  filters to begin with
   * @param {import("./question.js").Question["preset"]} [preset]
   */
  open(collection, typed, preset = null) {
    const known = this.dock.page(`table-${collection.id}`);
    const table = (known && this.#open.get(collection.id)) || new TablePage(collection, this.doing);
    this.#open.set(collection.id, table);
    this.dock.open(table);
    if (!typed) return;
    table.question.preset = preset;
    table.narrow(typed);
    table.offer();
  }

  /** Mark the row of a feature chosen on the map, when its table is in front. @param {Hit} hit */
  async follow(hit) {
    const table = this.#open.get(hit.collection.id);
    if (table && this.dock.current() === table) await table.mark(hit);
  }

  /** Draw the tools of every table anew: it is known now who may edit. */
  offer() {
    for (const table of this.#open.values()) table.offer();
  }

  /** Read a layer's table anew, after one of its records changed. @param {string} id */
  async reload(id) {
    const table = this.#open.get(id);
    if (table && this.dock.page(table.id)) await table.reload();
  }
}
