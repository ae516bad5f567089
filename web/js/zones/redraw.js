// @ts-check
/** A planner's word on a place of a draft: an area drawn, or a part of a zone picked, its zone and why. */

import { element, labelled } from "../dom.js";
import { geoJsonOf, shapeOf } from "../overlay.js";
import { text } from "../text.js";
import { complaint } from "./desk.js";
import { addOverride, readConversions } from "./service.js";

export class Redrawing {
  node = element("div");

  /** @param {import("./desk.js").ZoneDesk} desk */
  constructor(desk) {
    this.desk = desk;
  }

  /** Show an area over the zones. @param {any} geometry  GeoJSON or null */
  look(geometry) {
    this.desk.around.overlay.look(geometry && shapeOf(geometry));
  }

  /** Draw the area first; parts of the zones can be copied into the drawing and split there. */
  async begin() {
    const { around, sheet } = this.desk;
    const wanted = { title: text("zones.override.area"), kinds: /** @type {any} */ (["Polygon"]), isMany: true, mayBeEmpty: false, sources: [sheet.source], copies: (/** @type {number[]} */ pixel) => this.#zoneAt(pixel) };
    const area = await around.drawing.edit(null, wanted);
    if (area) await this.#ask(area);
  }

  /** The part of a zone under a pixel, to copy. @param {number[]} pixel @returns {any} GeoJSON or null */
  #zoneAt(pixel) {
    const { map } = this.desk.around;
    const at = map.getCoordinateFromPixel(pixel);
    const parts = this.desk.sheet.at(at)?.getGeometry().getPolygons?.() ?? [];
    const part = parts.find((/** @type {ol.geom.Polygon} */ one) => one.intersectsCoordinate(at));
    return part ? geoJsonOf(part) : null;
  }

  /** @param {any} area  GeoJSON */
  async #ask(area) {
    const { desk } = this;
    const { open } = desk;
    if (!open) return;
    this.look(area);
    const conversions = await readConversions(open.version.mine_seam_id).catch(() => []);
    const said = element("div");
    const zone = element("select", { id: "zones-override-zone" }, ...["no_mining", "slow_mining", "workable"].map((one) => element("option", { value: one }, text(`zone.${one}`))));
    const reason = element("textarea", { id: "zones-override-reason", rows: 3, maxlength: 500, required: true });
    const conversion = element("select", { id: "zones-override-conversion" }, element("option", { value: "" }, text("zones.override.raises")),
      ...conversions.map((/** @type {any} */ one) => element("option", { value: one.id }, `${one.document} ${text(`zone.${one.from_zone}`)}→${text(`zone.${one.to_zone}`)}`)));
    const submit = async (/** @type {Event} */ event) => {
      event.preventDefault();
      if (!reason.value.trim()) return void said.replaceChildren(complaint(new Error(text("zones.override.why"))));
      const body = { zone: zone.value, geometry: area, reason: reason.value.trim(), ...(conversion.value && { conversion_id: Number(conversion.value) }) };
      try {
        await addOverride(open.version, body, open.etag);
        this.#end();
        await desk.changed(open.version.id);
      } catch (problem) {
        said.replaceChildren(complaint(problem));
      }
    };
    this.node.replaceChildren(element("form", { novalidate: true, class: "zone-override", on: { submit } },
      labelled("zones.override.zone", zone), labelled("zones.override.reason", reason), labelled("zones.override.conversion", conversion), said,
      element("p", { class: "actions" },
        element("button", { type: "submit", class: "primary" }, text("zones.override.save")),
        element("button", { type: "button", on: { click: () => this.#end() } }, text("drawing.cancel")))));
    zone.focus();
  }

  #end() {
    this.look(null);
    this.node.replaceChildren();
  }
}
