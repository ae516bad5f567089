// @ts-check
/** A version of the zones on the map, over the published ones: its zones, or what changed between two. */

import { bringIntoView } from "../map.js";
import { shapeOf } from "../overlay.js";
import { labelLayers, markLayers, styleFunction } from "../style.js";
import { text } from "../text.js";

const ABOVE = 8000; // zIndex: over the layers, below marks and drawings
const WORSE = "#882255", BETTER = "#117733", SAME = "#999999";
const RANK = /** @type {Record<string, number>} */ ({ workable: 0, slow_mining: 1, no_mining: 2 });

export class ZoneSheet {
  /** @param {ol.Map} map @param {import("../layers.js").LayerSet} layers */
  constructor(map, layers) {
    this.map = map;
    this.layers = layers;
    this.source = new ol.source.Vector();
    this.changes = new ol.source.Vector();
    const shared = { source: this.source, style: null };
    this.shown = [
      new ol.layer.Vector({ .../** @type {any} */ (shared), zIndex: ABOVE }),
      new ol.layer.Vector({ .../** @type {any} */ (shared), zIndex: ABOVE + 1, declutter: true }),
      new ol.layer.Vector({ source: this.changes, style: /** @type {any} */ (changeStyle), zIndex: ABOVE + 2 }),
    ];
    for (const layer of this.shown) map.addLayer(layer);
  }

  /**
   * Zones instead of those shown before, in the look of the published layer, which is put away meanwhile.
   * @param {any} zones  GeoJSON features with `zone`
   * @param {(zone: any) => string} label
   */
  show(zones, label) {
    const { style } = this.layers.entry("mine_water_zones");
    this.shown[0].setStyle(/** @type {any} */ (styleFunction(markLayers(style))));
    this.shown[1].setStyle(/** @type {any} */ (styleFunction(labelLayers(style))));
    this.layers.show("mine_water_zones", false);
    const isFirst = this.source.getFeatures().length === 0;
    this.source.clear();
    this.source.addFeatures(zones.features.map((/** @type {any} */ { geometry, properties }) => new ol.Feature({ geometry: shapeOf(geometry), ...properties, label: label(properties) })));
    if (isFirst) this.#look();
  }

  /** What became what between two versions; null takes it away. @param {any} comparison */
  compare(comparison) {
    this.changes.clear();
    if (!comparison) return;
    this.changes.addFeatures(comparison.features.map((/** @type {any} */ { geometry, properties }) => new ol.Feature({ geometry: shapeOf(geometry), ...properties })));
  }

  close() {
    if (!this.source.getFeatures().length) return;
    this.source.clear();
    this.changes.clear();
    this.layers.show("mine_water_zones", true);
  }

  /** The zone drawn at a place of the map. @param {number[]} at @returns {any} a feature, or null */
  at(at) {
    return this.source.getFeaturesAtCoordinate(at)[0] ?? null;
  }

  #look() {
    const shapes = this.source.getFeatures().map((feature) => /** @type {ol.geom.Geometry} */ (feature.getGeometry()));
    if (shapes.length) bringIntoView(this.map, new ol.geom.GeometryCollection(shapes));
  }
}

/** @param {string | null} before @param {string | null} after @returns {string} worse, better or the same */
export function changeOf(before, after) {
  if (before === after) return "same";
  return (RANK[after ?? ""] ?? -1) > (RANK[before ?? ""] ?? -1) ? "worse" : "better";
}

/** @param {ol.Feature} feature */
function changeStyle(feature) {
  const change = changeOf(feature.get("from"), feature.get("to"));
  const color = change === "worse" ? WORSE : change === "better" ? BETTER : SAME;
  const words = `${text(`zone.${feature.get("from") ?? "none"}`)}→${text(`zone.${feature.get("to") ?? "none"}`)}`;
  return new ol.style.Style({
    stroke: new ol.style.Stroke({ color, width: 3, lineDash: change === "better" ? [8, 6] : undefined }),
    fill: new ol.style.Fill({ color: `${color}55` }),
    text: new ol.style.Text({ text: words, font: "bold 12px sans-serif", fill: new ol.style.Fill({ color: "#111111" }), stroke: new ol.style.Stroke({ color: "#ffffff", width: 3 }) }),
  });
}
