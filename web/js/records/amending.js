// @ts-check
/** Adding or amending one record: its form, its place, saving, and what a second editor did meanwhile. */

import { Problem } from "../api.js";
import { element, labelled } from "../dom.js";
import { addDraft } from "../drafts/service.js";
import { pick, text } from "../text.js";
import { instantText } from "../times.js";
import { wordsOf } from "../status.js";
import { conflictOf } from "./conflict.js";
import { RecordForm } from "./form.js";
import { Place } from "./place.js";
import { addRecord, amendRecord } from "./service.js";
import { forget, keepUnsaved, unsaved } from "./unsaved.js";

/** @typedef {import("./editor.js").Editing} Editing */

export class Amending {
  #complaint = element("div", { class: "problem", role: "alert" });
  #why = element("input", { type: "text", id: "edit-why", maxlength: 500, autocomplete: "off" });
  /** @type {RecordForm} */
  #form;

  /**
   * @param {Register} register
   * @param {{body: any, etag: string} | null} kept  the record, or null for a new one
   * @param {Editing} doing
   * @param {{draft?: any, typed?: Record<string, import("./values.js").Typed>, geometry?: any}} [given]  a new record's beginnings
   */
  constructor(register, kept, doing, given = {}) {
    this.register = register;
    this.doing = doing;
    this.id = kept?.body.id ?? null;
    const before = unsaved(register.name, this.id);
    this.base = before && kept ? before.base : (kept?.body ?? null);
    this.etag = before && kept ? before.etag : (kept?.etag ?? "");
    this.before = before;
    const geometry = before && "geometry" in before ? before.geometry : (given.geometry ?? this.base?.geometry ?? null);
    this.place = new Place(register, geometry, doing, {
      title: this.base?.name ?? null, mayBeEmpty: !register.needs_geometry, changed: () => this.#keep(),
    });
    this.#form = new RecordForm(register, this.base, { ...given.typed, ...before?.typed }, {
      changed: () => this.#keep(),
      suggest: doing.suggest,
    });
    this.node = element("form", { class: "amending", novalidate: true, on: { submit: (/** @type {Event} */ event) => this.#submit(event) } });
    this.render();
  }

  render() {
    const { register, base } = this;
    const restored = this.before && element("p", { class: "notice restored" },
      text("form.restored", { when: instantText(new Date(this.before.at)) }), " ",
      element("button", { type: "button", on: { click: () => this.#discard() } }, text("form.discard")));
    this.place.show();
    this.node.replaceChildren(
      element("p", { class: "layer" }, pick(register)),
      element("h2", {}, base ? text("form.amend", { name: base.name ?? base.code }) : text("form.add", { register: pick(register) })),
      ...(restored ? [restored] : []),
      ...(register.geometry ? [this.place.node] : []),
      this.#form.node,
      labelled("form.why", this.#why),
      element("div", { class: "actions sticky" },
        this.#complaint,
        register.may_edit && element("button", { type: "submit", class: "primary" }, text("form.save")),
        this.doing.mayDraft && element("button", { type: "button", on: { click: () => this.#draft() } }, text("form.draft")),
        element("button", { type: "button", on: { click: () => this.doing.close() } }, text("form.cancel"))),
    );
  }

  /** What is typed stays in this browser until it is saved. */
  #keep() {
    const { register, id, base, etag } = this;
    const { geometry } = this.place;
    const at = new Date().toISOString();
    keepUnsaved(register.name, id, { typed: this.#form.typed, base, etag, at, ...(this.isMoved && { geometry }) });
  }

  #discard() {
    forget(this.register.name, this.id);
    this.doing.again();
  }

  /** @returns {Record<string, any>} the change */
  get body() {
    return { ...this.#form.changes, ...(this.register.geometry && this.isMoved && { geometry: this.place.geometry }) };
  }

  get isMoved() {
    return JSON.stringify(this.place.geometry) !== JSON.stringify(this.base?.geometry ?? null);
  }

  /** Kept by the service, however unfinished; the register stays as it is. */
  async #draft() {
    const { register, id, base, place } = this;
    const { geometry, ...values } = this.body;
    if (id !== null && this.isMoved && !place.geometry) return this.#complain([text("draft.place.stays")]);
    if (!geometry && !Object.keys(values).length) return this.#complain([text("form.unchanged")]);
    const change = id === null ? {} : { record_id: id, base_version: base.version };
    const reason = this.#why.value.trim() || null;
    try {
      const { body } = await addDraft({ register: register.name, ...change, values, geometry: geometry ?? null, reason });
      forget(register.name, id);
      await this.doing.drafted(body.id);
    } catch (problem) {
      this.#failed(problem, this.body);
    }
  }

  /** @param {Event} event */
  #submit(event) {
    event.preventDefault();
    if (this.register.may_edit) this.save(this.body);
    else this.#draft();
  }

  /** @param {Record<string, any>} body */
  async save(body) {
    const { register, id, etag } = this;
    if (id !== null && !Object.keys(body).length) return this.#complain([text("form.unchanged")]);
    try {
      const why = this.#why.value;
      const kept = id === null ? await addRecord(register.name, body, why) : await amendRecord(register.name, id, body, etag, why);
      forget(register.name, id);
      await this.doing.saved(register, kept.body.id);
    } catch (problem) {
      this.#failed(problem, body);
    }
  }

  /** @param {unknown} problem @param {Record<string, any>} body */
  #failed(problem, body) {
    const current = problem instanceof Problem && problem.status === 412 ? problem.body?.current : null;
    if (current?.etag) return this.#conflict(current, body);
    if (problem instanceof Problem && problem.errors.length) return this.#complain(this.#form.complain(problem.errors));
    this.#complain([wordsOf(problem)]);
  }

  /** Someone was quicker. @param {any} current @param {Record<string, any>} mine */
  #conflict(current, mine) {
    this.node.replaceChildren(conflictOf(this.register, this.base, current, mine, {
      save: (chosen) => {
        Object.assign(this, { base: current, etag: current.etag });
        if (Object.keys(chosen).length) return this.save(chosen);
        return this.#discard(); // nothing of mine is left
      },
      leave: () => this.#discard(),
      look: (geometry) => this.doing.show(geometry),
    }));
  }

  /** @param {string[]} sentences */
  #complain(sentences) {
    if (!this.node.contains(this.#form.node)) this.render(); // the choice between two versions stood there
    this.#complaint.replaceChildren(...sentences.map((one) => element("p", {}, one)));
  }
}
