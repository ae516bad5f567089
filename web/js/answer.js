// @ts-check
/** The ranked answer of GET /dispatch/nearest as a list to read, hover, walk through and click. */

import { element } from "./dom.js";
import { pick, text } from "./text.js";
import { clock } from "./times.js";

/**
 * @typedef {object} Looking  at one route
 * @property {(rank: number | null) => void} lookAt
 * @property {(rank: number) => void} goTo
 */

/**
 * Everything the answer says: who comes, who cannot and why, what it rests on.
 * @param {NearestAnswer} answer
 * @param {Date} at  when it came
 * @param {Looking} doing
 * @returns {Node[]}
 */
export function answerRows(answer, at, doing) {
  const { found, unreachable, closures_met: closures } = answer;
  const heading = found.length ? text("dispatch.found", { n: found.length }) : text("dispatch.empty");
  return [
    element("h3", { "aria-live": "polite" }, heading),
    ...[...(answer.stage ? [answer.stage.note] : []), ...answer.notes, ...answer.snap.notes].map((note) => element("p", { class: "notice" }, pick(note))),
    element("p", { class: "muted" }, snapText(answer)),
    element("ol", { class: "found" }, ...found.map((one) => foundRow(one, doing))),
    ...counted("dispatch.farther", answer.farther),
    ...counted("dispatch.outside", answer.outside_scope),
    ...listed("dispatch.unreachable", unreachable, (one) => [one.name, whyText(one)]),
    ...listed("dispatch.closures", closures, (one) => [one.name, text(`dispatch.${one.effect}`)]),
    element("p", { class: "muted" }, computedText(answer, at)),
  ];
}

/** @param {NearestAnswer} answer @returns {string} */
function snapText({ snap }) {
  if (snap.distance_m === null) return "";
  const m = Math.round(snap.distance_m);
  return snap.road ? text("dispatch.snap.road", { m, road: snap.road }) : text("dispatch.snap", { m });
}

/** @param {NearestAnswer} answer @param {Date} at @returns {string} */
function computedText(answer, at) {
  const key = answer.basis === "road" ? "dispatch.computed" : "dispatch.computed.straight";
  return text(key, { time: clock(at), version: answer.graph_version ?? "" });
}

/** @param {NearestAnswer["unreachable"][number]} one @returns {string} */
function whyText({ reason, guess }) {
  if (!guess) return pick(reason);
  return text("dispatch.guess", { reason: pick(reason), n: Math.round(guess.eta_s / 60) });
}

/** @param {Found} one @returns {string} */
function etaText({ eta_s, eta_low_s, eta_high_s }) {
  const [n, low, high] = [eta_s, eta_low_s, eta_high_s].map((seconds) => Math.round(seconds / 60));
  return text("dispatch.eta", { n, low, high });
}

/** @param {Found} one @param {Looking} doing */
function foundRow(one, doing) {
  const look = () => doing.lookAt(one.rank);
  const on = {
    mouseenter: look,
    mouseleave: () => doing.lookAt(focusedRank()),
    focus: look,
    blur: () => doing.lookAt(null),
    click: () => doing.goTo(one.rank),
    keydown: walk,
  };
  const row = element(
    "button",
    { type: "button", "data-rank": one.rank, on },
    element("span", { class: "rank" }, one.rank),
    element("b", {}, one.name),
    element("span", { class: "minutes" }, etaText(one)),
    ...(one.is_stale ? [element("span", { class: "stale" }, text("dispatch.stale"))] : []),
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
