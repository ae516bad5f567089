// @ts-check
/** What a draft changes and still lacks, compared with its register and its record. Pure. */

import { changes, isSame, typedOf } from "../records/values.js";

/** @typedef {import("./service.js").Draft} Draft */

/** @param {any} value */
function isEmpty(value) {
  return value === null || value === undefined || value === "" || (Array.isArray(value) && !value.length);
}

/**
 * What must be said and is not; of a change, nothing: its record says it.
 * @param {Register} register
 * @param {Draft} draft
 * @returns {{fields: RegisterField[], isPlaceless: boolean}}
 */
export function missing(register, { record_id, values, geometry }) {
  if (record_id !== null) return { fields: [], isPlaceless: false };
  const fields = register.fields.filter(({ name, is_required }) => is_required && isEmpty(values[name]));
  return { fields, isPlaceless: register.needs_geometry && geometry === null };
}

/**
 * What the inputs begin with: the draft's values, over those of the record that it changes.
 * @param {Register} register
 * @param {Draft} draft
 * @param {any} record  null: a new one
 * @returns {Record<string, import("../records/values.js").Typed>}
 */
export function typedIn({ fields }, { values }, record) {
  const said = { ...record, ...values };
  return Object.fromEntries(fields.map((field) => [field.name, typedOf(field, said[field.name])]));
}

/**
 * What a draft changes of a record, as far as it differs.
 * @param {Register} register
 * @param {Draft} draft
 * @param {any} base  the record as the draft looked at it
 * @returns {Record<string, any>}
 */
export function changedBy({ fields }, { values, geometry }, base) {
  const changed = fields.filter((field) => field.name in values && !isSame(typedOf(field, values[field.name]), typedOf(field, base[field.name])));
  return { ...Object.fromEntries(changed.map(({ name }) => [name, values[name]])), ...(geometry && { geometry }) };
}

/**
 * A draft after its author chose between two versions: what is not chosen is as the record has it now.
 * @param {Draft} draft
 * @param {any} current
 * @param {Record<string, any>} chosen
 * @returns {{values: Record<string, any>, geometry: any, base_version: number}} the change of the draft
 */
export function settled({ values }, current, { geometry = null, ...chosen }) {
  const others = Object.keys(values).filter((name) => name in current);
  const theirs = Object.fromEntries(others.map((name) => [name, current[name] ?? null]));
  return { values: { ...theirs, ...chosen }, geometry, base_version: current.version };
}

/**
 * A record as it was at a version: its changes since are taken back, as far as they are fields of its form.
 * @param {any} record  as it is now
 * @param {import("../records/history.js").Change[]} told
 * @param {number} version
 * @returns {any}
 */
export function asOfVersion(record, told, version) {
  const since = told.filter((one) => one.version > version).sort((a, b) => b.version - a.version);
  const was = { ...record };
  for (const { changes: changed } of since) {
    for (const [column, [before]] of Object.entries(changed)) {
      const name = column === "geom" ? "geometry" : column;
      if (name in was) was[name] = before;
    }
  }
  return was;
}
