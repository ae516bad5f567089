// Coordinates as people type them; EPSG:4547 values of the point from the design notes, by PROJ.
import assert from "node:assert/strict";
import { test } from "node:test";

import proj4 from "../../web/node_modules/proj4/dist/proj4.js";

globalThis.proj4 = proj4;
const { centralMeridian, degreesText, gridCoordinate, parseCoordinate } = await import("../../web/js/coordinates.js");

const LUCHENG = [112.99, 36.24, 113.43, 36.49];
const ANDORRA = [1.41, 42.43, 1.79, 42.66];
const PLACE = { lon: 113.2289, lat: 36.3344 };
const read = (typed, bbox = LUCHENG, meridian = 114) => parseCoordinate(typed, bbox, meridian);

test("longitude and latitude, however they are parted", () => {
  for (const typed of ["113.2289,36.3344", "113.2289 36.3344", " 113.2289， 36.3344 ", "113.2289、36.3344"]) {
    assert.deepEqual(read(typed), PLACE, typed);
  }
});

test("latitude first is seen by its range", () => {
  assert.deepEqual(read("36.3344,113.2289"), PLACE);
});

test("where both could be latitudes the district decides", () => {
  assert.deepEqual(read("42.5,1.5", ANDORRA, 3), { lon: 1.5, lat: 42.5 });
  assert.deepEqual(read("1.5,42.5", ANDORRA, 3), { lon: 1.5, lat: 42.5 });
  assert.deepEqual(read("10,20", null), { lon: 10, lat: 20 });
});

test("degrees, minutes and seconds, Latin and Chinese", () => {
  const expected = { lon: 113 + 13 / 60 + 48 / 3600, lat: 36 + 19 / 60 + 30 / 3600 };
  for (const typed of ["113°13'48\"E 36°19'30\"N", "N36°19′30″, E113°13′48″", "东经113度13分48秒 北纬36度19分30秒", "36°19.5' 113°13.8'"]) {
    const place = read(typed);
    assert.ok(place, typed);
    assert.ok(Math.abs(place.lon - expected.lon) < 1e-9 && Math.abs(place.lat - expected.lat) < 1e-9, typed);
  }
});

test("south and west are negative", () => {
  assert.deepEqual(read("33°30'S 70°30'W", null), { lon: -70.5, lat: -33.5 });
});

test("grid coordinates of the district's zone, with and without the zone number, in either order", () => {
  for (const typed of ["X 4022924.430 Y 430768.856", "430768.856,4022924.430", "38430768.856 4022924.430"]) {
    const place = read(typed);
    assert.ok(place, typed);
    assert.ok(Math.abs(place.lon - PLACE.lon) < 2e-8 && Math.abs(place.lat - PLACE.lat) < 2e-8, typed);
  }
});

test("the readout's grid coordinate is EPSG:4547's", () => {
  const { x, y } = gridCoordinate(PLACE, 114);
  assert.ok(Math.abs(x - 4022924.43) < 0.001 && Math.abs(y - 430768.856) < 0.001, `${x} ${y}`);
});

test("the central meridian is the nearest multiple of three", () => {
  assert.equal(centralMeridian(113.2), 114);
  assert.equal(centralMeridian(112.4), 111);
  assert.equal(centralMeridian(1.6), 3);
});

test("what is no coordinate is none", () => {
  for (const typed of ["", "潞城", "113.2289", "1,2,3", "200,300", "G207 12", "113.2°", "36°N 36°N"]) {
    assert.equal(read(typed), null, typed);
  }
});

test("what is copied is read again", () => {
  assert.deepEqual(read(degreesText(PLACE)), PLACE);
});
