// @ts-check
/** What comes next for a version: submit, check, record the mine's approval, file, put into force; with what each asks. */

import { element, labelled } from "../dom.js";
import { text } from "../text.js";
import { complaint } from "./desk.js";
import { takeStep } from "./service.js";

/** Steps that lead back or out come last. */
const ASIDE = ["return", "revoke"];
const ASKS = /** @type {Record<string, [name: string, type: string][]>} */ ({
  approve: [["document", "text"], ["signer", "text"], ["signed_on", "date"]],
  return: [["reason", "text"]],
  revoke: [["reason", "text"]],
});

/** @param {import("./desk.js").ZoneDesk} desk @param {import("./desk.js").Open} open @returns {Node[]} */
export function stepRows(desk, open) {
  const { steps, state } = open.version;
  const { roles } = desk.around.session;
  const mine = steps.filter((/** @type {string} */ step) => roles.includes(isPlanners(step, state) ? "planner" : "publisher") || (roles.includes("publisher") && step === "revoke"));
  const inOrder = [...mine.filter((/** @type {string} */ step) => !ASIDE.includes(step)), ...mine.filter((/** @type {string} */ step) => ASIDE.includes(step))];
  return inOrder.map((step, at) => stepForm(desk, open, step, at === 0));
}

/** Whose step it is; the service has the last word. @param {string} step @param {string} state */
function isPlanners(step, state) {
  return step === "submit" || (step === "revoke" && ["draft", "submitted"].includes(state));
}

/** @param {import("./desk.js").ZoneDesk} desk @param {import("./desk.js").Open} open @param {string} step @param {boolean} isFirst */
function stepForm(desk, { version, etag }, step, isFirst) {
  const said = element("div");
  const inputs = (ASKS[step] ?? []).map(([name, type]) => element("input", { type, name, id: `zones-${step}-${name}`, required: true, autocomplete: "off", maxlength: 500 }));
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    const missing = inputs.find((input) => !input.value.trim());
    if (missing) return void said.replaceChildren(complaint(new Error(text("zones.missing", { name: missing.labels?.[0]?.textContent ?? "" }))));
    try {
      await takeStep(version, step, Object.fromEntries(inputs.map(({ name, value }) => [name, value.trim()])), etag);
      await desk.changed(version.id);
    } catch (problem) {
      said.replaceChildren(complaint(problem));
    }
  };
  const fields = inputs.map((input) => labelled(`zones.${step}.${input.name}`, input));
  const button = element("button", { type: "submit", class: isFirst ? "primary" : "", "data-step": step }, text(`zones.step.${step}`));
  const form = element("form", { novalidate: true, on: { submit } }, ...fields, button, said);
  if (!inputs.length) return form;
  return element("details", { class: "zone-step", "data-step": step }, element("summary", {}, text(`zones.step.${step}`)), form);
}
