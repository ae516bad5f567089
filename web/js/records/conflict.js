// @ts-check
/** Two people changed one record: both versions side by side, and a choice for every field. */

import { valueText } from "../card.js";
import { element } from "../dom.js";
import { pick, text } from "../text.js";
import { instantText } from "../times.js";
import { differences } from "./values.js";

/**
 * @typedef {object} Choosing
 * @property {(body: Record<string, any>) => void} save  what was chosen, over what is there now
 * @property {() => void} leave  take theirs, whole
 * @property {(geometry: any) => void} look  at a shape
 */

/**
 * @param {Register} register
 * @param {any} base
 * @param {any} current
 * @param {Record<string, any>} mine
 * @param {Choosing} doing
 * @returns {HTMLElement}
 */
export function conflictOf(register, base, current, mine, doing) {
  const found = differences(register, base, current, mine);
  const rows = found.map((one, i) => rowOf(one, i, doing));
  const who = { who: current.updated_by, when: instantText(new Date(current.updated_at)) };
  const form = element(
    "form",
    { class: "conflict", on: { submit: (/** @type {Event} */ event) => {
      event.preventDefault();
      const data = new FormData(form);
      const taken = found.filter((_, i) => data.get(`take-${i}`) === "mine");
      doing.save(Object.fromEntries(taken.map((one) => [one.field ? one.field.name : "geometry", one.mine])));
    } } },
    element("h2", {}, text("conflict.title")),
    element("p", { class: "notice", role: "alert" }, text("conflict.why", who)),
    element("table", {},
      element("thead", {}, element("tr", {}, element("th", {}, text("conflict.field")),
        element("th", {}, text("conflict.theirs")), element("th", {}, text("conflict.mine")))),
      element("tbody", {}, ...rows)),
    element("p", { class: "actions" },
      element("button", { type: "submit", class: "primary" }, text("conflict.save")),
      element("button", { type: "button", on: { click: doing.leave } }, text("conflict.leave"))),
  );
  return form;
}

/** @param {import("./values.js").Difference} one @param {number} i @param {Choosing} doing */
function rowOf({ field, theirs, mine, takes, isBoth }, i, doing) {
  const cell = (/** @type {"theirs" | "mine"} */ side, /** @type {any} */ value) => {
    const radio = element("input", { type: "radio", name: `take-${i}`, value: side, checked: takes === side });
    const shown = field ? wordsOf(field, value) : text(value ? "form.geometry.shape" : "form.geometry.none");
    const look = !field && value && element("button", { type: "button", class: "quiet", on: { click: () => doing.look(value) } }, text("history.look"));
    return element("td", {}, element("label", {}, radio, element("span", {}, shown)), look);
  };
  const name = field ? pick(field) : text("form.geometry");
  return element("tr", { class: isBoth ? "both" : null }, element("th", { scope: "row" }, name), cell("theirs", theirs), cell("mine", mine));
}

/** @param {RegisterField} field @param {any} value @returns {string} */
export function wordsOf(field, value) {
  if (value === null || value === undefined || value === "" || (Array.isArray(value) && !value.length)) return text("table.nothing");
  const type = field.kind === "instant" ? "instant" : "text";
  return valueText(field.kind === "truth" ? value === true || value === "true" : value, { type, codes: field.codes });
}
