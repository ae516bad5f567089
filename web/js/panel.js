// @ts-check
/** The left panel (a sheet from below on a phone): its tabs, and hiding it. */

import { byId, element } from "./dom.js";
import { inEveryLanguage, text } from "./text.js";

/** @typedef {"layers" | "dispatch" | "registers" | "zones"} Tab */

/**
 * @param {Tab[]} tabs  the first is shown
 */
export function createPanel(tabs) {
  const toggle = byId("panel-toggle");
  const list = byId("tabs");
  let current = tabs[0];

  /** @param {Tab} tab */
  const show = (tab) => {
    current = tab;
    for (const one of tabs) {
      byId(`tab-${one}`).setAttribute("aria-selected", String(one === tab));
      byId(`tab-${one}`).tabIndex = one === tab ? 0 : -1;
      byId(`panel-${one}`).hidden = one !== tab;
    }
  };
  /** @param {boolean} isOpen */
  const open = (isOpen) => {
    document.body.classList.toggle("panel-closed", !isOpen);
    toggle.setAttribute("aria-expanded", String(isOpen));
    toggle.dataset.label = isOpen ? "panel.hide" : "panel.show";
    toggle.setAttribute("aria-label", text(toggle.dataset.label));
    toggle.title = text(toggle.dataset.label);
  };

  list.replaceChildren(...tabs.map((tab) => tabButton(tab, show)));
  list.hidden = tabs.length < 2;
  list.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    const next = tabs[(tabs.indexOf(current) + (event.key === "ArrowRight" ? 1 : tabs.length - 1)) % tabs.length];
    show(next);
    byId(`tab-${next}`).focus();
  });
  toggle.addEventListener("click", () => open(document.body.classList.contains("panel-closed")));
  open(!isNarrow() || tabs[0] === "dispatch");
  document.body.classList.remove("starting");
  show(current);
  return { show, open, current: () => current };
}

/** @param {Tab} tab @param {(tab: Tab) => void} show */
function tabButton(tab, show) {
  const button = element("button", {
    type: "button",
    role: "tab",
    id: `tab-${tab}`,
    "aria-controls": `panel-${tab}`,
    on: { click: () => show(tab) },
  });
  inEveryLanguage(() => {
    button.textContent = text(`tab.${tab}`);
  });
  return button;
}

/** @returns {boolean} a phone: the panel covers half the map */
export function isNarrow() {
  return globalThis.matchMedia("(max-width: 760px)").matches;
}
