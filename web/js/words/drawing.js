// @ts-check
/** Words of the drawing bar. */

/** @type {Record<string, [zh: string, en: string]>} */
export const DRAWING_WORDS = {
  "drawing": ["绘制", "Drawing"],
  "drawing.title": ["绘制位置：{title}", "Place of {title}"],
  "drawing.draw.Point": ["画点", "Point"],
  "drawing.draw.LineString": ["画线", "Line"],
  "drawing.draw.Polygon": ["画面", "Area"],
  "drawing.reshape": ["调整", "Reshape"],
  "drawing.corner": ["删顶点", "Delete vertex"],
  "drawing.undo": ["撤销", "Undo"],
  "drawing.redo": ["重做", "Redo"],
  "drawing.clear": ["清空", "Clear"],
  "drawing.finish": ["完成", "Finish"],
  "drawing.cancel": ["取消", "Cancel"],
  "drawing.place": ["输入坐标", "Coordinate"],
  "drawing.place.hint": ["经度,纬度 / 度分秒 / X Y", "lon,lat / DMS / X Y"],
  "drawing.place.put": ["定点", "Put"],
  "drawing.place.bad": ["看不懂这个坐标。可写 113.23,36.33，度分秒，或高斯坐标 X（北）Y（东）。",
    "Not a coordinate. Write 113.23,36.33, degrees-minutes-seconds, or Gauss-Krüger X (north) Y (east)."],
  "drawing.hint.draw": ["在图上点击，或输入坐标。", "Click on the map, or type a coordinate."],
  "drawing.hint.sketch": ["点击加顶点；双击或回车结束；退格删最后一点；Esc 放弃。",
    "Click for the next vertex; double-click or Enter ends; Backspace takes the last back; Escape gives up."],
  "drawing.hint.reshape": ["拖动顶点或边；Alt+点击删顶点；回车完成；Esc 取消。",
    "Drag vertices or edges; Alt+click deletes a vertex; Enter finishes; Escape cancels."],
  "drawing.faults": ["边界自相交（红圈处，{n} 处），请先改正。", "The boundary crosses itself ({n} red circles): mend it first."],
  "drawing.empty": ["还没有位置。", "Nothing is drawn yet."],
};
