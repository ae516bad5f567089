// @ts-check
/** One colour a state of a row: in the list and on the map. */

/** @type {Record<string, string>} */
export const COLOURS = {
  ok: "#2e7d32",
  amend: "#1565c0",
  unchanged: "#757575",
  refused: "#c62828",
  aside: "#8e24aa",
  duplicate: "#e07b00",
};
