// @ts-check
/** The form beside the rows of a staged file: one at a time, folded until it is wanted. */

import { element } from "../dom.js";

export class Side {
  node = element("div", { class: "side", hidden: true });

  /** Show a form; the same again folds it. @param {HTMLElement} form */
  toggle(form) {
    const isShown = !this.node.hidden && this.node.firstElementChild?.className === form.className;
    this.node.hidden = isShown;
    this.node.replaceChildren(form);
  }

  fold() {
    this.node.hidden = true;
  }
}
