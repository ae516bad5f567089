// @ts-check
/** Words of drafts: records that are not in their register yet. */

/** @type {Record<string, [zh: string, en: string]>} */
export const DRAFT_WORDS = {
  "form.draft": ["存为草稿", "Save as draft"],
  "record.draft": ["起草", "Draft"],
  "record.draft.change": ["起草修改", "Draft a change"],

  "drafts": ["草稿与待定位", "Drafts and records without a place"],
  "drafts.n": ["草稿与待定位（{n}）", "Drafts and records without a place ({n})"],
  "drafts.which": ["列出", "Listed"],
  "drafts.waiting": ["待处理（{n}）", "waiting ({n})"],
  "drafts.merged": ["已入库（{n}）", "in their register ({n})"],
  "drafts.rejected": ["已驳回（{n}）", "rejected ({n})"],
  "drafts.is.merged": ["已入库，记录 {id}", "in its register, record {id}"],
  "drafts.is.rejected": ["已驳回：{why}", "rejected: {why}"],
  "drafts.none": ["没有草稿。", "No drafts."],
  "drafts.more": ["再列 {n} 份", "List {n} more"],
  "drafts.nameless": ["未命名", "no name yet"],
  "drafts.change": ["修改记录 {id}", "changes record {id}"],
  "drafts.row": ["导入第 {n} 行", "row {n} of an import"],
  "drafts.missing": ["还差：{what}", "Missing: {what}"],
  "drafts.place": ["位置", "place"],
  "drafts.separator": ["、", ", "],
  "drafts.open": ["打开草稿核对", "Open to check"],

  "draft.title": ["草稿：{name}", "Draft: {name}"],
  "draft.since": ["{who} · {when}", "{who} · {when}"],
  "draft.reason": ["说明：{why}", "Reason: {why}"],
  "draft.wrong": ["还有 {n} 处不合格，改正后才能入库。", "{n} things are wrong or missing; then it can be applied."],
  "draft.ready": ["没有问题，可以入库。", "Nothing is wrong: it can be applied."],
  "draft.ready.drafter": ["没有问题，等待台账管理员入库。", "Nothing is wrong: it waits for the register keeper."],
  "draft.save": ["保存草稿", "Save the draft"],
  "draft.apply": ["入库", "Apply to the register"],
  "draft.place.stays": ["草稿不能去掉已有的位置，请直接保存修改。", "A draft cannot take a place away: save the change itself."],
  "draft.merged": ["这份草稿已入库（记录 {id}）。", "This draft is in its register (record {id})."],
  "draft.rejected": ["这份草稿已被驳回：{why}", "This draft was rejected: {why}"],
  "draft.again": ["打开现在的草稿（放弃我的改动）", "Open the draft as it is now (mine is thrown away)"],
  "draft.unknown": ["没有权限查看“{register}”台账。", "You may not see the register {register}."],

  "reject": ["驳回草稿…", "Reject the draft…"],
  "reject.why": ["驳回原因（必填）", "Reason (required)"],
  "reject.why.missing": ["请写明驳回原因。", "Say why it is rejected."],
  "reject.do": ["驳回", "Reject"],
};
