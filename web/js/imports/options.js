// @ts-check
/** What is said of a file: its datum, encoding, layer, source, how it writes numbers and places. */

import { element, labelled } from "../dom.js";
import { text } from "../text.js";

const DATUMS = ["cgcs2000", "wgs84", "gcj02", "bd09"];
const ENCODINGS = ["utf-8", "gb18030", "utf-16"];
const FLAGS = ["decimal_comma", "swap_axes"];

/** @typedef {Record<string, string | boolean | null>} Said */

/**
 * The fields that ask it.
 * @param {Record<string, any>} said  so far
 * @returns {{datum: HTMLElement, more: HTMLElement[], read: () => Said}}
 */
export function optionFields(said) {
  const datum = choice("datum", [["", text("imports.datum.none")], ...DATUMS.map(datumOption)], said.datum ?? "");
  const encoding = choice("encoding", [["", text("imports.guessed")], ...ENCODINGS.map(asItIs)], said.encoding ?? "");
  const texts = ["layer", "source"].map((name) => {
    const input = element("input", { id: `import-${name}`, name, type: "text", autocomplete: "off", value: said[name] ?? "" });
    return { name, input, node: field(name, input) };
  });
  const flags = FLAGS.map((name) => {
    const input = element("input", { id: `import-${name}`, name, type: "checkbox", checked: said[name] === true });
    return { name, input, node: element("label", { class: "flag" }, input, " ", text(`imports.${name}`)) };
  });
  const read = () => ({
    datum: datum.input.value || null,
    encoding: encoding.input.value || null,
    ...Object.fromEntries(texts.map(({ name, input }) => [name, input.value.trim() || null])),
    ...Object.fromEntries(flags.map(({ name, input }) => [name, input.checked])),
  });
  return { datum: datum.node, more: [encoding.node, ...texts.map(({ node }) => node), ...flags.map(({ node }) => node)], read };
}

/** The form of a file that was sent. @param {Record<string, any>} said @param {(said: Said) => void} check */
export function optionForm(said, check) {
  const fields = optionFields(said);
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    check(fields.read());
  };
  return element("form", { class: "mapping options", on: { submit } },
    element("h3", {}, text("imports.options")),
    fields.datum, element("p", { class: "muted" }, text("imports.datum.why")), ...fields.more,
    element("p", { class: "actions" }, element("button", { type: "submit", class: "primary" }, text("imports.mapping.check"))));
}

/** @param {string} name @param {[string, string][]} options @param {string} chosen */
export function choice(name, options, chosen) {
  const made = options.map(([value, words]) => element("option", { value, selected: value === chosen }, words));
  const input = element("select", { id: `import-${name}`, name }, ...made);
  return { input, node: field(name, input) };
}

/** @param {string} name @param {HTMLElement} input */
function field(name, input) {
  return labelled(`imports.${name}`, input);
}

/** @param {string} one @returns {[string, string]} */
function datumOption(one) {
  return [one, text(`imports.datum.${one}`)];
}

/** @param {string} one @returns {[string, string]} */
function asItIs(one) {
  return [one, one.toUpperCase()];
}
