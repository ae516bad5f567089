"""Why a thing was left out, in both languages. Pure."""

from geoservice.roads.records import Tallies, Tally

_LABELS = {
    "access_no": ("禁止机动车通行", "closed to motor vehicles"),
    "area": ("面状场地，不是线路", "an area, not a line"),
    "reversible": ("可变方向车道，方向无法确定", "direction changes by time"),
    "impassable": ("路况标注为无法通行", "tagged impassable"),
    "too_short": ("不足两个不同的点", "fewer than two distinct points"),
    "missing_nodes": ("文件中缺少节点坐标", "its nodes are not in the file"),
    "outside": ("在服务范围之外", "outside the service envelope"),
    "cut_outside": ("仅保留服务范围内的部分", "only the part inside the envelope is kept"),
    "cut_missing": ("仅保留有坐标的部分", "only the part whose nodes are in the file is kept"),
    "barrier": ("障碍物断开道路", "a barrier cuts the road here"),
    "via_way": ("转向限制经由道路，暂不支持", "goes by way of a road, not a node"),
    "restriction_kind": ("未知的转向限制类型", "of an unknown kind"),
    "restriction_vehicle": ("仅针对特定车辆或未写明类型", "for some vehicles, or without a kind"),
    "restriction_conditional": ("仅在特定时段有效", "only at certain times"),
    "restriction_except": ("应急车辆或小汽车不受限", "does not bind emergency vehicles or cars"),
    "restriction_members": ("成员不完整", "its members are not one from, via and to"),
    "restriction_network": ("所涉道路未载入或不相接", "its roads are not kept or do not meet"),
}


def described(tallies: Tallies) -> tuple[Tally, ...]:
    """Return the counts with their labels: ways first, the most frequent reason first."""
    order = ("way", "part", "barrier", "restriction", "value")
    found = [
        Tally(what, reason, *_label(reason), count, tuple(tallies.firsts[what, reason]))
        for (what, reason), count in tallies.counts.items()
    ]
    return tuple(sorted(found, key=lambda t: (order.index(t.what), -t.count, t.reason)))


def _label(reason: str) -> tuple[str, str]:
    if reason.startswith("class:"):
        kind = reason.removeprefix("class:")
        return f"不属于行车道路：{kind}", f"not a class to drive on: {kind}"
    if "=" in reason:
        return f"无法识别的取值：{reason}", f"value not understood: {reason}"
    return _LABELS[reason]
