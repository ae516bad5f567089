// @ts-check
/** The rows of a file on the map before they are written, coloured by their state. */

import { COLOURS } from "./colours.js";

const ABOVE = 8500; // zIndex: over the layers, under what is chosen

export class Preview {
  #source = new ol.source.Vector();
  #layer = new ol.layer.Vector({ source: this.#source, style: /** @type {any} */ (styleOf), zIndex: ABOVE });

  /** @param {ol.Map} map */
  constructor(map) {
    this.map = map;
  }

  /** @param {any} collection  GeoJSON features with `row` and `state` */
  show(collection) {
    this.hide();
    const format = new ol.format.GeoJSON({ dataProjection: "EPSG:4326", featureProjection: "EPSG:3857" });
    this.#source.addFeatures(/** @type {any} */ (format.readFeatures(collection)));
    this.map.addLayer(this.#layer);
  }

  hide() {
    this.#source.clear();
    this.map.removeLayer(this.#layer);
  }

  /** @param {number} row @returns {ol.geom.Geometry | null} */
  shapeOf(row) {
    return this.#source.getFeatures().find((feature) => feature.get("row") === row)?.getGeometry() ?? null;
  }

  /** @returns {ol.geom.Geometry | null} all of them */
  get whole() {
    const shapes = this.#source.getFeatures().flatMap((feature) => feature.getGeometry() ?? []);
    return shapes.length ? new ol.geom.GeometryCollection(shapes) : null;
  }

  /** @param {number[]} pixel @returns {number | null} the row under a pixel */
  at(pixel) {
    const hit = this.map.forEachFeatureAtPixel(pixel, (feature) => feature.get("row"), { layerFilter: (layer) => layer === this.#layer, hitTolerance: 5 });
    return hit ?? null;
  }
}

/** @param {ol.Feature} feature */
function styleOf(feature) {
  const color = COLOURS[feature.get("state")] ?? "#333333";
  const stroke = new ol.style.Stroke({ color, width: 3 });
  const rim = new ol.style.Stroke({ color: "#ffffff", width: 2 });
  const image = new ol.style.Circle({ radius: 7, fill: new ol.style.Fill({ color }), stroke: rim });
  return [
    new ol.style.Style({ stroke: new ol.style.Stroke({ color: "#ffffff", width: 6 }) }),
    new ol.style.Style({ stroke, fill: new ol.style.Fill({ color: `${color}33` }), image }),
  ];
}
