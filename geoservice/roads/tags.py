"""The rules that turn the tags of an OpenStreetMap way into a road. Pure."""

from collections.abc import Callable, Collection, Mapping
from typing import TypeVar

from geoservice.roads.records import Direction, RoadTags
from geoservice.roads.values import height_m, layer_number, speed_kph, weight_t

N = TypeVar("N", int, float)
Tags = Mapping[str, str]

# https://wiki.openstreetmap.org/wiki/Key:access: the narrower key overrules the wider.
_ACCESS_KEYS = ("motorcar", "motor_vehicle", "vehicle", "access")
_ALLOWS = frozenset({"yes", "designated", "official", "permissive"})
_FORWARD = frozenset({"yes", "true", "1"})
_BACKWARD = frozenset({"-1", "reverse"})
# https://wiki.openstreetmap.org/wiki/Key:oneway: implied unless oneway=no says otherwise.
_ONEWAY_JUNCTIONS = frozenset({"roundabout", "circular"})
# A ford-like bridge is built to be flooded, and a road through a house floods as the street does:
# a flood closure must not spare them as it spares bridges and tunnels.
_NOT_A_BRIDGE = frozenset({"no", "low_water_crossing"})
_NOT_A_TUNNEL = frozenset({"no", "building_passage", "culvert"})

_STOPS_VEHICLES = frozenset({
    "block", "bollard", "city_wall", "cycle_barrier", "debris", "ditch", "fence",
    "full-height_turnstile", "guard_rail", "hedge", "horse_stile", "jersey_barrier",
    "kissing_gate", "log", "motorcycle_barrier", "planter", "retaining_wall", "stile",
    "tank_trap", "turnstile", "wall",
})  # fmt: skip
_OPENING_BOLLARDS = frozenset({"rising", "removable", "foldable", "retractable", "folding"})


def drop_reason(tags: Tags, classes: Collection[str]) -> str | None:
    """Return why a way is no part of the drivable network, or None when it is.

    Private, destination and permissive roads stay: the product drives emergency vehicles.
    ``emergency=yes`` opens what is closed to others.
    """
    highway = tags["highway"]
    if highway not in classes:
        return f"class:{highway}"
    if tags.get("area") == "yes":
        return "area"
    if _access(tags) == "no":
        return "access_no"
    if _oneway(tags) in {"reversible", "alternating_by_time"}:
        return "reversible"
    if tags.get("smoothness") == "impassable":
        return "impassable"
    return None


def read_tags(tags: Tags) -> RoadTags:
    """Return what the tags of a drivable way say; what is not understood is in ``unread``."""
    unread: list[str] = []
    both = _number(tags, "maxspeed", speed_kph, unread)
    forward = _number(tags, "maxspeed:forward", speed_kph, unread) or both
    backward = _number(tags, "maxspeed:backward", speed_kph, unread) or both
    heights = [_number(tags, key, height_m, unread) for key in ("maxheight", "maxheight:physical")]
    return RoadTags(
        road_class=tags["highway"],
        name=_text(tags, "name", "name:zh", "ref"),
        name_en=_text(tags, "name:en"),
        ref=_text(tags, "ref"),
        surface=_text(tags, "surface"),
        access=_access(tags),
        is_bridge=tags.get("bridge", "no") not in _NOT_A_BRIDGE,
        is_tunnel=tags.get("tunnel", "no") not in _NOT_A_TUNNEL,
        layer=_number(tags, "layer", layer_number, unread) or 0,
        direction=direction_of(tags),
        max_speed_kph=both or _least(forward, backward),
        forward_kph=forward,
        backward_kph=backward,
        max_weight_t=_number(tags, "maxweight", weight_t, unread),
        max_height_m=_least(*heights),
        unread=tuple(unread),
    )


def direction_of(tags: Tags) -> Direction:
    """Return which way traffic may go, seen along the order of the way's nodes."""
    oneway = _oneway(tags)
    if oneway in _FORWARD:
        return "forward"
    if oneway in _BACKWARD:
        return "backward"
    implied = tags["highway"] == "motorway" or tags.get("junction") in _ONEWAY_JUNCTIONS
    return "forward" if implied and oneway is None else "both"


def barrier_blocks(tags: Tags) -> bool:
    """Return whether a barrier on a road stops every vehicle, an emergency vehicle too.

    Gates, chains and lifting barriers open; so does a bollard that can be lowered.
    """
    access = _access(tags)
    if access is not None:
        return access == "no"
    if tags.get("bollard") in _OPENING_BOLLARDS:
        return False
    return tags.get("barrier") in _STOPS_VEHICLES


def _access(tags: Tags) -> str | None:
    for key in _ACCESS_KEYS:
        value = _text(tags, key)
        if value == "no" and tags.get("emergency") in _ALLOWS:
            return "emergency"
        if value is not None:
            return value
    return None


def _oneway(tags: Tags) -> str | None:
    return tags.get("oneway:motor_vehicle", tags.get("oneway"))


def _text(tags: Tags, *keys: str) -> str | None:
    """Return the first of the keys that holds something; PostgreSQL takes no NUL in a text."""
    texts = (tags.get(key, "").replace("\x00", "").strip() for key in keys)
    return next((text for text in texts if text), None)


def _number(tags: Tags, key: str, read: Callable[[str], N | None], unread: list[str]) -> N | None:
    text = _text(tags, key)
    if text is None:
        return None
    value = read(text)
    if value is None:
        unread.append(f"{key}={text}")
    return value


def _least(*values: float | None) -> float | None:
    known = [value for value in values if value is not None]
    return min(known) if known else None
