// The MapLibre expressions of layer files, worked out by hand.
import assert from "node:assert/strict";
import { test } from "node:test";

import { evaluate } from "../../web/js/expression.js";

const depot = { properties: { tier: "town", n: 4, active: true, name: "", none: null }, geometryType: "MultiPolygon" };
const value = (expression, zoom = 10) => evaluate(expression, depot, zoom);

test("a plain value is itself, arrays of numbers too", () => {
  assert.equal(value("#ff0000"), "#ff0000");
  assert.equal(value(2.5), 2.5);
  assert.deepEqual(value([4, 2]), [4, 2]);
});

test("get gives the field, and null where there is none", () => {
  assert.equal(value(["get", "tier"]), "town");
  assert.equal(value(["get", "absent"]), null);
});

test("match takes the value's output, one of several labels, else the last", () => {
  const colour = ["match", ["get", "tier"], "district", "#111111", ["town", "village"], "#222222", "#999999"];
  assert.equal(value(colour), "#222222");
  assert.equal(value(["match", ["get", "none"], "town", "#222222", "#999999"]), "#999999");
});

test("case tells booleans apart, which match cannot", () => {
  assert.equal(value(["case", ["==", ["get", "active"], true], "shut", "open"]), "shut");
  assert.equal(value(["case", ["==", ["get", "active"], false], "shut", "open"]), "open");
});

test("geometry-type is the single part's, as MapLibre has it", () => {
  assert.equal(value(["==", ["geometry-type"], "Polygon"]), true);
});

test("interpolate is linear between its stops and flat beyond them", () => {
  const width = ["interpolate", ["linear"], ["zoom"], 8, 2, 14, 5];
  assert.equal(value(width, 5), 2);
  assert.equal(value(width, 8), 2);
  assert.equal(value(width, 11), 3.5);
  assert.equal(value(width, 14), 5);
  assert.equal(value(width, 18), 5);
});

test("exponential interpolation runs with its base", () => {
  // (2^1 - 1) / (2^2 - 1) = 1/3 of the way from 0 to 3
  assert.equal(value(["interpolate", ["exponential", 2], ["zoom"], 10, 0, 12, 3], 11), 1);
});

test("step jumps at its stops", () => {
  const size = ["step", ["get", "n"], "few", 3, "some", 5, "many"];
  assert.equal(value(size), "some");
});

test("comparisons with a missing number are false", () => {
  assert.equal(value(["<", ["get", "absent"], 3]), false);
  assert.equal(value([">=", ["get", "n"], 4]), true);
});

test("an expression nobody knows is an error, not a silent default", () => {
  assert.throws(() => value(["heatmap-density"]), /heatmap-density/);
});
