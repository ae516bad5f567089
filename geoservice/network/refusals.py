"""Why the network cannot be asked now (pure)."""

from collections.abc import Sequence

from geoservice.errors import (
    BusyError,
    ConflictError,
    NoDistrictError,
    OutsideDistrictError,
    UnknownNameError,
)
from geoservice.network.records import GraphState, Place


def check_state(state: GraphState) -> None:
    """Refuse to answer without a district or without roads.

    Raises
    ------
    NoDistrictError, ConflictError
        In that order.
    """
    if state.west is None:
        raise NoDistrictError(
            "no district yet: load its boundary first (geoservice load boundary FILE)",
            zh="尚未设定行政区：请先导入边界（geoservice load boundary 文件）",
        )
    if not state.has_roads:
        raise ConflictError(
            "no roads are loaded: load them first (geoservice load roads FILE.osm.pbf)",
            zh="尚未导入道路：请先导入（geoservice load roads 文件.osm.pbf）",
        )


def check_inside(state: GraphState, place: Place) -> None:
    """Refuse a place outside the service envelope.

    Raises
    ------
    OutsideDistrictError
        Naming the limit.
    """
    if not state.covers(place):
        raise OutsideDistrictError(
            "the point is outside the district's service envelope (boundary + 20 km); "
            "longitude comes first",
            zh="该点超出本区服务范围（边界外扩 20 km）；请确认经度在前、纬度在后",
            where="lon",
        )


def unknown_vehicle(profile: str, known: Sequence[str]) -> UnknownNameError:
    """Return the refusal of a vehicle that is not in the register."""
    return UnknownNameError(
        f"profile {profile!r} is not known; there are: {', '.join(known)}",
        zh=f"profile {profile!r} 无法识别；可用：{'、'.join(known)}",
        where="profile",
    )


def replaced() -> BusyError:
    """Return the refusal to go on with roads that another process replaced meanwhile."""
    return BusyError("the roads were just replaced: ask again", zh="道路数据刚更新：请重试")
