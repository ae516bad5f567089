// @ts-check
/** The dispatcher's form, which asks GET /dispatch/nearest. */

import { answerRows } from "./answer.js";
import { getJson } from "./api.js";
import { degreesText } from "./coordinates.js";
import { byId, element } from "./dom.js";
import { bringIntoView, zoomToGeometry } from "./map.js";
import { wordsOf } from "./status.js";
import { inEveryLanguage, text } from "./text.js";

/**
 * @typedef {object} Dispatching
 * @property {(typed: string) => LonLat | null} place
 * @property {string} example  of a coordinate of the district
 * @property {(found: Found[]) => void} draw
 * @property {(place: LonLat) => void} mark
 */

export class Dispatch {
  #form = /** @type {HTMLFormElement} */ (byId("nearest-form"));
  #place = /** @type {HTMLInputElement} */ (byId("nearest-place"));
  #asked = new AbortController();
  /** @type {() => (Node | string)[]} */
  #content = () => [];

  /** @param {Dispatching & import("./answer.js").Looking} doing */
  constructor(doing) {
    this.doing = doing;
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    byId("nearest-kind").addEventListener("change", askForWant);
    inEveryLanguage(() => {
      askForWant();
      this.#place.placeholder = text("dispatch.place.hint", { example: this.doing.example });
      this.#show(this.#content);
    });
  }

  /**
   * Put a clicked place into the form and send it.
   * @param {LonLat} spot
   */
  ask(spot) {
    this.#place.value = degreesText(spot);
    this.#send();
  }

  #send() {
    this.#asked.abort(); // the newest question is the one that counts
    this.#asked = new AbortController();
    const spot = this.doing.place(this.#place.value);
    this.#place.setAttribute("aria-invalid", String(!spot));
    this.doing.draw([]);
    if (!spot) return this.#refuse(() => text("dispatch.place.bad", { example: this.doing.example }));
    const wrong = badNumber(this.#form);
    if (wrong) return this.#refuse(() => text("dispatch.number.bad", limitsOf(wrong)));
    this.doing.mark(spot);
    this.#show(() => [element("p", {}, text("dispatch.asking"))]);
    return this.#answer(spot, this.#asked.signal);
  }

  /** @param {LonLat} spot @param {AbortSignal} signal */
  async #answer(spot, signal) {
    try {
      const answer = await getJson(`/dispatch/nearest?${queryOf(this.#form, spot)}`, signal);
      const at = new Date();
      this.#show(() => answerRows(answer, at, this.doing));
      this.doing.draw(answer.found);
    } catch (problem) {
      if (!signal.aborted) this.#refuse(() => wordsOf(problem));
    }
  }

  /** @param {() => string} why */
  #refuse(why) {
    this.#show(() => [element("p", { class: "problem", role: "alert" }, why())]);
  }

  /** @param {() => (Node | string)[]} content  drawn again when the language changes */
  #show(content) {
    this.#content = content;
    byId("nearest-answer").replaceChildren(...content());
  }
}

/** @param {HTMLFormElement} form @returns {HTMLInputElement | null} the first number out of its limits */
function badNumber(form) {
  const numbers = [...form.querySelectorAll("input")].filter((input) => input.type === "number");
  for (const input of numbers) input.setAttribute("aria-invalid", String(!input.checkValidity()));
  return numbers.find((input) => !input.checkValidity()) ?? null;
}

/** @param {HTMLInputElement} input */
function limitsOf({ labels, min, max }) {
  return { label: labels?.[0]?.textContent ?? "", least: min, most: max };
}

/** What narrows each kind down, by its parameter. @type {Record<string, string>} */
const WANTS = { depot: "item", rescue_team: "skill" };

/** Show the field that goes with the kind chosen. */
function askForWant() {
  const want = WANTS[/** @type {HTMLSelectElement} */ (byId("nearest-kind")).value];
  byId("nearest-want-row").hidden = !want;
  if (want) byId("nearest-want-row").querySelector("label")?.replaceChildren(text(`dispatch.want.${want}`));
}

/** @param {HTMLFormElement} form @param {LonLat} spot @returns {URLSearchParams} */
function queryOf(form, { lon, lat }) {
  const values = new FormData(form);
  const query = new URLSearchParams({ lon: String(lon), lat: String(lat) });
  for (const name of ["kind", "k", "within_min"]) {
    const value = String(values.get(name) ?? "");
    if (value) query.set(name, value);
  }
  const [name, want] = [WANTS[String(values.get("kind"))], String(values.get("want") ?? "").trim()];
  if (name && want) query.set(name, want);
  return query;
}

/**
 * What an answer does on the map.
 * @param {ol.Map} map
 * @param {import("./overlay.js").Overlay} overlay
 * @param {(typed: string) => LonLat | null} place
 * @param {string} example
 * @returns {Dispatching & import("./answer.js").Looking}
 */
export function onMap(map, overlay, place, example) {
  return {
    place,
    example,
    draw: (found) => {
      const shape = overlay.drawRoutes(found);
      if (shape) bringIntoView(map, shape);
    },
    mark: (spot) => overlay.pick(spot),
    lookAt: (rank) => overlay.lookAt(rank),
    goTo: (rank) => {
      const route = overlay.routeOf(rank);
      if (route) zoomToGeometry(map, route);
    },
  };
}
