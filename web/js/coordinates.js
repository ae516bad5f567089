// @ts-check
/** Coordinates as people type and read them, and the district's Gauss-Krüger zone. Pure but for proj4. */

const NUMBER = /[-+]?\d+(?:\.\d+)?/g;
// 113°13'48"E, 东经113度13分48秒, N36°19.5'
const ANGLE =
  /(东经|西经|北纬|南纬|[EWNS])?\s*(\d+(?:\.\d+)?)\s*[°度]\s*(?:(\d+(?:\.\d+)?)\s*['′’分]\s*)?(?:(\d+(?:\.\d+)?)\s*(?:["″”秒]|'')\s*)?([EWNS])?/gi;
const NORTHING = { least: 1e6, most: 1e7 }; // 9°N to 90°N: neither an easting nor one with its zone in front

/**
 * The place a typed text means, or null.
 * @param {string} typed
 * @param {number[] | null} bbox  the district's w, s, e, n: settles which of two small numbers is the longitude
 * @param {number} meridian  central meridian of the district's zone, for grid coordinates without a zone number
 * @returns {LonLat | null}
 */
export function parseCoordinate(typed, bbox, meridian) {
  const line = typed.replace(/[，、；;]/g, ",").trim();
  if (/[°度]/.test(line)) return fromAngles(line, bbox);
  const bare = line.replace(/[XYxy]\s*[=:：]?/g, " ").replace(/°/g, " ");
  const numbers = bare.match(NUMBER)?.map(Number) ?? [];
  if (numbers.length !== 2 || bare.replace(NUMBER, "").replace(/[\s,]/g, "") !== "") return null;
  const grid = fromGrid(numbers[0], numbers[1], meridian);
  return grid ?? ordered(numbers[0], numbers[1], bbox);
}

/** @param {string} line @param {number[] | null} bbox @returns {LonLat | null} */
function fromAngles(line, bbox) {
  const angles = [...line.matchAll(ANGLE)].map(([, before, degrees, minutes = "0", seconds = "0", after]) => {
    const side = (before ?? after ?? "").toUpperCase();
    const size = Number(degrees) + Number(minutes) / 60 + Number(seconds) / 3600;
    const negative = ["W", "S", "西经", "南纬"].includes(side);
    return { value: negative ? -size : size, isLat: ["N", "S", "北纬", "南纬"].includes(side), side };
  });
  if (angles.length !== 2) return null;
  const [first, second] = angles;
  if (!first.side || !second.side) return ordered(first.value, second.value, bbox);
  if (first.isLat === second.isLat) return null;
  return first.isLat ? checked(second.value, first.value) : checked(first.value, second.value);
}

/**
 * Two degrees in whichever order makes sense: a latitude is at most 90, and the district is near.
 * @param {number} a
 * @param {number} b
 * @param {number[] | null} bbox
 */
function ordered(a, b, bbox) {
  const asTyped = checked(a, b);
  const swapped = checked(b, a);
  if (!asTyped || !swapped || !bbox) return asTyped ?? swapped;
  return isNear(swapped, bbox) && !isNear(asTyped, bbox) ? swapped : asTyped;
}

/** @param {LonLat} place @param {number[]} bbox */
function isNear(place, [west, south, east, north]) {
  return place.lon > west - 1 && place.lon < east + 1 && place.lat > south - 1 && place.lat < north + 1;
}

/** @param {number} lon @param {number} lat @returns {LonLat | null} */
function checked(lon, lat) {
  return Math.abs(lon) <= 180 && Math.abs(lat) <= 90 ? { lon, lat } : null;
}

/** @param {number} a @param {number} b @param {number} meridian @returns {LonLat | null} */
function fromGrid(a, b, meridian) {
  const isNorthing = (/** @type {number} */ n) => n >= NORTHING.least && n < NORTHING.most;
  if (isNorthing(a) === isNorthing(b) || Math.min(a, b) < 1e4) return null;
  const [north, east] = isNorthing(a) ? [a, b] : [b, a];
  const zone = Math.floor(east / 1e6); // 38430768: zone 38 of 3 degrees, central meridian 114
  const [lon, lat] = proj4(projection(zone ? zone * 3 : meridian), "WGS84").forward([east % 1e6, north]);
  return checked(lon, lat);
}

/** @param {number} lon @returns {number} central meridian of the 3-degree zone */
export function centralMeridian(lon) {
  return Math.round(lon / 3) * 3;
}

/**
 * X (north) and Y (east) in metres, as Chinese surveyors name the axes.
 * @param {LonLat} place
 * @param {number} meridian
 */
export function gridCoordinate({ lon, lat }, meridian) {
  const [y, x] = proj4("WGS84", projection(meridian)).forward([lon, lat]);
  return { x, y };
}

/** @param {number} meridian CGCS2000 / 3-degree Gauss-Krüger, easting without zone number (EPSG:4534-4554) */
function projection(meridian) {
  return `+proj=tmerc +lat_0=0 +lon_0=${meridian} +k=1 +x_0=500000 +y_0=0 +ellps=GRS80 +units=m +no_defs`;
}

/** @param {number[]} bbox  w, s, e, n @returns {string} its middle, as one would type it */
export function middleText([west, south, east, north]) {
  return `${((west + east) / 2).toFixed(2)},${((south + north) / 2).toFixed(2)}`;
}

/** @param {LonLat} place @returns {string} as the search box and other programs read it */
export function degreesText({ lon, lat }) {
  return `${lon.toFixed(6)},${lat.toFixed(6)}`;
}
