// @ts-check
/** The link to the service: what changed is read anew at once; when the link is lost, the page says so and greys. */

import { Problem } from "./api.js";
import { bothTexts } from "./text.js";

const SILENT_MS = 40_000; // the service sends a beat every 15 s
const CHECK_MS = 5_000;
const GATHER_MS = 300; // an import changes many layers in a moment

/**
 * @typedef {object} Page
 * @property {(layer: string) => void} changed  a layer is to be read anew
 * @property {(problem: Error) => void} lost  nothing is heard any more
 * @property {() => void} back  heard again: anything may have changed
 */

/**
 * Listen for as long as the page is open.
 * @param {Page} page
 */
export function listen(page) {
  const link = { source: open(page, hear), heardAt: Date.now(), isLost: false };
  /** @param {boolean} isWell */
  function hear(isWell) {
    if (isWell) link.heardAt = Date.now();
    settle();
  }
  function settle() {
    if (link.source.readyState === EventSource.CLOSED) link.source = open(page, hear); // refused for a time
    const isLost = Date.now() - link.heardAt > SILENT_MS;
    if (isLost === link.isLost) return;
    link.isLost = isLost;
    if (isLost) page.lost(new Problem(0, bothTexts("problem.unreachable")));
    else page.back();
  }
  setInterval(settle, CHECK_MS);
}

/**
 * @param {Page} page
 * @param {(isWell: boolean) => void} hear
 * @returns {EventSource}
 */
function open(page, hear) {
  const source = new EventSource("/events");
  const gathered = gather(page.changed);
  source.addEventListener("layers", (event) => gathered(JSON.parse(event.data).changed));
  source.addEventListener("beat", (event) => hear(JSON.parse(event.data).database));
  return source;
}

/**
 * Hand layers on a moment later, each once.
 * @param {(layer: string) => void} changed
 * @returns {(layers: string[]) => void}
 */
export function gather(changed) {
  /** @type {Set<string>} */
  const waiting = new Set();
  return (layers) => {
    if (waiting.size === 0 && layers.length > 0) {
      setTimeout(() => {
        const all = [...waiting];
        waiting.clear();
        all.forEach(changed);
      }, GATHER_MS);
    }
    layers.forEach((layer) => waiting.add(layer));
  };
}
