// @ts-check
/** What stands around the rows of a staged file: what it is, counts by state, what may be done, how far it is. */

import { element } from "../dom.js";
import { menu, tool } from "../tables/tools.js";
import { pick, text } from "../text.js";
import { mark } from "./rows.js";
import { reportPath } from "./service.js";

const STATES = ["ok", "amend", "duplicate", "aside", "refused", "unchanged"];

/** @typedef {import("./service.js").Job} Job */

/** @param {Job} job @param {Register} register @param {{map: () => void, apply: (skipsBad: boolean) => void}} doing @returns {Node[]} */
export function toolsOf(job, register, doing) {
  const about = element("span", { class: "count" }, aboutOf(job, register));
  if (!job.found.form) return [about];
  const reports = /** @type {("xlsx" | "csv")[]} */ (["xlsx", "csv"]).map((format) =>
    element("a", { href: reportPath(job.id, format), download: true }, text("imports.report", { format: format.toUpperCase() })));
  if (job.state !== "staged") return [about, menu("table.export", ...reports)];
  const n = (job.counts.ok ?? 0) + (job.counts.amend ?? 0) + (job.counts.duplicate ?? 0);
  return [
    about,
    tool("imports.mapping", doing.map),
    menu("table.export", ...reports),
    tool("imports.apply.rest", () => doing.apply(true)),
    element("button", { type: "button", class: "primary", on: { click: () => doing.apply(false) } }, text("imports.apply", { n })),
  ];
}

/** @param {Job} job @param {Register} register */
function aboutOf({ found, file_name: name }, register) {
  if (!found.form) return name;
  const datum = found.datum ? found.datum.toUpperCase() : text("imports.datum.unsaid");
  return text("imports.about", { register: pick(register), form: found.form, encoding: found.encoding ?? "", datum, rows: found.rows });
}

/** @param {Job} job @param {string} chosen @param {(state: string) => void} show @returns {Node[]} */
export function countsOf({ counts, outcomes, state }, chosen, show) {
  if (state === "applied") {
    const said = Object.entries(outcomes).map(([outcome, n]) => `${text(`imports.outcome.${outcome}`)} ${n}`).join(" · ");
    return [element("p", { class: "done", role: "status" }, text("imports.applied", { counts: said }))];
  }
  const shown = STATES.filter((one) => counts?.[one]);
  return ["", ...shown].map((one) => {
    const n = one ? counts[one] : shown.reduce((sum, each) => sum + counts[each], 0);
    const words = one ? mark(`imports.state.${one}`, one) : text("imports.state.all");
    return element("button", { type: "button", "data-state": one, "aria-pressed": String(chosen === one), on: { click: () => show(one) } }, words, ` ${n}`);
  });
}

/** @param {Job} job @param {(() => void) | null} more  null when all rows are there @returns {(Node | string)[]} */
export function endingOf({ state, progress, problem }, more) {
  if (state === "failed") {
    return [element("span", { class: "problem", role: "alert" }, problem && pick(problem))];
  }
  if (state === "reading") return [problem ? pick(problem) : stepText(progress)];
  return more ? [tool("table.more", more)] : [];
}

/** @param {Job["progress"]} progress @returns {string} */
export function stepText(progress) {
  if (!progress?.step) return text("table.loading");
  return text("imports.step", { step: text(`imports.step.${progress.step}`), done: progress.done ?? 0, total: progress.total ?? "" });
}
