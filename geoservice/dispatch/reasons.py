"""The sentences beside an answer, in both languages (pure)."""

from collections.abc import Sequence

from geoservice.dispatch.answers import NearestQuestion
from geoservice.dispatch.eta import STALE_LATER_S, Timing
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
_PLANNED = {"planned"}
KIND_NAMES = {
    "depot": ("物资储备点", "depot"),
    "rescue_team": ("救援队伍", "rescue team"),
    "fire_station": ("消防站", "fire station"),
    "town_station": ("乡镇应急站", "town station"),
    "shelter": ("避难场所", "shelter"),
}
_PREPARING = {
    "depot": ("装车", "loading"),
    "rescue_team": ("集结", "mobilising"),
    "fire_station": ("接警出动", "turning out"),
    "town_station": ("集结", "mobilising"),
}


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


def drives_by(vehicle: str | None, profile: str) -> Text:
    """Say by which vehicle a team is reckoned to drive: its own, or what was asked for."""
    if vehicle is None:
        return Text(
            zh=f"车辆未登记（或不在 vehicle_profiles 中），按 {profile} 行车",
            en=f"its vehicle is not on record as one of vehicle_profiles: driven as {profile}",
        )
    return Text(zh=f"按本队车辆 {vehicle} 行车", en=f"driven by its own vehicle, {vehicle}")


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


def prepare(resource: Resource, kind: str, timing: Timing) -> list[Text]:
    """Say what comes before driving: loading or turning out, and a status other than ready."""
    texts = []
    if timing.prepare_s and kind in _PREPARING:
        zh, en = _PREPARING[kind]
        minutes = timing.prepare_s / 60
        told, said = (
            ("（未登记，按此假定）", " (not on record, assumed)") if timing.is_assumed else ("", "")
        )
        texts.append(
            Text(
                zh=f"另需{zh} {minutes:g} 分钟{told}",
                en=f"{en} takes {minutes:g} min more{said}",
            )
        )
    if resource.status in _STATUS:
        zh, en = _STATUS[resource.status]
        texts.append(Text(zh=f"队伍当前状态：{zh}", en=f"the team is {en}"))
    return texts


def arrival(timing: Timing) -> Text:
    """Say when it is there, and between what times."""
    minutes = timing.eta_s / 60
    low, high = timing.earliest_s / 60, timing.latest_s / 60
    return Text(
        zh=f"约 {minutes:.0f} 分钟后到达（{low:.0f} 至 {high:.0f} 分钟）",
        en=f"there in about {minutes:.0f} min ({low:.0f} to {high:.0f})",
    )


def holdings(resource: Resource) -> list[Text]:
    """Say what is free of the material asked for."""
    return [
        Text(
            zh=f"可调用 {it['quantity']:g} {it['unit']}",
            en=f"{it['quantity']:g} {it['unit']} free",
        )
        for it in resource.holds
    ]


def capacity(resource: Resource, kind: str) -> list[Text]:
    """Say how many people a shelter takes in."""
    if kind != "shelter":
        return []
    if resource.capacity is None:
        return [Text(zh="容纳人数未登记", en="capacity not on record")]
    return [
        Text(zh=f"可容纳 {resource.capacity} 人", en=f"takes in {resource.capacity} people"),
    ]


def stale(resource: Resource) -> list[Text]:
    """Say that nobody verified a record lately, and that it is ranked lower for it."""
    if not is_stale(resource):
        return []
    when = resource.surveyed_on.isoformat() if resource.surveyed_on else None
    return [
        Text(
            zh=f"信息逾期未核实（{when or '从未核查'}），排序按晚到 {STALE_LATER_S} 秒计",
            en=f"not verified lately ({when or 'never'}): ranked as if {STALE_LATER_S} s later",
        )
    ]


def is_stale(resource: Resource) -> bool:
    """Return whether the record, or what it holds of the material, was not verified lately."""
    return resource.is_stale or any(it["is_stale"] for it in resource.holds)


def not_there_yet(resource: Resource) -> Text | None:
    """Say that a station is planned only."""
    if resource.status not in _PLANNED:
        return None
    return Text(zh="规划站点，尚未建成", en="planned, not there yet")


def detour(detour_s: float, avoided: Sequence[Met], slowed: Sequence[Met]) -> list[Text]:
    """Say which closures cost time on the way, and how much."""
    texts = []
    if avoided:
        minutes, names = detour_s / 60, list(dict.fromkeys(c.name for c in avoided))
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


def stage_here(road: str | None, on_foot_m: float, blocked_by: Sequence[str]) -> Text:
    """Say where to stage, how far it is from there on foot, and what blocks."""
    zh, en = "、".join(blocked_by), ", ".join(blocked_by)
    return Text(
        zh=f"在此集结：车辆只能到“{road or '道路'}”，再步行约 {on_foot_m:.0f} 米；阻断：{zh}",
        en=f"stage here: by vehicle to {road or 'the road'}, then about {on_foot_m:.0f} m on foot; "
        f"blocked by {en}",
    )


def empty(question: NearestQuestion, *, on_record: int, outside_scope: int) -> list[Text]:
    """Say why nothing of the kind could be found at all."""
    zh, en = KIND_NAMES[question.kind]
    zh, en = _that_fits(question, zh, en)
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


def _that_fits(question: NearestQuestion, zh: str, en: str) -> tuple[str, str]:
    if question.item is not None:
        return f"有 {question.item} 类物资可调用的{zh}", f"{en} with any of {question.item} free"
    kind = "" if question.type_no is None else f" {question.type_no} 类及以上"
    better = "" if question.type_no is None else f" of type {question.type_no} or better"
    if question.skill is not None:
        return (
            f"具备{kind}“{question.skill}”能力的{zh}",
            f"{en} with the skill {question.skill}{better}",
        )
    return (f"具备{kind}能力的{zh}", f"{en}{better}") if kind else (zh, en)
