// @ts-check
/** The dock below the map (a sheet from below on a phone): tables and lists, one tab each. */

import { byId, element } from "./dom.js";
import { keep, kept } from "./kept.js";
import { inEveryLanguage, text } from "./text.js";

const LEAST_PX = 120;
const STEP_PX = 40;
const FREE_PX = 200; // of the map, always left in view

/**
 * @typedef {object} Page  what a tab shows
 * @property {string} id
 * @property {() => string} title
 * @property {HTMLElement} node
 * @property {() => void} [shown]
 * @property {() => void} [closed]
 */

export class Dock {
  /** @type {Page[]} */
  #pages = [];
  /** @type {Page | null} */
  #current = null;

  constructor() {
    resizable(byId("dock-grip"), byId("dock"));
    byId("dock-tabs").addEventListener("keydown", (event) => this.#walk(event));
    inEveryLanguage(() => this.#tabs());
  }

  /** @param {string} id @returns {Page | undefined} */
  page(id) {
    return this.#pages.find((page) => page.id === id);
  }

  /** @returns {Page | null} the page in front */
  current() {
    return this.#current;
  }

  /**
   * Bring a page to the front, as a new tab when it is not there.
   * @param {Page} page
   */
  open(page) {
    if (!this.#pages.includes(page)) this.#pages.push(page);
    this.#current = page;
    byId("dock").hidden = false;
    byId("dock-body").replaceChildren(page.node);
    this.#tabs();
    page.shown?.();
  }

  /** @param {Page} page */
  close(page) {
    const at = this.#pages.indexOf(page);
    if (at < 0) return;
    this.#pages.splice(at, 1);
    page.closed?.();
    const next = this.#pages[at] ?? this.#pages[at - 1] ?? null;
    if (this.#current !== page) return this.#tabs();
    this.#current = null;
    if (next) return this.open(next);
    byId("dock-body").replaceChildren();
    byId("dock").hidden = true;
  }

  #tabs() {
    const tabs = this.#pages.map((page) => {
      const isShown = page === this.#current;
      const open = element("button", {
        type: "button", role: "tab", id: `dock-tab-${page.id}`, "aria-controls": "dock-body",
        "aria-selected": String(isShown), tabindex: isShown ? 0 : -1, on: { click: () => this.open(page) },
      }, page.title());
      const label = text("dock.close", { title: page.title() });
      const close = element("button", {
        type: "button", class: "close", "aria-label": label, title: label, on: { click: () => this.close(page) },
      }, "×");
      return element("div", { class: isShown ? "tab shown" : "tab", role: "presentation" }, open, close);
    });
    byId("dock-tabs").replaceChildren(...tabs);
    if (this.#current) byId("dock-body").setAttribute("aria-labelledby", `dock-tab-${this.#current.id}`);
  }

  /** @param {KeyboardEvent} event */
  #walk(event) {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (!step || !this.#current) return;
    const { length } = this.#pages;
    const next = this.#pages[(this.#pages.indexOf(this.#current) + step + length) % length];
    this.open(next);
    byId(`dock-tab-${next.id}`).focus();
  }
}

/** @param {HTMLElement} grip @param {HTMLElement} dock */
function resizable(grip, dock) {
  /** @param {number} height */
  const set = (height) => {
    const most = innerHeight - FREE_PX;
    const px = Math.round(Math.max(LEAST_PX, Math.min(most, height)));
    document.body.style.setProperty("--dock", `${px}px`);
    grip.setAttribute("aria-valuenow", String(px));
    keep("dock", px);
  };
  const before = Number(kept("dock"));
  if (before) set(before);
  grip.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    grip.setPointerCapture(event.pointerId);
    const from = dock.offsetHeight + event.clientY;
    const move = (/** @type {PointerEvent} */ moved) => set(from - moved.clientY);
    grip.addEventListener("pointermove", move);
    grip.addEventListener("lostpointercapture", () => grip.removeEventListener("pointermove", move), { once: true });
  });
  grip.addEventListener("keydown", (event) => {
    const step = event.key === "ArrowUp" ? STEP_PX : event.key === "ArrowDown" ? -STEP_PX : 0;
    if (!step) return;
    event.preventDefault();
    set(dock.offsetHeight + step);
  });
}
