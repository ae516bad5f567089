// What the registers say together, as rows: pure.
import assert from "node:assert/strict";
import { test } from "node:test";

import { gradeRows, labelsOf, proposalRows, repeatRows, ruleOf, staleRows, together, unownedRows } from "../../web/js/records/finding_rows.js";

const codes = { mine: { zh: "煤矿", en: "Coal mine" }, red: { zh: "重大（红）", en: "Major (red)" } };
const layer = (id, zh, field) => ({ id, geoservice: { title: { zh, en: id }, fields: [{ name: field, codes }] } });
const LABELS = labelsOf(
  [layer("hazard_sources", "危险源", "kind"), layer("risk_points", "风险点", "grade"), layer("depots", "物资储备点", "tier")],
  [{ collection: { id: "towns" }, properties: { code: "1", name: "甲镇" } }],
);

test("a source says what it lacks and what kind it is", () => {
  const [row] = unownedRows([{ id: 7, code: "H1", name: "厂", kind: "mine", lacks: ["prevent", "rescue"] }], LABELS);
  assert.deepEqual(row, { title: "厂", notes: ["H1", "煤矿"], mark: "缺防控、缺救援", leads: { layer: "hazard_sources", id: 7 } });
});

test("a repeat says so, and where its record does not name it", () => {
  const found = { id: 3, code: "B", name: "漏", repeat_of: "A", days: 7, link: "near", recorded: null };
  const [open, told] = repeatRows({ repeats: [found, { ...found, recorded: "A" }] }, LABELS);
  assert.deepEqual(open.notes, ["B", "重复 A，相隔 7 天", "位置邻近"]);
  assert.equal(open.mark, "记录中未写明");
  assert.equal("mark" in told, false);
});

test("a proposal without a place leads nowhere and says why", () => {
  const found = { road_code: "G1", from_m: 99.6, to_m: 580, crashes: ["a", "b"], deaths: 1, known_sections: [], geometry: null, no_geometry: { zh: "无路", en: "no road" } };
  const [row] = proposalRows({ proposals: [found] }, LABELS);
  assert.deepEqual(row, { title: "G1 100–580 米", notes: ["事故 2 起，死亡 1 人", "无路"], mark: "未登记", leads: null });
  assert.equal(together([found]), null);
  const line = { type: "LineString", coordinates: [[0, 0], [1, 1]] };
  assert.deepEqual(together([found, { ...found, geometry: line }]), { type: "GeometryCollection", geometries: [line] });
});

test("registers with nothing stale are left out; grades count their points", () => {
  const stale = { register: "depots", records: 20, stale: 4, never_surveyed: 0, oldest_on: "2024-01-08", rule_days: 180, is_verified: false };
  const rows = staleRows([stale, { ...stale, register: "drills", stale: 0 }], LABELS);
  assert.deepEqual(rows.map(({ title, mark }) => [title, mark]), [["物资储备点", "4 / 20"]]);
  assert.equal(rows[0].notes[2], "期限 180 天（未核实）");
  const [town, none] = gradeRows([
    { place: "1", grade: "red", methods: ["LEC"], points: { red: 1, blue: 2 }, not_assessed: 1 },
    { place: null, grade: null, methods: [], points: {}, not_assessed: 2 },
  ], LABELS);
  assert.deepEqual([town.title, town.mark, town.notes[0]], ["甲镇", "重大（红）", "风险点 4 个"]);
  assert.deepEqual([none.title, none.mark, none.leads], ["未写乡镇", "未定级", null]);
});

test("a rule that nobody verified is labelled", () => {
  assert.equal(ruleOf([]), "");
  assert.equal(ruleOf({ ruling: { source_doc: "表", is_verified: false } }), "依据：表（未核实）");
});
