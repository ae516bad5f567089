// @ts-check
/** What is drawn so far, on the map, with a mark wherever its sides cross. */

import { crossings } from "./crossings.js";
import { bringIntoView } from "../map.js";
import { faultStyle, sketchStyle } from "./look.js";

const ABOVE = 9500; // zIndex: over every layer and mark
const FORMAT = { dataProjection: "EPSG:4326", featureProjection: "EPSG:3857" };

export class Sheet {
  #faults = new ol.source.Vector();
  #format = new ol.format.GeoJSON(FORMAT);

  /**
   * @param {ol.Map} map
   * @param {() => void} changed
   */
  constructor(map, changed) {
    this.map = map;
    this.changed = changed;
    this.source = new ol.source.Vector();
    this.layers = [
      new ol.layer.Vector({ source: this.source, style: /** @type {any} */ (sketchStyle), zIndex: ABOVE }),
      new ol.layer.Vector({ source: this.#faults, style: faultStyle(), zIndex: ABOVE + 1 }),
    ];
  }

  open() {
    for (const layer of this.layers) this.map.addLayer(layer);
  }

  close() {
    for (const layer of this.layers) this.map.removeLayer(layer);
    this.source.clear();
    this.#faults.clear();
  }

  /** What is drawn, beside the bars that cover the map. */
  bringIntoView() {
    this.map.updateSize(); // tables made room
    this.map.renderSync();
    if (this.shape) bringIntoView(this.map, this.shape);
  }

  /** @param {any} geometry  GeoJSON, longitude first, or null */
  put(geometry) {
    this.source.clear();
    if (geometry) {
      const shape = /** @type {ol.geom.Geometry} */ (this.#format.readGeometry(geometry));
      shape.on("change", () => this.check(shape));
      this.source.addFeature(new ol.Feature(shape));
    }
    this.check(this.shape);
  }

  /** @returns {any} of OpenLayers, or null */
  get shape() {
    return this.source.getFeatures()[0]?.getGeometry() ?? null;
  }

  get faults() {
    return this.#faults.getFeatures().length;
  }

  /** @param {any} shape  of OpenLayers @returns {any} GeoJSON, longitude first */
  written(shape) {
    return shape && this.#format.writeGeometryObject(shape);
  }

  /** Show where the sides of an area cross. @param {any} shape  what is drawn, or a sketch */
  check(shape) {
    this.#faults.clear();
    const plane = shape && { type: shape.getType(), coordinates: shape.getCoordinates?.() };
    this.#faults.addFeatures(crossings(plane).map((spot) => new ol.Feature(new ol.geom.Point(spot))));
    this.changed();
  }
}
