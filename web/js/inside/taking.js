// @ts-check
/** A layer's features inside a shape, as a file to take away. Pure. */

const LONGEST = 6000; // of a path: what browsers and proxies surely carry

/**
 * @param {string} layer
 * @param {any} geometry  GeoJSON area
 * @returns {string} "" where the shape has too many corners for an address
 */
export function exportPath(layer, geometry) {
  const filter = `S_INTERSECTS(geom, ${wkt(geometry)})`;
  const path = `/exports/${encodeURIComponent(layer)}?format=gpkg&filter=${encodeURIComponent(filter)}`;
  return path.length <= LONGEST ? path : "";
}

/** @param {any} geometry */
function wkt({ type, coordinates }) {
  const ring = (/** @type {number[][]} */ spots) => `(${spots.map(([x, y]) => `${+x.toFixed(7)} ${+y.toFixed(7)}`).join(",")})`;
  const area = (/** @type {number[][][]} */ rings) => `(${rings.map(ring).join(",")})`;
  return type === "Polygon" ? `POLYGON${area(coordinates)}` : `MULTIPOLYGON(${coordinates.map(area).join(",")})`;
}
