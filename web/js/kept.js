// @ts-check
/** What this browser remembers; where storage is forbidden or full, nothing, and the page works on. */

const PREFIX = "geoservice.";

/**
 * @param {string} name
 * @returns {any} what was kept under the name, or null
 */
export function kept(name) {
  try {
    return JSON.parse(globalThis.localStorage?.getItem(PREFIX + name) ?? "null");
  } catch {
    return null;
  }
}

/**
 * @param {string} name
 * @param {any} value  null forgets it
 * @returns {boolean} whether it is kept
 */
export function keep(name, value) {
  try {
    if (value === null) globalThis.localStorage?.removeItem(PREFIX + name);
    else globalThis.localStorage?.setItem(PREFIX + name, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

/**
 * @param {string} prefix
 * @returns {string[]} the names kept that begin with it
 */
export function keptNames(prefix) {
  try {
    return Object.keys(globalThis.localStorage ?? {})
      .filter((key) => key.startsWith(PREFIX + prefix))
      .map((key) => key.slice(PREFIX.length));
  } catch {
    return [];
  }
}
