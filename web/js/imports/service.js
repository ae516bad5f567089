// @ts-check
/** Files on their way into a register, as the service keeps them. */

import { getJson, send } from "../api.js";

/** @typedef {"ok" | "amend" | "unchanged" | "refused" | "aside" | "duplicate"} RowState */
/**
 * @typedef {object} Job
 * @property {string} id
 * @property {string} register
 * @property {string} file_name
 * @property {"reading" | "staged" | "failed" | "applied"} state
 * @property {{form?: string, encoding: string, datum: string | null, rows: number, headings: string[],
 *   columns: Record<string, string>, columns_left: string[], notes: Text2[]}} found  without form until it is read
 * @property {Record<string, number>} counts  rows by state
 * @property {Record<string, number>} outcomes  once applied
 * @property {any} preview  GeoJSON features with `row` and `state`, or null
 * @property {Text2 | null} problem
 * @property {{step: string, done: number | null, total: number | null} | null} progress
 *
 * @typedef {object} Row
 * @property {number} row
 * @property {RowState} state
 * @property {string | null} code
 * @property {Record<string, any>} values
 * @property {(Text2 & {column: string | null, given: string})[]} reasons
 * @property {{code: string, distance_m: number | null} | null} match
 * @property {"merge" | "new" | "skip" | null} decision
 * @property {string | null} outcome
 */

const PAGE = 200;
const BASE = "/registry/imports";

/** @param {string} id */
export function readJob(id) {
  return getJson(`${BASE}/${id}`);
}

/** @param {FormData} form @returns {Promise<Job>} */
export async function sendFile(form) {
  return (await send("POST", BASE, { form })).body;
}

/** @param {string} register @returns {string} the address of its template */
export function templatePath(register) {
  return `/registry/${register}/template`;
}

/** @param {string} id @param {"xlsx" | "csv"} format */
export function reportPath(id, format) {
  return `${BASE}/${id}/report?format=${format}`;
}

/** @param {string} id @param {{state: string, after: number}} which @returns {Promise<{rows: Row[], next: number | null}>} */
export async function readRows(id, { state, after }) {
  const query = new URLSearchParams({ limit: String(PAGE), after: String(after), ...(state && { state }) });
  /** @type {Row[]} */
  const rows = await getJson(`${BASE}/${id}/rows?${query}`);
  return { rows, next: rows.length === PAGE ? rows[PAGE - 1].row : null };
}

/** @param {string} id @param {number} row @param {string | null} decision  null: none again */
export async function decide(id, row, decision) {
  return (await send("PATCH", `${BASE}/${id}`, { body: { decisions: { [row]: decision ?? "" } } })).body;
}

/** Read the file anew with other columns. @param {string} id @param {Record<string, string>} columns @returns {Promise<Job>} */
export async function checkAgain(id, columns) {
  return (await send("PATCH", `${BASE}/${id}`, { body: { columns } })).body;
}

/** @param {string} id @param {boolean} skipsBad @returns {Promise<Job>} */
export async function applyJob(id, skipsBad) {
  return (await send("POST", `${BASE}/${id}/apply`, { body: { skip_bad: skipsBad } })).body;
}
