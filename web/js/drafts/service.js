// @ts-check
/** Drafts as the service keeps them: records that are not in their register yet. */

import { getJson, getRecord, send } from "../api.js";

/**
 * @typedef {object} Draft
 * @property {number} id
 * @property {string} register
 * @property {number | null} record_id  of the record that it changes; null: a new one
 * @property {number | null} base_version  of that record, as it was looked at
 * @property {Record<string, any>} values
 * @property {any} geometry  GeoJSON; null: none is said
 * @property {"draft" | "checked" | "merged" | "rejected"} state
 * @property {string | null} reason
 * @property {number | null} job_row  of the import that kept it aside
 * @property {string} created_by
 * @property {string} created_at
 * @property {{where: string, why: string, why_zh: string | null}[] | null} problems  null in a list
 */

const PATH = "/registry/drafts";

/** @param {{state: string, before: number | null, limit: number}} which @returns {Promise<Draft[]>} newest first */
export function listDrafts({ state, before, limit }) {
  const query = new URLSearchParams({ state, limit: String(limit), ...(before !== null && { before: String(before) }) });
  return getJson(`${PATH}?${query}`);
}

/** @param {number} id @returns {Promise<{body: Draft, etag: string}>} */
export function readDraft(id) {
  return getRecord(`${PATH}/${id}`);
}

/** @param {object} body @returns {Promise<{body: Draft, etag: string}>} */
export function addDraft(body) {
  return send("POST", PATH, { body });
}

/** @param {number} id @param {object} body @param {string} etag @returns {Promise<{body: Draft, etag: string}>} */
export function amendDraft(id, body, etag) {
  return send("PATCH", `${PATH}/${id}`, { body, etag });
}

/** @param {number} id @returns {Promise<{body: Draft, etag: string}>} */
export function applyDraft(id) {
  return send("POST", `${PATH}/${id}/apply`);
}

/** @param {number} id @param {string} why */
export function rejectDraft(id, why) {
  return send("DELETE", `${PATH}/${id}?${new URLSearchParams({ reason: why })}`);
}

/** @returns {Promise<Record<string, number>>} how many there are, by state */
export function countDrafts() {
  return getJson(`${PATH}/counts`);
}
