// @ts-check
/** All words of the page, Chinese first, and the language in use. The words themselves: words/. */

import { DRAFT_WORDS } from "./words/drafts.js";
import { DRAWING_WORDS } from "./words/drawing.js";
import { FINDING_WORDS } from "./words/findings.js";
import { IMPORT_WORDS } from "./words/imports.js";
import { INSIDE_WORDS } from "./words/inside.js";
import { PAGE_WORDS } from "./words/page.js";
import { RECORD_WORDS } from "./words/records.js";
import { STOCK_WORDS } from "./words/stock.js";
import { TABLE_WORDS } from "./words/tables.js";
import { ZONE_WORDS } from "./words/zones.js";

/** @type {Record<string, [zh: string, en: string]>} */
const WORDS = { ...PAGE_WORDS, ...TABLE_WORDS, ...RECORD_WORDS, ...DRAWING_WORDS, ...STOCK_WORDS, ...IMPORT_WORDS, ...DRAFT_WORDS, ...FINDING_WORDS, ...INSIDE_WORDS, ...ZONE_WORDS };

const KEPT_AS = "geoservice.language";
/** @type {"zh" | "en"} */
let current = keptLanguage();
/** @type {(() => void)[]} */
const listeners = [];

/** @returns {"zh" | "en"} the language chosen last time, Chinese when there was none */
function keptLanguage() {
  try {
    return globalThis.localStorage?.getItem(KEPT_AS) === "en" ? "en" : "zh";
  } catch {
    return "zh"; // a browser that forbids storage still shows the page
  }
}

/** @returns {"zh" | "en"} */
export function language() {
  return current;
}

/** @param {"zh" | "en"} chosen */
export function setLanguage(chosen) {
  current = chosen;
  try {
    globalThis.localStorage?.setItem(KEPT_AS, chosen);
  } catch {
    // not remembered, still switched
  }
  for (const listener of listeners) listener();
}

/**
 * Call now and whenever the language changes.
 * @param {() => void} render
 */
export function inEveryLanguage(render) {
  listeners.push(render);
  render();
}

/**
 * The words for a key; `{name}` in them is replaced by `values.name`.
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 */
export function text(key, values = {}) {
  const words = WORDS[key];
  if (!words) throw new Error(`text.js has no words for ${key}`);
  const chosen = words[current === "zh" ? 0 : 1];
  return chosen.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/**
 * The text of the service in the page's language.
 * @param {Text2} both
 */
export function pick(both) {
  return both[current] || both.zh || both.en;
}

/**
 * Both languages of a key, for errors that carry both.
 * @param {string} key
 * @returns {Text2}
 */
export function bothTexts(key) {
  const [zh, en] = WORDS[key];
  return { zh, en };
}
