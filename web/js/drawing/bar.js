// @ts-check
/** What the drawing bar shows: a button a tool, what each would do now, pieces to choose from. */

import { element } from "../dom.js";
import { wordsOf } from "../status.js";
import { text } from "../text.js";

/** @typedef {import("./desk.js").DrawingDesk} Desk */

/** @param {Desk} desk */
export function showBar(desk) {
  const { drawing, wanted, bar } = desk;
  const draws = wanted.kinds.map((kind) => button(`drawing.draw.${kind}`, () => drawing.draw(kind), kind));
  bar.replaceChildren(
    element("b", {}, text("drawing.title", { title: wanted.title })),
    element("div", { class: "tools" },
      ...draws,
      button("drawing.copy", () => desk.copy(!desk.isCopying), "copy"),
      button("drawing.corners", () => drawing.reshape(), "corners"),
      button("drawing.corner", () => drawing.removeCorner()),
      button("drawing.undo", () => drawing.undo(), "undo"),
      button("drawing.redo", () => drawing.redo(), "redo"),
      button("drawing.clear", () => drawing.clear())),
    ...(wanted.kinds.includes("Polygon") ? [areaTools(drawing)] : []),
    typing(desk),
    element("div", { class: "tools" },
      element("button", { type: "button", class: "primary", on: { click: () => desk.finish() } }, text("drawing.finish")),
      button("drawing.cancel", () => desk.cancel())),
    element("p", { class: "state", role: "status" }),
    element("div", { class: "tools pieces" }),
  );
  tellBar(desk);
}

/** @param {import("./drawing.js").Drawing} drawing */
function areaTools(drawing) {
  const metres = element("input", { type: "number", id: "drawing-metres", step: "any", value: 20, "aria-label": text("drawing.metres"), title: text("drawing.metres") });
  return element("div", { class: "tools" },
    button("drawing.cut", () => drawing.begin("cut"), "cut"),
    button("drawing.split", () => drawing.begin("split"), "split"),
    button("drawing.reshape", () => drawing.begin("reshape"), "reshape"),
    button("drawing.join", () => drawing.join(), "join"),
    button("drawing.widen", () => metres.checkValidity() && metres.value && drawing.widen(Number(metres.value)), "widen"),
    metres);
}

/** @param {Desk} desk */
function typing(desk) {
  const input = element("input", { type: "text", id: "drawing-place", autocomplete: "off", placeholder: text("drawing.place.hint") });
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    const place = desk.place(input.value);
    input.setAttribute("aria-invalid", String(!place));
    if (!place) return desk.drawing.fail(new Error(text("drawing.place.bad")));
    input.value = "";
    return desk.drawing.put(place);
  };
  const label = element("label", { class: "hidden", for: "drawing-place" }, text("drawing.place"));
  return element("form", { class: "tools", on: { submit } }, label, input, element("button", { type: "submit" }, text("drawing.place.put")));
}

/** What is drawn, what is wrong, which tools can do something. @param {Desk} desk */
export function tellBar(desk) {
  const { told, drawing, hasArea } = desk;
  const many = hasArea && told.geometry.type === "MultiPolygon";
  const isAble = /** @type {Record<string, boolean>} */ ({
    undo: told.undoes !== null, redo: told.redoes !== null, corners: told.geometry !== null, widen: told.geometry !== null,
    cut: hasArea, split: hasArea, reshape: hasArea, join: many,
  });
  const inHand = desk.isCopying ? "copy" : drawing.work ?? (drawing.tool.isDrawing ? drawing.shape?.kind : "corners");
  for (const one of desk.bar.querySelectorAll("button[data-tool]")) {
    if (!(one instanceof HTMLButtonElement)) continue;
    const name = one.dataset.tool ?? "";
    one.disabled = name in isAble && !isAble[name];
    one.setAttribute("aria-pressed", String(name === inHand));
  }
  nameStep(desk.bar, "undo", told.undoes);
  nameStep(desk.bar, "redo", told.redoes);
  const [words, isProblem] = stateOf(desk);
  const state = desk.bar.querySelector(".state");
  state?.classList.toggle("problem", isProblem);
  state?.replaceChildren(words);
  desk.bar.querySelector(".pieces")?.replaceChildren(...told.offered.map((piece, at) => pieceButton(desk, piece, at)));
}

/** Undo and redo say of what. @param {HTMLElement} bar @param {"undo" | "redo"} which @param {string | null} step */
function nameStep(bar, which, step) {
  const of = step && text(`drawing.${step}`);
  bar.querySelector(`[data-tool=${which}]`)?.replaceChildren(of ? text(`drawing.${which}.of`, { of }) : text(`drawing.${which}`));
}

/** @param {Desk} desk @returns {[words: string, isProblem: boolean]} */
function stateOf(desk) {
  const { told, drawing } = desk;
  if (told.problem) return [wordsOf(told.problem), true];
  if (told.offered.length) return [text("drawing.pieces"), false];
  if (told.isSketching) return [told.faults ? desk.refused() : text("drawing.hint.sketch"), told.faults > 0];
  if (told.faults) return [desk.refused(), true];
  if (desk.isCopying) return [text("drawing.hint.copy"), false];
  if (drawing.work) return [text(`drawing.hint.${drawing.work === "reshape" ? "reshape.line" : drawing.work}`), false];
  if (drawing.tool.isDrawing) return [text("drawing.hint.draw"), false];
  return [desk.refused() || text("drawing.hint.reshape"), false];
}

/** One of the pieces a split left: looked at on the map, kept by a click. @param {Desk} desk @param {import("./works.js").Piece} piece @param {number} at */
function pieceButton(desk, piece, at) {
  const look = () => desk.around.show(piece.geometry);
  const click = () => {
    desk.around.show(null);
    desk.drawing.keep([piece]);
  };
  const on = { mouseenter: look, focus: look, mouseleave: () => desk.around.show(null), blur: () => desk.around.show(null), click };
  return element("button", { type: "button", on }, text("drawing.piece", { n: at + 1, ha: (piece.area_m2 / 1e4).toFixed(2) }));
}

/** @param {string} key @param {() => void} click @param {string} [name] */
function button(key, click, name) {
  return element("button", { type: "button", "data-tool": name, on: { click } }, text(key));
}
