"""The tables of a chapter: stations, teams, depots, stock, makers, agreements, shelters (pure)."""

from collections.abc import Mapping, Sequence

from geoservice.book.columns import (
    Column,
    Layers,
    code,
    column,
    contact,
    label,
    name,
    place,
    sheet,
    written,
)
from geoservice.book.records import (
    Agreement,
    Depot,
    Maker,
    Post,
    Shelter,
    Station,
    Stock,
    Team,
)
from geoservice.book.volume import Sheet

KINDS = {"town_station": "应急管理站", "fire_station": "消防站"}


def posts_sheet(rows: Sequence[Post], layers: Layers) -> Sheet:
    """Return the command posts and their duty telephones."""
    columns: tuple[Column[Post], ...] = (
        code(), name(),
        column("类别", "Kind", 2, lambda it: label(layers, "command_posts", "kind", it.kind)),
        column("牵头单位", "Led by", 3, lambda it: it.lead_org),
        *contact("指挥长", "Commander"),
        column("地址", "Address", 3.4, lambda it: it.address), place(),
    )  # fmt: skip
    return sheet("指挥部", "Command posts", columns, rows)


def stations_sheet(rows: Sequence[Station], layers: Layers) -> Sheet:
    """Return the emergency stations of towns and the fire stations."""
    columns: tuple[Column[Station], ...] = (
        column("类别", "Kind", 2, lambda it: KINDS[it.kind]), code(), name(),
        column("状态", "Status", 1.4,
               lambda it: label(layers, "fire_stations", "status", it.status)),
        column("人数", "People", 1.1, lambda it: it.headcount),
        column("消防车", "Engines", 1.3, lambda it: it.vehicles),
        *contact("负责人", "Leader"),
        column("地址", "Address", 3.4, lambda it: it.address), place(),
    )  # fmt: skip
    return sheet("应急管理站与消防站", "Town and fire stations", columns, rows)


def teams_sheet(rows: Sequence[Team], layers: Layers) -> Sheet:
    """Return the rescue teams: what they can do, how many, how soon they leave."""
    columns: tuple[Column[Team], ...] = (
        code(), name(),
        column("类别", "Tier", 1.9, lambda it: label(layers, "rescue_teams", "tier", it.tier)),
        column("状态", "State", 1.4, lambda it: label(layers, "rescue_teams", "status", it.status)),
        column("专长（类型）", "Skills (type)", 2.6, lambda it: it.skills),
        column("在岗/人数", "On duty/of", 1.6,
               lambda it: f"{_or_dash(it.on_duty)}/{_or_dash(it.headcount)}"),
        column("出动（分）", "Turns out (min)", 1.4, lambda it: it.mobilise_min),
        *contact("负责人", "Leader"),
        column("装备", "Equipment", 2.6, lambda it: it.equipment), place(),
    )  # fmt: skip
    return sheet("救援队伍", "Rescue teams", columns, rows)


def depots_sheet(rows: Sequence[Depot], layers: Layers) -> Sheet:
    """Return the depots: where, who has the key."""
    columns: tuple[Column[Depot], ...] = (
        code(), name(),
        column("级别", "Tier", 1.5, lambda it: label(layers, "depots", "tier", it.tier)),
        column("权属", "Owner", 1.6, lambda it: label(layers, "depots", "owner", it.owner)),
        column("形式", "Form", 1.6, lambda it: label(layers, "depots", "form", it.form)),
        *contact("保管员", "Keeper"),
        column("装车（分）", "Loads (min)", 1.4, lambda it: it.load_min),
        column("地址", "Address", 3.2, lambda it: it.address), place(),
    )  # fmt: skip
    return sheet("物资储备点", "Depots", columns, rows)


def stock_sheet(rows: Sequence[Stock], depots: Mapping[str, Depot]) -> Sheet:
    """Return what lies in the depots, by material and unit."""
    columns: tuple[Column[Stock], ...] = (
        column("储备点", "Depot", 4.6, lambda it: f"{it.depot_code} {depots[it.depot_code].name}"),
        column("物资编码", "Item", 1.7, lambda it: it.code), name(),
        column("可用", "Usable", 1.5, lambda it: it.usable),
        column("单位", "Unit", 1, lambda it: it.unit),
        column("最低储备", "Min. reserve", 1.5, lambda it: it.min_reserve),
        column("已预留", "Reserved", 1.4, lambda it: it.reserved),
        column("已过期", "Expired", 1.3, lambda it: it.expired),
        column("账面", "On the books", 1.5, lambda it: it.quantity),
        column("最近到期", "Next expiry", 1.9, lambda it: it.expires_on),
    )  # fmt: skip
    return sheet("库存", "Stock", columns, rows)


def makers_sheet(rows: Sequence[Maker]) -> Sheet:
    """Return who can make what."""
    columns: tuple[Column[Maker], ...] = (
        code(), name(), column("生产单位", "Maker", 3.4, lambda it: it.maker),
        column("物资编码", "Item", 1.7, lambda it: it.item_code),
        column("日产", "A day", 1.4, lambda it: f"{written(it.per_day)} {it.unit}"),
        column("启动（时）", "Starts in (h)", 1.4, lambda it: it.lead_h),
        *contact("联系人", "Contact"),
    )  # fmt: skip
    return sheet("能力储备", "Capability reserves", columns, rows)


def agreements_sheet(rows: Sequence[Agreement]) -> Sheet:
    """Return agreements on supply; one that does not hold today says so."""
    columns: tuple[Column[Agreement], ...] = (
        code(), name(), column("供应单位", "Supplier", 3, lambda it: it.supplier),
        column("储备点", "Depot", 2.4, lambda it: it.depot),
        column("物资编码", "Item", 1.7, lambda it: it.item_code),
        column("数量", "Quantity", 1.6, lambda it: f"{written(it.quantity)} {it.unit}"),
        column("有效期", "In force", 2.6, _in_force), *contact("联系人", "Contact"),
    )  # fmt: skip
    return sheet("供应协议", "Supply agreements", columns, rows)


def shelters_sheet(rows: Sequence[Shelter], layers: Layers) -> Sheet:
    """Return the shelters and how many people each takes."""
    columns: tuple[Column[Shelter], ...] = (
        code(), name(),
        column("类型", "Kind", 1.8, lambda it: label(layers, "shelters", "kind", it.kind)),
        column("容量（人）", "People", 1.5, lambda it: it.capacity),
        *contact("管理员", "Keeper"),
        column("地址", "Address", 3.6, lambda it: it.address), place(),
    )  # fmt: skip
    return sheet("避难场所", "Shelters", columns, rows)


def _in_force(row: Agreement) -> str:
    span = f"{written(row.agreed_from)} 至 {written(row.agreed_to) or '…'}"
    return span if row.is_in_force else f"{span} 不在有效期"


def _or_dash(number: int | None) -> str:
    return "—" if number is None else str(number)
