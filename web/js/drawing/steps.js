// @ts-check
/** Undo and redo: the states a drawing went through, and what led to each. Pure. */

const MOST = 200;

/** @template State */
export class Steps {
  /** @param {State} first */
  constructor(first) {
    /** @type {{state: State, name: string}[]} */
    this.states = [{ state: first, name: "" }];
    this.at = 0;
  }

  get current() {
    return this.states[this.at].state;
  }

  /** @returns {string | null} the name of the step that undoing takes back; null: there is none */
  get undoes() {
    return this.at > 0 ? this.states[this.at].name : null;
  }

  /** @returns {string | null} the name of the step that is done again */
  get redoes() {
    return this.states[this.at + 1]?.name ?? null;
  }

  /** A new state; what was undone is gone. @param {State} state @param {string} name  of the step that led to it */
  push(state, name) {
    this.states = [...this.states.slice(0, this.at + 1), { state, name }].slice(-MOST);
    this.at = this.states.length - 1;
  }

  /** @returns {State} the state before, or the first */
  undo() {
    this.at = Math.max(0, this.at - 1);
    return this.current;
  }

  /** @returns {State} the state undone last, or the newest */
  redo() {
    this.at = Math.min(this.states.length - 1, this.at + 1);
    return this.current;
  }
}
