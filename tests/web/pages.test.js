// Pure parts of the page: texts, problems, values of the card, search order, groups of the tree.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

import { localPath, problemFrom } from "../../web/js/api.js";
import { nameOf, valueText } from "../../web/js/card.js";
import { gather } from "../../web/js/events.js";
import { ranked } from "../../web/js/search.js";
import { labelLayers, markLayers } from "../../web/js/style.js";
import { pick, setLanguage, text } from "../../web/js/text.js";
import { clock, setZone } from "../../web/js/times.js";
import { grouped } from "../../web/js/tree.js";

const WEB = new URL("../../web/", import.meta.url);
const MODULES = readdirSync(new URL("js/", WEB), { recursive: true }).filter((name) => name.endsWith(".js"));
const layer = { id: "depots", geoservice: { fields: [], title: { zh: "物资储备点", en: "Depots" }, title_field: "name" } };
const hit = (name, code = "") => ({ collection: layer, id: 1, properties: { name, code }, geometry: null });

test("Chinese comes first, English on request, values are put in", () => {
  assert.equal(text("layers.count", { n: 12 }), "12 条");
  setLanguage("en");
  assert.equal(text("layers.count", { n: 12 }), "12 features");
  assert.equal(pick({ zh: "道路", en: "Roads" }), "Roads");
  setLanguage("zh");
});

test("every key that pages and modules use has its words", () => {
  const scripts = MODULES.map((name) => readFileSync(new URL(`js/${name}`, WEB), "utf8"));
  const pages = ["index.html", "sign-in.html"].map((name) => readFileSync(new URL(name, WEB), "utf8"));
  const used = [
    ...scripts.flatMap((script) => [...script.matchAll(/\b(?:text|bothTexts)\("([\w.]+)"/g)]),
    ...pages.flatMap((page) => [...page.matchAll(/data-(?:text|label|hint)="([\w.]+)"/g)]),
  ].map((found) => found[1]);
  assert.ok(used.length > 60);
  for (const key of used) assert.ok(text(key), key);
});

test("pages hold no inline script and nothing from elsewhere", () => {
  for (const name of ["index.html", "sign-in.html"]) {
    const page = readFileSync(new URL(name, WEB), "utf8");
    assert.doesNotMatch(page, /<script(?![^>]*\bsrc="\/web\/)|\son\w+=|https?:\/\//, name);
  }
});

test("no module writes HTML, and only api.js fetches", () => {
  for (const name of MODULES) {
    const script = readFileSync(new URL(`js/${name}`, WEB), "utf8");
    assert.doesNotMatch(script, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(/, name);
    if (name !== "api.js") assert.doesNotMatch(script, /\bfetch\(|XMLHttpRequest/, name);
  }
});

test("a problem carries both languages and its list of errors", () => {
  const body = {
    title: "Bad value", title_zh: "取值不对", detail: "bad query", detail_zh: "参数有误",
    errors: [{ where: "lon", why: "at most 180", why_zh: "不大于 180" }],
  };
  const problem = problemFrom(400, body);
  assert.equal(problem.status, 400);
  assert.equal(problem.texts.zh, "参数有误\nlon: 不大于 180");
  assert.equal(problem.texts.en, "bad query\nlon: at most 180");
});

test("one error that says what the detail says is not said twice", () => {
  const body = { title: "t", detail: "too short", detail_zh: "太短", errors: [{ where: "password", why: "too short", why_zh: "太短" }] };
  assert.equal(problemFrom(400, body).texts.zh, "太短");
});

test("an answer that is no problem+json still says something", () => {
  assert.match(problemFrom(502, null).texts.zh, /502/);
});

test("a link of the service becomes a path of this origin", () => {
  assert.equal(localPath("https://map.example/ogc/collections/a/items?after=7&limit=2"), "/ogc/collections/a/items?after=7&limit=2");
});

test("card values: codes by label, truth, lists, numbers without noise", () => {
  const plain = { type: "text", codes: {} };
  const tier = { type: "text", codes: { town: { zh: "乡镇级", en: "Town" } } };
  assert.equal(valueText("town", tier), "乡镇级");
  assert.equal(valueText("new", tier), "new");
  assert.equal(valueText(["town", "new"], tier), "乡镇级、new");
  assert.equal(valueText(true, plain), "是");
  assert.equal(valueText(12.3000001, plain), "12.3");
  assert.equal(valueText("<b>x</b>", plain), "<b>x</b>");
});

test("instants are the district's; an unknown zone leaves the reader's", () => {
  const instant = { type: "instant", codes: {} };
  setZone("Asia/Kathmandu");
  assert.match(valueText("2026-11-23T20:00:00Z", instant), /2026.*11.*24.*01:45/);
  assert.match(clock(new Date("2026-11-23T20:00:00Z")), /01:45/);
  setZone("Mars/Base");
  assert.equal(clock(new Date(2026, 10, 23, 8, 5)), "08:05");
  setZone(undefined);
  assert.equal(clock(new Date(2026, 10, 23, 8, 5)), "08:05");
});

test("a feature without a name says so", () => {
  assert.equal(nameOf(hit("潞华储备点")), "潞华储备点");
  assert.equal(nameOf(hit(null, "")), "（无名称）");
});

test("search puts the whole name first, then beginnings, then the rest; codes count", () => {
  const hits = [hit("演示潞华储备点 10"), hit("潞华储备点"), hit("潞华"), hit("演示潞华储备点 2"), hit("店上", "LH-潞华")];
  const names = ranked("潞华", hits).map(nameOf);
  assert.deepEqual(names.slice(0, 2), ["潞华", "潞华储备点"]);
  assert.equal(names.length, 5);
  assert.ok(names.indexOf("演示潞华储备点 2") < names.indexOf("演示潞华储备点 10"));
  assert.deepEqual(ranked("没有", hits), []);
});

test("the tree lists the topmost layer first and keeps groups together", () => {
  const one = (id, group, order) => ({ id, geoservice: { order, group: { id: group } } });
  const groups = grouped([one("district", "base", 10), one("depots", "rescue", 110), one("towns", "base", 20), one("teams", "rescue", 120)]);
  assert.deepEqual(groups.map(([id, ones]) => [id, ones.map((each) => each.id)]), [
    ["rescue", ["teams", "depots"]],
    ["base", ["towns", "district"]],
  ]);
});

test("tables stand below all that is drawn, in their own order", () => {
  const one = (id, geometry, order) => ({ id, geoservice: { geometry, order, group: { id: geometry } } });
  const groups = grouped([one("roads", "line", 60), one("lots", "none", 1010), one("duties", "none", 1020)]);
  assert.deepEqual(groups.map(([id, ones]) => [id, ones.map((each) => each.id)]), [
    ["line", ["roads"]],
    ["none", ["lots", "duties"]],
  ]);
});

test("each code of a joined list is told by its label", () => {
  const codes = { flood: { zh: "洪涝", en: "Flood" }, weather: { zh: "气象", en: "Weather" } };
  assert.equal(valueText("flood, weather, new", { type: "text", codes, is_list: true }), "洪涝、气象、new");
  assert.equal(valueText("flood, weather", { type: "text", codes }), "flood, weather");
});

test("marks and names part: icons replace the circles meant for clients without them", () => {
  const circle = { id: "c", type: "circle" };
  const icon = { id: "i", type: "symbol", layout: { "icon-image": "marker-star", "text-field": ["get", "name"] } };
  const label = { id: "l", type: "symbol", layout: { "text-field": ["get", "name"] } };
  assert.deepEqual(markLayers([circle, icon, label]).map((one) => one.id), ["i"]);
  assert.equal(markLayers([icon])[0].layout["text-field"], undefined);
  assert.deepEqual(labelLayers([circle, icon, label]).map((one) => one.id), ["i", "l"]);
  assert.deepEqual(markLayers([circle, label]).map((one) => one.id), ["c"]);
});

test("layers that change in a moment are handed on once each", async () => {
  const read = [];
  const gathered = gather((layer) => read.push(layer));
  gathered([]);
  gathered(["alerts", "sensors"]);
  gathered(["alerts"]);
  assert.deepEqual(read, []);
  await new Promise((resolve) => setTimeout(resolve, 400));
  assert.deepEqual(read, ["alerts", "sensors"]);
  gathered(["roads"]);
  await new Promise((resolve) => setTimeout(resolve, 400));
  assert.deepEqual(read, ["alerts", "sensors", "roads"]);
});
