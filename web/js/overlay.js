// @ts-check
/** What lies over the layers: the picked place, the chosen feature, routes and the one looked at. */

import { pointAt } from "./map.js";

const ROUTE = "#0b5cad";
const CHOSEN = "#d6336c";
const ABOVE_ALL = 9000;

export class Overlay {
  /** @param {ol.Map} map */
  constructor(map) {
    this.routes = sourceOn(map, ABOVE_ALL, routeStyle);
    this.marks = sourceOn(map, ABOVE_ALL + 1, markStyle);
  }

  /**
   * Ring or outline a feature; null takes the mark away.
   * @param {ol.geom.Geometry | null} geometry
   */
  choose(geometry) {
    this.#replace("chosen", geometry);
  }

  /** A shape looked at beside the chosen one. @param {ol.geom.Geometry | null} geometry */
  look(geometry) {
    this.#replace("looked", geometry);
  }

  /** @param {LonLat | null} place */
  pick(place) {
    this.#replace("picked", place && pointAt(place));
  }

  /** @param {string} role @param {ol.geom.Geometry | null} geometry */
  #replace(role, geometry) {
    for (const feature of this.marks.getFeatures()) {
      if (feature.get("role") === role) this.marks.removeFeature(feature);
    }
    if (geometry) this.marks.addFeature(new ol.Feature({ geometry, role }));
  }

  /**
   * Draw the routes of an answer, the best on top.
   * @param {Found[]} found
   * @returns {ol.geom.Geometry | null} all of them together
   */
  drawRoutes(found) {
    this.routes.clear();
    this.routes.addFeatures(found.flatMap(routeFeatures));
    return together(this.routes.getFeatures());
  }

  /** @param {number | null} rank  the row looked at */
  lookAt(rank) {
    for (const feature of this.routes.getFeatures()) feature.set("isLookedAt", feature.get("rank") === rank);
  }

  /** @param {number} rank @returns {ol.geom.Geometry | null} the route and both its ends */
  routeOf(rank) {
    return together(this.routes.getFeatures().filter((feature) => feature.get("rank") === rank));
  }
}

/**
 * A shape in the map's projection. CGCS2000 degrees are drawn as WGS 84, which they are within centimetres; a `crs` member
 * that names EPSG:4490 is not asked, for nothing here knows that name.
 * @param {any} geometry  GeoJSON, longitude first
 * @returns {any}
 */
export function shapeOf(geometry) {
  return new ol.format.GeoJSON().readGeometry(geometry, { dataProjection: "EPSG:4326", featureProjection: "EPSG:3857" });
}

/** The same the other way. @param {ol.geom.Geometry} geometry @returns {any} GeoJSON, longitude first */
export function geoJsonOf(geometry) {
  return new ol.format.GeoJSON().writeGeometryObject(geometry, { dataProjection: "EPSG:4326", featureProjection: "EPSG:3857" });
}

/** @param {ol.Feature[]} features @returns {ol.geom.Geometry | null} */
function together(features) {
  const shapes = features.map((feature) => feature.getGeometry()).filter((shape) => shape !== undefined);
  return shapes.length ? new ol.geom.GeometryCollection(shapes) : null;
}

/**
 * @param {ol.Map} map
 * @param {number} zIndex
 * @param {any} style
 */
function sourceOn(map, zIndex, style) {
  const source = new ol.source.Vector();
  map.addLayer(new ol.layer.Vector({ source, style, zIndex }));
  return source;
}

/** @param {Found} found */
function routeFeatures({ rank, lon, lat, route }) {
  const end = new ol.Feature({ geometry: pointAt({ lon, lat }), rank });
  if (!route) return [end]; // a guess by straight line has no way
  const line = new ol.geom.LineString(route.coordinates).transform("EPSG:4326", "EPSG:3857");
  return [new ol.Feature({ geometry: line, rank }), end];
}

/** @param {ol.Feature} feature */
function routeStyle(feature) {
  const rank = feature.get("rank");
  const isFirst = rank === 1;
  const looked = feature.get("isLookedAt");
  const color = looked ? CHOSEN : ROUTE;
  const zIndex = looked ? 1000 : 100 - rank;
  if (feature.getGeometry()?.getType() === "Point") return rankStyle(String(rank), color, zIndex);
  return [
    lineStyle("#ffffff", looked ? 9 : 6, zIndex - 0.5),
    lineStyle(looked || isFirst ? color : "#5b93c9", looked ? 5.5 : isFirst ? 4 : 3, zIndex),
  ];
}

/** @param {string} color @param {number} width @param {number} zIndex */
function lineStyle(color, width, zIndex) {
  const stroke = new ol.style.Stroke({ color, width, lineCap: "round", lineJoin: "round" });
  return new ol.style.Style({ stroke, zIndex });
}

/** @param {string} rank @param {string} color @param {number} zIndex */
function rankStyle(rank, color, zIndex) {
  const white = new ol.style.Stroke({ color: "#ffffff", width: 2 });
  const fill = new ol.style.Fill({ color: "#ffffff" });
  return new ol.style.Style({
    zIndex: zIndex + 1000,
    image: new ol.style.Circle({ radius: 12, fill: new ol.style.Fill({ color }), stroke: white }),
    text: new ol.style.Text({ text: rank, font: "bold 13px sans-serif", fill }),
  });
}

/** @param {ol.Feature} feature */
function markStyle(feature) {
  if (feature.get("role") === "picked") return [pin("#ffffff", 7), pin(CHOSEN, 3.5)];
  return [ring("#ffffff", 7), ring(CHOSEN, 3)];
}

/** @param {string} color @param {number} width */
function pin(color, width) {
  const stroke = new ol.style.Stroke({ color, width, lineCap: "round" });
  return new ol.style.Style({ image: new ol.style.RegularShape({ points: 4, radius: 11, radius2: 0, stroke }) });
}

/** @param {string} color @param {number} width */
function ring(color, width) {
  const stroke = new ol.style.Stroke({ color, width });
  return new ol.style.Style({ stroke, image: new ol.style.Circle({ radius: 14, stroke }) });
}
