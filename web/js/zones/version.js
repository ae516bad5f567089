// @ts-check
/** An open version: its state, areas, notes, the planner's words on it, what comes next. */

import { element } from "../dom.js";
import { language, pick, text } from "../text.js";
import { instantText } from "../times.js";
import { dropOverride } from "./service.js";
import { stepRows } from "./steps.js";
import { stateBadge } from "./versions.js";

const ZONES = ["workable", "slow_mining", "no_mining"];

/** @param {import("./desk.js").ZoneDesk} desk @param {import("./desk.js").Open} open @returns {Node[]} */
export function versionRows(desk, open) {
  const { version } = open;
  return [
    element("h2", {}, text("zones.title", { mine: version.mine, seam: version.seam, no: version.no }), stateBadge(version.state)),
    element("p", { class: "muted" }, history(version)),
    areaTable(version),
    unverified(version),
    ...noteRows(version.notes),
    ...overrideRows(desk, open),
    products(version),
    ...stepRows(desk, open),
  ];
}

/** @param {any} version @returns {string} who did what, as one line */
function history(version) {
  const by = version.drawn_by.join("、");
  const told = [text("zones.drawn_by", { by })];
  for (const step of ["submitted", "checked", "approved", "filed", "enforced", "ended"]) {
    const at = version[`${step}_at`];
    if (at) told.push(text(`zones.by.${step}`, { by: version[`${step}_by`] ?? "", at: instantText(new Date(at)) }));
  }
  if (version.approval_doc) told.push(text("zones.approval", { doc: version.approval_doc, signer: version.approval_signer, on: version.approval_on }));
  if (version.end_reason) told.push(version.end_reason);
  return told.join(language() === "zh" ? "；" : "; ");
}

/** @param {any} version */
function areaTable({ areas }) {
  const whole = areas.reduce((/** @type {number} */ sum, /** @type {any} */ { area_m2 }) => sum + area_m2, 0);
  const rows = ZONES.map((zone) => {
    const area = areas.find((/** @type {any} */ one) => one.zone === zone)?.area_m2 ?? 0;
    const share = whole ? `${((100 * area) / whole).toFixed(1)} %` : "";
    return element("tr", {},
      element("th", { scope: "row" }, element("i", { class: `zone-mark ${zone}` }), text(`zone.${zone}`)),
      element("td", {}, (area / 1e4).toFixed(2)), element("td", {}, share));
  });
  const total = element("tr", {}, element("th", { scope: "row" }, text("zones.mine")), element("td", {}, (whole / 1e4).toFixed(2)), element("td", {}, ""));
  return element("table", { class: "zone-areas" },
    element("thead", {}, element("tr", {}, element("th", {}, text("zones.zone")), element("th", {}, text("zones.ha")), element("th", {}, text("zones.share")))),
    element("tbody", {}, ...rows, total));
}

/** The rule set and which of its numbers nobody has checked against the official text. @param {any} version */
function unverified(version) {
  const named = Object.entries(version.parameters).filter(([, it]) => !it.is_verified);
  const of = `${version.ruleset}${version.ruleset_no > 1 ? ` #${version.ruleset_no}` : ""}`;
  if (!named.length) return element("p", { class: "muted" }, of);
  const rows = named.map(([name, it]) => element("li", {}, `${it.zh ? pick(it) : name}: ${it.value}${it.unit ? ` ${it.unit}` : ""}`, element("small", {}, it.source ?? "")));
  return element("details", { class: "zone-notes" },
    element("summary", {}, text("zones.unverified", { of, n: named.length })), element("ul", {}, ...rows));
}

/** @param {any[]} notes */
function noteRows(notes) {
  if (!notes.length) return [];
  const rows = notes.map((note) => element("li", {}, pick(note.text ?? note)));
  return [element("details", { class: "zone-notes", open: true }, element("summary", {}, text("zones.notes", { n: notes.length })), element("ul", {}, ...rows))];
}

/** @param {import("./desk.js").ZoneDesk} desk @param {import("./desk.js").Open} open */
function overrideRows(desk, { version, etag, overrides }) {
  const isDraft = version.state === "draft" && desk.isPlanner;
  const rows = overrides.map(({ id, geometry, properties }) => {
    const look = () => desk.redrawing.look(geometry);
    const gone = () => desk.redrawing.look(null);
    const drop = async () => {
      try {
        await dropOverride(version, id, etag);
        await desk.changed(version.id);
      } catch (problem) {
        desk.around.onProblem(problem);
      }
    };
    return element("li", { tabindex: 0, on: { mouseenter: look, mouseleave: gone, focus: look, blur: gone } },
      element("b", {}, text(`zone.${properties.zone}`)), ` ${properties.reason}`,
      properties.conversion && element("small", {}, text("zones.conversion.doc", { doc: properties.conversion.document })),
      element("small", {}, properties.by),
      isDraft && element("button", { type: "button", on: { click: drop } }, text("zones.override.drop")));
  });
  const tool = isDraft && element("button", { type: "button", on: { click: () => desk.redrawing.begin() } }, text("zones.override"));
  if (!rows.length && !tool) return [];
  return [element("h3", {}, text("zones.overrides", { n: rows.length })), element("ul", { class: "zone-overrides" }, ...rows), element("p", { class: "actions" }, tool), desk.redrawing.node];
}

/** @param {any} version */
function products({ id }) {
  const link = (/** @type {string} */ path, /** @type {string} */ key) => element("a", { class: "button", href: path, target: "_blank", rel: "noopener" }, text(key));
  return element("p", { class: "actions" },
    link(`/zoning/versions/${id}/sheet?format=pdf&size=A3`, "zones.sheet"), link(`/zoning/versions/${id}/report`, "zones.report"));
}

