// @ts-check
/** Features as the cards and tables hold them: from the map, or from the service. */

import { getJson } from "./api.js";

/** @param {Collection} collection @param {any} feature  of OpenLayers @returns {Hit} */
export function hitOf(collection, feature) {
  const { geometry, ...properties } = feature.getProperties();
  return { collection, id: Number(feature.getId()), properties, geometry: geometry ?? null };
}

/** @param {Collection} collection @returns {boolean} whether it has shapes; otherwise it is a table only */
export function isDrawn({ geoservice }) {
  return geoservice.geometry !== "none";
}

/**
 * An item of the service as a hit, whole.
 * @param {Collection} collection
 * @param {any} item  a GeoJSON feature
 * @returns {Hit}
 */
export function hitOfItem(collection, item) {
  if (item.geometry) return hitOf(collection, fromGeoJson(item));
  return { collection, id: Number(item.id), properties: item.properties, geometry: null };
}

/**
 * One feature by its id.
 * @param {Collection} collection
 * @param {number} id
 * @returns {Promise<Hit>}
 */
export async function readHit(collection, id) {
  return hitOfItem(collection, await getJson(`/ogc/collections/${collection.id}/items/${id}`));
}

/**
 * A hit with its whole geometry and all fields; a tile holds a clipped, rounded piece.
 * @param {Hit} hit
 * @returns {Promise<Hit>}
 */
export async function whole(hit) {
  if (hit.geometry || !isDrawn(hit.collection)) return hit;
  const full = await readHit(hit.collection, hit.id);
  const number = marksOf(hit);
  return number ? { ...full, properties: { ...full.properties, count: number } } : full;
}

/**
 * How many features a mark of a far-out tile stands for; it has the id of one of them.
 * @param {Hit} hit
 * @returns {number} 0 when it is a feature like any other
 */
export function marksOf({ collection, properties }) {
  const isOwn = collection.geoservice.fields.some(({ name }) => name === "count");
  return isOwn ? 0 : Number(properties.count ?? 0);
}

/** @param {any} item @returns {any} an OpenLayers feature in the map's projection */
export function fromGeoJson(item) {
  return new ol.format.GeoJSON().readFeature(item, { featureProjection: "EPSG:3857" });
}
