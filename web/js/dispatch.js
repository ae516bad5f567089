// @ts-check
/** The dispatcher's form and the ranked answer of GET /dispatch/nearest. */

import { getJson } from "./api.js";
import { degreesText } from "./coordinates.js";
import { byId, element } from "./dom.js";
import { clock, wordsOf } from "./status.js";
import { inEveryLanguage, pick, text } from "./text.js";

/**
 * @typedef {object} Dispatching
 * @property {(typed: string) => LonLat | null} place
 * @property {(found: Found[]) => void} draw
 * @property {(place: LonLat) => void} mark
 * @property {(rank: number | null) => void} lookAt
 * @property {(rank: number) => void} goTo
 */

/**
 * @param {Dispatching} doing
 * @returns {{ask: (place: LonLat) => void}} `ask` puts a clicked place into the form and sends it
 */
export function createDispatch(doing) {
  const form = /** @type {HTMLFormElement} */ (byId("nearest-form"));
  const place = /** @type {HTMLInputElement} */ (byId("nearest-place"));
  /** @type {() => (Node | string)[]} */
  let content = () => [];
  let asked = new AbortController();
  const render = () => byId("nearest-answer").replaceChildren(...content());
  inEveryLanguage(render);

  const send = async () => {
    asked.abort(); // the newest question is the one that counts
    const mine = (asked = new AbortController());
    const spot = doing.place(place.value);
    place.setAttribute("aria-invalid", String(!spot));
    doing.draw([]);
    if (!spot) {
      content = () => [element("p", { class: "problem", role: "alert" }, text("dispatch.place.bad"))];
      return render();
    }
    doing.mark(spot);
    content = () => [element("p", {}, text("dispatch.asking"))];
    render();
    try {
      const answer = await getJson(`/dispatch/nearest?${queryOf(form, spot)}`, mine.signal);
      const at = new Date();
      content = () => answerOf(answer, at, doing);
      doing.draw(answer.found);
    } catch (problem) {
      if (mine.signal.aborted) return;
      content = () => [element("p", { class: "problem", role: "alert" }, wordsOf(problem))];
    }
    render();
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  return {
    ask(spot) {
      place.value = degreesText(spot);
      send();
    },
  };
}

/** @param {HTMLFormElement} form @param {LonLat} spot @returns {URLSearchParams} */
function queryOf(form, { lon, lat }) {
  const values = new FormData(form);
  const query = new URLSearchParams({ lon: String(lon), lat: String(lat) });
  for (const name of ["kind", "k", "within_min"]) {
    const value = String(values.get(name) ?? "");
    if (value) query.set(name, value);
  }
  return query;
}

/**
 * @param {NearestAnswer} answer
 * @param {Date} at
 * @param {Dispatching} doing
 * @returns {Node[]}
 */
function answerOf(answer, at, doing) {
  const { found, unreachable, closures_met: closures } = answer;
  const heading = found.length ? text("dispatch.found", { n: found.length }) : text("dispatch.empty");
  return [
    element("h3", { "aria-live": "polite" }, heading),
    ...[...answer.notes, ...answer.snap.notes].map((note) => element("p", { class: "notice" }, pick(note))),
    element("p", { class: "muted" }, snapText(answer)),
    element("ol", { class: "found" }, ...found.map((one) => foundRow(one, doing))),
    ...counted("dispatch.farther", answer.farther),
    ...counted("dispatch.outside", answer.outside_scope),
    ...listed("dispatch.unreachable", unreachable, (one) => [one.name, pick(one.reason)]),
    ...listed("dispatch.closures", closures, (one) => [one.name, text(`dispatch.${one.effect}`)]),
    element("p", { class: "muted" }, text("dispatch.computed", { time: clock(at), version: answer.graph_version })),
  ];
}

/** @param {NearestAnswer} answer @returns {string} */
function snapText({ snap }) {
  if (snap.distance_m === null) return "";
  const m = Math.round(snap.distance_m);
  return snap.road ? text("dispatch.snap.road", { m, road: snap.road }) : text("dispatch.snap", { m });
}

/** @param {Found} one @param {Dispatching} doing */
function foundRow(one, doing) {
  const minutes = text("dispatch.minutes", { n: (one.drive_s / 60).toFixed(1) });
  const way = { km: (one.distance_m / 1000).toFixed(1), snap: Math.round(one.snap_m) };
  const look = { mouseenter: () => doing.lookAt(one.rank), mouseleave: () => doing.lookAt(focusedRank()) };
  const focus = { focus: () => doing.lookAt(one.rank), blur: () => doing.lookAt(null), click: () => doing.goTo(one.rank) };
  const row = element(
    "button",
    { type: "button", "data-rank": one.rank, on: { ...look, ...focus, keydown: walk } },
    element("span", { class: "rank" }, one.rank),
    element("b", {}, one.name),
    element("span", { class: "minutes" }, minutes),
    element("small", {}, text("dispatch.row", way)),
    ...one.reasons.map((reason) => element("small", {}, pick(reason))),
  );
  return element("li", {}, row);
}

/** @returns {number | null} of the row the keyboard is on, which stays looked at when the mouse goes */
function focusedRank() {
  const row = document.activeElement;
  return row instanceof HTMLElement && row.dataset.rank ? Number(row.dataset.rank) : null;
}

/** Arrow keys walk through the ranked list. @param {KeyboardEvent} event */
function walk(event) {
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (!step) return;
  event.preventDefault();
  const rows = [...document.querySelectorAll("#nearest-answer .found button")];
  const next = rows[rows.indexOf(/** @type {Element} */ (event.currentTarget)) + step];
  if (next instanceof HTMLElement) next.focus();
}

/** @param {string} key @param {number} n @returns {Node[]} a sentence, unless the number is 0 */
function counted(key, n) {
  return n ? [element("p", { class: "muted" }, text(key, { n }))] : [];
}

/**
 * A titled list, or nothing when it is empty.
 * @template T
 * @param {string} key
 * @param {T[]} items
 * @param {(item: T) => [string, string]} describe
 * @returns {Node[]}
 */
function listed(key, items, describe) {
  if (!items.length) return [];
  const rows = items.map((item) => {
    const [name, why] = describe(item);
    return element("li", {}, element("b", {}, name), element("small", {}, why));
  });
  return [element("h3", {}, text(key, { n: items.length })), element("ul", { class: "listed" }, ...rows)];
}
