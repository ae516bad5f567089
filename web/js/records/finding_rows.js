// @ts-check
/** The answers of the registers' questions as rows: what is said, and what a click is about. Pure. */

import { language, pick, text } from "../text.js";

/**
 * @typedef {object} Row
 * @property {string} title
 * @property {string[]} notes
 * @property {string} [mark]
 * @property {{layer: string, id: number} | {layer: string, code: string} | {geometry: any} | {table: string} | null} leads  where a click goes
 */

/** @typedef {(answer: any, labels: Labels) => Row[]} Rows */
/** @typedef {{of: (layer: string, field: string, value: string) => string, title: (layer: string) => string, town: (code: string) => string}} Labels */

/** @type {Rows} */
export function unownedRows(answer, labels) {
  return answer.map((/** @type {any} */ it) => ({
    title: it.name,
    notes: [it.code, labels.of("hazard_sources", "kind", it.kind)],
    mark: it.lacks.map((/** @type {string} */ one) => text(`lacks.${one}`)).join(text("drafts.separator")),
    leads: { layer: "hazard_sources", id: it.id },
  }));
}

/** @type {Rows} */
export function repeatRows({ repeats }) {
  return repeats.map((/** @type {any} */ it) => ({
    title: it.name,
    notes: [it.code, text("repeat.of", { code: it.repeat_of, days: it.days }), text(`repeat.${it.link}`)],
    ...(!it.recorded && { mark: text("repeat.unrecorded") }),
    leads: { layer: "hidden_dangers", id: it.id },
  }));
}

/** @type {Rows} */
export function proposalRows({ proposals }) {
  return proposals.map((/** @type {any} */ it) => ({
    title: text("proposal.where", { road: it.road_code, from: Math.round(it.from_m), to: Math.round(it.to_m) }),
    notes: [text("proposal.why", { crashes: it.crashes.length, deaths: it.deaths }), it.no_geometry?.[language()]],
    mark: it.known_sections.length ? text("proposal.known", { codes: it.known_sections.join(text("drafts.separator")) }) : text("proposal.new"),
    leads: it.geometry && { geometry: it.geometry },
  }));
}

/** @type {Rows} */
export function staleRows(answer, labels) {
  return answer.filter((/** @type {any} */ it) => it.stale).map((/** @type {any} */ it) => ({
    title: labels.title(it.register),
    notes: [
      it.oldest_on && text("stale.oldest", { day: it.oldest_on }),
      it.never_surveyed && text("stale.never", { n: it.never_surveyed }),
      it.rule_days && text(it.is_verified ? "stale.rule" : "stale.rule.provisional", { days: it.rule_days }),
    ],
    mark: text("stale.of", it),
    leads: { table: it.register },
  }));
}

/** @type {Rows} */
export function gradeRows(answer, labels) {
  return answer.map((/** @type {any} */ it) => ({
    title: it.place ? labels.town(it.place) : text("grade.elsewhere"),
    notes: [
      text("grade.points", { n: Object.values(it.points).reduce((sum, n) => sum + Number(n), it.not_assessed) }),
      it.not_assessed && text("grade.open", { n: it.not_assessed }),
      it.methods.join(text("drafts.separator")),
    ],
    mark: it.grade ? labels.of("risk_points", "grade", it.grade) : text("grade.none"),
    leads: it.place ? { layer: "towns", code: it.place } : null,
  }));
}

/** By which rule an answer was worked out. @param {any} answer @returns {string} */
export function ruleOf({ ruling }) {
  if (!ruling) return "";
  return text(ruling.is_verified ? "findings.ruled" : "findings.provisional", { source: ruling.source_doc });
}

/** @param {any[]} proposals @returns {any} all their stretches as one GeoJSON, or null */
export function together(proposals) {
  const geometries = proposals.map(({ geometry }) => geometry).filter(Boolean);
  return geometries.length ? { type: "GeometryCollection", geometries } : null;
}

/** The labels of codes, layers and towns. @param {Collection[]} collections @param {Hit[]} hits @returns {Labels} */
export function labelsOf(collections, hits) {
  const layer = (/** @type {string} */ id) => collections.find((one) => one.id === id)?.geoservice;
  return {
    of: (id, name, value) => {
      const codes = layer(id)?.fields.find((field) => field.name === name)?.codes;
      return codes?.[value] ? pick(codes[value]) : value;
    },
    title: (id) => { const found = layer(id); return found ? pick(found.title) : id; },
    town: (code) => String(hits.find(({ collection, properties }) => collection.id === "towns" && properties.code === code)?.properties.name ?? code),
  };
}
