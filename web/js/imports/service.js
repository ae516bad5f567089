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
 * @property {Record<string, any>} options  what was said of it
 * @property {string} created_by
 * @property {string} created_at
 * @property {{form?: string, encoding: string, datum: string | null, rows: number, headings: string[], place_headings?: string[],
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

export const ASK_AGAIN_MS = 700;
const PAGE = 200;
const BASE = "/registry/imports";

/** @param {string} id @returns {Promise<Job>} */
export function readJob(id) {
  return getJson(`${BASE}/${id}`);
}

/** @returns {Promise<Job[]>} the newest first, without shapes */
export function listJobs() {
  return getJson(BASE);
}

/** Forget the file and its rows; what was written stays. @param {string} id */
export function dropJob(id) {
  return send("DELETE", `${BASE}/${id}`);
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

/** Read the file anew, as it is said now. @param {string} id @param {Record<string, any>} said @returns {Promise<Job>} */
export async function checkAgain(id, said) {
  return (await send("PATCH", `${BASE}/${id}`, { body: said })).body;
}

/**
 * Write the rows, and tell how far that is meanwhile.
 * @param {string} id
 * @param {boolean} skipsBad
 * @param {(progress: NonNullable<Job["progress"]>) => void} tell
 * @returns {Promise<Job>}
 */
export async function applyJob(id, skipsBad, tell) {
  const look = () => readJob(id).then(({ progress }) => progress?.step && tell(progress), () => {});
  const timer = setInterval(look, ASK_AGAIN_MS);
  try {
    return (await send("POST", `${BASE}/${id}/apply`, { body: { skip_bad: skipsBad } })).body;
  } finally {
    clearInterval(timer);
  }
}
