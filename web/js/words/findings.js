// @ts-check
/** Words of what the registers say when they are looked at together. */

/** @type {Record<string, [zh: string, en: string]>} */
export const FINDING_WORDS = {
  "findings": ["盲区、重复与汇总", "Gaps, repeats and summaries"],
  "findings.none": ["没有。", "None."],
  "findings.unowned": ["无人防控或救援的危险源", "Sources that nobody prevents or rescues"],
  "findings.repeats": ["反复出现的隐患", "Hidden dangers that come back"],
  "findings.proposals": ["事故提出的危险路段", "Dangerous sections that crashes propose"],
  "findings.stale": ["久未核实的台账", "Registers not verified lately"],
  "findings.grades": ["各乡镇风险等级", "Risk grades of the towns"],
  "findings.n": ["{title}（{n}）", "{title} ({n})"],
  "findings.provisional": ["依据：{source}（未核实）", "By: {source} (not verified)"],
  "findings.ruled": ["依据：{source}", "By: {source}"],

  "lacks.prevent": ["缺防控", "no prevention"],
  "lacks.rescue": ["缺救援", "no rescue"],
  "repeat.of": ["重复 {code}，相隔 {days} 天", "repeats {code} after {days} days"],
  "repeat.source": ["同一危险源", "same source"],
  "repeat.near": ["位置邻近", "near by"],
  "repeat.unrecorded": ["记录中未写明", "not in its record"],
  "proposal.where": ["{road} {from}–{to} 米", "{road} {from}–{to} m"],
  "proposal.why": ["事故 {crashes} 起，死亡 {deaths} 人", "{crashes} crashes, {deaths} deaths"],
  "proposal.new": ["未登记", "not registered"],
  "proposal.known": ["已登记 {codes}", "registered {codes}"],
  "proposal.all": ["在图上看全部", "See all on the map"],
  "stale.of": ["{stale} / {records}", "{stale} / {records}"],
  "stale.oldest": ["最早调查 {day}", "oldest survey {day}"],
  "stale.never": ["未调查 {n}", "{n} never surveyed"],
  "stale.rule": ["期限 {days} 天", "limit {days} days"],
  "stale.rule.provisional": ["期限 {days} 天（未核实）", "limit {days} days (not verified)"],
  "grade.points": ["风险点 {n} 个", "{n} risk points"],
  "grade.open": ["未评估 {n} 个", "{n} not assessed"],
  "grade.none": ["未定级", "not graded"],
  "grade.elsewhere": ["未写乡镇", "no town said"],
};
