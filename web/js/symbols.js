// @ts-check
/** Markers and hatches that styles name: `marker-square`, `hatch-cross:#882255`. */

const POINT_SIZE_PX = 20; // icon-size 1
const HATCH_STEP_PX = 8;
const QUARTER = Math.PI / 4;

/** Regular shapes; a radius2 of 0 leaves only the strokes. */
const MARKERS = {
  square: { points: 4, angle: QUARTER, reach: 1 },
  triangle: { points: 3, reach: 1 },
  diamond: { points: 4, reach: 1 },
  star: { points: 5, inner: 0.45, reach: 1.05 },
  hexagon: { points: 6, reach: 0.95 },
};
const STROKES = { cross: QUARTER, plus: 0 };

/**
 * @param {string} image  `marker-<shape>`
 * @param {string} colour
 * @param {number} size  1 is 20 px across
 * @returns {ol.style.Style[]} a cross is drawn twice: a light rim, then its colour
 */
export function markerStyles(image, colour, size) {
  const shape = image.replace("marker-", "");
  const radius = (POINT_SIZE_PX / 2) * size;
  if (shape in STROKES) {
    const angle = STROKES[/** @type {keyof typeof STROKES} */ (shape)];
    return ["#ffffff", colour].map((stroke, i) => styleOf(strokes(radius, angle, stroke, i ? 3 : 6)));
  }
  const fill = new ol.style.Fill({ color: colour });
  const stroke = new ol.style.Stroke({ color: "#ffffff", width: 1.5 });
  if (!(shape in MARKERS)) {
    return [styleOf(new ol.style.Circle({ radius: radius * 0.8, fill, stroke }))];
  }
  const { points, reach, angle = 0, inner = 0 } = /** @type {Marker} */ (
    MARKERS[/** @type {keyof typeof MARKERS} */ (shape)]
  );
  return [
    styleOf(
      new ol.style.RegularShape({
        points,
        angle,
        radius: radius * reach,
        radius2: inner ? radius * inner : undefined,
        fill,
        stroke,
      }),
    ),
  ];
}

/** @typedef {{points: number, reach: number, angle?: number, inner?: number}} Marker */

/** @param {number} radius @param {number} angle @param {string} color @param {number} width */
function strokes(radius, angle, color, width) {
  return new ol.style.RegularShape({
    points: 4,
    angle,
    radius: radius * 0.85,
    radius2: 0,
    stroke: new ol.style.Stroke({ color, width, lineCap: "round" }),
  });
}

/** @param {ol.style.Image} image */
function styleOf(image) {
  return new ol.style.Style({ image });
}

/** What each hatch draws into a square of side s, running on into its neighbours. */
const HATCHES = {
  /** @param {Pen} pen @param {number} s */
  diagonal: (pen, s) => [-s, 0, s].forEach((x) => line(pen, x, s, x + s, 0)),
  /** @param {Pen} pen @param {number} s */
  back: (pen, s) => [-s, 0, s].forEach((x) => line(pen, x, 0, x + s, s)),
  /** @param {Pen} pen @param {number} s */
  horizontal: (pen, s) => line(pen, 0, s / 2, s, s / 2),
  /** @param {Pen} pen @param {number} s */
  cross: (pen, s) => {
    HATCHES.diagonal(pen, s);
    HATCHES.back(pen, s);
  },
  /** @param {Pen} pen @param {number} s */
  dots: (pen, s) => {
    pen.beginPath();
    pen.arc(s / 2, s / 2, s / 6, 0, 2 * Math.PI);
    pen.fill();
  },
};

/** @typedef {CanvasRenderingContext2D} Pen */
/** @param {Pen} pen @param {[number, number, number, number]} ends */
function line(pen, ...[x1, y1, x2, y2]) {
  pen.beginPath();
  pen.moveTo(x1, y1);
  pen.lineTo(x2, y2);
  pen.stroke();
}

/**
 * @param {string} name  `hatch-<kind>:<colour>`
 * @returns {CanvasPattern | string} the pattern, or its colour when the kind is not known
 */
export function hatch(name) {
  const [kind, colour] = name.replace("hatch-", "").split(":");
  const draw = HATCHES[/** @type {keyof typeof HATCHES} */ (kind)];
  const ratio = globalThis.devicePixelRatio || 1;
  const side = Math.round(HATCH_STEP_PX * ratio);
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = side;
  const pen = canvas.getContext("2d");
  if (!draw || !pen) return colour;
  pen.strokeStyle = pen.fillStyle = colour;
  pen.lineWidth = 1.2 * ratio;
  draw(pen, side);
  return pen.createPattern(canvas, "repeat") ?? colour;
}
