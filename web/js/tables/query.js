// @ts-check
/** What a table asks for: its order and its filters, as `sortby` and CQL2 text. Pure. */

/** @typedef {{name: string, falling: boolean}} Order */
/** @typedef {Record<string, string>} Typed  what was typed, by field */

const SPAN = /^\s*(.+?)\s*(?:\.\.|～|~|至)\s*(.+?)\s*$/;
const BOUND = /^\s*(>=|<=|≥|≤|>|<|=)?\s*(.+?)\s*$/;
const SIGNS = /** @type {Record<string, string>} */ ({ "≥": ">=", "≤": "<=" });
const NUMBER = /^-?\d+(\.\d+)?$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** @param {FieldDef} field @returns {boolean} whether its few values are chosen from a list */
export function isChosen({ type, codes }) {
  return type === "boolean" || Object.keys(codes).length > 0;
}

/**
 * The filter that what was typed means; "" when nothing was.
 * @param {FieldDef[]} fields
 * @param {Typed} typed
 * @returns {string}
 * @throws {RangeError} with the name of a field whose text is no such value
 */
export function filterText(fields, typed) {
  const parts = fields.filter(({ name }) => typed[name]?.trim()).map((field) => conditionOf(field, typed[field.name].trim()));
  return parts.join(" AND ");
}

/** @param {FieldDef} field @param {string} typed @returns {string} */
function conditionOf(field, typed) {
  const name = quoted(field.name);
  if (field.type === "boolean") return typed === "true" ? `${name} = TRUE` : `(${name} = FALSE OR ${name} IS NULL)`;
  if (field.type === "text" && isChosen(field) && !field.is_list) return `${name} = ${literal(typed)}`;
  if (field.type === "text") return `CASEI(${name}) LIKE CASEI(${literal(`%${escaped(typed)}%`)})`;
  return rangeOf(field, name, typed);
}

/** @param {FieldDef} field @param {string} name @param {string} typed */
function rangeOf(field, name, typed) {
  const span = SPAN.exec(typed);
  if (span) return `(${name} >= ${valueOf(field, span[1])} AND ${name} <= ${valueOf(field, span[2], true)})`;
  const [, sign = "=", value] = BOUND.exec(typed) ?? [];
  if (field.type === "instant" && sign === "=") return `(${name} >= ${valueOf(field, value)} AND ${name} <= ${valueOf(field, value, true)})`;
  return `${name} ${SIGNS[sign] ?? sign} ${valueOf(field, value)}`;
}

/** @param {FieldDef} field @param {string | undefined} typed @param {boolean} [isEnd]  of a day, for instants */
function valueOf({ name, type }, typed = "", isEnd = false) {
  if (type === "date" && DAY.test(typed)) return `DATE('${typed}')`;
  if (type === "instant" && DAY.test(typed)) {
    const at = new Date(`${typed}T${isEnd ? "23:59:59" : "00:00:00"}`); // the reader's own day
    return `TIMESTAMP('${at.toISOString().replace(/\.\d+/, "")}')`;
  }
  if ((type === "integer" || type === "number") && NUMBER.test(typed)) return typed;
  throw new RangeError(name);
}

/** @param {string} name */
function quoted(name) {
  return `"${name}"`;
}

/** @param {string} text */
function literal(text) {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Signs that stand for any text mean themselves. @param {string} text */
function escaped(text) {
  return text.replace(/[\\%_]/g, "\\$&");
}

/**
 * Where the rows come from.
 * @param {string} id  of the collection
 * @param {{limit: number, order: Order | null, filter: string}} asked
 * @returns {string}
 */
export function itemsPath(id, { limit, order, filter }) {
  const query = new URLSearchParams({ limit: String(limit) });
  if (order) query.set("sortby", `${order.falling ? "-" : "+"}${order.name}`);
  if (filter) {
    query.set("filter", filter);
    query.set("count", "true");
  }
  return `/ogc/collections/${encodeURIComponent(id)}/items?${query}`;
}

/** A heading was clicked: rising, falling, then as it was. @param {Order | null} order @param {string} name @returns {Order | null} */
export function nextOrder(order, name) {
  if (order?.name !== name) return { name, falling: false };
  return order.falling ? null : { name, falling: true };
}
