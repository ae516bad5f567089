// @ts-check
/** Words of what is inside a shape. */

/** @type {Record<string, [zh: string, en: string]>} */
export const INSIDE_WORDS = {
  "inside": ["范围内有什么", "What is inside"],
  "inside.of": ["范围内有什么", "What is inside"],
  "inside.drawn": ["所画范围", "The shape drawn"],
  "inside.area": ["{name}：{km2} 平方千米", "{name}: {km2} km²"],
  "inside.buffer": ["外扩（米）", "Buffer (m)"],
  "inside.again": ["统计", "Count"],
  "inside.nothing": ["范围内没有任何要素。", "Nothing is inside."],
  "inside.km": ["{n} 千米", "{n} km"],
  "inside.ha": ["{n} 公顷", "{n} ha"],
  "inside.unsaid": ["未填", "not said"],
  "inside.export": ["导出（GeoPackage）", "Export (GeoPackage)"],
};
