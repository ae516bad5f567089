// @ts-check
/** The page behind the three doors: puts the parts together. `app` is what tests and consoles hold on to. */

import { getJson } from "./api.js";
import { Cards } from "./cards.js";
import { centralMeridian, middleText, parseCoordinate } from "./coordinates.js";
import { Dispatch, onMap } from "./dispatch.js";
import { Dock } from "./dock.js";
import { byId, speak } from "./dom.js";
import { DOORS, mayDispatch, showDoor, showNeed } from "./doors.js";
import { Keeping } from "./keeping.js";
import { listen } from "./events.js";
import { offerInside } from "./inside/inside.js";
import { LayerSet } from "./layers.js";
import { createMap, drawn, onPointer, pointAt, rememberView, restoreView } from "./map.js";
import { zoomBy, zoomToBox, zoomToGeometry } from "./map.js";
import { Overlay } from "./overlay.js";
import { createPanel, isNarrow } from "./panel.js";
import { Readout } from "./readout.js";
import { Search } from "./search.js";
import { isSignedIn, offerLanguages, showSession } from "./session.js";
import { createStatus } from "./status.js";
import { Tables } from "./tables/tables.js";
import { setZone } from "./times.js";
import { createTree } from "./tree.js";
import { ZoneDesk } from "./zones/desk.js";

const REFRESH_MS = 60_000;
const UNKNOWN = [112.5, 36, 112.5, 36]; // in Shanxi: while no district is known

speak();
offerLanguages();
const door = DOORS[location.pathname] ?? DOORS["/"];
const map = createMap(byId("map"));
const overlay = new Overlay(map);
const status = createStatus(byId("state"), update);
const readout = new Readout(meridian);
const dock = new Dock();
let renderTree = () => {};
/** @type {Promise<void> | null} */
let reading = null;
/** @type {App} */
const app = { ready: Promise.resolve(), map, session: null, layers: null, drawing: null, dock, update };
globalThis.app = app;
app.ready = open();

async function open() {
  showDoor();
  byId("map-in").addEventListener("click", () => zoomBy(map, 1));
  byId("map-out").addEventListener("click", () => zoomBy(map, -1));
  byId("map-home").addEventListener("click", goHome);
  await update();
  setInterval(() => document.hidden || update(), REFRESH_MS);
  listen({ changed: (layer) => app.layers?.refreshOne(layer).catch(status.fail), lost: status.fail, back: update });
  await drawn(map);
}

/** @returns {Promise<void>} of the reading under way, or of a new one */
function update() {
  reading ??= readAll().finally(() => {
    reading = null;
  });
  return reading;
}

/** Build the page when it is not yet, read the layers anew; what cannot be read is said, and tried again. */
async function readAll() {
  status.loading();
  try {
    app.session ??= await greeted();
    app.layers ??= await built(app.session);
    const problem = await app.layers.refresh();
    renderTree();
    if (problem) throw problem;
    status.succeed();
  } catch (problem) {
    status.fail(problem);
  }
}

/** @returns {Promise<Session>} */
async function greeted() {
  const session = await getJson("/session");
  setZone(session.district?.time_zone);
  showSession(session, status.fail);
  byId("banner").hidden = !session.demo;
  byId("no-district").hidden = session.district !== null;
  byId("map-home").hidden = session.district === null;
  byId("place").textContent = session.district?.name ?? "";
  return session;
}

/** @param {Session} session @returns {Promise<LayerSet>} */
async function built(session) {
  const { collections } = await getJson("/ogc/collections");
  const layers = new LayerSet(map, collections, door.isVisible, status.fail);
  const tables = connect(session, layers);
  if (!restoreView(map) && session.district) zoomToBox(map, session.district.bbox);
  rememberView(map);
  renderTree = createTree(layers, (collection) => tables.open(collection));
  return layers;
}

/**
 * Tie search, clicks, cards and the dispatcher's form together.
 * @param {Session} session
 * @param {LayerSet} layers
 * @returns {Tables} of the dock
 */
function connect(session, layers) {
  const may = mayDispatch(session);
  const panel = createPanel(door.tabs(may, isSignedIn(session)));
  const place = (/** @type {string} */ typed) => parseCoordinate(typed, session.district?.bbox ?? null, meridian());
  const nearest = new Dispatch(onMap(map, overlay, place, middleText(session.district?.bbox ?? UNKNOWN)));
  const ask = (/** @type {LonLat} */ spot) => {
    if (isNarrow()) cards.close(); // it would cover the answer
    panel.show("dispatch");
    panel.open(true);
    nearest.ask(spot);
  };
  /** @type {Tables} */
  let tables;
  const opened = (/** @type {Hit} */ hit) => tables.follow(hit).catch(status.fail);
  /** @type {Keeping} */
  let keeping;
  /** @type {import("./inside/inside.js").InsideTool | null} */
  let inside = null;
  const more = (/** @type {Hit} */ hit) => [...keeping.actions(hit), ...(inside?.actions(hit) ?? [])];
  const cards = new Cards({ map, layers, overlay, ask: may ? ask : null, onProblem: status.fail, more, opened });
  tables = new Tables(dock, { choose: (hit) => cards.goTo(hit), tools: (one) => keeping.tools(one) });
  keeping = new Keeping({ map, layers, overlay, cards, tables, dock, place, update, onProblem: status.fail });
  app.drawing = keeping.drawing;
  if (isSignedIn(session)) inside = offerInside({ dock, layers, overlay, cards, drawing: keeping.drawing, onProblem: status.fail });
  keeping.learn(session).catch(status.fail);
  const zones = door === DOORS["/plan"] && isSignedIn(session) ? new ZoneDesk(byId("panel-zones"), { map, layers, overlay, drawing: keeping.drawing, session, onProblem: status.fail }) : null;
  showNeed(session);
  new Search(searching(layers, cards, place));
  onPointer(map, {
    moved: (spot) => readout.move(spot),
    clicked: (spot, pixel) => {
      readout.pick(spot);
      if (keeping.takes(pixel)) return; // a corner of a drawing, a row of a file
      if (may && panel.current() === "dispatch") return nearest.ask(spot);
      if (panel.current() === "zones" && zones?.takes(spot)) return;
      const isHit = cards.openAt(pixel, spot);
      overlay.pick(isHit ? null : spot);
      if (!isHit && isNarrow()) panel.open(false);
    },
  });
  return tables;
}

/**
 * @param {LayerSet} layers
 * @param {Cards} cards
 * @param {(typed: string) => LonLat | null} place
 * @returns {import("./search.js").Searching}
 */
function searching(layers, cards, place) {
  return {
    hits: () => layers.hits(),
    unsearched: () => layers.entries.filter((entry) => entry.tiled).map((entry) => entry.collection),
    place,
    onHit: async (hit) => {
      await cards.goTo(hit);
      renderTree(); // its layer may have been switched on
    },
    onPlace: (spot) => {
      cards.close(); // of something elsewhere
      overlay.pick(spot);
      readout.pick(spot);
      zoomToGeometry(map, pointAt(spot));
    },
  };
}

function goHome() {
  if (app.session?.district) zoomToBox(map, app.session.district.bbox);
}

/** @returns {number} the central meridian of the district's zone */
function meridian() {
  const [west, , east] = app.session?.district?.bbox ?? UNKNOWN;
  return centralMeridian((west + east) / 2);
}
