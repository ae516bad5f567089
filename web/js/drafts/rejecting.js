// @ts-check
/** Putting a draft away, with a reason. */

import { element, labelled } from "../dom.js";
import { wordsOf } from "../status.js";
import { text } from "../text.js";
import { rejectDraft } from "./service.js";

/**
 * @param {import("./service.js").Draft} draft
 * @param {() => void} done
 * @returns {HTMLElement} folded until it is wanted
 */
export function rejecting(draft, done) {
  const why = element("input", { type: "text", id: "reject-why", maxlength: 500, required: true, autocomplete: "off" });
  const complaint = element("p", { class: "problem", role: "alert" });
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (!why.value.trim()) return void (complaint.textContent = text("reject.why.missing"));
    try {
      await rejectDraft(draft.id, why.value.trim());
      done();
    } catch (problem) {
      complaint.textContent = wordsOf(problem);
    }
  };
  return element("details", { class: "rejecting" },
    element("summary", {}, text("reject")),
    element("form", { novalidate: true, on: { submit } },
      labelled("reject.why", why),
      complaint,
      element("p", { class: "actions" }, element("button", { type: "submit", class: "danger" }, text("reject.do")))));
}
