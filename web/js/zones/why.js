// @ts-check
/** Why a place has its zone: every rule that speaks there, with its numbers, the deciding ones first. */

import { element } from "../dom.js";
import { pick, text } from "../text.js";
import { complaint } from "./desk.js";

const RANK = /** @type {Record<string, number>} */ ({ workable: 0, slow_mining: 1, no_mining: 2 });

/** @typedef {{spot: LonLat, why: any, may: any[], problem: unknown}} Asked */

/** @param {Asked} asked @returns {Node[]} */
export function whyRows({ spot, why, may, problem }) {
  const at = element("p", { class: "muted" }, `${spot.lon.toFixed(6)}, ${spot.lat.toFixed(6)}`);
  if (!why) return [element("h3", {}, text("zones.why")), at, complaint(problem)];
  const evidence = [...why.reasons].sort((a, b) => RANK[b.zone] - RANK[a.zone] || a.rule.localeCompare(b.rule));
  return [
    element("h3", {}, text("zones.why.is", { zone: text(`zone.${why.zone}`) })),
    at,
    ...(may.length ? [element("p", { class: "zone-may" }, ...may.map((one) => element("span", { class: one.may ? "allowed" : "refused" }, text(`zones.may.${one.may ? "allowed" : "refused"}`, { what: text(`zones.may.${one.activity}`) }))))] : []),
    element("ul", { class: "zone-reasons" },
      ...why.overrides.map((/** @type {any} */ one) => reasonRow("M1", one.zone, one.reason, one.by)),
      ...evidence.map((one) => reasonRow(one.rule, one.zone, pick(one.reason), one.domain ? text(`zones.domain.${one.domain}`) : ""))),
  ];
}

/** @param {string} rule @param {string} zone @param {string} reason @param {string} more */
function reasonRow(rule, zone, reason, more) {
  return element("li", {}, element("span", { class: `zone-mark ${zone}`, title: text(`zone.${zone}`) }), element("b", {}, rule), " ", reason, more && element("small", {}, more));
}
