// @ts-check
/** Instants as people read them: in the district's time zone, which is named where the reader's is another. */

import { language } from "./text.js";

const READERS = new Intl.DateTimeFormat().resolvedOptions().timeZone;
let zone = READERS; // while no district is known

/** @param {string | undefined} name  of the district's zone; one that this browser does not know changes nothing */
export function setZone(name) {
  try {
    zone = new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    zone = READERS;
  }
}

/** @param {Date} date @returns {string} its day and time */
export function instantText(date) {
  return written(date, { year: "numeric", month: "short", day: "numeric" });
}

/** @param {Date} date @returns {string} HH:MM */
export function clock(date) {
  return written(date, {});
}

/** @param {Date} date @param {Intl.DateTimeFormatOptions} day */
function written(date, day) {
  /** @type {Intl.DateTimeFormatOptions} */
  const options = { ...day, hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone };
  if (zone !== READERS) options.timeZoneName = "shortOffset";
  return date.toLocaleString(language() === "zh" ? "zh-CN" : "en-GB", options);
}

/**
 * An instant as an input of the kind `datetime-local` holds it: the district's own clock.
 * @param {string} instant  ISO 8601 with its offset
 * @returns {string} YYYY-MM-DDTHH:MM
 */
export function localTime(instant) {
  /** @type {Intl.DateTimeFormatOptions} */
  const options = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" };
  const made = new Intl.DateTimeFormat("en-CA", { ...options, hourCycle: "h23", timeZone: zone });
  const part = Object.fromEntries(made.formatToParts(new Date(instant)).map(({ type, value }) => [type, value]));
  return `${part.year}-${part.month}-${part.day}T${part.hour}:${part.minute}`;
}
