"""Why a place is not reached, in both languages (pure)."""

from collections.abc import Sequence

from geoservice.network.effects import Met
from geoservice.texts import Text


def no_road_near(limit_m: float, gap_m: float | None) -> Text:
    """Say that no open road is near, and how far the nearest is."""
    if gap_m is None:
        return Text(zh="没有可通行的道路", en="there is no open road at all")
    return Text(
        zh=f"{limit_m:.0f} 米内没有可通行的道路（最近的约 {gap_m:.0f} 米）",
        en=f"no open road within {limit_m:.0f} m (the nearest is about {gap_m:.0f} m away)",
    )


def incident_off_road(limit_m: float) -> Text:
    """Say that the incident itself is away from every open road."""
    return Text(
        zh=f"事发地点 {limit_m:.0f} 米内没有可通行的道路",
        en=f"no open road within {limit_m:.0f} m of the incident",
    )


def no_way(between: Sequence[Met] | None) -> Text:
    """Say that no road leads there; ``between`` are the closures on the way it would have."""
    if not between:
        return Text(zh="没有道路通达", en="no road leads there")
    names = list(dict.fromkeys(c.name for c in between))  # a flood is one, whatever its bands
    return Text(
        zh=f"被封闭阻断：{'、'.join(names)}；没有其他道路通达",
        en=f"cut off by {', '.join(names)}; no other road leads there",
    )


def too_far(within_min: float) -> Text:
    """Say that it drives longer than asked."""
    return Text(
        zh=f"行车超过 {within_min:g} 分钟",
        en=f"more than {within_min:g} min by road",
    )
