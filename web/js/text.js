// @ts-check
/** All words of the page, Chinese first, and the language in use. */

/** @type {Record<string, [zh: string, en: string]>} */
const WORDS = {
  "app.name": ["应急一张图", "Emergency map room"],
  "door.map": ["总览", "Map"],
  "door.plan": ["分区", "Zones"],
  "door.dispatch": ["调度", "Dispatch"],
  "doors": ["页面", "Pages"],
  "language": ["English", "中文"],
  "language.switch": ["Switch to English", "切换为中文"],
  "demo.banner": ["演示数据 · Demonstration data", "Demonstration data · 演示数据"],
  "district.none": ["还没有行政区：请用 geoservice load boundary 载入边界",
    "No district yet: load its outline with geoservice load boundary"],
  "skip": ["跳到地图", "Skip to the map"],

  "session.anonymous": ["未登录（仅公开图层）", "Not signed in (public layers only)"],
  "session.sign_in": ["登录", "Sign in"],
  "session.sign_out": ["退出", "Sign out"],
  "session.towns": ["范围：{towns}", "Scope: {towns}"],
  "role.viewer": ["查看", "viewer"],
  "role.keeper": ["台账管理", "keeper"],
  "role.planner": ["规划", "planner"],
  "role.dispatcher": ["调度", "dispatcher"],
  "role.publisher": ["发布", "publisher"],
  "role.admin": ["系统管理", "admin"],
  "role.auditor": ["审计", "auditor"],

  "panel": ["面板", "Panel"],
  "panel.hide": ["收起面板", "Hide panel"],
  "panel.show": ["展开面板", "Show panel"],
  "tab.layers": ["图层", "Layers"],
  "tab.dispatch": ["最近资源", "Nearest"],
  "layers.none": ["没有可查看的图层。", "There is no layer you may see."],
  "layers.failed": ["该图层未能读取", "This layer could not be read"],
  "layers.classes": ["图例（{n} 类）", "Legend ({n} classes)"],
  "layers.sources": ["数据来源", "Sources"],
  "layers.count": ["{n} 条", "{n} features"],

  "map": ["地图", "Map"],
  "map.in": ["放大", "Zoom in"],
  "map.out": ["缩小", "Zoom out"],
  "map.home": ["全区", "Whole district"],
  "readout.degrees": ["复制经纬度", "Copy longitude and latitude"],
  "readout.grid": ["复制高斯坐标（X 北、Y 东）", "Copy Gauss-Krüger X (north), Y (east)"],
  "readout.zone": ["CGCS2000 3°带 中央经线 {meridian}°", "CGCS2000 3° zone, central meridian {meridian}°"],
  "readout.picked": ["选点", "Picked"],
  "readout.copied": ["已复制 {value}", "Copied {value}"],
  "readout.uncopied": ["浏览器不允许复制，请手抄：{value}", "The browser refuses to copy; by hand: {value}"],

  "state.loading": ["正在读取…", "Loading…"],
  "state.fresh": ["更新于 {time}", "Updated {time}"],
  "state.stale": ["连接中断，显示的是 {time} 的数据", "Connection lost, showing data of {time}"],
  "state.failed": ["未能读取数据", "The data could not be read"],
  "state.retry": ["重试", "Retry"],

  "search": ["搜索名称、编码或坐标", "Search name, code or coordinate"],
  "search.results": ["搜索结果", "Search results"],
  "search.none": ["没有找到“{query}”", "Nothing found for “{query}”"],
  "search.tiled": ["没有找到“{query}”。未搜索（数量太多）：{layers}",
    "Nothing found for “{query}”. Not searched (too many features): {layers}"],
  "search.coordinate": ["坐标 {value}", "Coordinate {value}"],

  "card": ["要素信息", "Feature"],
  "card.close": ["关闭", "Close"],
  "card.back": ["返回列表", "Back to the list"],
  "card.hits": ["此处有 {n} 个要素", "{n} features here"],
  "card.more": ["另有 {n} 个，请放大后再点。", "{n} more: zoom in and click again."],
  "card.zoom": ["缩放到此", "Zoom to it"],
  "card.nearest": ["由此查最近资源", "Nearest from here"],
  "card.demo": ["演示数据", "Demonstration data"],
  "card.town": ["乡镇街道", "Town"],
  "card.nameless": ["（无名称）", "(no name)"],
  "yes": ["是", "yes"],
  "no": ["否", "no"],

  "dispatch.kind": ["查找", "Find"],
  "dispatch.kind.depot": ["物资储备点", "Depots"],
  "dispatch.kind.rescue_team": ["救援队伍", "Rescue teams"],
  "dispatch.k": ["最多几个", "How many"],
  "dispatch.within": ["几分钟内（可空）", "Within minutes (optional)"],
  "dispatch.place": ["事发地点", "Where"],
  "dispatch.place.hint": ["点击地图，或输入 {example}", "Click the map, or type {example}"],
  "dispatch.place.bad": ["看不懂这个坐标。请写成 {example}（经度,纬度）。",
    "This is not a coordinate. Write it as {example} (longitude,latitude)."],
  "dispatch.number.bad": ["“{label}”须为 {least} 至 {most} 的整数。", "“{label}” must be a whole number from {least} to {most}."],
  "dispatch.ask": ["查询", "Find"],
  "dispatch.asking": ["正在计算行车时间…", "Working out driving times…"],
  "dispatch.needs": ["查询最近资源需要“调度”角色。",
    "Finding the nearest resources needs the role “dispatcher”."],
  "dispatch.have": ["当前账号：{name}（{roles}）", "This account: {name} ({roles})"],
  "dispatch.found": ["找到 {n} 个，按行车时间排序", "{n} found, by driving time"],
  "dispatch.empty": ["没有找到符合条件的资源。", "Nothing found that fits."],
  "dispatch.unreachable": ["到不了的（{n}）", "Out of reach ({n})"],
  "dispatch.closures": ["生效中的道路封闭（{n}）", "Road closures in force ({n})"],
  "dispatch.farther": ["另有 {n} 个也能到，但更远。", "{n} more can come, from farther away."],
  "dispatch.outside": ["管辖范围之外还有 {n} 个，未列出。", "{n} more lie outside your towns and are not listed."],
  "dispatch.closed": ["封闭", "closed"],
  "dispatch.slowed": ["缓行", "slowed"],
  "dispatch.snap": ["事发点距道路 {m} 米", "The place is {m} m from a road"],
  "dispatch.snap.road": ["事发点距“{road}”{m} 米", "The place is {m} m from {road}"],
  "dispatch.computed": ["计算于 {time}，路网版本 {version}", "Computed {time}, road network version {version}"],
  "dispatch.minutes": ["{n} 分", "{n} min"],

  "sign_in.title": ["登录", "Sign in"],
  "sign_in.name": ["账号", "Account"],
  "sign_in.password": ["密码", "Password"],
  "sign_in.submit": ["登录", "Sign in"],
  "sign_in.public": ["不登录，查看公开图层", "Public layers without signing in"],
  "sign_in.again": ["当前已登录：{name}", "Signed in as {name}"],
  "reason.link": ["这个一次性链接已经用过或已过期。请重新生成，或用账号登录。",
    "This one-time link was used or has expired. Make a new one, or sign in with an account."],
  "reason.insecure": ["拒绝从其他计算机经明文 http 登录：密码可能在途中被截获。请用 https 地址打开（由 GEOSERVICE_PUBLIC_URL 设定）。",
    "Signing in from another machine over plain http is refused: the password could be read on the way. Open the https address (set by GEOSERVICE_PUBLIC_URL)."],
  "setup.title": ["建立第一个管理员", "Create the first administrator"],
  "setup.why": ["这是首次启动。管理员管理账号，不查看业务数据。密码至少 12 个字符。",
    "This is the first start. An administrator manages accounts and sees no operational data. At least 12 characters."],
  "setup.again": ["再输一次密码", "Password again"],
  "setup.differ": ["两次输入的密码不同。", "The two passwords differ."],
  "setup.submit": ["建立", "Create"],

  "problem.unreachable": ["连不上服务。请检查网络，或服务是否在运行。",
    "The service cannot be reached. Check the network, or whether the service is running."],
  "problem.unreadable": ["服务的回答无法读取。", "The answer of the service cannot be read."],
};

const KEPT_AS = "geoservice.language";
/** @type {"zh" | "en"} */
let current = keptLanguage();
/** @type {(() => void)[]} */
const listeners = [];

/** @returns {"zh" | "en"} the language chosen last time, Chinese when there was none */
function keptLanguage() {
  try {
    return globalThis.localStorage?.getItem(KEPT_AS) === "en" ? "en" : "zh";
  } catch {
    return "zh"; // a browser that forbids storage still shows the page
  }
}

/** @returns {"zh" | "en"} */
export function language() {
  return current;
}

/** @param {"zh" | "en"} chosen */
export function setLanguage(chosen) {
  current = chosen;
  try {
    globalThis.localStorage?.setItem(KEPT_AS, chosen);
  } catch {
    // not remembered, still switched
  }
  for (const listener of listeners) listener();
}

/**
 * Call now and whenever the language changes.
 * @param {() => void} render
 */
export function inEveryLanguage(render) {
  listeners.push(render);
  render();
}

/**
 * The words for a key; `{name}` in them is replaced by `values.name`.
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 */
export function text(key, values = {}) {
  const words = WORDS[key];
  if (!words) throw new Error(`text.js has no words for ${key}`);
  const chosen = words[current === "zh" ? 0 : 1];
  return chosen.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/**
 * The text of the service in the page's language.
 * @param {Text2} both
 */
export function pick(both) {
  return both[current] || both.zh || both.en;
}

/**
 * Both languages of a key, for errors that carry both.
 * @param {string} key
 * @returns {Text2}
 */
export function bothTexts(key) {
  const [zh, en] = WORDS[key];
  return { zh, en };
}
