// @ts-check
/** How a drawing looks: the shape, its corners, and where it is wrong. */

const LINE = "#d6336c";
const FAULT = "#e00000";

/** @param {ol.Feature | ol.render.Feature} feature @returns {ol.style.Style[]} */
export function sketchStyle(feature) {
  const geometry = /** @type {any} */ (feature.getGeometry());
  const stroke = new ol.style.Stroke({ color: LINE, width: 3 });
  const fill = new ol.style.Fill({ color: "rgb(214 51 108 / 14%)" });
  const under = new ol.style.Style({ stroke: new ol.style.Stroke({ color: "#ffffff", width: 6 }) });
  const corners = new ol.style.Style({ image: dot(5), geometry: () => new ol.geom.MultiPoint(cornersOf(geometry)) });
  return [under, new ol.style.Style({ stroke, fill }), corners];
}

export function faultStyle() {
  const stroke = new ol.style.Stroke({ color: FAULT, width: 3 });
  const fill = new ol.style.Fill({ color: "rgb(255 255 255 / 60%)" });
  return new ol.style.Style({ image: new ol.style.Circle({ radius: 11, stroke, fill }) });
}

/** @param {number} radius */
function dot(radius) {
  const stroke = new ol.style.Stroke({ color: LINE, width: 2.5 });
  return new ol.style.Circle({ radius, stroke, fill: new ol.style.Fill({ color: "#ffffff" }) });
}

/** @param {any} geometry @returns {number[][]} every corner, however deep the coordinates lie */
function cornersOf(geometry) {
  const flat = geometry.getFlatCoordinates();
  const step = geometry.getStride();
  return Array.from({ length: flat.length / step }, (_, i) => flat.slice(i * step, i * step + 2));
}
