// @ts-check
/** What stands around the rows of a staged file: what it is, counts by state, what may be done, how far it is. */

import { element } from "../dom.js";
import { menu, tool } from "../tables/tools.js";
import { pick, text } from "../text.js";
import { mark } from "./rows.js";
import { reportPath } from "./service.js";

const STATES = ["ok", "amend", "duplicate", "aside", "refused", "unchanged"];

/** @typedef {import("./service.js").Job} Job */
/** @typedef {{map: () => void, say: () => void, drop: () => void, apply: (skipsBad: boolean) => void}} ToolDoing */

/** @param {Job} job @param {Register} register @param {ToolDoing} doing @returns {Node[]} */
export function toolsOf(job, register, doing) {
  const about = element("span", { class: "count" }, aboutOf(job, register));
  const drop = dropTool(doing.drop);
  if (job.state === "reading") return [about];
  if (job.state === "failed" || !job.found.form) return [about, tool("imports.options", doing.say), drop];
  const reports = /** @type {("xlsx" | "csv")[]} */ (["xlsx", "csv"]).map((format) =>
    element("a", { href: reportPath(job.id, format), download: true }, text("imports.report", { format: format.toUpperCase() })));
  if (job.state !== "staged") return [about, menu("table.export", ...reports), drop];
  const n = (job.counts.ok ?? 0) + (job.counts.amend ?? 0) + (job.counts.duplicate ?? 0);
  return [
    about,
    tool("imports.options", doing.say),
    tool("imports.mapping", doing.map),
    menu("table.export", ...reports),
    drop,
    tool("imports.apply.rest", () => doing.apply(true)),
    element("button", { type: "button", class: "primary", on: { click: () => doing.apply(false) } }, text("imports.apply", { n })),
  ];
}

/** Asked twice: what is dropped is gone. @param {() => void} drop */
function dropTool(drop) {
  const button = tool("imports.forget", () => {
    if (button.classList.contains("danger")) return drop();
    button.classList.add("danger");
    button.textContent = text("imports.forget.sure");
  });
  button.addEventListener("blur", () => {
    button.classList.remove("danger");
    button.textContent = text("imports.forget");
  });
  return button;
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
  if (state === "reading") return problem ? [pick(problem)] : stepOf(progress);
  return more ? [tool("table.more", more)] : [];
}

/** How far it is, as a bar and in words. @param {Job["progress"]} progress @returns {(Node | string)[]} */
export function stepOf(progress) {
  if (!progress?.step) return [text("table.loading")];
  const { done, total } = progress;
  const words = text("imports.step", { step: text(`imports.step.${progress.step}`), done: done ?? 0, total: total ?? "" });
  const bar = element("progress", { "aria-label": words, ...(total ? { max: total, value: done ?? 0 } : {}) });
  return [element("span", { class: "step", role: "status" }, bar, words)];
}
