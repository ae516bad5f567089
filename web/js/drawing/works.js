// @ts-check
/** What the service works out of a drawing: holes, pieces, joins, edges laid anew, widths. */

import { send } from "../api.js";

/** @typedef {"cut" | "split" | "reshape"} Work  done with a sketch */
/** @typedef {{geometry: any, area_m2: number}} Piece */

/** What is sketched for each. @type {Record<Work, import("./tool.js").Kind>} */
export const WORKS = { cut: "Polygon", split: "LineString", reshape: "LineString" };

/** @param {Work} work @param {any} geometry @param {any} other  both GeoJSON @returns {Promise<Piece[]>} */
export async function worked(work, geometry, other) {
  return (await send("POST", `/shapes/${work}`, { body: { geometry, other } })).body;
}

/** @param {any[]} geometries  areas @returns {Promise<Piece[]>} joined where they touch */
export async function joinedAreas(geometries) {
  return (await send("POST", "/shapes/join", { body: { geometries } })).body;
}

/** @param {any} geometry @param {number} metres @returns {Promise<Piece[]>} */
export async function widened(geometry, metres) {
  return (await send("POST", "/shapes/widen", { body: { geometry, distance_m: metres } })).body;
}

/** @param {any} geometry  GeoJSON or null @returns {any[]} its parts, each a geometry of its own */
export function partsOf(geometry) {
  if (!geometry) return [];
  if (!geometry.type.startsWith("Multi")) return [geometry];
  const type = geometry.type.slice("Multi".length);
  return geometry.coordinates.map((/** @type {any} */ coordinates) => ({ type, coordinates }));
}

/** @param {any[]} parts  of one kind @returns {any} together; one alone stays what it is; null of none */
export function together(parts) {
  if (parts.length < 2) return parts[0] ?? null;
  return { type: `Multi${parts[0].type}`, coordinates: parts.map(({ coordinates }) => coordinates) };
}

/** @param {any} geometry @returns {boolean} */
export function isArea(geometry) {
  return geometry?.type === "Polygon" || geometry?.type === "MultiPolygon";
}
