// @ts-check
/** A new version derived from what is on record: by which rules, as of which day; its progress, and stopping it. */

import { element, labelled } from "../dom.js";
import { pick, text } from "../text.js";
import { complaint } from "./desk.js";
import { readJob, readRulesets, startDerivation, stopJob } from "./service.js";

const ASK_MS = 700;

export class DeriveForm {
  node = element("div");
  /** @type {any[] | null} */
  #rulesets = null;
  /** @type {any} the job under way, or how the last one ended */
  #job = null;
  /** @type {unknown} */
  #problem = null;

  /** @param {import("./desk.js").ZoneDesk} desk */
  constructor(desk) {
    this.desk = desk;
  }

  render() {
    const { desk } = this;
    if (!desk.isPlanner || !desk.seam) return void this.node.replaceChildren();
    if (this.#isRunning) return void this.node.replaceChildren(this.#progress());
    const before = this.node.querySelector("details");
    const open = before?.open ?? false;
    const toggle = () => details.open && !this.#rulesets && this.#learn();
    const details = element("details", { class: "zone-step", open, on: { toggle } }, element("summary", {}, text("zones.derive")), this.#form());
    this.node.replaceChildren(details, ...(this.#problem ? [complaint(this.#problem)] : []), ...this.#failed());
    return undefined;
  }

  get #isRunning() {
    return this.#job && ["waiting", "running"].includes(this.#job.state);
  }

  async #learn() {
    try {
      this.#rulesets = await readRulesets();
    } catch (problem) {
      this.#problem = problem;
    }
    this.render();
  }

  #form() {
    if (!this.#rulesets) return element("p", { class: "muted" }, text("table.loading"));
    const ruleset = element("select", { id: "zones-ruleset" }, ...this.#rulesets.filter((one) => one.is_current).map((one) => element("option", { value: one.code }, `${one.code} ${pick({ zh: one.name, en: one.name_en ?? one.name })}`)));
    const today = new Date().toLocaleDateString("en-CA");
    const day = element("input", { type: "date", id: "zones-day", value: today, max: today, required: true });
    const submit = (/** @type {Event} */ event) => {
      event.preventDefault();
      this.#start({ ruleset: ruleset.value, zoned_on: day.value });
    };
    return element("form", { on: { submit } },
      labelled("zones.ruleset", ruleset),
      labelled("zones.zoned_on", day),
      element("button", { type: "submit", class: "primary", "data-step": "derive" }, text("zones.derive.run")));
  }

  /** @param {{ruleset: string, zoned_on: string}} asked */
  async #start(asked) {
    const { desk } = this;
    if (!desk.mine || !desk.seam) return;
    this.#problem = null;
    try {
      this.#job = await startDerivation(desk.mine.id, { seam: desk.seam.code, ...asked });
      this.render();
      while (this.#isRunning) {
        await new Promise((resolve) => setTimeout(resolve, ASK_MS));
        this.#job = await readJob(this.#job.id);
        this.render();
      }
      const made = this.#job.result?.version_id;
      if (this.#job.state === "done" && made) await desk.changed(made);
    } catch (problem) {
      this.#problem = problem;
      this.#job = null;
    }
    this.render();
  }

  #progress() {
    const { id, progress } = this.#job;
    const { step, done, total } = progress ?? { step: "", done: 0, total: 0 };
    const bar = element("progress", total ? { max: total, value: done } : {});
    const stop = () => stopJob(id).catch((problem) => (this.#problem = problem));
    return element("p", { class: "zone-progress", role: "status" }, text("zones.deriving", { step: step ? text(`zones.deriving.${step}`) : "" }), bar,
      element("button", { type: "button", on: { click: stop } }, text("zones.derive.stop")));
  }

  /** How the last derivation ended, when it made nothing. @returns {Node[]} */
  #failed() {
    if (!this.#job || this.#job.state === "done") return [];
    const why = this.#job.problem;
    const words = why ? pick(/** @type {any} */ (why)) : text(`zones.derive.${this.#job.state}`);
    return [element("p", { class: "problem", role: "alert" }, words)];
  }
}
