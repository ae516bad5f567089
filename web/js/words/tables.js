// @ts-check
/** Words of the dock below the map and of its tables. */

/** @type {Record<string, [zh: string, en: string]>} */
export const TABLE_WORDS = {
  "dock": ["表格区", "Tables"],
  "dock.height": ["表格区高度（上下方向键调整）", "Height of the tables (arrow keys change it)"],
  "dock.close": ["关闭“{title}”", "Close “{title}”"],
  "tree.table": ["打开“{title}”的属性表", "Open the table of {title}"],

  "table.rows": ["共 {n} 条", "{n} in all"],
  "table.loaded": ["已载入 {loaded} / {n} 条", "{loaded} of {n} loaded"],
  "table.more": ["继续载入", "Load more"],
  "table.loading": ["正在读取…", "Loading…"],
  "table.empty": ["没有记录。", "No records."],
  "table.columns": ["列", "Columns"],
  "table.columns.reset": ["恢复默认", "Reset"],
  "table.sort": ["点击排序", "Click to sort"],
  "table.filter": ["筛选", "Filter"],
  "table.filter.of": ["筛选：{field}", "Filter: {field}"],
  "table.filter.all": ["全部", "all"],
  "table.filter.text": ["包含…", "contains…"],
  "table.filter.number": ["如 >=5 或 5..10", "like >=5 or 5..10"],
  "table.filter.date": ["如 <2024-01-01", "like <2024-01-01"],
  "table.filter.bad": ["筛选条件看不懂：数字写成 5、>=5 或 5..10，日期写成 2024-01-31。",
    "This filter cannot be read: write numbers as 5, >=5 or 5..10, dates as 2024-01-31."],
  "table.filtered": ["符合 {n} 条（共 {all} 条），已载入 {loaded}", "{n} match (of {all}), {loaded} loaded"],
  "table.refresh": ["刷新", "Refresh"],
  "table.export": ["导出", "Export"],
  "table.export.as": ["导出为 {format}", "Export as {format}"],
  "table.picked": ["图上选中的一条", "Chosen on the map"],
  "table.stale": ["待核", "stale"],
  "table.stale.long": ["超过核查期限，尚未重新核实", "Past its survey period, not verified again yet"],
  "table.overdue": ["逾期", "overdue"],
  "table.overdue.long": ["已过整改或办理期限", "Past its due date"],
  "table.nothing": ["—", "—"],
};
