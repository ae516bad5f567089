// @ts-check
/** Vector tiles of a collection, fetched through api.js so that failures are told. */

import { getTile, localPath } from "./api.js";

const MAX_ZOOM = 16; // as the styles say; further in, its tiles are enlarged
const TILE_ERROR = 3; // ol/TileState ERROR, which the whole-library build does not name

/**
 * @param {string} id  of the collection
 * @param {(problem: Error) => void} failed
 */
export function tileSource(id, failed) {
  return new ol.source.VectorTile({
    format: new ol.format.MVT(),
    url: `/ogc/collections/${id}/tiles/WebMercatorQuad/{z}/{y}/{x}`,
    maxZoom: MAX_ZOOM,
    tileLoadFunction: (tile, url) => loadTile(tile, url, failed),
  });
}

/**
 * @param {any} tile
 * @param {string} url
 * @param {(problem: Error) => void} failed
 */
function loadTile(tile, url, failed) {
  tile.setLoader(async (/** @type {number[]} */ extent, /** @type {any} */ _, /** @type {any} */ featureProjection) => {
    try {
      const bytes = await getTile(localPath(url));
      tile.setFeatures(bytes.byteLength ? tile.getFormat().readFeatures(bytes, { extent, featureProjection }) : []);
    } catch (problem) {
      tile.setState(TILE_ERROR);
      failed(/** @type {Error} */ (problem));
    }
  });
}
