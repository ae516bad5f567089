// @ts-check
/** Opening a draft: its form; where its record was changed meanwhile, both versions first. */

import { Problem } from "../api.js";
import { element } from "../dom.js";
import { conflictOf } from "../records/conflict.js";
import { readHistory, readRecord } from "../records/service.js";
import { wordsOf } from "../status.js";
import { text } from "../text.js";
import { DraftForm } from "./draft.js";
import { asOfVersion, changedBy, settled } from "./missing.js";
import { rejecting } from "./rejecting.js";
import { amendDraft, readDraft } from "./service.js";

/** @typedef {import("../records/editor.js").Editing} Editing */

/**
 * @param {number} id
 * @param {Editing} doing
 * @returns {Promise<Node[]>}
 */
export async function openDraft(id, doing) {
  const { body: draft, etag } = await readDraft(id);
  const register = doing.register(draft.register);
  if (!register) return told(text("draft.unknown", { register: draft.register }), doing);
  if (draft.state === "merged") return told(text("draft.merged", { id: draft.record_id ?? "" }), doing);
  if (draft.state === "rejected") return told(text("draft.rejected", { why: draft.reason ?? "" }), doing);
  const record = draft.record_id === null ? null : (await readRecord(register.name, draft.record_id)).body;
  const opened = { register, draft, etag, record };
  if (record && !record.is_retired && record.version !== draft.base_version) return [await comparing(opened, doing)];
  return [new DraftForm(opened, doing).node];
}

/** @param {string} sentence @param {Editing} doing */
function told(sentence, doing) {
  const close = element("button", { type: "button", on: { click: doing.close } }, text("card.close"));
  return [element("p", { class: "notice", role: "alert" }, sentence), element("p", { class: "actions" }, close)];
}

/** What is chosen is what the draft says from now on; its register is not touched. @param {import("./draft.js").Opened} opened @param {Editing} doing */
async function comparing({ register, draft, etag, record }, doing) {
  const history = await readHistory(register.name, record.id);
  const base = asOfVersion(record, history, draft.base_version ?? 0);
  const complaint = element("p", { class: "problem", role: "alert" });
  const save = async (/** @type {Record<string, any>} */ chosen) => {
    try {
      await amendDraft(draft.id, settled(draft, record, chosen), etag);
    } catch (problem) {
      complaint.textContent = wordsOf(problem);
      if (!(problem instanceof Problem) || problem.status !== 412) return;
    }
    doing.again();
  };
  const mine = changedBy(register, draft, base);
  const form = conflictOf(register, base, record, mine, { save, leave: () => save({}), look: (geometry) => doing.show(geometry) });
  const close = element("p", { class: "actions" }, element("button", { type: "button", on: { click: doing.close } }, text("card.close")));
  return element("div", {}, form, complaint, close, rejecting(draft, () => doing.drafted(null)));
}
