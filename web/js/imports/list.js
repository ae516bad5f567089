// @ts-check
/** The files that were sent and wait, and those that are in: each opens again. */

import { element } from "../dom.js";
import { wordsOf } from "../status.js";
import { pick, text } from "../text.js";
import { instantText } from "../times.js";
import { listJobs } from "./service.js";

/** @typedef {import("./service.js").Job} Job */

export class JobList {
  /** @type {Job[] | null} null: not asked yet */
  #jobs = null;
  #title = element("summary");
  #content = element("div");

  /**
   * @param {() => Register[]} registers  that the caller may edit
   * @param {(job: Job) => void} open
   */
  constructor(registers, open) {
    this.registers = registers;
    this.open = open;
    this.node = element("details", { id: "import-jobs" }, this.#title, this.#content);
    this.node.addEventListener("toggle", () => this.node.open && this.refresh());
  }

  async refresh() {
    if (!this.node.open) return this.render();
    try {
      this.#jobs = await listJobs();
      this.render();
    } catch (problem) {
      this.#content.replaceChildren(element("p", { class: "problem", role: "alert" }, wordsOf(problem)));
    }
  }

  render() {
    this.#title.textContent = text("imports.jobs");
    if (this.#jobs === null) return;
    const rows = this.#jobs.flatMap((job) => this.#row(job));
    this.#content.replaceChildren(rows.length ? element("ul", { class: "rows" }, ...rows) : element("p", { class: "muted" }, text("imports.jobs.none")));
  }

  /** @param {Job} job @returns {Node[]} none of a register that the caller may not edit */
  #row(job) {
    const register = this.registers().find(({ name }) => name === job.register);
    if (!register) return [];
    const told = [text(`imports.job.${job.state}`), job.created_by, instantText(new Date(job.created_at))].join(" · ");
    return [element("li", { "data-job": job.id },
      element("button", { type: "button", on: { click: () => this.open(job) } },
        element("b", {}, job.file_name), element("small", {}, pick(register)), element("small", { class: "told" }, told)))];
  }
}
