// @ts-check
/** Which mine and seam, and the versions of its zones. */

import { element, labelled } from "../dom.js";
import { text } from "../text.js";

/** @param {import("./desk.js").ZoneDesk} desk */
export function seamPicker(desk) {
  const options = desk.mines.flatMap((mine) => mine.seams.map((seam) => ({ mine, seam })));
  if (!options.length) return element("p", { class: "muted" }, text("zones.none"));
  const change = () => {
    const { mine, seam } = options[Number(select.value)];
    desk.choose(mine, seam);
  };
  const select = element("select", { id: "zones-seam", on: { change } },
    ...options.map(({ mine, seam }, at) => element("option", { value: at, selected: seam.id === desk.seam?.id }, `${mine.name} · ${seam.seam}`)));
  return labelled("zones.seam", select);
}

/** @param {import("./desk.js").ZoneDesk} desk */
export function versionList(desk) {
  const rows = desk.versions.map((version) => {
    const isOpen = version.id === desk.open?.version.id;
    const click = () => (isOpen ? desk.close() : desk.show(version.id));
    return element("li", {},
      element("button", { type: "button", "aria-pressed": String(isOpen), "data-version": version.no, on: { click } },
        element("b", {}, text("zones.no", { no: version.no })), stateBadge(version.state),
        element("small", {}, `${version.zoned_on} · ${version.ruleset}`)));
  });
  return element("ul", { class: "zone-versions" }, ...rows);
}

/** @param {string} state */
export function stateBadge(state) {
  return element("span", { class: `zone-state ${state}` }, text(`zones.state.${state}`));
}
