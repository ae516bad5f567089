// @ts-check
/** Which column of the file is which field: a drop-down each, remembered by the service for such a file. */

import { element } from "../dom.js";
import { asked } from "../records/values.js";
import { pick, text } from "../text.js";

/**
 * @param {Register} register
 * @param {import("./service.js").Job["found"]} found
 * @param {(columns: Record<string, string>) => void} check
 */
export function mappingForm(register, found, check) {
  const selects = asked(register).map((field) => {
    const chosen = found.columns[field.name] ?? "";
    const options = columnsFor(found).map((heading) => element("option", { value: heading, selected: heading === chosen }, heading));
    const must = field.is_required && element("span", { class: "must" }, "*");
    const select = element("select", { id: `map-${field.name}`, name: field.name }, element("option", { value: "" }, text("imports.mapping.none")), ...options);
    return { field, select, node: element("div", { class: "field" }, element("label", { for: select.id }, pick(field), must), select) };
  });
  const free = () => {
    const taken = selects.map(({ select }) => select.value);
    for (const { select } of selects)
      for (const option of select.options) option.disabled = option.value !== "" && option.value !== select.value && taken.includes(option.value);
  };
  for (const { select } of selects) select.addEventListener("change", free);
  free();
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    check(columnsOf(selects.map(({ field, select }) => [field.name, select.value])));
  };
  return element("form", { class: "mapping", on: { submit } },
    element("h3", {}, text("imports.mapping")),
    ...(found.columns_left.length ? [element("p", { class: "notice" }, text("imports.mapping.left", { columns: found.columns_left.join("、") }))] : []),
    ...selects.map(({ node }) => node),
    element("p", { class: "actions" }, element("button", { type: "submit", class: "primary" }, text("imports.mapping.check"))));
}

/** What a field may be filled from: not the columns of the place. @param {import("./service.js").Job["found"]} found */
export function columnsFor({ headings, place_headings: place = [] }) {
  return headings.filter((heading) => !place.includes(heading));
}

/** @param {[string, string][]} chosen  field and heading @returns {Record<string, string>} those that have one */
export function columnsOf(chosen) {
  return Object.fromEntries(chosen.filter(([, heading]) => heading));
}
