// @ts-check
/** Adding or amending one record: its form, its place, saving, and what a second editor did meanwhile. */

import { Problem } from "../api.js";
import { element } from "../dom.js";
import { saveDraft } from "../drafts/drafts.js";
import { drawable } from "../drawing/desk.js";
import { pick, text } from "../text.js";
import { instantText } from "../times.js";
import { wordsOf } from "../status.js";
import { conflictOf } from "./conflict.js";
import { RecordForm } from "./form.js";
import { addRecord, amendRecord } from "./service.js";
import { forget, keepUnsaved, unsaved } from "./unsaved.js";

/** @typedef {import("./editor.js").Editing} Editing */

export class Amending {
  #complaint = element("div", { class: "problem", role: "alert" });
  #place = element("div", { class: "place" });
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
    this.geometry = before && "geometry" in before ? before.geometry : (given.geometry ?? this.base?.geometry ?? null);
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
    this.#showPlace();
    this.node.replaceChildren(
      element("p", { class: "layer" }, pick(register)),
      element("h2", {}, base ? text("form.amend", { name: base.name ?? base.code }) : text("form.add", { register: pick(register) })),
      ...(restored ? [restored] : []),
      ...(register.geometry ? [this.#place] : []),
      this.#form.node,
      element("div", { class: "field" }, element("label", { for: "edit-why" }, text("form.why")), this.#why),
      element("div", { class: "actions sticky" },
        this.#complaint,
        element("button", { type: "submit", class: "primary" }, text("form.save")),
        element("button", { type: "button", on: { click: () => this.#draft() } }, text("drafts.save")),
        element("button", { type: "button", on: { click: () => this.doing.close() } }, text("form.cancel"))),
    );
  }

  /** Kept by the service for later, the register untouched. */
  async #draft() {
    const { register, id, base } = this;
    const { geometry, ...body } = this.body;
    try {
      await saveDraft({ register: register.name, record_id: id, base_version: base?.version ?? null, values: body, geometry: geometry ?? null });
      forget(register.name, id);
      this.doing.close();
      this.doing.drafted();
    } catch (problem) {
      this.#failed(problem, this.body);
    }
  }

  /** What is typed stays in this browser until it is saved. */
  #keep() {
    const { register, id, base, etag, geometry } = this;
    const isMoved = JSON.stringify(geometry) !== JSON.stringify(base?.geometry ?? null);
    const at = new Date().toISOString();
    keepUnsaved(register.name, id, { typed: this.#form.typed, base, etag, at, ...(isMoved && { geometry }) });
  }

  #discard() {
    forget(this.register.name, this.id);
    this.doing.again();
  }

  #showPlace() {
    const { geometry } = this;
    this.doing.show(geometry);
    const said = geometry ? describe(geometry) : text("form.geometry.none");
    const draw = element("button", { type: "button", on: { click: () => this.#draw() } }, text(geometry ? "form.geometry.redraw" : "form.geometry.draw"));
    this.#place.replaceChildren(element("span", { class: "label" }, text("form.geometry")), element("span", {}, said), draw);
  }

  async #draw() {
    const { register, base } = this;
    const title = base?.name ?? pick(register);
    const wanted = { title, ...drawable(register.geometry), mayBeEmpty: !register.needs_geometry, sources: this.doing.sources(register) };
    this.doing.show(null); // the drawing shows it itself
    const drawn = await this.doing.drawing.edit(this.geometry, wanted);
    if (drawn !== undefined) {
      this.geometry = drawn;
      this.#keep();
    }
    this.#showPlace();
  }

  /** @returns {Record<string, any>} the change */
  get body() {
    const { register, base, geometry } = this;
    const isMoved = JSON.stringify(geometry) !== JSON.stringify(base?.geometry ?? null);
    return { ...this.#form.changes, ...(register.geometry && isMoved && { geometry }) };
  }

  /** @param {Event} event */
  #submit(event) {
    event.preventDefault();
    this.save(this.body);
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

/** @param {any} geometry  GeoJSON @returns {string} what it is, in a word */
function describe({ type, coordinates }) {
  if (type === "Point") return `${coordinates[0].toFixed(6)}, ${coordinates[1].toFixed(6)}`;
  const parts = type.startsWith("Multi") ? coordinates.length : 1;
  const kind = type.replace("Multi", "");
  return text(`form.geometry.${kind}`, { n: parts });
}
