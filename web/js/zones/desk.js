// @ts-check
/** The planner's desk: mines and seams, the versions of their zones, the one that is open, why a place has its zone. */

import { element } from "../dom.js";
import { wordsOf } from "../status.js";
import { inEveryLanguage, text } from "../text.js";
import { compareForm } from "./compare.js";
import { DeriveForm } from "./derive.js";
import { InputsPart } from "./inputs.js";
import { Redrawing } from "./redraw.js";
import { readMay, readMines, readVersion, readVersions, readWhy, readZones } from "./service.js";
import { ZoneSheet } from "./sheet.js";
import { versionRows } from "./version.js";
import { seamPicker, versionList } from "./versions.js";
import { whyRows } from "./why.js";

/**
 * @typedef {object} Around
 * @property {ol.Map} map
 * @property {import("../layers.js").LayerSet} layers
 * @property {import("../overlay.js").Overlay} overlay
 * @property {import("../drawing/desk.js").DrawingDesk} drawing
 * @property {Session} session
 * @property {(problem: unknown) => void} onProblem
 */
/** @typedef {{version: any, etag: string, overrides: any[]}} Open */

const ACTIVITIES = ["stoping", "heading", "exploration"];

export class ZoneDesk {
  /** @type {import("./service.js").Mine[]} */
  mines = [];
  /** @type {import("./service.js").Mine | null} */
  mine = null;
  /** @type {import("./service.js").Seam | null} */
  seam = null;
  /** @type {any[]} of the seam, the newest first */
  versions = [];
  /** @type {Open | null} */
  open = null;
  /** @type {import("./why.js").Asked | null} */
  asked = null;
  #list = element("div");
  #version = element("div", { class: "zone-version" });
  #why = element("div", { class: "zone-why", "aria-live": "polite" });

  /** @param {HTMLElement} node @param {Around} around */
  constructor(node, around) {
    this.around = around;
    this.sheet = new ZoneSheet(around.map, around.layers);
    this.inputs = new InputsPart(this);
    this.derive = new DeriveForm(this);
    this.redrawing = new Redrawing(this);
    node.replaceChildren(this.#list, this.inputs.node, this.derive.node, this.#version, this.#why);
    new IntersectionObserver((seen) => seen.some((one) => one.isIntersecting) && !this.mines.length && this.refresh()).observe(node);
    inEveryLanguage(() => this.render());
  }

  /** Whether rasters are theirs to send. */
  get maySurvey() {
    return this.isPlanner || this.around.session.roles.includes("keeper");
  }

  get isPlanner() {
    return this.around.session.roles.includes("planner");
  }

  /** Mines anew, and what is chosen with them. */
  async refresh() {
    await this.#try(async () => {
      this.mines = await readMines();
      const mine = this.mines.find(({ id }) => id === this.mine?.id) ?? this.mines.find(({ seams }) => seams.length) ?? null;
      await this.choose(mine, mine?.seams.find(({ id }) => id === this.seam?.id) ?? mine?.seams[0] ?? null);
    });
  }

  /** @param {import("./service.js").Mine | null} mine @param {import("./service.js").Seam | null} seam */
  async choose(mine, seam) {
    await this.#try(async () => {
      if (seam?.id !== this.seam?.id) this.close();
      this.mine = mine;
      this.seam = seam;
      const all = mine && seam ? await readVersions(mine.id) : [];
      this.versions = all.filter(({ mine_seam_id: of }) => of === seam?.id);
      this.render();
    });
  }

  /** Open a version on the map, or read the open one anew. @param {number} id */
  async show(id) {
    await this.#try(async () => {
      const [{ body: version, etag }, zones] = await Promise.all([readVersion(id), readZones(id)]);
      if (this.open?.version.id !== id) this.asked = null;
      this.open = { version, etag, overrides: zones.overrides.features };
      this.sheet.compare(null);
      this.sheet.show(zones, (zone) => `${text(`zone.${zone.zone}`)} ${version.zoned_on}`);
      this.render();
    });
  }

  /** After a change: the list and the open version anew. @param {number} id */
  async changed(id) {
    await this.show(id);
    await this.choose(this.mine, this.seam);
    this.around.layers.refreshOne("mine_water_zones").then(() => this.around.layers.show("mine_water_zones", !this.open)).catch(this.around.onProblem);
  }

  close() {
    this.open = null;
    this.asked = null;
    this.sheet.close();
    this.render();
  }

  /** A click on the map while a version is open asks why. @param {LonLat} spot @returns {boolean} */
  takes(spot) {
    if (!this.open) return false;
    this.ask(spot);
    return true;
  }

  /** @param {LonLat} spot */
  async ask(spot) {
    const { open } = this;
    if (!open) return;
    this.around.overlay.pick(spot);
    try {
      const isInForce = open.version.state === "effective";
      const asked = isInForce ? ACTIVITIES.map((activity) => readMay(activity, spot, open.version.seam_code)) : [];
      const [why, ...may] = await Promise.all([readWhy(open.version.id, spot), ...asked]);
      this.asked = { spot, why, may, problem: null };
    } catch (problem) {
      this.asked = { spot, why: null, may: [], problem };
    }
    this.#tellWhy();
    this.#why.scrollIntoView({ block: "nearest" });
  }

  #tellWhy() {
    this.#why.replaceChildren(...(this.asked ? whyRows(this.asked) : this.open ? [element("p", { class: "muted" }, text("zones.click"))] : []));
  }

  render() {
    this.#list.replaceChildren(seamPicker(this), versionList(this));
    this.inputs.render();
    this.derive.render();
    this.#version.replaceChildren(...(this.open ? [...versionRows(this, this.open), compareForm(this, this.open)] : []));
    this.#tellWhy();
  }

  /** @param {() => Promise<void>} doing */
  async #try(doing) {
    try {
      await doing();
    } catch (problem) {
      this.around.onProblem(problem);
    }
  }
}

/** @param {unknown} problem @returns {HTMLElement} */
export function complaint(problem) {
  return element("p", { class: "problem", role: "alert" }, wordsOf(problem));
}
