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
  return readHit(hit.collection, hit.id);
}

/** @param {any} item @returns {any} an OpenLayers feature in the map's projection */
export function fromGeoJson(item) {
  return new ol.format.GeoJSON().readFeature(item, { featureProjection: "EPSG:3857" });
}
