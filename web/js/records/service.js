// @ts-check
/** The registers and their records, as the service keeps them. */

import { getJson, getRecord, send } from "../api.js";

/** @param {string} name @param {number} id @param {string} [more] */
function pathOf(name, id, more = "") {
  return `/registry/${name}/${id}${more}`;
}

/** @returns {Promise<Map<string, Register>>} by name */
export async function readRegisters() {
  /** @type {Register[]} */
  const all = await getJson("/registry");
  return new Map(all.map((register) => [register.name, register]));
}

/** @param {string} name @param {number} id @returns {Promise<{body: any, etag: string}>} */
export function readRecord(name, id) {
  return getRecord(pathOf(name, id));
}

/** @param {string} name @param {number} id */
export function readHistory(name, id) {
  return getJson(pathOf(name, id, "/history"));
}

/** @param {string} why */
function because(why) {
  return why.trim() ? `?reason=${encodeURIComponent(why.trim())}` : "";
}

/** @param {string} name @param {object} body @param {string} why */
export function addRecord(name, body, why) {
  return send("POST", `/registry/${name}${because(why)}`, { body });
}

/** @param {string} name @param {number} id @param {object} body @param {string} etag @param {string} why */
export function amendRecord(name, id, body, etag, why) {
  return send("PATCH", pathOf(name, id, because(why)), { body, etag });
}

/** @param {string} name @param {number} id @param {string} etag @param {string} why */
export function retireRecord(name, id, etag, why) {
  return send("DELETE", pathOf(name, id, because(why)), { etag });
}
