// @ts-check
/** Identify: from a click or a search result to the card, and back to the list. */

import { hideCard, showFeature, showList } from "./card.js";
import { whole } from "./hits.js";
import { zoomToGeometry } from "./map.js";
import { inEveryLanguage } from "./text.js";

/**
 * @typedef {object} Surroundings
 * @property {ol.Map} map
 * @property {import("./layers.js").LayerSet} layers
 * @property {import("./overlay.js").Overlay} overlay
 * @property {((place: LonLat) => void) | null} ask  nearest resources; null for who may not
 * @property {(problem: unknown) => void} onProblem
 * @property {(hit: Hit) => Node[]} more  buttons of who may do more
 * @property {(hit: Hit) => void} opened  its table follows
 */

export class Cards {
  /** @type {Hit[]} */
  #others = [];
  /** @type {LonLat | null} */
  #clicked = null;
  #redraw = () => {};

  /** @param {Surroundings} around */
  constructor(around) {
    const { map, layers, ask } = around;
    this.around = around;
    /** @type {import("./card.js").CardActions} */
    this.actions = {
      open: (hit) => this.open(hit),
      zoom: (hit) => hit.geometry && zoomToGeometry(map, hit.geometry),
      nearest: ask && ((hit) => ask(placeOf(hit, this.#clicked))),
      more: around.more,
      townName: (code) => townName(layers, code),
      closed: () => this.close(),
    };
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
    });
    inEveryLanguage(() => this.#redraw());
  }

  close() {
    this.around.overlay.choose(null);
    this.#show(hideCard);
  }

  /**
   * The card of one feature.
   * @param {Hit} hit
   * @returns {Promise<Hit | null>} with its whole geometry; null when it could not be read
   */
  async open(hit) {
    try {
      const full = await whole(hit);
      this.around.overlay.choose(full.geometry);
      this.#show(() => showFeature(full, this.#others, this.actions));
      this.around.opened(full);
      return full;
    } catch (problem) {
      this.around.onProblem(problem);
      return null;
    }
  }

  /**
   * The card of what lies under a pixel, or the list when it is more than one.
   * @param {number[]} pixel
   * @param {LonLat} spot  where the pixel is
   * @returns {boolean} whether anything lies there
   */
  openAt(pixel, spot) {
    this.close();
    this.#clicked = spot;
    const hits = this.around.layers.at(pixel);
    this.#others = hits;
    if (hits.length === 1) this.open(hits[0]);
    if (hits.length > 1) this.#show(() => showList(hits, this.actions));
    return hits.length > 0;
  }

  /**
   * The card of a feature found by name, and the map at it; its layer is switched on.
   * @param {Hit} hit
   */
  async goTo(hit) {
    this.around.layers.show(hit.collection.id, true);
    this.#others = [];
    this.#clicked = null;
    const full = await this.open(hit);
    if (full?.geometry) zoomToGeometry(this.around.map, full.geometry);
  }

  /** @param {() => void} draw  drawn again when the language changes */
  #show(draw) {
    this.#redraw = draw;
    draw();
  }
}

/**
 * @param {Hit} hit
 * @param {LonLat | null} clicked
 * @returns {LonLat} where the feature was clicked; of a point, and of what was found by name, its middle
 */
function placeOf({ geometry }, clicked) {
  if (clicked && geometry?.getType() !== "Point") return clicked;
  const middle = ol.extent.getCenter(geometry?.getExtent() ?? [0, 0, 0, 0]);
  const isOn = !geometry || geometry.intersectsCoordinate(middle);
  const [lon, lat] = ol.proj.toLonLat(isOn ? middle : geometry.getClosestPoint(middle));
  return { lon, lat };
}

/** @param {import("./layers.js").LayerSet} layers @param {string} code @returns {string | null} */
function townName(layers, code) {
  for (const { collection, properties } of layers.hits()) {
    if (collection.id === "towns" && properties.town_code === code) return String(properties.name);
  }
  return null;
}
