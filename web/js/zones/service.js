// @ts-check
/** Mines, versions of their zones and what is done with them, as the service keeps them. */

import { getJson, getRecord, send } from "../api.js";

/** @typedef {{id: number, code: string, name: string, seams: Seam[]}} Mine */
/** @typedef {{id: number, code: string, seam: string, name: string, versions: number, effective_version_id: number | null}} Seam */

/** @returns {Promise<Mine[]>} */
export function readMines() {
  return getJson("/zoning/mines");
}

/** @param {number} mine @returns {Promise<any[]>} the newest first */
export function readVersions(mine) {
  return getJson(`/zoning/mines/${mine}/versions`);
}

/** @param {number} id @returns {Promise<{body: any, etag: string}>} */
export function readVersion(id) {
  return getRecord(`/zoning/versions/${id}`);
}

/** @param {number} id @returns {Promise<any>} a GeoJSON collection, with `overrides` another */
export function readZones(id) {
  return getJson(`/zoning/versions/${id}/zones`);
}

/** @param {number} id @param {LonLat} place */
export function readWhy(id, { lon, lat }) {
  return getJson(`/zoning/versions/${id}/cells?lon=${lon}&lat=${lat}`);
}

/** @param {number} before @param {number} after */
export function readComparison(before, after) {
  return getJson(`/zoning/versions/${before}/compare/${after}`);
}

/** @returns {Promise<any[]>} */
export function readRulesets() {
  return getJson("/zoning/rulesets");
}

/** @param {number} mine @param {object} body @returns {Promise<any>} the job */
export async function startDerivation(mine, body) {
  return (await send("POST", `/zoning/mines/${mine}/derivations`, { body })).body;
}

/** @param {string} job */
export function readJob(job) {
  return getJson(`/zoning/derivations/${job}`);
}

/** @param {string} job */
export function stopJob(job) {
  return send("DELETE", `/zoning/derivations/${job}`);
}

/** @param {any} version @param {string} step @param {object} body @param {string} etag */
export function takeStep(version, step, body, etag) {
  return send("POST", `/zoning/versions/${version.id}/${step}`, { body, etag });
}

/** @param {any} version @param {object} body @param {string} etag */
export function addOverride(version, body, etag) {
  return send("POST", `/zoning/versions/${version.id}/overrides`, { body, etag });
}

/** @param {any} version @param {number} id @param {string} etag */
export function dropOverride(version, id, etag) {
  return send("DELETE", `/zoning/versions/${version.id}/overrides/${id}`, { etag });
}

/** @param {number} seam @returns {Promise<any[]>} approved conversion reports */
export function readConversions(seam) {
  return getJson(`/zoning/conversions?seam_id=${seam}`);
}

/** @param {number} mine @returns {Promise<any[]>} */
export function readRasters(mine) {
  return getJson(`/zoning/mines/${mine}/rasters`);
}

/** @param {number} mine @param {FormData} form */
export function sendRaster(mine, form) {
  return send("POST", `/zoning/mines/${mine}/rasters`, { form });
}

/** Work a raster out from the boreholes on record. @param {number} mine @param {object} body */
export function interpolateRaster(mine, body) {
  return send("POST", `/zoning/mines/${mine}/rasters/interpolated`, { body });
}

/** @param {number} mine @param {number} id */
export function retireRaster(mine, id) {
  return send("DELETE", `/zoning/mines/${mine}/rasters/${id}`);
}

/** @param {number} mine */
export function readShafts(mine) {
  return getJson(`/zoning/mines/${mine}/shafts`);
}

/** @param {number} mine */
export function readCompliance(mine) {
  return getJson(`/zoning/mines/${mine}/compliance`);
}

/** May this be done at a place of the version in force. @param {string} activity @param {LonLat} place @param {string} seam */
export function readMay(activity, { lon, lat }, seam) {
  return getJson(`/zoning/may?activity=${activity}&lon=${lon}&lat=${lat}&seam=${encodeURIComponent(seam)}`);
}
