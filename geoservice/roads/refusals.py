"""Why a road file is not taken, in words that help. Pure."""

from geoservice.errors import DatumError, FileError, OutsideDistrictError
from geoservice.roads.reasons import described
from geoservice.roads.records import Box, ServiceBox, Tallies

# OpenStreetMap is WGS 84 by definition, and CGCS2000 equals it within its own precision.
_DATUMS = frozenset({"wgs84", "cgcs2000"})


def require_wgs84(datum: str | None) -> None:
    """Refuse a datum that OpenStreetMap does not have; None is right.

    Raises
    ------
    DatumError
        Another datum is claimed.
    """
    if datum is not None and datum.lower() not in _DATUMS:
        raise DatumError(
            f"--datum {datum}: OpenStreetMap is WGS 84 (stored as CGCS2000) by definition; "
            "leave --datum out",
            zh=f"--datum {datum}：OpenStreetMap 按定义为 WGS 84（按 CGCS2000 存储），"
            "请不要指定其他基准",
            where="datum",
        )


def no_roads(file: str, ways_read: int, tallies: Tallies) -> FileError:
    """Return the refusal of a file in which nothing is drivable."""
    dropped = [t for t in described(tallies) if t.what == "way"]
    why = "; ".join(f"{t.en}: {t.count}" for t in dropped)
    why_zh = "；".join(f"{t.zh}：{t.count}" for t in dropped)
    return FileError(
        f"{file}: no drivable road among {ways_read} ways with a highway tag "
        f"({why or 'the file holds no roads at all'}); the roads loaded before stay",
        zh=f"{file}：{ways_read} 条道路中没有可行车的道路（{why_zh or '文件中没有道路'}），"
        "原有路网保持不变",
    )


def nothing_inside(
    file: str, ours: ServiceBox, theirs: Box | None, tallies: Tallies
) -> FileError | OutsideDistrictError:
    """Return the refusal of a file none of whose roads can be placed in the service envelope."""
    if theirs is None or ("way", "outside") not in tallies.counts:
        return FileError(
            f"{file}: the nodes of its roads are not in the file; the roads loaded before stay",
            zh=f"{file}：文件中缺少道路的节点坐标，原有路网保持不变",
        )
    envelope = _words((ours.west, ours.south, ours.east, ours.north))
    return OutsideDistrictError(
        f"{file}: its roads lie in {_words(theirs)}, none inside the service envelope {envelope} "
        "(west, south, east, north); the roads loaded before stay",
        zh=f"{file}：道路范围为 {_words(theirs)}，均不在服务范围 {envelope} 内（西、南、东、北），"
        "原有路网保持不变",
    )


def _words(box: Box) -> str:
    return " ".join(f"{value:.4f}" for value in box)
