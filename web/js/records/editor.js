// @ts-check
/** The editing panel beside the map: a record's form, its retirement, its history. */

import { byId, element, labelled } from "../dom.js";
import { openDraft } from "../drafts/open.js";
import { pick, text } from "../text.js";
import { wordsOf } from "../status.js";
import { Amending } from "./amending.js";
import { historyRows } from "./history.js";
import { readHistory, readRecord, retireRecord } from "./service.js";

/**
 * @typedef {object} Surroundings
 * @property {import("../drawing/desk.js").DrawingDesk} drawing
 * @property {(register: Register) => any[]} sources  to snap to
 * @property {(geometry: any) => void} show  a GeoJSON shape on the map; null takes it away
 * @property {(field: RegisterField) => Promise<[string, string][] | null>} suggest  codes of another register
 * @property {(register: Register, id: number | null) => Promise<void>} saved  null: it was retired
 * @property {boolean} mayDraft
 * @property {(name: string) => Register | undefined} register
 * @property {() => void} listed  the list of drafts is read anew
 *
 * @typedef {Surroundings & {close: () => void, again: () => void, drafted: (id: number | null) => void}} Editing
 */

export class Editor {
  #node = byId("editor");

  /** @param {Surroundings} around */
  constructor(around) {
    this.around = around;
  }

  get isOpen() {
    return !this.#node.hidden;
  }

  close() {
    this.around.drawing.cancel();
    this.around.show(null);
    this.#node.hidden = true;
    document.body.classList.remove("editing");
  }

  /** @param {Register} register @param {ConstructorParameters<typeof Amending>[3]} [given] */
  add(register, given) {
    this.#show(new Amending(register, null, this.#editing(() => this.add(register)), given).node);
  }

  /** @param {Register} register @param {number} id */
  amend(register, id) {
    return this.#read(async () => {
      const kept = await readRecord(register.name, id);
      this.#show(new Amending(register, kept, this.#editing(() => this.amend(register, id))).node);
    });
  }

  /** @param {number} id */
  draft(id) {
    return this.#read(async () => this.#show(...(await openDraft(id, this.#editing(() => this.draft(id))))));
  }

  /** @param {Register} register @param {number} id */
  history(register, id) {
    return this.#read(async () => {
      const [{ body }, told] = await Promise.all([readRecord(register.name, id), readHistory(register.name, id)]);
      const look = (/** @type {any} */ geometry) => this.around.show(geometry);
      this.#show(
        element("p", { class: "layer" }, pick(register)),
        element("h2", {}, text("history.title", { name: body.name ?? body.code })),
        element("ol", { class: "history" }, ...historyRows(register, told, look)),
        element("p", { class: "actions" }, this.#closing("card.close")),
      );
    });
  }

  /** @param {Register} register @param {number} id */
  retire(register, id) {
    return this.#read(async () => {
      const { body, etag } = await readRecord(register.name, id);
      const why = element("input", { type: "text", id: "retire-why", maxlength: 500, required: true, autocomplete: "off" });
      const complaint = element("p", { class: "problem", role: "alert" });
      const submit = async (/** @type {Event} */ event) => {
        event.preventDefault();
        if (!why.value.trim()) return void (complaint.textContent = text("retire.why.missing"));
        try {
          await retireRecord(register.name, id, etag, why.value);
          await this.#saved(register, null);
        } catch (problem) {
          complaint.textContent = wordsOf(problem);
        }
      };
      const form = element("form", { novalidate: true, on: { submit } },
        element("p", { class: "layer" }, pick(register)),
        element("h2", {}, text("retire.title", { name: body.name ?? body.code })),
        element("p", {}, text("retire.what")),
        labelled("retire.why", why),
        complaint,
        element("p", { class: "actions" },
          element("button", { type: "submit", class: "danger" }, text("retire.do")), this.#closing("form.cancel")));
      this.#show(form);
      why.focus();
    });
  }

  /** @param {() => void} again @returns {Editing} */
  #editing(again) {
    return {
      ...this.around, close: () => this.close(), again,
      saved: (register, id) => this.#saved(register, id),
      drafted: (id) => this.#drafted(id),
    };
  }

  /** What is still wrong with a draft stands in its own form. @param {number | null} id  null: it was put away */
  #drafted(id) {
    this.around.listed();
    if (id === null) this.close();
    else this.draft(id);
  }

  /** @param {Register} register @param {number | null} id */
  async #saved(register, id) {
    this.close();
    await this.around.saved(register, id);
  }

  /** @param {() => Promise<void>} reading */
  async #read(reading) {
    this.#show(element("p", { class: "muted" }, text("table.loading")));
    try {
      await reading();
    } catch (problem) {
      this.#show(element("p", { class: "problem", role: "alert" }, wordsOf(problem)), this.#closing("card.close"));
    }
  }

  /** @param {string} key */
  #closing(key) {
    return element("button", { type: "button", on: { click: () => this.close() } }, text(key));
  }

  /** @param {...Node} content */
  #show(...content) {
    this.around.drawing.cancel();
    this.#node.replaceChildren(...content);
    this.#node.hidden = false;
    this.#node.scrollTop = 0;
    document.body.classList.add("editing");
    const first = this.#node.querySelector("input:not([readonly]), select, textarea");
    if (first instanceof HTMLElement && matchMedia("(min-width: 761px)").matches) first.focus();
  }
}
