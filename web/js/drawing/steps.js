// @ts-check
/** Undo and redo: the states a drawing went through. Pure. */

const MOST = 200;

/** @template State */
export class Steps {
  /** @param {State} first */
  constructor(first) {
    /** @type {State[]} */
    this.states = [first];
    this.at = 0;
  }

  get current() {
    return this.states[this.at];
  }

  get canUndo() {
    return this.at > 0;
  }

  get canRedo() {
    return this.at < this.states.length - 1;
  }

  /** A new state; what was undone is gone. @param {State} state */
  push(state) {
    this.states = [...this.states.slice(0, this.at + 1), state].slice(-MOST);
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
