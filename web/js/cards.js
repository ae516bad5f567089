// @ts-check
/** Identify: from a click or a search result to the card, and back to the list. */

import { hideCard, showFeature, showList } from "./card.js";
import { whole } from "./layers.js";
import { zoomToGeometry } from "./map.js";
import { inEveryLanguage } from "./text.js";

/**
 * @param {ol.Map} map
 * @param {import("./layers.js").LayerSet} layers
 * @param {import("./overlay.js").Overlay} overlay
 * @param {{ask: ((place: LonLat) => void) | null, onProblem: (problem: unknown) => void}} ways
 */
export function createCards(map, layers, overlay, { ask, onProblem }) {
  /** @type {Hit[]} */
  let others = [];
  let redraw = () => {};

  /** @param {Hit} hit */
  const open = async (hit) => {
    try {
      const full = await whole(hit);
      overlay.choose(full.geometry);
      redraw = () => showFeature(full, others, actions);
      redraw();
      return full;
    } catch (problem) {
      onProblem(problem);
      return null;
    }
  };
  const close = () => {
    overlay.choose(null);
    redraw = () => {};
    hideCard();
  };
  /** @type {import("./card.js").CardActions} */
  const actions = {
    open,
    zoom: (hit) => hit.geometry && zoomToGeometry(map, hit.geometry),
    nearest: ask && ((hit) => ask(middleOf(hit))),
    townName: (code) => townName(layers, code),
    closed: close,
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
  inEveryLanguage(() => redraw());

  return {
    /** @param {number[]} pixel @returns {boolean} whether anything lies there */
    openAt(pixel) {
      close();
      others = layers.at(pixel);
      if (others.length === 1) open(others[0]);
      if (others.length > 1) {
        redraw = () => showList(others, actions);
        redraw();
      }
      return others.length > 0;
    },
    /** @param {Hit} hit */
    async goTo(hit) {
      layers.show(hit.collection.id, true);
      others = [];
      const full = await open(hit);
      if (full?.geometry) zoomToGeometry(map, full.geometry);
    },
  };
}

/** @param {Hit} hit @returns {LonLat} a point of the feature */
function middleOf({ geometry }) {
  const at = geometry instanceof ol.geom.Point ? geometry.getCoordinates() : ol.extent.getCenter(geometry?.getExtent() ?? [0, 0, 0, 0]);
  const [lon, lat] = ol.proj.toLonLat(at);
  return { lon, lat };
}

/** @param {import("./layers.js").LayerSet} layers @param {string} code @returns {string | null} */
function townName(layers, code) {
  for (const { collection, properties } of layers.hits()) {
    if (collection.id === "towns" && properties.town_code === code) return String(properties.name);
  }
  return null;
}
