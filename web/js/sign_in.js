// @ts-check
/** The sign-in page; with the set-up session it makes the first administrator instead. */

import { getJson, post } from "./api.js";
import { byId, element, speak } from "./dom.js";
import { isSignedIn, offerLanguages } from "./session.js";
import { wordsOf } from "./status.js";
import { inEveryLanguage, text } from "./text.js";

speak();
offerLanguages();
inEveryLanguage(() => {
  document.title = `${text("sign_in.title")} · ${text("app.name")}`;
});
/** @type {() => string[]} */
let message = () => [];
inEveryLanguage(showMessage);
const query = new URLSearchParams(location.search);
const next = localPage(query.get("next"));
byId("public").setAttribute("href", next);
const reason = query.get("reason");
if (reason === "link" || reason === "insecure") say(() => [text(`reason.${reason}`)]);
prepare("sign-in", (name, password) => post("/sign-in", { name, password }).then(() => location.assign(next)));
prepare("setup", makeFirst);
greet();

/** Show who is signed in, or the set-up form to who came by the set-up link. */
async function greet() {
  try {
    const session = await getJson("/session");
    byId("sign-in").hidden = session.setup;
    byId("setup").hidden = !session.setup;
    if (!session.setup && isSignedIn(session)) {
      inEveryLanguage(() => byId("who").replaceChildren(text("sign_in.again", { name: session.name })));
    }
  } catch (problem) {
    say(() => [wordsOf(problem)]);
  }
}

/** @param {string} name @param {string} password */
async function makeFirst(name, password) {
  const again = /** @type {HTMLInputElement} */ (byId("setup-again")).value;
  if (password !== again) return say(() => [text("setup.differ")]);
  await post("/accounts/first", { name, password });
  await post("/sign-in", { name, password });
  location.assign("/");
}

/**
 * @param {string} id  of the form; its fields are `name` and `password`
 * @param {(name: string, password: string) => Promise<void>} submit
 */
function prepare(id, submit) {
  const form = /** @type {HTMLFormElement} */ (byId(id));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = /** @type {HTMLButtonElement} */ (form.querySelector("button[type=submit]"));
    button.disabled = true;
    say(() => []);
    try {
      const values = new FormData(form);
      await submit(String(values.get("name")).trim(), String(values.get("password")));
    } catch (problem) {
      say(() => [wordsOf(problem)]);
    }
    button.disabled = false;
  });
}

/** @param {() => string[]} lines  said again when the language changes */
function say(lines) {
  message = lines;
  showMessage();
}

function showMessage() {
  byId("message").replaceChildren(...message().map((line) => element("p", {}, line)));
}

/**
 * The page to go on to: only one of this service, whatever the address says.
 * @param {string | null} wanted
 * @returns {string}
 */
function localPage(wanted) {
  if (!wanted?.startsWith("/") || /^\/[/\\]/.test(wanted)) return "/";
  const url = new URL(wanted, location.origin);
  return url.origin === location.origin ? url.pathname + url.search + url.hash : "/";
}
