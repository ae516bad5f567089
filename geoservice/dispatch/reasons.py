"""The sentences beside an answer, in both languages (pure)."""

from collections.abc import Sequence

from geoservice.dispatch.records import Resource
from geoservice.network.effects import Met
from geoservice.network.records import WayLine
from geoservice.texts import Text

_MOST_ROADS = 4
_NEAR_M = 50.0
_STATUS = {
    "notified": ("已通知", "notified"),
    "en_route": ("途中", "on its way elsewhere"),
    "on_scene": ("在现场", "at another scene"),
    "returning": ("返回中", "returning"),
    "off": ("停用", "off duty"),
}
KIND_NAMES = {"depot": ("物资储备点", "depot"), "rescue_team": ("救援队伍", "rescue team")}


def drive(drive_s: float, distance_m: float, line: WayLine) -> Text:
    """Say how long, how far and by which roads: the longest few, in order of travel."""
    order = sorted(range(len(line.roads)), key=lambda i: -line.lengths_m[i])
    longest = sorted(order[:_MOST_ROADS])
    zh, en = "、".join(line.roads[i] for i in longest), ", ".join(line.roads_en[i] for i in longest)
    minutes, km = drive_s / 60, distance_m / 1000
    return Text(
        zh=f"行车 {minutes:.1f} 分钟，{km:.1f} 公里，经 {zh}",
        en=f"{minutes:.1f} min by road, {km:.1f} km, by {en}",
    )


def off_road(snap_m: float) -> list[Text]:
    """Say that the stretch to the road is not counted, when it is worth saying."""
    if snap_m < _NEAR_M:
        return []
    return [
        Text(
            zh=f"距最近的可通行道路 {snap_m:.0f} 米，这一段未计入行车时间",
            en=f"{snap_m:.0f} m from the nearest open road: that stretch is not in the time",
        )
    ]


def shut_in(closures: Sequence[Met]) -> list[Text]:
    """Say that the road at the place itself is closed, if it is."""
    return [
        Text(
            zh=f"最近的道路已封闭（{c.name}），从最近的可通行道路起算",
            en=f"the nearest road is closed ({c.name}): counted from the nearest open one",
        )
        for c in closures
    ]


def prepare(resource: Resource, kind: str) -> list[Text]:
    """Say what comes before driving: loading or mobilising, and a status other than ready."""
    texts = []
    if resource.prepare_min:
        zh, en = ("装车", "loading") if kind == "depot" else ("集结", "mobilising")
        texts.append(
            Text(
                zh=f"另需{zh} {resource.prepare_min:g} 分钟",
                en=f"{en} takes {resource.prepare_min:g} min more",
            )
        )
    if resource.status in _STATUS:
        zh, en = _STATUS[resource.status]
        texts.append(Text(zh=f"队伍当前状态：{zh}", en=f"the team is {en}"))
    return texts


def detour(detour_s: float, avoided: Sequence[Met], slowed: Sequence[Met]) -> list[Text]:
    """Say which closures cost time on the way, and how much."""
    texts = []
    if avoided:
        minutes, names = detour_s / 60, [c.name for c in avoided]
        texts.append(
            Text(
                zh=f"绕开封闭：{'、'.join(names)}；比无封闭时多 {minutes:.1f} 分钟",
                en=f"goes round {', '.join(names)}: {minutes:.1f} min more than without closures",
            )
        )
    return texts + [_slowed(c) for c in slowed]


def _slowed(closure: Met) -> Text:
    if closure.depth_m is not None:
        return Text(
            zh=f"涉水通过{closure.name}，水深 {closure.depth_m:g} 米",
            en=f"wades through {closure.name}, {closure.depth_m:g} m deep",
        )
    return Text(
        zh=f"途经{closure.name}，按畅通车速的 {closure.factor:.0%} 计",
        en=f"passes {closure.name} at {closure.factor:.0%} of the free speed",
    )


def dangers(sections: Sequence[Met]) -> list[Text]:
    """Say which dangerous sections are passed, and how fast."""
    return [
        Text(
            zh=f"经过危险路段{s.name}，按畅通车速的 {s.factor:.0%} 计",
            en=f"passes the dangerous section {s.name} at {s.factor:.0%} of the free speed",
        )
        for s in sections
    ]


def empty(kind: str, *, on_record: int, outside_scope: int) -> list[Text]:
    """Say why nothing of the kind could be found at all."""
    zh, en = KIND_NAMES[kind]
    if on_record:
        return []
    if outside_scope:
        return [
            Text(
                zh=f"您的管辖范围内没有{zh}（范围外有 {outside_scope} 个）",
                en=f"no {en} in your towns ({outside_scope} outside them)",
            )
        ]
    return [Text(zh=f"尚未登记任何{zh}", en=f"no {en} is on record")]
