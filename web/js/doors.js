// @ts-check
/** The three doors of the one page: what each shows first. */

import { byId, element } from "./dom.js";
import { isSignedIn, roleNames, signInPath } from "./session.js";
import { inEveryLanguage, text } from "./text.js";

/** @typedef {import("./panel.js").Tab} Tab */
/**
 * @typedef {object} Door
 * @property {(collection: Collection) => boolean} isVisible  which layers are on at the start
 * @property {(mayDispatch: boolean, isSignedIn: boolean) => Tab[]} tabs  the first is open
 */

const ZONES = new Set(["mine_water_zones", "flood_zones", "mines"]);

/** @type {Record<string, Door>} */
export const DOORS = {
  "/": {
    isVisible: ({ geoservice }) => geoservice.visible,
    tabs: (mayDispatch, signedIn) => ["layers", ...only(signedIn, "registers"), ...only(mayDispatch, "dispatch")],
  },
  "/plan": {
    isVisible: ({ id, geoservice }) => ZONES.has(id) || (geoservice.group.id === "base" && geoservice.visible),
    tabs: (mayDispatch, signedIn) => [...only(signedIn, "zones"), "layers", ...only(mayDispatch, "dispatch")],
  },
  "/dispatch": {
    isVisible: ({ geoservice }) => geoservice.visible && geoservice.group.id !== "zones",
    tabs: () => ["dispatch", "layers"],
  },
};

/** @param {boolean} may @param {Tab} tab @returns {Tab[]} */
function only(may, tab) {
  return may ? [tab] : [];
}

/** @param {Session} session @returns {boolean} */
export function mayDispatch(session) {
  return session.roles.includes("dispatcher");
}

/** @param {Session} session @returns {boolean} whether the service takes drafts from them */
export function mayDraft(session) {
  return ["keeper", "planner", "dispatcher"].some((role) => session.roles.includes(role));
}

/** Mark the door one came in by, in the links and in the window's title. */
export function showDoor() {
  for (const link of document.querySelectorAll("#doors a")) {
    if (link.getAttribute("href") === location.pathname) link.setAttribute("aria-current", "page");
  }
  inEveryLanguage(() => {
    const door = document.querySelector("#doors [aria-current]")?.textContent ?? "";
    document.title = `${door} · ${text("app.name")}`;
  });
}

/**
 * The form for dispatchers; for others, what it needs.
 * @param {Session} session
 */
export function showNeed(session) {
  const may = mayDispatch(session);
  byId("nearest-form").hidden = !may;
  byId("nearest-need").hidden = may;
  if (may) return;
  inEveryLanguage(() => {
    const have = { name: session.name ?? "", roles: roleNames(session.roles) };
    byId("nearest-need").replaceChildren(
      element("p", {}, text("dispatch.needs")),
      isSignedIn(session) ? element("p", { class: "muted" }, text("dispatch.have", have)) : "",
      element("a", { class: "button", href: signInPath() }, text("session.sign_in")),
    );
  });
}
