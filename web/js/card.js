// @ts-check
/** The side card: what a feature is, field by field, or the list of those under a click. */

import { byId, element } from "./dom.js";
import { marksOf } from "./hits.js";
import { language, pick, text } from "./text.js";
import { instantText } from "./times.js";

const MOST = 30; // of a list; a click at a far zoom may hit hundreds

/**
 * @typedef {object} CardActions
 * @property {(hit: Hit) => void} open
 * @property {(hit: Hit) => void} zoom
 * @property {((hit: Hit) => void) | null} nearest  null for who may not ask
 * @property {(code: string) => string | null} townName
 * @property {(hit: Hit) => Node[]} more  what else may be done with it
 * @property {() => void} closed
 */

/**
 * Show one feature.
 * @param {Hit} hit
 * @param {Hit[]} others  the list it was chosen from, to go back to
 * @param {CardActions} actions
 */
export function showFeature(hit, others, actions) {
  const { geoservice } = hit.collection;
  const back = others.length > 1 && button("card.back", () => showList(others, actions), "quiet");
  const zoom = hit.geometry && button("card.zoom", () => actions.zoom(hit));
  const { nearest } = actions;
  const ask = nearest && hit.geometry && button("card.nearest", () => nearest(hit));
  show(
    actions,
    element("p", { class: "layer" }, pick(geoservice.title)),
    element("h2", {}, nameOf(hit)),
    marksOf(hit) > 1 && element("p", { class: "muted" }, text("card.one_of", { n: marksOf(hit) })),
    hit.properties.is_demo === true && element("p", { class: "demo" }, text("card.demo")),
    element("dl", {}, ...rowsOf(hit, actions.townName)),
    element("p", { class: "actions" }, zoom, ask, ...actions.more(hit), back),
  );
}

/**
 * Show what lies under a click, to choose from.
 * @param {Hit[]} hits
 * @param {CardActions} actions
 */
export function showList(hits, actions) {
  const rows = hits.slice(0, MOST).map((hit) => {
    const layer = element("small", {}, pick(hit.collection.geoservice.title));
    const open = { click: () => actions.open(hit) };
    return element("li", {}, element("button", { type: "button", on: open }, element("b", {}, nameOf(hit)), layer));
  });
  const rest = hits.length - rows.length;
  const more = rest > 0 && element("p", { class: "muted" }, text("card.more", { n: rest }));
  const heading = element("h2", {}, text("card.hits", { n: hits.length }));
  show(actions, heading, element("ul", { class: "hits" }, ...rows), more);
}

/** Take the card away. */
export function hideCard() {
  byId("card").hidden = true;
}

/** @param {CardActions} actions @param {...(Node | false | null)} content */
function show(actions, ...content) {
  const card = byId("card");
  const close = button("card.close", actions.closed, "close");
  card.replaceChildren(close, ...content.filter((node) => node instanceof Node));
  card.hidden = false;
  card.scrollTop = 0;
}

/** @param {string} key @param {() => void} click @param {string} [style] */
function button(key, click, style) {
  return element("button", { type: "button", class: style, on: { click } }, text(key));
}

/** @param {Hit} hit @returns {string} */
export function nameOf(hit) {
  const { collection, properties } = hit;
  const name = properties[collection.geoservice.title_field] ?? properties.name ?? properties.code;
  if (name !== null && name !== undefined && name !== "") return String(name);
  return marksOf(hit) ? text("card.mark", { n: marksOf(hit) }) : text("card.nameless");
}

/** @param {Hit} hit @param {(code: string) => string | null} townName @returns {Node[]} */
function rowsOf({ collection, properties }, townName) {
  const { fields, title_field: title } = collection.geoservice;
  return fields
    .filter((field) => field.name !== title && field.name !== "is_demo" && !isBlank(properties[field.name]))
    .filter((field) => !isSaidInOtherLanguage(field.name, properties))
    .flatMap((field) => {
      const value = properties[field.name];
      const town = field.name === "town_code" && townName(String(value));
      const heading = town ? text("card.town") : pick(field);
      return [element("dt", {}, heading), element("dd", {}, town || valueText(value, field))];
    });
}

/** @param {string} name @param {Record<string, Value>} properties @returns {boolean} `x` and `x_en` say the same */
function isSaidInOtherLanguage(name, properties) {
  if (language() === "en") return !isBlank(properties[`${name}_en`]);
  return name.endsWith("_en") && !isBlank(properties[name.slice(0, -"_en".length)]);
}

/** @param {Value} value */
function isBlank(value) {
  return value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
}

/**
 * A value as people read it: codes by their label, instants in the district's time.
 * @param {Value} value
 * @param {Pick<FieldDef, "type" | "codes" | "is_list">} field
 * @returns {string}
 */
export function valueText(value, field) {
  if (Array.isArray(value)) return value.map((one) => valueText(one, field)).join(language() === "zh" ? "、" : ", ");
  if (field.is_list && typeof value === "string") return valueText(value.split(", "), { ...field, is_list: false });
  const label = field.codes?.[String(value)];
  if (label) return pick(label);
  if (typeof value === "boolean") return text(value ? "yes" : "no");
  if (typeof value === "number") return String(Math.round(value * 1000) / 1000);
  if (field.type === "instant" && value) return instantText(new Date(value));
  return String(value);
}
