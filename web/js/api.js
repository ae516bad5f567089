// @ts-check
/** The only module that calls fetch. Every failure becomes a `Problem` that speaks both languages. */

import { bothTexts, pick } from "./text.js";

const JSON_TYPES = "application/geo+json, application/json, application/problem+json";

/** @typedef {{where: string, texts: Text2}} Wrong  one field or row, and what is wrong with it */

/** What went wrong, from problem+json (RFC 9457) or from the network (status 0). */
export class Problem extends Error {
  /**
   * @param {number} status
   * @param {Text2} texts
   * @param {any} [body]  the whole problem document
   */
  constructor(status, texts, body = null) {
    super(texts.en);
    this.status = status;
    this.texts = texts;
    this.body = body;
  }

  /** The reason in the page's language. */
  get words() {
    return pick(this.texts);
  }

  /** @returns {Wrong[]} what is wrong, field by field */
  get errors() {
    const errors = Array.isArray(this.body?.errors) ? this.body.errors : [];
    return errors.map((/** @type {any} */ e) => ({ where: String(e.where), texts: { zh: e.why_zh ?? e.why, en: e.why } }));
  }
}

/**
 * @param {number} status
 * @param {any} body  a parsed problem+json document, or null
 * @returns {Problem}
 */
export function problemFrom(status, body) {
  if (!body || typeof body !== "object" || !(body.detail || body.title)) {
    const { zh, en } = bothTexts("problem.unreadable");
    return new Problem(status, { zh: `${zh} (${status})`, en: `${en} (${status})` });
  }
  const errors = Array.isArray(body.errors) ? body.errors : [];
  /** @param {string} main @param {string} why */
  const full = (main, why) => {
    const more = errors.filter((/** @type {any} */ e) => !main.includes(e[why] ?? e.why)); // one alone repeats the detail
    return [main, ...more.map((/** @type {any} */ e) => `${e.where}: ${e[why] ?? e.why}`)].join("\n");
  };
  const en = body.detail ?? body.title;
  return new Problem(status, {
    zh: full(body.detail_zh ?? body.title_zh ?? en, "why_zh"),
    en: full(en, "why"),
  }, body);
}

/**
 * @param {string} path
 * @param {RequestInit} [options]
 * @returns {Promise<Response>}
 */
async function request(path, options = {}) {
  let response;
  try {
    response = await fetch(path, { credentials: "same-origin", ...options });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new Problem(0, bothTexts("problem.unreachable"));
  }
  if (response.ok) return response;
  throw problemFrom(response.status, await response.json().catch(() => null));
}

/**
 * @param {string} path
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>}
 */
export async function getJson(path, signal) {
  const response = await request(path, { headers: { Accept: JSON_TYPES }, cache: "no-cache", signal });
  try {
    return await response.json();
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Problem(response.status, bothTexts("problem.unreadable"));
  }
}

/**
 * @param {string} path
 * @param {object} [body]
 */
export async function post(path, body) {
  await send("POST", path, { body });
}

/**
 * A change of what the service keeps: JSON, or a form with a file.
 * @param {"POST" | "PATCH" | "DELETE" | "PUT"} method
 * @param {string} path
 * @param {{body?: object, form?: FormData, etag?: string, key?: string}} [what]  etag: of the version that was
 *   changed; key: a change sent twice with one key is made once
 * @returns {Promise<{body: any, etag: string}>} body: null where the service says nothing
 */
export async function send(method, path, { body, form, etag, key } = {}) {
  const response = await request(path, {
    method,
    headers: {
      Accept: JSON_TYPES,
      ...(body && { "Content-Type": "application/json" }),
      ...(etag && { "If-Match": etag }),
      ...(key && { "Idempotency-Key": key }),
    },
    body: form ?? (body && JSON.stringify(body)),
  });
  return { body: await response.json().catch(() => null), etag: response.headers.get("ETag") ?? "" };
}

/**
 * A record with the mark of its version.
 * @param {string} path
 * @returns {Promise<{body: any, etag: string}>}
 */
export async function getRecord(path) {
  const response = await request(path, { headers: { Accept: JSON_TYPES }, cache: "no-cache" });
  return { body: await response.json(), etag: response.headers.get("ETag") ?? "" };
}

/**
 * One page of features.
 * @param {string} path
 * @param {AbortSignal} [signal]
 * @returns {Promise<{features: any[], next: string, matched: number | null}>}  `next` is "" on the last page
 */
export async function getPage(path, signal) {
  const { features, links, numberMatched = null } = await getJson(path, signal);
  const next = links.find((/** @type {any} */ link) => link.rel === "next");
  return { features, next: next ? localPath(next.href) : "", matched: numberMatched };
}

/**
 * Every feature of a collection, following its `next` links.
 * @param {string} collection
 * @returns {Promise<any[]>} GeoJSON features
 */
export async function getFeatures(collection) {
  const features = [];
  let path = `/ogc/collections/${encodeURIComponent(collection)}/items?limit=2000`;
  while (path) {
    const page = await getPage(path);
    features.push(...page.features);
    path = page.next;
  }
  return features;
}

/**
 * @param {string} path
 * @returns {Promise<ArrayBuffer>} a vector tile, empty when nothing lies there
 */
export async function getTile(path) {
  return (await request(path)).arrayBuffer();
}

/**
 * A link of the service as a path of this origin: links are made from its public address, which
 * need not be the name this browser calls it by.
 * @param {string} href
 */
export function localPath(href) {
  const url = new URL(href, "http://localhost");
  return url.pathname + url.search;
}
