// @ts-check
/** The lots and moves of a depot as tables: what is expired or too little says so. */

import { element } from "../dom.js";
import { text } from "../text.js";
import { instantText } from "../times.js";

/**
 * @typedef {{id: number, code: string, name: string, item_code: string, quantity: number, reserved: number,
 *   available: number, unit: string, batch: string | null, expires_on: string | null, min_reserve: number,
 *   is_expired: boolean, is_below_minimum: boolean}} Lot
 * @typedef {{id: number, lot: string, no: number, kind: string, quantity: number, quantity_after: number, reason: string,
 *   document: string | null, actor: string, at: string}} Booked
 */

const LOT_HEADS = ["lot", "item", "batch", "expires", "quantity", "reserved", "available", "minimum"];
const MOVE_HEADS = ["at", "kind", "lot", "change", "after", "reason", "document", "actor"];
const NUMBERS = new Set(["quantity", "reserved", "available", "minimum", "change", "after"]);

/** @param {Lot[]} lots @param {((lot: Lot) => void) | null} choose  null for who may not move stock */
export function lotTable(lots, choose) {
  const rows = lots.map((lot) => {
    const { code, name, item_code, batch, expires_on, quantity, reserved, available, unit, min_reserve } = lot;
    const signs = [lot.is_expired && sign("expired", "is_overdue"), lot.is_below_minimum && sign("below", "is_stale")];
    const cells = [item_code, batch, expires_on, `${shown(quantity)} ${unit}`, shown(reserved), shown(available), shown(min_reserve)];
    const act = choose && element("td", {}, element("button", { type: "button", on: { click: () => choose(lot) } }, text("stock.move")));
    return element("tr", { "data-lot": code }, element("th", { scope: "row", title: code }, name, ...signs), ...cellsOf(LOT_HEADS.slice(1), cells), act);
  });
  return tableOf(LOT_HEADS, rows, choose !== null);
}

/** @param {Booked[]} moves */
export function moveTable(moves) {
  const rows = moves.map((move) => {
    const { at, kind, lot, quantity_after: after, reason, document, actor } = move;
    const cells = [instantText(new Date(at)), text(`stock.kind.${kind}`), lot, changeOf(move, moves), shown(after), reason, document, actor];
    return element("tr", {}, ...cellsOf(MOVE_HEADS, cells));
  });
  return tableOf(MOVE_HEADS, rows, false);
}

const IN = new Set(["opening", "receive", "return", "transfer_in"]);
const OUT = new Set(["issue", "loss", "expire", "transfer_out"]);

/**
 * What a move did to the lot's quantity; a reservation nothing.
 * @param {Booked} move
 * @param {Booked[]} moves
 * @returns {string}
 */
export function changeOf({ kind, quantity, quantity_after: after, lot, no }, moves) {
  if (IN.has(kind)) return `+${shown(quantity)}`;
  if (OUT.has(kind)) return `−${shown(quantity)}`;
  if (kind !== "adjust") return `(${shown(quantity)})`;
  const before = moves.find((one) => one.lot === lot && one.no === no - 1);
  if (!before) return `±${shown(quantity)}`;
  return after >= before.quantity_after ? `+${shown(quantity)}` : `−${shown(quantity)}`;
}

/** @param {string[]} heads @param {Node[]} rows @param {boolean} hasActions */
function tableOf(heads, rows, hasActions) {
  const names = heads.map((head) => element("th", { scope: "col", class: NUMBERS.has(head) ? "number" : null }, text(`stock.head.${head}`)));
  const head = element("thead", {}, element("tr", {}, ...names, hasActions && element("th", { scope: "col" }, text("stock.head.do"))));
  return element("table", {}, head, element("tbody", {}, ...rows));
}

/** @param {string[]} heads @param {(string | null)[]} cells */
function cellsOf(heads, cells) {
  return cells.map((cell, i) => element("td", { class: NUMBERS.has(heads[i]) ? "number" : null }, cell));
}

/** @param {string} key @param {string} look */
function sign(key, look) {
  return element("span", { class: `sign ${look}` }, text(`stock.${key}`));
}

/** @param {number} n */
function shown(n) {
  return String(Math.round(n * 1000) / 1000);
}
