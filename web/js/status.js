// @ts-check
/** The state line: how old what is shown is, and what to do when it cannot be read. */

import { Problem } from "./api.js";
import { element } from "./dom.js";
import { inEveryLanguage, text } from "./text.js";
import { clock } from "./times.js";

/**
 * @param {HTMLElement} line
 * @param {() => void} retry
 */
export function createStatus(line, retry) {
  /** @type {{at: Date | null, problem: Error | null, busy: boolean}} */
  const state = { at: null, problem: null, busy: true };
  const render = () => {
    line.classList.toggle("failing", state.problem !== null);
    line.replaceChildren(...describe(state, retry));
  };
  inEveryLanguage(render);
  return {
    loading() {
      state.busy = true;
      render();
    },
    succeed() {
      Object.assign(state, { at: new Date(), problem: null, busy: false });
      render();
    },
    /** @param {unknown} problem */
    fail(problem) {
      Object.assign(state, { problem, busy: false });
      render();
    },
  };
}

/**
 * @param {{at: Date | null, problem: Error | null, busy: boolean}} state
 * @param {() => void} retry
 * @returns {(Node | string)[]}
 */
function describe({ at, problem, busy }, retry) {
  if (!problem) return [at ? text("state.fresh", { time: clock(at) }) : busy ? text("state.loading") : ""];
  const what = at ? text("state.stale", { time: clock(at) }) : text("state.failed");
  const again = busy ? text("state.loading") : text("state.retry");
  return [
    element("span", { title: wordsOf(problem) }, what),
    element("span", { class: "why" }, wordsOf(problem)),
    element("button", { type: "button", disabled: busy, on: { click: retry } }, again),
  ];
}

/**
 * What went wrong, in the page's language.
 * @param {unknown} problem
 * @returns {string}
 */
export function wordsOf(problem) {
  if (problem instanceof Problem) return problem.words;
  return problem instanceof Error ? problem.message : String(problem);
}
