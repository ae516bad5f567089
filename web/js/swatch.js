// @ts-check
/** The marks of the legend, drawn by the very styles that draw the map. */

import { markLayers, styleFunction, ZOOM_0_RESOLUTION } from "./style.js";

/**
 * Draw the mark of a legend entry: what the map draws for a feature with that value.
 * @param {HTMLCanvasElement} canvas
 * @param {StyleLayer[]} layers
 * @param {Record<string, any>} properties
 * @param {"point" | "line" | "polygon"} geometry
 */
export function drawSwatch(canvas, layers, properties, geometry) {
  const size = [canvas.width, canvas.height];
  const marks = markLayers(layers).map((layer) => ({ ...layer, minzoom: 0, maxzoom: 99 }));
  const pen = canvas.getContext("2d");
  if (!pen) return;
  const context = ol.render.toContext(pen, { size });
  const feature = new ol.Feature({ ...properties, geometry: sample(geometry) });
  for (const style of styleFunction(marks)(feature, ZOOM_0_RESOLUTION / 2 ** 13)) {
    context.drawFeature(feature, style);
  }
}

/** @param {string} geometry @returns {ol.geom.Geometry} */
function sample(geometry) {
  if (geometry === "point") return new ol.geom.Point([13, 9]);
  if (geometry === "line") return new ol.geom.LineString([[2, 13], [11, 6], [24, 10]]);
  return new ol.geom.Polygon([[[2, 2], [24, 2], [24, 16], [2, 16], [2, 2]]]);
}
