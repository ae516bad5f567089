// @ts-check
/** Where the rings of an area cross or run over each other, so that it is seen while drawing. Pure. */

/** @typedef {number[]} Spot  x, y */
/** @typedef {{a: Spot, b: Spot, ring: number, at: number, count: number, west: number, east: number}} Side */

/**
 * Places where the sides of an area meet that must not.
 * @param {{type: string, coordinates: any} | null} geometry  GeoJSON in any plane coordinates; lines and points never err
 * @param {number} [most]  how many are looked for
 * @returns {Spot[]}
 */
export function crossings(geometry, most = 20) {
  const sides = ringsOf(geometry).flatMap(sidesOf).sort((a, b) => a.west - b.west);
  /** @type {Spot[]} */
  const found = [];
  /** @type {Side[]} */
  let open = [];
  for (const side of sides) {
    open = open.filter((other) => other.east >= side.west);
    for (const other of open) {
      const spot = meeting(side, other);
      if (spot) found.push(spot);
      if (found.length >= most) return found;
    }
    open.push(side);
  }
  return found;
}

/** @param {{type: string, coordinates: any} | null} geometry @returns {Spot[][]} */
function ringsOf(geometry) {
  if (geometry?.type === "Polygon") return geometry.coordinates;
  return geometry?.type === "MultiPolygon" ? geometry.coordinates.flat() : [];
}

/** @param {Spot[]} ring @param {number} index @returns {Side[]} of no length left out */
function sidesOf(ring, index) {
  const spots = ring.filter((spot, i) => i === 0 || !isAt(spot, ring[i - 1]));
  const closed = spots.length > 1 && !isAt(spots[0], spots[spots.length - 1]) ? [...spots, spots[0]] : spots;
  const count = closed.length - 1;
  return closed.slice(1).map((b, at) => {
    const a = closed[at];
    return { a, b, ring: index, at, count, west: Math.min(a[0], b[0]), east: Math.max(a[0], b[0]) };
  });
}

/** @param {Side} p @param {Side} q @returns {Spot | null} where they meet although they must not */
function meeting(p, q) {
  if (Math.max(p.a[1], p.b[1]) < Math.min(q.a[1], q.b[1]) || Math.max(q.a[1], q.b[1]) < Math.min(p.a[1], p.b[1])) return null;
  const isSameRing = p.ring === q.ring;
  if (isSameRing && areNeighbours(p, q)) return folded(p, q);
  const [d1, d2] = [turn(q.a, q.b, p.a), turn(q.a, q.b, p.b)];
  const [d3, d4] = [turn(p.a, p.b, q.a), turn(p.a, p.b, q.b)];
  if (d1 === 0 && d2 === 0) return overlap(p, q);
  if (d1 * d2 > 0 || d3 * d4 > 0) return null;
  const isTouch = d1 === 0 || d2 === 0 || d3 === 0 || d4 === 0;
  if (isTouch && !isSameRing) return null; // two rings may touch in a point
  const share = d1 / (d1 - d2);
  return [p.a[0] + share * (p.b[0] - p.a[0]), p.a[1] + share * (p.b[1] - p.a[1])];
}

/** @param {Side} p @param {Side} q */
function areNeighbours(p, q) {
  const gap = Math.abs(p.at - q.at);
  return gap === 1 || gap === p.count - 1;
}

/** Neighbours meet in their corner; one that turns straight back runs over the other. @param {Side} p @param {Side} q @returns {Spot | null} */
function folded(p, q) {
  const corner = isAt(p.b, q.a) ? p.b : isAt(q.b, p.a) ? p.a : null;
  if (!corner || p.count < 3) return null;
  const [u, v] = isAt(p.b, q.a) ? [p.a, q.b] : [p.b, q.a];
  const isBack = turn(u, corner, v) === 0 && (u[0] - corner[0]) * (v[0] - corner[0]) + (u[1] - corner[1]) * (v[1] - corner[1]) > 0;
  return isBack ? corner : null;
}

/** Two sides on one line. @param {Side} p @param {Side} q @returns {Spot | null} a spot that both cover, more than a point */
function overlap(p, q) {
  const axis = p.a[0] === p.b[0] ? 1 : 0;
  const [low, high] = [Math.max(Math.min(p.a[axis], p.b[axis]), Math.min(q.a[axis], q.b[axis])), Math.min(Math.max(p.a[axis], p.b[axis]), Math.max(q.a[axis], q.b[axis]))];
  if (low >= high) return null;
  return [p.a, p.b, q.a, q.b].find((spot) => spot[axis] === low) ?? p.a;
}

/** @param {Spot} a @param {Spot} b @param {Spot} c @returns {number} above 0 when c lies left of a-b */
function turn(a, b, c) {
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}

/** @param {Spot} a @param {Spot} b */
function isAt(a, b) {
  return a[0] === b[0] && a[1] === b[1];
}
