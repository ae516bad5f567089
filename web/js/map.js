// @ts-check
/** The map itself: view, buttons, scale line, what the pointer is over. */

const KEPT_AS = "geoservice.view";
const SMALL = 0.6; // of the map: worth coming nearer
const WHOLE_CHINA = [73.5, 18, 136.5, 53.6]; // until a district is known

/**
 * @param {HTMLElement} target
 * @returns {ol.Map}
 */
export function createMap(target) {
  const map = new ol.Map({
    target,
    controls: [new ol.control.ScaleLine({ className: "scale-line", minWidth: 80 })],
    interactions: ol.interaction.defaults.defaults({ altShiftDragRotate: false, pinchRotate: false }),
    view: new ol.View({ center: [0, 0], zoom: 4, minZoom: 3, maxZoom: 19, enableRotation: false }),
  });
  zoomToBox(map, WHOLE_CHINA);
  return map;
}

/**
 * Show a box of longitudes and latitudes.
 * @param {ol.Map} map
 * @param {number[]} bbox  w, s, e, n
 */
export function zoomToBox(map, bbox) {
  const extent = ol.proj.transformExtent(bbox, "EPSG:4326", "EPSG:3857");
  map.getView().fit(extent, { padding: padding(map), duration: 0 });
}

/**
 * Show a geometry of the map, a point at street level.
 * @param {ol.Map} map
 * @param {ol.geom.Geometry} geometry
 */
export function zoomToGeometry(map, geometry) {
  map.getView().fit(geometry.getExtent(), { padding: padding(map), maxZoom: 15, duration: 250 });
}

/**
 * Show a geometry whole and large enough to follow, unless it is.
 * @param {ol.Map} map
 * @param {ol.geom.Geometry} geometry
 */
export function bringIntoView(map, geometry) {
  const [top, right, bottom, left] = padding(map);
  const [width, height] = map.getSize() ?? [0, 0];
  const low = map.getCoordinateFromPixel([left, height - bottom]);
  const high = map.getCoordinateFromPixel([width - right, top]);
  if (!low || !high) return; // not drawn yet
  const view = [...low, ...high];
  const extent = geometry.getExtent();
  const part = Math.max(
    ol.extent.getWidth(extent) / ol.extent.getWidth(view),
    ol.extent.getHeight(extent) / ol.extent.getHeight(view),
  );
  if (!ol.extent.containsExtent(view, extent) || part < SMALL) zoomToGeometry(map, geometry);
}

/** @param {ol.Map} map @returns {number[]} top, right, bottom, left: what search box, panel and card cover */
function padding(map) {
  const whole = document.getElementById("map")?.getBoundingClientRect() ?? new DOMRect();
  const room = whole.width > 500 ? [70, 50, 80, 50] : [120, 30, 90, 30];
  for (const cover of document.querySelectorAll("#panel, #card, #dock, #editor, #drawing")) {
    const { left, right, top, bottom, width } = cover.getBoundingClientRect();
    if (width === 0 || right <= whole.left || top >= whole.bottom) continue;
    if (cover.id === "drawing" && bottom < whole.top + whole.height / 2) room[0] = Math.max(room[0], bottom - whole.top + 20);
    else if (width > whole.width * 0.8) room[2] = Math.max(room[2], whole.bottom - top + 60);
    else room[1] = Math.max(room[1], whole.right - left + 20);
  }
  return room;
}

/** @param {ol.Map} map @param {number} steps */
export function zoomBy(map, steps) {
  const view = map.getView();
  view.animate({ zoom: (view.getZoom() ?? 10) + steps, duration: 200 });
}

/**
 * @param {LonLat} place
 * @returns {ol.geom.Point}
 */
export function pointAt({ lon, lat }) {
  return new ol.geom.Point(ol.proj.fromLonLat([lon, lat]));
}

/**
 * Tell where the pointer is and where the map was clicked.
 * @param {ol.Map} map
 * @param {{moved: (place: LonLat | null) => void, clicked: (place: LonLat, pixel: number[]) => void}} listeners
 */
export function onPointer(map, { moved, clicked }) {
  map.on("pointermove", (event) => moved(placeOf(event.coordinate)));
  map.getViewport()?.addEventListener("pointerleave", () => moved(null));
  map.on("singleclick", (event) => clicked(placeOf(event.coordinate), event.pixel));
}

/** @param {number[]} coordinate @returns {LonLat} */
function placeOf(coordinate) {
  const [lon, lat] = ol.proj.toLonLat(coordinate);
  return { lon, lat };
}

/** @param {ol.Map} map @returns {Promise<void>} when what was asked for is drawn */
export function drawn(map) {
  return new Promise((resolve) => {
    map.once("rendercomplete", () => resolve());
    map.render();
  });
}

/**
 * Keep where this tab looks for its next page.
 * @param {ol.Map} map
 */
export function rememberView(map) {
  globalThis.addEventListener("pagehide", () => {
    try {
      const view = map.getView();
      sessionStorage.setItem(KEPT_AS, JSON.stringify([view.getCenter(), view.getZoom()]));
    } catch {
      // forbidden storage: the next door opens on the whole district
    }
  });
}

/**
 * Look where the last page of this tab looked.
 * @param {ol.Map} map
 * @returns {boolean} whether there was one
 */
export function restoreView(map) {
  try {
    const [center, zoom] = JSON.parse(sessionStorage.getItem(KEPT_AS) ?? "");
    map.getView().setCenter(center);
    map.getView().setZoom(zoom);
    return true;
  } catch {
    return false;
  }
}
