// @ts-check
/**
 * The MapLibre style expressions that layer files use, worked out for one feature. Pure.
 * Meaning: MapLibre Style Specification, "Expressions".
 */

/**
 * @typedef {{subject: Subject, zoom: number}} Scene
 * @type {Record<string, (args: any[], scene: Scene) => any>}
 */
const OPERATORS = {
  literal: ([value]) => value,
  get: ([name], { subject }) => subject.properties[name] ?? null,
  has: ([name], { subject }) => (subject.properties[name] ?? null) !== null,
  id: (_, { subject }) => subject.id ?? null,
  "geometry-type": (_, { subject }) => subject.geometryType.replace("Multi", ""),
  zoom: (_, { zoom }) => zoom,
  match: matched,
  case: firstTrue,
  interpolate: interpolated,
  step: stepped,
  coalesce: (args, scene) => args.map((arg) => worked(arg, scene)).find((value) => value !== null) ?? null,
  concat: (args, scene) => args.map((arg) => worked(arg, scene) ?? "").join(""),
  "to-string": ([arg], scene) => String(worked(arg, scene) ?? ""),
  all: (args, scene) => args.every((arg) => worked(arg, scene)),
  any: (args, scene) => args.some((arg) => worked(arg, scene)),
  "!": ([arg], scene) => !worked(arg, scene),
  in: ([needle, heap], scene) => (worked(heap, scene) ?? []).includes(worked(needle, scene)),
  "==": compared((a, b) => a === b),
  "!=": compared((a, b) => a !== b),
  "<": compared((a, b) => a !== null && a < b),
  "<=": compared((a, b) => a !== null && a <= b),
  ">": compared((a, b) => a !== null && a > b),
  ">=": compared((a, b) => a !== null && a >= b),
};

/**
 * The value of an expression; what is no expression is its own value.
 * @param {any} expression
 * @param {Subject} subject
 * @param {number} zoom  as MapLibre counts: 512 px tiles
 * @returns {any}
 */
export function evaluate(expression, subject, zoom) {
  return worked(expression, { subject, zoom });
}

/**
 * @param {any} expression
 * @param {Scene} scene
 * @returns {any}
 */
function worked(expression, scene) {
  // a dash pattern, an offset: an array that does not begin with a name is a plain value
  if (!Array.isArray(expression) || typeof expression[0] !== "string") return expression;
  const [name, ...args] = expression;
  const operator = OPERATORS[name];
  if (!operator) throw new Error(`style expression "${name}" is not known here`);
  return operator(args, scene);
}

/**
 * @param {(a: any, b: any) => boolean} test
 * @returns {(args: any[], scene: Scene) => boolean}
 */
function compared(test) {
  return ([a, b], scene) => test(worked(a, scene), worked(b, scene));
}

/** @param {any[]} args @param {Scene} scene */
function matched([input, ...rest], scene) {
  const value = worked(input, scene);
  for (let i = 0; i + 1 < rest.length; i += 2) {
    const label = rest[i];
    if (Array.isArray(label) ? label.includes(value) : label === value) return worked(rest[i + 1], scene);
  }
  return worked(rest[rest.length - 1], scene);
}

/** @param {any[]} args @param {Scene} scene */
function firstTrue(args, scene) {
  for (let i = 0; i + 1 < args.length; i += 2) {
    if (worked(args[i], scene)) return worked(args[i + 1], scene);
  }
  return worked(args[args.length - 1], scene);
}

/** @param {any[]} args @param {Scene} scene */
function stepped([input, first, ...stops], scene) {
  const at = worked(input, scene);
  let output = first;
  for (let i = 0; i < stops.length && at >= stops[i]; i += 2) output = stops[i + 1];
  return worked(output, scene);
}

/** @param {any[]} args @param {Scene} scene */
function interpolated([kind, input, ...stops], scene) {
  const at = worked(input, scene);
  if (at <= stops[0]) return worked(stops[1], scene);
  for (let i = 2; i < stops.length; i += 2) {
    if (at > stops[i]) continue;
    const low = worked(stops[i - 1], scene);
    const high = worked(stops[i + 1], scene);
    return low + (high - low) * share(kind, at, stops[i - 2], stops[i]);
  }
  return worked(stops[stops.length - 1], scene);
}

/** @param {any[]} kind @param {number} at @param {number} from @param {number} to */
function share(kind, at, from, to) {
  const base = kind[0] === "exponential" ? kind[1] : 1;
  if (base === 1) return (at - from) / (to - from);
  return (base ** (at - from) - 1) / (base ** (to - from) - 1);
}
