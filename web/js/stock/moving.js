// @ts-check
/** The form that books a move of stock; sent twice it is counted once. */

import { Problem, send } from "../api.js";
import { element, labelled } from "../dom.js";
import { wordsOf } from "../status.js";
import { pick, text } from "../text.js";

const KINDS = ["receive", "issue", "return", "loss", "expire", "adjust", "transfer"];

/** @typedef {import("./lots.js").Lot} Lot */

/**
 * @param {string} path  of the depot's stock
 * @param {Lot[]} lots
 * @param {Lot} lot  chosen first
 * @param {{depots: () => Promise<[string, string][]>, done: () => void, close: () => void}} doing
 */
export function moveForm(path, lots, lot, doing) {
  const key = newKey();
  const which = choice("lot", lots.map(({ code, name, batch }) => [code, [name, batch].filter(Boolean).join(" · ")]), lot.code);
  const kind = choice("kind", KINDS.map((one) => [one, text(`stock.kind.${one}`)]), "issue");
  const quantity = input("quantity", { inputmode: "decimal" });
  const counted = input("counted", { inputmode: "decimal" });
  const reason = input("reason", { maxlength: 500 });
  const paper = input("document", { maxlength: 500 });
  const depot = input("to_depot", {});
  const complaint = element("div", { class: "problem", role: "alert" });
  const fields = { quantity, counted, to_depot: depot };
  const adapt = () => {
    fields.quantity.node.hidden = kind.input.value === "adjust";
    fields.counted.node.hidden = kind.input.value !== "adjust";
    fields.to_depot.node.hidden = kind.input.value !== "transfer";
  };
  kind.input.addEventListener("change", adapt);
  depot.input.addEventListener("focus", () => suggest(depot.input, doing.depots), { once: true });
  /** @param {Event} event @returns {Promise<void>} */
  const submit = async (event) => {
    event.preventDefault();
    const isAdjust = kind.input.value === "adjust";
    if (!reason.input.value.trim()) return complaint.replaceChildren(element("p", {}, text("stock.reason.missing")));
    try {
      await send("POST", path, { key, body: {
        lot: which.input.value, kind: kind.input.value, reason: reason.input.value.trim(),
        ...(isAdjust ? { counted: amount(counted.input) } : { quantity: amount(quantity.input) }),
        ...(paper.input.value.trim() && { document: paper.input.value.trim() }),
        ...(kind.input.value === "transfer" && { to_depot: depot.input.value.trim() || null }),
      } });
      doing.done();
    } catch (problem) {
      complaint.replaceChildren(...sentences(problem));
    }
  };
  adapt();
  return element("form", { class: "moving", novalidate: true, on: { submit } },
    element("h3", {}, text("stock.move.title")),
    ...[which, kind, quantity, counted, depot, reason, paper].map(({ node }) => node),
    complaint,
    element("p", { class: "actions" },
      element("button", { type: "submit", class: "primary" }, text("stock.book")),
      element("button", { type: "button", on: { click: doing.close } }, text("form.cancel"))));
}

/** @param {unknown} problem @returns {Node[]} each field by the name it has here */
function sentences(problem) {
  const errors = problem instanceof Problem ? problem.errors : [];
  if (!errors.length) return [element("p", {}, wordsOf(problem))];
  return errors.map(({ where, texts }) => {
    const name = where.split(/[.:]/).pop() ?? where;
    return element("p", {}, `${NAMED.has(name) ? text(`stock.field.${name}`) : where}: ${pick(texts)}`);
  });
}

const NAMED = new Set(["lot", "kind", "quantity", "counted", "reason", "document", "to_depot"]);

/** @param {HTMLInputElement} box @returns {string | null} as typed: the service says what is wrong with it */
function amount(box) {
  return box.value.trim() || null;
}

/** @param {string} name @param {object} attributes */
function input(name, attributes) {
  const box = element("input", { id: `move-${name}`, type: "text", autocomplete: "off", ...attributes });
  return { input: box, node: labelled(`stock.field.${name}`, box) };
}

/** @param {string} name @param {[string, string][]} options @param {string} chosen */
function choice(name, options, chosen) {
  const made = options.map(([value, words]) => element("option", { value, selected: value === chosen }, words));
  const box = element("select", { id: `move-${name}` }, ...made);
  return { input: box, node: labelled(`stock.field.${name}`, box) };
}

/** @param {HTMLInputElement} box @param {() => Promise<[string, string][]>} depots */
async function suggest(box, depots) {
  const found = await depots().catch(() => []); // typed by hand then
  const list = element("datalist", { id: `${box.id}-list` }, ...found.map(([code, name]) => element("option", { value: code }, name)));
  box.after(list);
  box.setAttribute("list", list.id);
}

/** One of our own for this form: sent again after a lost answer, the move is the same one. */
function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16)); // randomUUID is for https only
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
