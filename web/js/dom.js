// @ts-check
/** Elements without HTML text: a name out of the data can never become script. */

import { inEveryLanguage, language, text } from "./text.js";

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, any>} [attributes]  `on` holds listeners; false and null leave one out
 * @param {...(Node | string | number | null | false | undefined)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "on") {
      for (const [event, listener] of Object.entries(value)) made.addEventListener(event, listener);
    } else if (value === true) {
      made.setAttribute(name, "");
    } else if (value !== false && value !== null && value !== undefined) {
      made.setAttribute(name, String(value));
    }
  }
  made.append(...children.filter(isShown).map((child) => (child instanceof Node ? child : String(child))));
  return made;
}

/**
 * @param {Node | string | number | null | false | undefined} child
 * @returns {child is Node | string | number}
 */
function isShown(child) {
  return child !== null && child !== false && child !== undefined && child !== "";
}

/**
 * An input below its label.
 * @param {string} key  of the label's words
 * @param {HTMLElement} input  with an id
 * @param {...Node} more
 */
export function labelled(key, input, ...more) {
  return element("div", { class: "field" }, element("label", { for: input.id }, text(key)), input, ...more);
}

/**
 * An element of the page by its id.
 * @param {string} id
 * @returns {HTMLElement}
 */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no element ${id}`);
  return found;
}

/** Fill `data-text`, `data-label` and `data-hint` from text.js, now and at every change of language. */
export function speak() {
  inEveryLanguage(() => {
    document.documentElement.lang = language() === "zh" ? "zh-CN" : "en";
    for (const node of all("[data-text]")) node.textContent = text(node.dataset.text ?? "");
    for (const node of all("[data-label]")) {
      node.setAttribute("aria-label", text(node.dataset.label ?? ""));
      if (node.tagName === "BUTTON") node.title = text(node.dataset.label ?? "");
    }
    for (const node of all("[data-hint]")) node.setAttribute("placeholder", text(node.dataset.hint ?? ""));
  });
}

/**
 * @param {string} selector
 * @returns {HTMLElement[]}
 */
function all(selector) {
  return [...document.querySelectorAll(selector)].filter((node) => node instanceof HTMLElement);
}
