// @ts-check
/** One draft: the same form and place as a record's; saved again, applied to its register or rejected. */

import { Problem } from "../api.js";
import { element } from "../dom.js";
import { RecordForm } from "../records/form.js";
import { Place } from "../records/place.js";
import { changes } from "../records/values.js";
import { wordsOf } from "../status.js";
import { pick, text } from "../text.js";
import { instantText } from "../times.js";
import { typedIn } from "./missing.js";
import { rejecting } from "./rejecting.js";
import { amendDraft, applyDraft } from "./service.js";
import { forgetTyping, keepTyping, typing } from "./typed.js";

/**
 * @typedef {object} Opened
 * @property {Register} register
 * @property {import("./service.js").Draft} draft
 * @property {string} etag
 * @property {any} record  that it changes, as it is now; null: a new one
 */

export class DraftForm {
  #complaint = element("div", { class: "problem", role: "alert" });
  #state = element("p", { class: "notice", role: "status" });

  /**
   * @param {Opened} opened
   * @param {import("../records/editor.js").Editing} doing
   */
  constructor({ register, draft, etag, record }, doing) {
    this.register = register;
    this.doing = doing;
    this.record = record;
    const typed = typedIn(register, draft, record);
    const before = typing(draft.id);
    this.restored = before;
    this.form = new RecordForm(register, record, { ...typed, ...before?.typed }, { changed: () => this.#keep(), suggest: doing.suggest });
    this.place = new Place(register, before ? before.geometry : (draft.geometry ?? record?.geometry ?? null), doing, {
      title: nameOf(draft, record), mayBeEmpty: record ? !record.geometry : !register.needs_geometry,
      changed: () => {
        this.#complain([]);
        this.#keep();
      },
    });
    this.draft = draft;
    this.etag = etag;
    this.before = typed;
    this.node = element("div", {}, this.#whole(), rejecting(draft, () => this.#away()));
    this.place.show();
    this.#report();
  }

  #whole() {
    const { register, draft, doing } = this;
    const submit = (/** @type {Event} */ event) => {
      event.preventDefault();
      this.#do(() => this.#save());
    };
    const since = { who: draft.created_by, when: instantText(new Date(draft.created_at)) };
    const told = [text("draft.since", since), draft.job_row && text("drafts.row", { n: draft.job_row }), draft.record_id && text("drafts.change", { id: draft.record_id })];
    return element("form", { class: "amending", novalidate: true, on: { submit } },
      element("p", { class: "layer" }, pick(register)),
      element("h2", {}, text("draft.title", { name: nameOf(draft, this.record) })),
      element("p", { class: "muted" }, told.filter(Boolean).join(" · ")),
      draft.reason && element("p", { class: "muted" }, text("draft.reason", { why: draft.reason })),
      this.#back(),
      this.#state,
      register.geometry && this.place.node,
      this.form.node,
      element("div", { class: "actions sticky" },
        this.#complaint,
        register.may_edit && element("button", { type: "button", class: "primary", on: { click: () => this.#do(() => this.#apply()) } }, text("draft.apply")),
        element("button", { type: "submit", class: register.may_edit ? null : "primary" }, text("draft.save")),
        element("button", { type: "button", on: { click: () => doing.close() } }, text("card.close"))));
  }

  /** What is typed stays in this browser until it is saved. */
  #keep() {
    keepTyping(this.draft.id, { typed: this.form.all, geometry: this.place.geometry });
  }

  #forget() {
    forgetTyping(this.draft.id);
    this.node.querySelector(".restored")?.remove();
  }

  #away() {
    this.#forget();
    this.doing.drafted(null);
  }

  /** @returns {HTMLElement | null} that what was typed before is back */
  #back() {
    if (!this.restored) return null;
    const discard = () => {
      forgetTyping(this.draft.id);
      this.doing.again();
    };
    return element("p", { class: "notice restored" }, text("form.restored", { when: instantText(new Date(this.restored.at)) }), " ",
      element("button", { type: "button", on: { click: discard } }, text("form.discard")));
  }

  /** @returns {Record<string, any>} what the draft does not say yet */
  get body() {
    const { register, draft, before, record, place } = this;
    const values = changes(register, before, this.form.all);
    const isStanding = record !== null && JSON.stringify(place.geometry) === JSON.stringify(record.geometry ?? null);
    const geometry = isStanding ? null : place.geometry; // not said: it stays
    const isMoved = JSON.stringify(geometry) !== JSON.stringify(draft.geometry);
    return { ...(Object.keys(values).length && { values }), ...(isMoved && { geometry }) };
  }

  async #save() {
    const { body } = this;
    if (!Object.keys(body).length) return this.#forget();
    const kept = await amendDraft(this.draft.id, body, this.etag);
    this.#forget();
    Object.assign(this, { draft: kept.body, etag: kept.etag, before: this.form.all });
    this.doing.listed();
  }

  /** What is typed is saved first; what is wrong is said, and nothing written. */
  async #apply() {
    await this.#save();
    if (this.draft.problems?.length) return;
    const { body } = await applyDraft(this.draft.id);
    this.doing.listed();
    await this.doing.saved(this.register, body.record_id);
  }

  /** @param {() => Promise<void>} what */
  async #do(what) {
    try {
      await what();
      this.#report();
    } catch (problem) {
      this.#failed(problem);
    }
  }

  /** What is wrong still, each beside its field. */
  #report() {
    const problems = this.draft.problems ?? [];
    if (problems.some(({ where }) => where === "base_version") && !this.record?.is_retired) return this.doing.again(); // to compare
    const ready = this.register.may_edit ? "draft.ready" : "draft.ready.drafter";
    this.#state.textContent = problems.length ? text("draft.wrong", { n: problems.length }) : text(ready);
    this.#state.classList.toggle("ready", !problems.length);
    const errors = problems.map(({ where, why, why_zh }) => ({ where, texts: { zh: why_zh ?? why, en: why } }));
    this.#complain(this.form.complain(errors));
  }

  /** @param {unknown} problem */
  #failed(problem) {
    const errors = problem instanceof Problem ? problem.errors : [];
    if (errors.some(({ where }) => where === "base_version")) return this.doing.again(); // to compare
    if (errors.length) return this.#complain(this.form.complain(errors));
    this.#complain([wordsOf(problem)]);
    if (!(problem instanceof Problem) || problem.status !== 412) return;
    this.#complaint.append(element("button", { type: "button", on: { click: () => this.doing.again() } }, text("draft.again")));
  }

  /** @param {string[]} sentences */
  #complain(sentences) {
    this.#complaint.replaceChildren(...sentences.map((one) => element("p", {}, one)));
  }
}

/** @param {import("./service.js").Draft} draft @param {any} [record] @returns {string} */
export function nameOf({ values }, record = null) {
  return String(values.name || values.code || record?.name || record?.code || text("drafts.nameless"));
}
