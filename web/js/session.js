// @ts-check
/** Who is signed in: the box in the corner, and the switch of language. */

import { post } from "./api.js";
import { byId, element } from "./dom.js";
import { inEveryLanguage, language, setLanguage, text } from "./text.js";

/** @param {Session} session @returns {boolean} */
export function isSignedIn(session) {
  return session.roles.length > 0;
}

/** @param {string[]} roles @returns {string} in the page's language; viewer is part of the others */
export function roleNames(roles) {
  const telling = roles.length > 1 ? roles.filter((role) => role !== "viewer") : roles;
  return telling.map((role) => text(`role.${role}`)).join(language() === "zh" ? "、" : ", ");
}

/** @returns {string} the sign-in page that leads back here */
export function signInPath() {
  return `/sign-in?next=${encodeURIComponent(location.pathname)}`;
}

/**
 * @param {Session} session
 * @param {(problem: unknown) => void} onProblem
 */
export function showSession(session, onProblem) {
  inEveryLanguage(() => {
    const box = byId("session");
    if (!isSignedIn(session)) {
      const way = element("a", { href: signInPath(), class: "button" }, text("session.sign_in"));
      box.replaceChildren(element("span", { class: "who" }, text("session.anonymous")), way);
      return;
    }
    const leave = () => post("/sign-out").then(() => location.reload(), onProblem);
    box.replaceChildren(
      element("span", { class: "who" }, element("b", {}, session.name ?? ""), element("small", {}, scopeOf(session))),
      element("button", { type: "button", on: { click: leave } }, text("session.sign_out")),
    );
  });
}

/** @param {Session} session @returns {string} roles, and towns unless all */
function scopeOf({ roles, towns }) {
  const names = roleNames(roles);
  return towns ? `${names} · ${text("session.towns", { towns: towns.join(" ") })}` : names;
}

/** The button that switches the language. */
export function offerLanguages() {
  const button = byId("language");
  button.addEventListener("click", () => setLanguage(language() === "zh" ? "en" : "zh"));
  inEveryLanguage(() => {
    button.textContent = text("language");
    button.setAttribute("lang", language() === "zh" ? "en" : "zh-CN");
  });
}
