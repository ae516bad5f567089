// @ts-check
/** Two versions side by side: what became what, as areas in a table and on the map. */

import { element, labelled } from "../dom.js";
import { text } from "../text.js";
import { complaint } from "./desk.js";
import { readComparison } from "./service.js";
import { changeOf } from "./sheet.js";

/** @param {import("./desk.js").ZoneDesk} desk @param {import("./desk.js").Open} open */
export function compareForm(desk, { version }) {
  const others = desk.versions.filter(({ id }) => id !== version.id);
  if (!others.length) return element("div");
  const answer = element("div", { "aria-live": "polite" });
  const change = async () => {
    desk.sheet.compare(null);
    answer.replaceChildren();
    if (!select.value) return;
    try {
      const found = await readComparison(Number(select.value), version.id);
      desk.sheet.compare(found);
      answer.replaceChildren(changeTable(found.transitions));
    } catch (problem) {
      answer.replaceChildren(complaint(problem));
    }
  };
  const select = element("select", { id: "zones-compare", on: { change } },
    element("option", { value: "" }, text("zones.compare.none")),
    ...others.map(({ id, no, state }) => element("option", { value: id }, `${text("zones.no", { no })} · ${text(`zones.state.${state}`)}`)));
  return labelled("zones.compare", select, answer);
}

/** @param {{from: string | null, to: string | null, area_m2: number, is_changed: boolean}[]} transitions */
function changeTable(transitions) {
  const rows = transitions.filter((one) => one.is_changed).map(({ from, to, area_m2: area }) =>
    element("tr", { class: changeOf(from, to) },
      element("th", { scope: "row" }, `${text(`zone.${from ?? "none"}`)} → ${text(`zone.${to ?? "none"}`)}`),
      element("td", {}, (area / 1e4).toFixed(4))));
  if (!rows.length) return element("p", { class: "muted" }, text("zones.compare.same"));
  return element("table", { class: "zone-areas" },
    element("thead", {}, element("tr", {}, element("th", {}, text("zones.change")), element("th", {}, text("zones.ha")))), element("tbody", {}, ...rows));
}
