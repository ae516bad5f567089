// @ts-check
/** What the zones of a seam are derived from beside the registers: its rasters; and how the mine stands by its duties. */

import { element, labelled } from "../dom.js";
import { pick, text } from "../text.js";
import { complaint } from "./desk.js";
import { interpolateRaster, readCompliance, readRasters, readShafts, retireRaster, sendRaster } from "./service.js";

const KINDS = ["head_m", "floor_m", "aquiclude_m", "seam_thickness_m", "overburden_m", "vulnerability"];
const FROM_POINTS = KINDS.filter((kind) => kind !== "vulnerability");
const LEVELS = new Set(["head_m", "floor_m"]);
const DATUMS = ["1985", "1956", "EGM96", "local"];

export class InputsPart {
  node = element("details", { class: "zone-step", "data-part": "inputs" });
  #body = element("div");
  #title = element("summary");

  /** @param {import("./desk.js").ZoneDesk} desk */
  constructor(desk) {
    this.desk = desk;
    this.node.append(this.#title, this.#body);
    this.node.addEventListener("toggle", () => this.node.open && this.refresh());
  }

  render() {
    this.node.hidden = !this.desk.seam;
    this.#title.replaceChildren(text("zones.inputs"));
    if (this.node.open) this.refresh();
  }

  async refresh() {
    const { mine, seam } = this.desk;
    if (!mine || !seam) return;
    try {
      const [rasters, shafts, compliance] = await Promise.all([readRasters(mine.id), readShafts(mine.id), readCompliance(mine.id)]);
      const own = rasters.filter((one) => one.seam_code === seam.code);
      this.#body.replaceChildren(...this.#rasters(own), ...duties(shafts, compliance));
    } catch (problem) {
      this.#body.replaceChildren(complaint(problem));
    }
  }

  /** @param {any[]} own */
  #rasters(own) {
    const rows = own.map((one) => element("li", {},
      element("b", {}, text(`zones.raster.${one.kind}`)), ` ${one.least.toFixed(2)}–${one.most.toFixed(2)}${one.height_datum ? ` · ${one.height_datum}` : ""}`,
      element("small", {}, text(`zones.raster.by.${one.method === "file" ? "file" : "points"}`, { cell: one.cell_m, error: one.error_m === null ? "—" : one.error_m.toFixed(2), unknown: (100 * one.nodata_share).toFixed(1) })),
      this.desk.maySurvey && element("button", { type: "button", on: { click: () => this.#retire(one.id) } }, text("zones.raster.retire"))));
    const none = KINDS.filter((kind) => !own.some((one) => one.kind === kind)).map((kind) => text(`zones.raster.${kind}`)).join("、");
    return [element("h3", {}, text("zones.rasters")), element("ul", { class: "zone-list" }, ...rows),
      none ? element("p", { class: "muted" }, text("zones.raster.none", { none })) : "", ...(this.desk.maySurvey ? [this.#fromPoints(), this.#form()] : [])].filter((one) => one instanceof Node);
  }

  /** From the boreholes on record, one kind or all that can be. */
  #fromPoints() {
    const kind = element("select", { id: "zones-points-kind" }, element("option", { value: "" }, text("zones.raster.all")), ...FROM_POINTS.map((one) => element("option", { value: one }, text(`zones.raster.${one}`))));
    const submit = async (/** @type {Event} */ event) => {
      event.preventDefault();
      const { mine, seam } = this.desk;
      if (!mine || !seam) return;
      /** @type {Node[]} */
      const failed = [];
      for (const one of kind.value ? [kind.value] : FROM_POINTS) {
        await interpolateRaster(mine.id, { seam: seam.code, kind: one }).catch((problem) => failed.push(element("li", {}, element("b", {}, text(`zones.raster.${one}`)), complaint(problem))));
      }
      await this.refresh();
      this.#body.querySelector("[data-part=points]")?.append(element("ul", { class: "zone-list" }, ...failed));
    };
    return element("form", { "data-part": "points", on: { submit } },
      labelled("zones.raster.points", kind),
      element("button", { type: "submit" }, text("zones.raster.interpolate")));
  }

  #form() {
    const said = element("div");
    const kind = element("select", { id: "zones-raster-kind", name: "kind", on: { change: () => asks() } }, ...KINDS.map((one) => element("option", { value: one }, text(`zones.raster.${one}`))));
    const datum = element("select", { id: "zones-raster-datum", name: "datum" }, ...DATUMS.map((one) => element("option", { value: one }, one)));
    const file = element("input", { type: "file", id: "zones-raster-file", name: "file", accept: ".tif,.tiff", required: true });
    const level = labelled("zones.raster.datum", datum);
    const asks = () => (level.hidden = !LEVELS.has(kind.value));
    asks();
    const submit = async (/** @type {Event} */ event) => {
      event.preventDefault();
      const { mine, seam } = this.desk;
      if (!mine || !seam || !file.files?.length) return;
      const form = new FormData();
      form.append("seam", seam.code);
      form.append("kind", kind.value);
      if (LEVELS.has(kind.value)) form.append("datum", datum.value);
      form.append("file", file.files[0]);
      try {
        await sendRaster(mine.id, form);
        await this.refresh();
      } catch (problem) {
        said.replaceChildren(complaint(problem));
      }
    };
    return element("form", { on: { submit } },
      labelled("zones.raster.kind", kind), level,
      labelled("zones.raster.file", file),
      element("button", { type: "submit" }, text("zones.raster.send")), said);
  }

  /** @param {number} id */
  async #retire(id) {
    if (!this.desk.mine) return;
    await retireRaster(this.desk.mine.id, id).catch(this.desk.around.onProblem);
    await this.refresh();
  }
}

/** Collars against the flood level, and three specials, two probes, one withdrawal. @param {any} shafts @param {any} compliance @returns {Node[]} */
function duties(shafts, compliance) {
  const collars = shafts.shafts.map((/** @type {any} */ one) => element("li", { class: one.is_flag ? "problem" : "" }, pick(one.text)));
  const lacks = (/** @type {any[]} */ missing) => missing.map((one) => pick(one.text ?? one));
  const headings = compliance.headings.filter((/** @type {any} */ one) => one.missing.length)
    .map((/** @type {any} */ one) => element("li", { class: "problem" }, element("b", {}, one.name), ` ${lacks(one.missing).join("；")}`));
  const own = lacks(compliance.missing).map((one) => element("li", { class: "problem" }, one));
  const fine = !headings.length && !own.length && element("p", {}, text("zones.duties.fine"));
  return [element("h3", {}, text("zones.collars")), element("ul", { class: "zone-list" }, ...collars),
    element("h3", {}, text("zones.duties")), ...(fine ? [fine] : []), element("ul", { class: "zone-list" }, ...own, ...headings)];
}
