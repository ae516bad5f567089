// @ts-check
/** The records of a collection, page by page as they are wanted. */

import { getPage } from "../api.js";
import { hitOfItem } from "../hits.js";

export class Pages {
  /** @type {Hit[]} */
  hits = [];
  /** @type {number | null} how many match, where the service says so */
  matched = null;
  /** @type {unknown} */
  problem = null;
  isBusy = false;
  #next = "";
  #reading = new AbortController();

  /**
   * @param {Collection} collection
   * @param {() => void} changed
   */
  constructor(collection, changed) {
    this.collection = collection;
    this.changed = changed;
  }

  get hasMore() {
    return this.#next !== "";
  }

  /** Read from the first page. @param {string} path */
  async start(path) {
    this.stop();
    this.#reading = new AbortController();
    Object.assign(this, { hits: [], matched: null, problem: null, isBusy: false });
    this.#next = path;
    await this.more();
  }

  stop() {
    this.#reading.abort();
  }

  async more() {
    if (this.isBusy || !this.#next) return;
    const { signal } = this.#reading;
    this.#tell(true, null);
    try {
      const page = await getPage(this.#next, signal);
      this.hits.push(...page.features.map((item) => hitOfItem(this.collection, item)));
      this.#next = page.next;
      this.matched ??= page.matched;
      this.#tell(false, null);
    } catch (problem) {
      if (!signal.aborted) this.#tell(false, problem);
    }
  }

  /** @param {boolean} isBusy @param {unknown} problem */
  #tell(isBusy, problem) {
    Object.assign(this, { isBusy, problem });
    this.changed();
  }

  /** @param {number} id */
  has(id) {
    return this.hits.some((hit) => hit.id === id);
  }
}
