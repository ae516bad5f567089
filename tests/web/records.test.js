// Pure parts of the keeper's tools: values of forms, two editors, unsaved input, drawing.
import assert from "node:assert/strict";
import { test } from "node:test";

import { crossings } from "../../web/js/drawing/crossings.js";
import { drawable } from "../../web/js/drawing/desk.js";
import { Steps } from "../../web/js/drawing/steps.js";
import { partsOf, together } from "../../web/js/drawing/works.js";
import { asked, changes, differences, typedOf, valueFrom } from "../../web/js/records/values.js";
import { changeOf } from "../../web/js/stock/lots.js";
import { usual } from "../../web/js/tables/columns.js";
import { filterText, itemsPath, nextOrder } from "../../web/js/tables/query.js";
import { localTime, setZone } from "../../web/js/times.js";

const field = (name, kind = "text", codes = {}) => ({ name, zh: name, en: name, kind, codes, is_required: false, is_nullable: true });
const SKILLS = { fire: { zh: "灭火", en: "Fire" }, water: { zh: "水域", en: "Water" } };
const register = {
  name: "teams",
  fields: [field("code"), field("secrecy"), field("headcount", "integer"), field("skills", "list", SKILLS), field("name")],
};

test("a form asks for code and name first, for what every record has last", () => {
  assert.deepEqual(asked(register).map(({ name }) => name), ["code", "name", "headcount", "skills", "secrecy"]);
});

test("values go into inputs and come back", () => {
  const [, , number, list] = register.fields;
  assert.equal(typedOf(number, 12), "12");
  assert.equal(typedOf(number, null), "");
  assert.equal(valueFrom(number, " K12+300 "), "K12+300"); // the service reads stakes
  assert.equal(valueFrom(number, " "), null);
  assert.deepEqual(typedOf(list, ["fire"]), ["fire"]);
  assert.deepEqual(valueFrom(field("kinds", "list"), "弯道、陡坡, 临水"), ["弯道", "陡坡", "临水"]);
  assert.equal(valueFrom(field("is_open", "truth"), "false"), false);
});

test("an instant is edited in the district's own time", () => {
  setZone("Asia/Shanghai");
  assert.equal(localTime("2026-11-23T20:05:00+00:00"), "2026-11-24T04:05");
  assert.equal(typedOf(field("starts_at", "instant"), "2026-11-23T08:00:00+08:00"), "2026-11-23T08:00");
  setZone(undefined);
});

test("only what differs is sent", () => {
  const before = { code: "T-1", headcount: "12", skills: ["fire"], name: "甲队" };
  assert.deepEqual(changes(register, before, { ...before }), {});
  assert.deepEqual(changes(register, before, { headcount: "", skills: ["fire", "water"] }), { headcount: null, skills: ["fire", "water"] });
});

test("of two editors, each field says whose it is and what is proposed", () => {
  const base = { name: "甲队", headcount: 12, skills: ["fire"], geometry: null };
  const current = { name: "甲一队", headcount: 12, skills: ["fire", "water"], geometry: null };
  const mine = { name: "甲二队", headcount: 20 };
  const found = differences(register, base, current, mine);
  assert.deepEqual(found.map(({ field: one, takes, isBoth }) => [one.name, takes, isBoth]), [
    ["name", "mine", true],
    ["headcount", "mine", false],
    ["skills", "theirs", false],
  ]);
  assert.deepEqual(differences(register, base, { ...current, name: "甲二队" }, { name: "甲二队" }).map((one) => one.field.name), ["skills"]);
});

test("an area that crosses itself is found, whatever its ring", () => {
  const square = [[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]];
  const hole = [[1, 1], [1, 2], [2, 2], [2, 1], [1, 1]];
  assert.deepEqual(crossings({ type: "Polygon", coordinates: [square, hole] }), []);
  assert.deepEqual(crossings({ type: "Polygon", coordinates: [[[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]] }), [[1, 1]]);
  const out = [[3, 1], [5, 1], [5, 2], [3, 2], [3, 1]];
  assert.equal(crossings({ type: "Polygon", coordinates: [square, out] }).length, 2);
  assert.equal(crossings({ type: "MultiPolygon", coordinates: [[square], [out]] }).length, 2);
  assert.equal(crossings({ type: "Polygon", coordinates: [[[0, 0], [4, 0], [2, 0], [2, 3], [0, 0]]] }).length > 0, true); // turns back
  assert.deepEqual(crossings({ type: "LineString", coordinates: [[0, 0], [2, 2], [2, 0], [0, 2]] }), []); // a road may
  assert.deepEqual(crossings(null), []);
});

test("two rings may touch in a point, one ring may not touch itself", () => {
  const square = [[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]];
  const touching = [[0, 2], [1, 1], [1, 3], [0, 2]];
  assert.deepEqual(crossings({ type: "Polygon", coordinates: [square, touching] }), []);
  const pinched = [[0, 0], [4, 0], [4, 4], [2, 0], [0, 4], [0, 0]];
  assert.equal(crossings({ type: "Polygon", coordinates: [pinched] }).length > 0, true);
});

test("a large boundary is checked while it is dragged", () => {
  const ring = Array.from({ length: 5000 }, (_, i) => [Math.cos(i / 795.77) * 1000, Math.sin(i / 795.77) * 1000]);
  assert.deepEqual(crossings({ type: "Polygon", coordinates: [[...ring.slice(0, 4990), ring[0]]] }), []);
});

test("undo goes back step by step, a new step forgets what was undone", () => {
  const steps = new Steps(null);
  steps.push("a", "draw.Polygon");
  steps.push("b", "cut");
  assert.equal(steps.undoes, "cut");
  assert.equal(steps.undo(), "a");
  assert.equal(steps.undo(), null);
  assert.equal(steps.undo(), null);
  assert.equal(steps.redo(), "a");
  assert.deepEqual([steps.undoes, steps.redoes], ["draw.Polygon", "cut"]);
  steps.push("c", "split");
  assert.equal(steps.redoes, null);
  assert.equal(steps.redo(), "c");
});

test("a part is added to those there; registers say what may be drawn", () => {
  const part = { type: "Polygon", coordinates: [[[0, 0], [1, 0], [1, 1], [0, 0]]] };
  const many = together([...partsOf(together([...partsOf(null), part])), part]);
  assert.deepEqual(together([part]), part);
  assert.equal(many.type, "MultiPolygon");
  assert.equal(many.coordinates.length, 2);
  assert.deepEqual(drawable("MultiLineString"), { kinds: ["LineString"], isMany: true });
  assert.equal(drawable("Geometry").kinds.length, 3);
});

test("a table shows the telling columns first", () => {
  const named = (...names) => names.map((name) => field(name));
  const fields = named("code", "name", "name_en", "is_stale", "tier", "town_code", "surveyed_on", "source_doc");
  const collection = { id: "x", geoservice: { fields, title_field: "name" } };
  assert.deepEqual(usual(collection), ["name", "code", "tier", "surveyed_on"]);
});

test("filters become CQL2: text, codes, numbers, days; signs mean themselves", () => {
  const of = (name, type, codes = {}) => ({ name, zh: name, en: name, type, codes });
  const fields = [of("name", "text"), of("tier", "text", SKILLS), of("n", "integer"), of("due_on", "date"), of("is_stale", "boolean")];
  assert.equal(filterText(fields, {}), "");
  assert.equal(filterText(fields, { name: "O'Neil 50%" }), `CASEI("name") LIKE CASEI('%O''Neil 50\\%%')`);
  assert.equal(filterText(fields, { tier: "fire", n: "≥5" }), `"tier" = 'fire' AND "n" >= 5`);
  assert.equal(filterText(fields, { n: "5..10" }), `("n" >= 5 AND "n" <= 10)`);
  assert.equal(filterText(fields, { due_on: "<2024-01-31" }), `"due_on" < DATE('2024-01-31')`);
  assert.equal(filterText(fields, { is_stale: "true" }), `"is_stale" = TRUE`);
  assert.throws(() => filterText(fields, { n: "五" }), RangeError);
});

test("a heading sorts up, down, and not at all", () => {
  const up = nextOrder(null, "name");
  const down = nextOrder(up, "name");
  assert.deepEqual([up.falling, down.falling, nextOrder(down, "name")], [false, true, null]);
  assert.equal(nextOrder(down, "tier").name, "tier");
  const path = itemsPath("depots", { limit: 100, order: down, filter: `"n" >= 5` });
  assert.equal(path, "/ogc/collections/depots/items?limit=100&sortby=-name&filter=%22n%22+%3E%3D+5&count=true");
});

test("moves say what they did to the quantity; an adjustment by what was there before", () => {
  const move = (no, kind, quantity, after) => ({ lot: "L", no, kind, quantity, quantity_after: after });
  const moves = [move(4, "reserve", 3, 7), move(3, "adjust", 2, 7), move(2, "issue", 1, 9), move(1, "opening", 10, 10)];
  assert.deepEqual(moves.map((one) => changeOf(one, moves)), ["(3)", "−2", "−1", "+10"]);
  assert.equal(changeOf(moves[1], [moves[1]]), "±2");
});
