// @ts-check
/** One input a field, made from what the registry says of it. */

import { element } from "../dom.js";
import { pick, text } from "../text.js";
import { hasBoxes, isSame } from "./values.js";

const LONG = /remark|measures|equipment|description|text|note|cause|content|plan$/;

/** @typedef {import("./values.js").Typed} Typed */
/**
 * @typedef {object} Asked  a field of the form
 * @property {HTMLElement} node
 * @property {() => Typed} get
 * @property {(typed: Typed) => void} set
 * @property {(why: string | null) => void} complain
 */

/**
 * @param {RegisterField} field
 * @param {Typed} typed
 * @param {{isFixed: boolean, suggest: (field: RegisterField) => Promise<[string, string][] | null>}} how
 * @returns {Asked}
 */
export function inputOf(field, typed, how) {
  const made = hasBoxes(field) ? boxes(field) : single(field, how);
  const id = `field-${field.name}`;
  const why = element("p", { class: "problem", id: `${id}-why`, hidden: true });
  const must = field.is_required && element("span", { class: "must", title: text("form.required") }, "*");
  const label = hasBoxes(field)
    ? element("span", { class: "label", id: `${id}-label` }, pick(field), must)
    : element("label", { for: id }, pick(field), must);
  const node = element("div", { class: "field", "data-field": field.name }, label, made.node, why);
  made.set(typed);
  return {
    node,
    get: made.get,
    set: made.set,
    complain(words) {
      why.hidden = words === null;
      why.textContent = words ?? "";
      const input = node.querySelector("input, select, textarea");
      input?.setAttribute("aria-invalid", String(words !== null));
      if (words === null) input?.removeAttribute("aria-describedby");
      else input?.setAttribute("aria-describedby", `${id}-why`);
    },
  };
}

/** @param {RegisterField} field */
function boxes(field) {
  const made = Object.entries(field.codes).map(([code, label]) => {
    const box = element("input", { type: "checkbox", value: code });
    return { box, node: element("label", {}, box, pick(label)) };
  });
  const node = element("div", { class: "boxes", role: "group", "aria-labelledby": `field-${field.name}-label` }, ...made.map((one) => one.node));
  /** @type {string[]} codes that the list does not name are kept */
  let others = [];
  return {
    node,
    get: () => [...made.filter(({ box }) => box.checked).map(({ box }) => box.value), ...others],
    set: (/** @type {Typed} */ typed) => {
      const chosen = Array.isArray(typed) ? typed : [];
      for (const { box } of made) box.checked = chosen.includes(box.value);
      others = chosen.filter((code) => !(code in field.codes));
    },
  };
}

/** @param {RegisterField} field @param {Parameters<typeof inputOf>[2]} how */
function single(field, how) {
  const node = control(field, how.isFixed);
  if (node instanceof HTMLInputElement && node.type === "text" && field.name.endsWith("_code")) suggesting(node, field, how.suggest);
  return {
    node: /** @type {HTMLElement} */ (node),
    get: () => node.value,
    set: (/** @type {Typed} */ typed) => {
      const value = String(typed);
      // a code that the list does not know any more must not turn into another one
      if (node instanceof HTMLSelectElement && ![...node.options].some((option) => isSame(option.value, value)))
        node.append(element("option", { value }, value));
      node.value = value;
    },
  };
}

/** @param {RegisterField} field @param {boolean} isFixed @returns {any} */
function control(field, isFixed) {
  const shared = { id: `field-${field.name}`, name: field.name, "aria-required": String(field.is_required) };
  const codes = field.kind === "truth" ? { true: "yes", false: "no" } : null;
  const options = codes
    ? Object.entries(codes).map(([value, key]) => element("option", { value }, text(key)))
    : Object.entries(field.codes).map(([value, label]) => element("option", { value }, pick(label)));
  if (options.length) return element("select", shared, element("option", { value: "" }, text("form.none")), ...options);
  if (field.kind === "date") return element("input", { ...shared, type: "date" });
  if (field.kind === "instant") return element("input", { ...shared, type: "datetime-local", step: 60 });
  if (field.kind === "text" && LONG.test(field.name)) return element("textarea", { ...shared, rows: 2 });
  const isNumber = field.kind === "number" || field.kind === "integer";
  return element("input", {
    ...shared, type: "text", autocomplete: "off", readonly: isFixed, inputmode: isNumber && "decimal", title: limits(field),
  });
}

/** @param {RegisterField} field @returns {string | null} what its values keep to */
function limits({ least, below, pattern }) {
  const said = [
    least !== undefined && text("form.least", { n: least }),
    below !== undefined && text("form.below", { n: below }),
    pattern !== undefined && text("form.pattern", { pattern }),
  ].filter(Boolean);
  return said.length ? said.join(" ") : null;
}

/** Codes of another register are offered by name, once the input is entered. @param {HTMLInputElement} input @param {RegisterField} field @param {Parameters<typeof inputOf>[2]["suggest"]} suggest */
function suggesting(input, field, suggest) {
  input.addEventListener("focus", async () => {
    const found = await suggest(field).catch(() => null); // typed by hand then
    if (!found) return;
    const list = element("datalist", { id: `${input.id}-list` }, ...found.map(([code, name]) => element("option", { value: code }, name)));
    input.after(list);
    input.setAttribute("list", list.id);
  }, { once: true });
}
