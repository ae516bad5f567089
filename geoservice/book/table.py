"""The book as one table for a spreadsheet: a row for all that can be rung or sent (pure).

One table and not one a kind: whoever looks for pumps filters one column, and every row of stock
carries the telephone of its depot.
"""

import csv
import io
from collections.abc import Iterator, Mapping

from geoservice.book.columns import Layers, dialled, label, written
from geoservice.book.layout import local_minute
from geoservice.book.records import Book, Depot, Listed, Placed, Reached, Stock
from geoservice.book.tables import KINDS
from geoservice.publish.escaping import harmless

HEADS = {
    "kind": "类别 Kind", "town": "乡镇 Town", "code": "编号 Code", "name": "名称 Name",
    "type": "类型 Type", "state": "状态 State", "contact": "联系人 Contact", "phone": "电话 Phone",
    "held_by": "储备点或单位 Held by", "skills": "专长、险情 Skills",
    "item": "物资编码 Item", "quantity": "数量 Quantity", "unit": "单位 Unit",
    "min_reserve": "最低储备 Min reserve", "reserved": "已预留 Reserved",
    "expired": "已过期 Expired", "until": "最近到期 Until",
    "ready_min": "准备（分） Ready in (min)", "address": "地址 Address",
    "lon": "经度 Lon", "lat": "纬度 Lat", "verified": "核实 Verified",
    "stale": "久未核实 Stale", "demo": "演示 Demo", "as_of": "数据截至 As of",
    "roads": "路网版本 Graph version",
}  # fmt: skip
Cells = dict[str, object]


def csv_of(book: Book, layers: Layers) -> str:
    """Return the table, with a byte-order mark so that Excel reads it as UTF-8.

    ``quantity`` is what is usable of stock, what is made a day, what is agreed, how many people a
    team has on duty (else on its roll), a station has, a shelter takes.
    """
    text = io.StringIO()
    writer = csv.DictWriter(text, tuple(HEADS), restval="")
    writer.writerow(HEADS)
    towns = {it.code: it.name for it in book.towns}
    every = {"as_of": local_minute(book, book.as_of), "roads": book.head.graph_version}
    for kind, row, more in _rows(book, layers):
        cells = {"kind": kind, **_common(row, towns), **more, **every}
        writer.writerow({key: harmless(_cell(value)) for key, value in cells.items()})
    return "\ufeff" + text.getvalue()


def _cell(value: object) -> object:
    return value if isinstance(value, int) else written(value)


def _common(row: Listed, towns: Mapping[str, str]) -> Cells:
    cells: Cells = {
        "town": towns.get(row.town_code or "", row.town_code), "code": row.code, "name": row.name,
        "verified": row.surveyed_on, "stale": "是" if row.is_stale else "",
        "demo": "是" if row.is_demo else "",
    }  # fmt: skip
    if isinstance(row, Reached):
        cells |= {"contact": row.contact, "phone": dialled(row.phone)}
    if isinstance(row, Placed) and row.lon is not None and row.lat is not None:
        cells |= {"lon": f"{row.lon:.6f}", "lat": f"{row.lat:.6f}"}
    return cells


def _rows(book: Book, layers: Layers) -> Iterator[tuple[str, Listed, Cells]]:
    yield from _command(book, layers)
    yield from _people(book, layers)
    depots = {it.code: it for it in book.depots}
    for depot in book.depots:
        said = label(layers, "depots", "tier", depot.tier)
        form = label(layers, "depots", "form", depot.form)
        yield "储备点", depot, {"type": said, "state": form, "ready_min": depot.load_min,
                             "address": depot.address}  # fmt: skip
    for lot in book.stock:
        yield "库存", lot, _stock(lot, depots[lot.depot_code])
    for maker in book.makers:
        yield "能力储备", maker, {
            "held_by": maker.maker, "item": maker.item_code, "quantity": maker.per_day,
            "unit": f"{maker.unit}/天", "ready_min": maker.lead_h * 60,
        }  # fmt: skip
    for pact in book.agreements:
        yield "供应协议", pact, {
            "state": "" if pact.is_in_force else "不在有效期", "held_by": pact.supplier,
            "item": pact.item_code, "quantity": pact.quantity, "unit": pact.unit,
            "until": pact.agreed_to,
        }  # fmt: skip


def _stock(lot: Stock, depot: Depot) -> Cells:
    return {
        "held_by": f"{depot.code} {depot.name}", "contact": depot.contact,
        "phone": dialled(depot.phone), "item": lot.code, "quantity": lot.usable, "unit": lot.unit,
        "min_reserve": lot.min_reserve, "reserved": lot.reserved, "expired": lot.expired,
        "until": lot.expires_on, "address": depot.address, "ready_min": depot.load_min,
    }  # fmt: skip


def _command(book: Book, layers: Layers) -> Iterator[tuple[str, Listed, Cells]]:
    for post in book.posts:
        kinds = (post.hazard_types or "").split(", ")
        said = "、".join(label(layers, "command_posts", "hazard_types", it) for it in kinds)
        kind = label(layers, "command_posts", "kind", post.kind)
        yield "指挥部", post, {"type": kind, "skills": said, "held_by": post.lead_org,
                            "address": post.address}  # fmt: skip


def _people(book: Book, layers: Layers) -> Iterator[tuple[str, Listed, Cells]]:
    for it in book.stations:
        status = label(layers, "fire_stations", "status", it.status)
        yield KINDS[it.kind], it, {"state": status, "quantity": it.headcount,
                                   "unit": "人", "address": it.address}  # fmt: skip
    for team in book.teams:
        yield "救援队伍", team, {
            "type": label(layers, "rescue_teams", "tier", team.tier),
            "state": label(layers, "rescue_teams", "status", team.status), "skills": team.skills,
            "quantity": team.headcount if team.on_duty is None else team.on_duty, "unit": "人",
            "ready_min": team.mobilise_min,
        }  # fmt: skip
    for shelter in book.shelters:
        yield "避难场所", shelter, {
            "type": label(layers, "shelters", "kind", shelter.kind), "quantity": shelter.capacity,
            "unit": "人", "address": shelter.address,
        }  # fmt: skip
