// @ts-check
/** MapLibre style layers as OpenLayers draws them: map and legend go through the same few lines. */

import { evaluate } from "./expression.js";
import { hatch, markerStyles } from "./symbols.js";

const FONT = '"Noto Sans CJK SC", "Microsoft YaHei", "SimHei", sans-serif';
export const ZOOM_0_RESOLUTION = 78271.51696402048; // metres a pixel at MapLibre's zoom 0, one tile of 512 px
/** @type {Record<string, {x: "left" | "center" | "right", y: "top" | "middle" | "bottom"}>} */
const ANCHORS = {
  center: { x: "center", y: "middle" },
  top: { x: "center", y: "top" },
  bottom: { x: "center", y: "bottom" },
  left: { x: "left", y: "middle" },
  right: { x: "right", y: "middle" },
};

/** @typedef {(name: string, otherwise?: any) => any} Reader  the value of a paint or layout property */

/** @type {Record<string, (read: Reader) => ol.style.Style[]>} */
const DRAWN = {
  fill: (read) => [new ol.style.Style({ fill: fillOf(read), stroke: outlineOf(read) })],
  line: (read) => [new ol.style.Style({ stroke: strokeOf(read) })],
  circle: (read) => [new ol.style.Style({ image: circleOf(read) })],
  symbol: (read) => [
    ...(read("icon-image")
      ? markerStyles(read("icon-image"), read("icon-color", "#333333"), read("icon-size", 1))
      : []),
    ...(read("text-field") ? [new ol.style.Style({ text: labelOf(read) })] : []),
  ],
  background: () => [],
};

/**
 * What is drawn at a feature's own place. The circles of a style with icons are left out: they are
 * for clients that have no such images.
 * @param {StyleLayer[]} layers
 * @returns {StyleLayer[]}
 */
export function markLayers(layers) {
  const hasIcons = layers.some((layer) => layer.layout?.["icon-image"]);
  return layers
    .filter((layer) => layer.type !== "symbol" || layer.layout?.["icon-image"])
    .filter((layer) => !(hasIcons && layer.type === "circle"))
    .map((layer) => ({ ...layer, layout: { ...layer.layout, "text-field": undefined } }));
}

/**
 * The names, which lie over the marks of every layer.
 * @param {StyleLayer[]} layers
 * @returns {StyleLayer[]}
 */
export function labelLayers(layers) {
  return layers
    .filter((layer) => layer.layout?.["text-field"])
    .map((layer) => ({ ...layer, layout: { ...layer.layout, "icon-image": undefined } }));
}

/**
 * @param {StyleLayer[]} layers
 * @returns {(feature: ol.Feature | ol.render.Feature, resolution: number) => ol.style.Style[]}
 */
export function styleFunction(layers) {
  /** @type {Map<string, ol.style.Style[]>} */
  const made = new Map();
  return (feature, resolution) => {
    const zoom = Math.log2(ZOOM_0_RESOLUTION / resolution);
    const subject = subjectOf(feature);
    const shown = layers.filter((layer) => applies(layer, subject, zoom));
    return shown.flatMap((layer) => drawn(layer, subject, zoom, made));
  };
}

/** @param {ol.Feature | ol.render.Feature} feature @returns {Subject} */
function subjectOf(feature) {
  const type = feature.getGeometry()?.getType() ?? "";
  return { properties: feature.getProperties(), geometryType: type, id: feature.getId() };
}

/** @param {StyleLayer} layer @param {Subject} subject @param {number} zoom */
function applies(layer, subject, zoom) {
  if (layer.layout?.visibility === "none") return false;
  if (zoom < (layer.minzoom ?? 0) || zoom >= (layer.maxzoom ?? 99)) return false;
  return layer.filter === undefined || Boolean(evaluate(layer.filter, subject, zoom));
}

/**
 * The styles of one layer; features that look the same share them.
 * @param {StyleLayer} layer
 * @param {Subject} subject
 * @param {number} zoom
 * @param {Map<string, ol.style.Style[]>} made
 */
function drawn(layer, subject, zoom, made) {
  /** @type {Record<string, any>} */
  const values = {};
  for (const [name, expression] of Object.entries({ ...layer.layout, ...layer.paint })) {
    values[name] = evaluate(expression, subject, zoom);
  }
  const key = layer.id + JSON.stringify(values);
  let styles = made.get(key);
  if (!styles) {
    styles = DRAWN[layer.type]((name, otherwise) => values[name] ?? otherwise);
    made.set(key, styles);
  }
  return styles;
}

/** @param {Reader} read */
function fillOf(read) {
  const pattern = read("fill-pattern");
  const color = pattern ? hatch(pattern) : faded(read("fill-color", "#000000"), read("fill-opacity", 1));
  return new ol.style.Fill({ color });
}

/** @param {Reader} read */
function outlineOf(read) {
  const color = read("fill-outline-color");
  return color && new ol.style.Stroke({ color, width: 1 });
}

/** @param {Reader} read */
function strokeOf(read) {
  const width = read("line-width", 1);
  return new ol.style.Stroke({
    color: faded(read("line-color", "#000000"), read("line-opacity", 1)),
    width,
    lineCap: read("line-cap", "butt"),
    lineJoin: read("line-join", "miter"),
    // MapLibre counts dashes in line widths
    lineDash: read("line-dasharray")?.map((/** @type {number} */ dash) => dash * width),
  });
}

/** @param {Reader} read */
function circleOf(read) {
  const width = read("circle-stroke-width", 0);
  return new ol.style.Circle({
    radius: read("circle-radius", 5),
    fill: new ol.style.Fill({ color: faded(read("circle-color", "#000000"), read("circle-opacity", 1)) }),
    stroke: width ? new ol.style.Stroke({ color: read("circle-stroke-color", "#000000"), width }) : undefined,
  });
}

/** @param {Reader} read */
function labelOf(read) {
  const size = read("text-size", 14);
  const [right, down] = read("text-offset", [0, 0]);
  const anchor = ANCHORS[read("text-anchor", "center")] ?? ANCHORS.center;
  return new ol.style.Text({
    text: String(read("text-field")),
    font: `${size}px ${FONT}`,
    fill: new ol.style.Fill({ color: read("text-color", "#000000") }),
    stroke: new ol.style.Stroke({ color: read("text-halo-color", "#ffffff"), width: 2 * read("text-halo-width", 0) }),
    placement: String(read("symbol-placement", "point")).startsWith("line") ? "line" : "point",
    textAlign: anchor.x,
    textBaseline: anchor.y,
    offsetX: right * size,
    offsetY: down * size,
    overflow: true,
  });
}

/**
 * @param {string} colour  as styles write it, #rrggbb
 * @param {number} opacity
 */
function faded(colour, opacity) {
  if (opacity >= 1) return colour;
  const [red, green, blue] = ol.color.asArray(colour);
  return [red, green, blue, opacity];
}
