"""The report of an incident as one HTML file: a map, what was sent and when, every step (pure)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import folium
import shapely

from geoservice.orders.machine import label
from geoservice.publish.escaping import escaped
from geoservice.publish.one_file import PlainMap, standing_alone

if TYPE_CHECKING:
    from geoservice.orders.reporting import Sent, Told

_LEVELS = {1: "Ⅰ级 特别重大", 2: "Ⅱ级 重大", 3: "Ⅲ级 较大", 4: "Ⅳ级 一般"}
_GOODS, _TEAM, _DRILL, _HERE = "#d95f02", "#2166ac", "#7a4fb5", "#d7191c"
_ROAD = "#b9b9b0"
_DIGITS = 6


def report_page(told: "Told", *, web: Path) -> str:
    """Return the whole page, which needs nothing else; ``web`` holds Leaflet and the sheet.

    Every value stands in it as text: a name with markup or script in it is shown, never run.
    """
    incident = told.incident
    title = f"{'【演练】' if incident.is_drill else ''}{incident.code} {incident.name}"
    world = PlainMap(tiles=None, control_scale=True, attributionControl=False, height="420px")
    ways, places = _ways(told), _places(told)
    if told.roads:
        under = [(it, {"c": _ROAD, "d": "", "p": ""}) for it in told.roads]
        folium.GeoJson(
            _collection(under), style_function=_look_under, smooth_factor=0, interactive=False
        ).add_to(world)
    if ways:
        folium.GeoJson(
            _collection(ways), style_function=_look, popup=_popup(), smooth_factor=0
        ).add_to(world)
    folium.GeoJson(
        _collection(places),
        marker=folium.CircleMarker(radius=7, weight=2, fill=True, fill_opacity=0.7),
        style_function=_look, popup=_popup(),
    ).add_to(world)  # fmt: skip
    west, south, east, north = shapely.total_bounds([shape for shape, _ in (*ways, *places)])
    margin = 0.004  # degrees, some 400 m: a single point is no box
    world.fit_bounds([[south - margin, west - margin], [north + margin, east + margin]])
    page = world.get_root().render()
    page = page.replace("<body>", f"<body>{_head(told, title)}", 1)
    page = page.replace("</body>", f"{_tables(told)}</body>", 1)
    return standing_alone(page, title, web, sheet="incident-report.css")


def _ways(told: "Told") -> list[tuple[Any, Mapping[str, str]]]:
    return [
        (it.geom or shapely.LineString([it.base, _here(told)]),
         {"c": _colour(told, it), "d": "6 6" if it.geom is None or told.incident.is_drill else "",
          "p": _lines({"": it.name, "调度令": it.order, "状态": label(it.state)})})
        for it in told.sent if it.order_state not in {"cancelled", "expired"}
    ]  # fmt: skip


def _places(told: "Told") -> list[tuple[Any, Mapping[str, str]]]:
    bases = {it.origin: it for it in told.sent}
    here = {"c": _DRILL if told.incident.is_drill else _HERE, "d": "",
            "p": _lines({"": told.incident.name, "编号": told.incident.code})}  # fmt: skip
    return [
        *((it.base, {"c": _colour(told, it), "d": "", "p": _lines({"": name})})
          for name, it in bases.items()),
        (_here(told), here),
    ]  # fmt: skip


def _here(told: "Told") -> shapely.Point:
    return shapely.Point(told.incident.lon, told.incident.lat)


def _colour(told: "Told", it: "Sent") -> str:
    return _DRILL if told.incident.is_drill else _TEAM if it.part == "team" else _GOODS


def _look(feature: Mapping[str, Any]) -> dict[str, Any]:
    said = feature["properties"]
    return {"color": said["c"], "fillColor": said["c"], "weight": 4, "dashArray": said["d"] or None}


def _look_under(_feature: Mapping[str, Any]) -> dict[str, Any]:
    return {"color": _ROAD, "weight": 1.5, "interactive": False}


def _popup() -> folium.GeoJsonPopup:
    return folium.GeoJsonPopup(fields=["p"], labels=False, max_width=320)


def _collection(shapes: Iterable[tuple[Any, Mapping[str, str]]]) -> dict[str, Any]:
    features = [
        {"type": "Feature", "id": str(number), "properties": dict(said),
         "geometry": shapely.geometry.mapping(shapely.transform(shape, _rounded))}
        for number, (shape, said) in enumerate(shapes)
    ]  # fmt: skip
    return {"type": "FeatureCollection", "features": features}


def _rounded(xy: Any) -> Any:  # an array of coordinates
    return xy.round(_DIGITS)


def _lines(said: Mapping[str, str]) -> str:
    return "<br>".join(f"<b>{escaped(name)}</b> {escaped(value)}" for name, value in said.items())


def _head(told: "Told", title: str) -> str:
    it, post = told.incident, told.incident.command_post
    facts = {
        "类型 Kind": told.kind, "等级 Level": _LEVELS[it.level],
        "状态 State": "已结束 closed" if it.state == "closed" else "处置中 open",
        "接报 Reported": _minute(told, it.reported_at),
        "结束 Closed": _minute(told, it.closed_at) or "—",
        "位置 Place": f"{it.lon:.5f}, {it.lat:.5f}（CGCS2000）",
        "负责指挥部 Command post": "—" if post is None else f"{post['code']} {post['name']}",
        "生成 Made": _minute(told, told.at),
    }  # fmt: skip
    said = " · ".join(f"{escaped(name)}：<b>{escaped(value)}</b>" for name, value in facts.items())
    drill = '<p class="drill">演练，未动用真实物资和队伍 · a drill: nothing real was booked</p>'
    words = f"<p>{escaped(it.description)}</p>" if it.description else ""
    demo = "<p>演示数据，非真实 · demonstration data, not real</p>" if it.is_demo else ""
    return (
        f"<header><h1>{escaped(title)}</h1><p>{said}</p>{words}"
        f"{drill if it.is_drill else ''}{demo}</header>"
    )


def _tables(told: "Told") -> str:
    return f"<main>{_needs(told)}{_orders(told)}{_sent(told)}{_sums(told)}{_steps(told)}</main>"


def _needs(told: "Told") -> str:
    rows = [
        (it["item_code"] or it["skill"], it["quantity"] or it["number"], it["unit"] or "",
         it["deadline_at"] or "")
        for it in told.incident.needs
    ]  # fmt: skip
    return _table("需求 Needs", ("物资或专长 What", "数量 Number", "单位 Unit", "期限 By"), rows)


def _orders(told: "Told") -> str:
    rows = [
        (it["code"], label(it["state"]), it["placed_by"], _text(told, it["placed_at"]),
         it["confirmed_for"] or "", it["confirmed_by"] or "", _text(told, it["confirmed_at"]),
         _text(told, it["ended_at"]))
        for it in told.orders
    ]  # fmt: skip
    heads = ("调度令 Order", "状态 State", "下达人 Placed by", "下达 Placed",
             "指挥部确认人 Confirmed for", "登记人 Put down by", "确认 Confirmed",
             "结束 Ended")  # fmt: skip
    return _table("调度令 Orders", heads, rows)


def _sent(told: "Told") -> str:
    rows = [
        (it.order, label(it.part), it.name, it.origin, _much(it.quantity, it.unit),
         label(it.state), _minute(told, it.eta_at), _minute(told, it.departed_at),
         _minute(told, it.arrived_at), "" if it.late_min is None else f"{it.late_min:+.0f}")
        for it in told.sent
    ]  # fmt: skip
    heads = ("调度令 Order", "类别 Kind", "名称 Name", "出发地 From", "数量 Quantity", "状态 State",
             "预计到达 Expected", "出发 Left", "到达 Arrived", "早晚（分）Late (min)")  # fmt: skip
    return _table("派出与到达 Sent and arrived", heads, rows)


def _sums(told: "Told") -> str:
    rows = [
        (it.order, it.name, _much(it.quantity, it.unit), _much(it.returned, it.unit),
         _much(it.used, it.unit), _much(it.lost, it.unit), _much(_still_out(it), it.unit))
        for it in told.sent if it.part == "lot" and it.departed_at is not None
    ]  # fmt: skip
    heads = ("调度令 Order", "物资 Goods", "发出 Sent", "归还 Returned", "消耗 Used", "损耗 Lost",
             "在外 Still out")  # fmt: skip
    return _table("消耗与归还 Used and returned", heads, rows)


def _steps(told: "Told") -> str:
    rows = [
        (_minute(told, it.at), it.order, "" if it.no is None else f"{it.no} {it.what}",
         label(it.action), "" if it.from_state is None else label(it.from_state),
         label(it.to_state), it.actor, "; ".join(f"{k}={v}" for k, v in it.details.items()))
        for it in told.events
    ]  # fmt: skip
    heads = ("时间 Time", "调度令 Order", "项 Part", "步骤 Step", "原状态 From", "状态 To",
             "登记人 By", "备注 Note")  # fmt: skip
    return _table("时间线 Timeline", heads, rows)


def _table(title: str, heads: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    head = "".join(f"<th>{escaped(it)}</th>" for it in heads)
    lines = "".join(
        "<tr>" + "".join(f"<td>{escaped(it)}</td>" for it in row) + "</tr>" for row in rows
    )
    none = "" if rows else "<p>无 none</p>"
    return (
        f"<section><h2>{escaped(title)}</h2><table><thead><tr>{head}</tr></thead>"
        f"<tbody>{lines}</tbody></table>{none}</section>"
    )


def _still_out(it: "Sent") -> float:
    return (it.quantity or 0) - (it.returned or 0) - (it.lost or 0) - (it.used or 0)


def _much(quantity: float | None, unit: str | None) -> str:
    return "" if quantity is None else f"{quantity:g} {unit or ''}"


def _text(told: "Told", at: str | None) -> str:
    return "" if at is None else _minute(told, datetime.fromisoformat(at))


def _minute(told: "Told", at: datetime | None) -> str:
    return "" if at is None else f"{at.astimezone(told.zone):%Y-%m-%d %H:%M}"
