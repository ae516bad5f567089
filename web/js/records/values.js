// @ts-check
/** Values of a record as a form holds them: text in, text out; what was changed, and by whom. Pure. */

import { localTime } from "../times.js";

/** Fields asked first and last; the others keep the register's order between them. */
const FIRST = ["code", "name", "name_en"];
const LAST = ["org", "town_code", "surveyed_on", "source_doc", "secrecy"];

/** @typedef {string | string[]} Typed  what an input holds; the boxes of a list of codes hold several */

/** @param {Register} register @returns {RegisterField[]} in the order a form asks */
export function asked({ fields }) {
  const rank = (/** @type {RegisterField} */ { name }) =>
    FIRST.includes(name) ? FIRST.indexOf(name) - FIRST.length : LAST.indexOf(name) + 1;
  return [...fields].sort((a, b) => rank(a) - rank(b)); // a stable sort: 0 keeps its place
}

/**
 * A record's value as its input shows it.
 * @param {RegisterField} field
 * @param {any} value
 * @returns {Typed}
 */
export function typedOf(field, value) {
  if (field.kind === "list") {
    const list = Array.isArray(value) ? value.map(String) : [];
    return hasBoxes(field) ? list : list.join(", ");
  }
  if (value === null || value === undefined) return "";
  if (field.kind === "truth") return value ? "true" : "false";
  if (field.kind === "instant") return localTime(String(value));
  return String(value);
}

/**
 * What an input holds as the service takes it; empty is null.
 * @param {RegisterField} field
 * @param {Typed} typed
 * @returns {any}
 */
export function valueFrom(field, typed) {
  if (Array.isArray(typed)) return typed;
  const text = typed.trim();
  if (field.kind === "list") return text ? text.split(/[,，、;；]+/).map((one) => one.trim()).filter(Boolean) : [];
  if (text === "") return null;
  return field.kind === "truth" ? text === "true" : text;
}

/** @param {RegisterField} field @returns {boolean} whether it is a list of codes, ticked */
export function hasBoxes({ kind, codes }) {
  return kind === "list" && Object.keys(codes).length > 0;
}

/** @param {Typed | undefined} a @param {Typed | undefined} b */
export function isSame(a, b) {
  return JSON.stringify(a ?? "") === JSON.stringify(b ?? "");
}

/**
 * What was typed and differs from what the record held, as the body of a change.
 * @param {Register} register
 * @param {Record<string, Typed>} before
 * @param {Record<string, Typed>} now
 * @returns {Record<string, any>}
 */
export function changes({ fields }, before, now) {
  const changed = fields.filter(({ name }) => name in now && !isSame(before[name], now[name]));
  return Object.fromEntries(changed.map((field) => [field.name, valueFrom(field, now[field.name])]));
}

/**
 * Two people changed one record: field by field, what it was, what it is now, what was typed here.
 * @typedef {{field: RegisterField | null, theirs: any, mine: any, takes: "theirs" | "mine", isBoth: boolean}} Difference
 * @param {Register} register
 * @param {any} base  the record as the form was opened
 * @param {any} current  the record as it is now
 * @param {Record<string, any>} mine  the change that was refused
 * @returns {Difference[]}  `field` null: the shape
 */
export function differences(register, base, current, mine) {
  const fields = [...asked(register), null];
  return fields.flatMap((field) => {
    const name = field ? field.name : "geometry";
    const isMine = name in mine;
    const isTheirs = !equal(base[name], current[name]);
    if ((!isMine && !isTheirs) || (isMine && equal(mine[name], current[name]))) return [];
    return [{
      field,
      theirs: current[name] ?? null,
      mine: isMine ? mine[name] : (base[name] ?? null),
      takes: /** @type {"theirs" | "mine"} */ (isMine ? "mine" : "theirs"),
      isBoth: isMine && isTheirs,
    }];
  });
}

/** @param {any} a @param {any} b */
function equal(a, b) {
  return JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
}
