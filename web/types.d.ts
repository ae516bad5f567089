// Shapes the JSDoc comments of js/ speak of. Read by `tsc` and editors only, never by a browser.
import olLibrary from "ol/dist/ol.js";
import proj4Library from "proj4";

declare global {
  export import ol = olLibrary;
  var proj4: typeof proj4Library;
  var app: App;

  /** One text in both languages. */
  interface Text2 { zh: string; en: string }

  interface Session {
    name: string | null;
    roles: string[];
    towns: string[] | null;
    demo: boolean;
    setup: boolean;
    district: { name: string; code: string; time_zone: string; bbox: [number, number, number, number] } | null;
  }

  type Value = string | number | boolean | null | undefined | Value[];

  interface FieldDef { name: string; zh: string; en: string; type: string; codes: Record<string, Text2>; is_list?: boolean }
  interface LegendEntry { value: string | number | null; zh: string; en: string; colour: string; symbol: string }

  interface Collection {
    id: string;
    attribution?: string;
    geoservice: {
      title: Text2;
      group: { id: string; zh: string; en: string };
      geometry: "point" | "line" | "polygon" | "mixed" | "none";
      order: number;
      visible: boolean;
      count: number;
      fields: FieldDef[];
      title_field: string;
      legend: { field: string | null; entries: LegendEntry[] };
    };
  }

  /** A field of a register, as GET /registry says it. */
  interface RegisterField {
    name: string;
    zh: string;
    en: string;
    kind: "text" | "integer" | "number" | "date" | "instant" | "truth" | "list";
    is_required: boolean;
    is_nullable: boolean;
    codes: Record<string, Text2>;
    pattern?: string;
    least?: number;
    below?: number;
  }

  interface Register {
    name: string;
    zh: string;
    en: string;
    geometry: "Point" | "MultiLineString" | "MultiPolygon" | "Geometry" | null;
    needs_geometry: boolean;
    may_edit: boolean;
    fields: RegisterField[];
  }

  /** A layer of a MapLibre style, version 8: what of it publish/styles.py writes. */
  interface StyleLayer {
    id: string;
    type: "fill" | "line" | "circle" | "symbol" | "background";
    filter?: any;
    minzoom?: number;
    maxzoom?: number;
    paint?: Record<string, any>;
    layout?: Record<string, any>;
  }

  /** What an expression sees of a feature. */
  interface Subject { properties: Record<string, any>; geometryType: string; id?: number | string }

  interface MapStyle { version: 8; layers: StyleLayer[] }

  interface LonLat { lon: number; lat: number }

  /** A feature under the pointer, or found by name. */
  interface Hit {
    collection: Collection;
    id: number;
    properties: Record<string, Value>;
    geometry: ol.geom.Geometry | null;
  }

  interface Found {
    rank: number; id: number; code: string; name: string; kind: string; lon: number; lat: number;
    eta_s: number; eta_low_s: number; eta_high_s: number;
    drive_s: number; distance_m: number; snap_m: number; is_stale: boolean;
    route: { type: "LineString"; coordinates: [number, number][] } | null;
    reasons: Text2[];
  }

  interface NearestAnswer {
    at: LonLat;
    snap: { distance_m: number | null; road: string | null; notes: Text2[] };
    basis: "road" | "straight_line";
    stage: { lon: number; lat: number; note: Text2 } | null;
    graph_version: number | null;
    closures_met: { id: number; name: string; effect: "closed" | "slowed" }[];
    found: Found[];
    unreachable: { id: number; code: string; name: string; reason: Text2; guess: { eta_s: number } | null }[];
    farther: number;
    outside_scope: number;
    notes: Text2[];
  }

  interface App {
    ready: Promise<void>;
    map: ol.Map | null;
    session: Session | null;
    layers: import("./js/layers.js").LayerSet | null;
    drawing: import("./js/drawing/desk.js").DrawingDesk | null;
    dock: import("./js/dock.js").Dock;
    update: () => Promise<void>;
  }
}
