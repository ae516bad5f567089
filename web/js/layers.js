// @ts-check
/** The layers a session may read: fetched, drawn, refreshed. GeoJSON when few, vector tiles when many. */

import { getFeatures, getJson } from "./api.js";
import { fromGeoJson, hitOf, isDrawn } from "./hits.js";
import { labelLayers, markLayers, styleFunction } from "./style.js";
import { tileSource } from "./tiles.js";

const FEW = 5000; // above it a layer comes as tiles
const FEW_LINES = 500; // lines carry many vertices
const LABELS = 5000; // zIndex of names: over the marks of every layer
const BELOW = { polygon: 0, mixed: 2000, line: 2000, point: 3000 }; // zIndex by geometry, then by order: closures over roads

/**
 * @typedef {object} Entry  one layer
 * @property {Collection} collection
 * @property {StyleLayer[]} style
 * @property {boolean} tiled
 * @property {Error | null} problem  why its last reading failed
 * @property {any} layer  the OpenLayers layer of its marks
 * @property {any} labels  that of its names, over the marks of all others
 */

export class LayerSet {
  /**
   * @param {ol.Map} map
   * @param {Collection[]} collections
   * @param {(collection: Collection) => boolean} isVisible  at the start
   * @param {(problem: Error) => void} onProblem  of a tile, which is read whenever the map moves
   */
  constructor(map, collections, isVisible, onProblem) {
    this.map = map;
    this.collections = collections;
    /** @type {Entry[]} */
    this.entries = collections
      .filter(isDrawn)
      .map((collection) => entryOf(collection, isVisible(collection), onProblem));
    for (const { layer, labels } of this.entries) [layer, labels].forEach((one) => map.addLayer(one));
  }

  /** Read every layer (anew); what fails keeps what it had. Resolves to the first problem, or null. */
  async refresh() {
    const { collections } = await getJson("/ogc/collections");
    const ids = collections.map((/** @type {Collection} */ c) => c.id).join();
    // signed out meanwhile, or a layer more: the page has to be built anew
    if (ids !== this.collections.map(({ id }) => id).join()) {
      location.reload();
      return null;
    }
    collections.forEach((/** @type {Collection} */ { geoservice, attribution }, /** @type {number} */ i) => {
      this.collections[i].geoservice.count = geoservice.count;
      this.collections[i].attribution = attribution;
    });
    await Promise.all(this.entries.map((entry) => read(entry)));
    return this.entries.find((entry) => entry.problem)?.problem ?? null;
  }

  /**
   * Read one layer anew, after a record of it was changed here.
   * @param {string} id
   */
  async refreshOne(id) {
    const entry = this.entries.find(({ collection }) => collection.id === id);
    if (!entry) return;
    await read(entry);
    if (entry.tiled) entry.layer.getSource().refresh();
    if (entry.problem) throw entry.problem;
  }

  /** @param {string} id @returns {Entry} of a layer that is drawn */
  entry(id) {
    const found = this.entries.find((entry) => entry.collection.id === id);
    if (!found) throw new Error(`there is no layer ${id}`);
    return found;
  }

  /** @param {string} id @param {boolean} isVisible  a table has no shapes to show */
  show(id, isVisible) {
    for (const { collection, layer, labels } of this.entries) {
      if (collection.id !== id) continue;
      layer.setVisible(isVisible);
      labels.setVisible(isVisible);
    }
  }

  /** @returns {Generator<Hit>} every feature held here, of hidden layers too */
  *hits() {
    for (const { collection, tiled, layer } of this.entries) {
      if (tiled) continue;
      for (const feature of layer.getSource().getFeatures()) yield hitOf(collection, feature);
    }
  }

  /**
   * The features under a pixel, the topmost first. The base layers lie under everything, so they
   * answer only where nothing else does.
   * @param {number[]} pixel
   * @returns {Hit[]}
   */
  at(pixel) {
    /** @type {Map<string, Hit>} */
    const hits = new Map();
    this.map.forEachFeatureAtPixel(
      pixel,
      (feature, layer) => {
        const entry = this.entries.find((one) => one.layer === layer || one.labels === layer);
        if (!entry) return;
        const key = `${entry.collection.id}/${feature.getId()}`;
        if (!hits.has(key)) hits.set(key, hitOf(entry.collection, feature));
      },
      { hitTolerance: 5 },
    );
    const height = (/** @type {Hit} */ hit) => heightOf(hit.collection.geoservice);
    const sorted = [...hits.values()].sort((a, b) => height(b) - height(a));
    const telling = sorted.filter((hit) => hit.collection.geoservice.group.id !== "base");
    return telling.length ? telling : sorted;
  }
}

/**
 * @param {Collection} collection
 * @param {boolean} visible
 * @param {(problem: Error) => void} onProblem
 * @returns {Entry}
 */
function entryOf(collection, visible, onProblem) {
  const { geometry, order, count } = collection.geoservice;
  const tiled = count > (geometry === "line" ? FEW_LINES : FEW);
  const failed = (/** @type {Error} */ problem) => {
    entry.problem = problem;
    onProblem(problem);
  };
  const source = /** @type {any} */ (tiled ? tileSource(collection.id, failed) : new ol.source.Vector());
  const Layer = /** @type {any} */ (tiled ? ol.layer.VectorTile : ol.layer.Vector);
  // The style is fetched with the first reading; "vector" keeps enlarged tiles sharp until better ones come.
  const shared = { visible, source, style: null, ...(tiled && { renderMode: "vector" }) };
  const layer = new Layer({ ...shared, zIndex: heightOf(collection.geoservice) });
  const labels = new Layer({ ...shared, zIndex: LABELS + order, declutter: true });
  /** @type {Entry} */
  const entry = { collection, style: [], tiled, problem: null, layer, labels };
  return entry;
}

/** @param {Collection["geoservice"]} layer  areas lie below lines, lines below points */
function heightOf({ geometry, order }) {
  return (geometry === "none" ? 0 : BELOW[geometry]) + order;
}

/** @param {Entry} entry */
async function read(entry) {
  const { id } = entry.collection;
  const failedBefore = entry.problem !== null;
  try {
    entry.problem = null;
    if (entry.style.length === 0) {
      entry.style = (await getJson(`/ogc/styles/${id}`)).layers;
      entry.layer.setStyle(styleFunction(markLayers(entry.style)));
      entry.labels.setStyle(styleFunction(labelLayers(entry.style)));
    }
    if (!entry.tiled) await readFeatures(entry);
    else if (failedBefore) entry.layer.getSource().refresh();
  } catch (problem) {
    entry.problem = /** @type {Error} */ (problem);
  }
}

/** @param {Entry} entry */
async function readFeatures(entry) {
  const features = await getFeatures(entry.collection.id);
  const source = entry.layer.getSource();
  source.clear(true);
  source.addFeatures(features.map(fromGeoJson));
}
