"""The sentences of service areas, in both languages (pure)."""

from geoservice.dispatch.straight import how_guessed, no_roads
from geoservice.texts import Text


def basis(*, is_by_road: bool) -> list[Text]:
    """Say what minutes are."""
    made = Text(
        zh="分钟为行车时间，不含出动与装车；范围外扩不超过约 200 米，道路上到达的点均在范围内",
        en="minutes are of driving, without turning out or loading; areas are at most about 200 m "
        "wider than the roads reached, all of which lie inside",
    )
    return [made] if is_by_road else [no_roads(), how_guessed()]


def no_station() -> Text:
    """Say that nothing of the kind is there."""
    return Text(zh="没有登记的此类站点", en="nothing of the kind is on record")


def no_settlement() -> Text:
    """Say that nobody's home is on record."""
    return Text(
        zh="没有登记的居民点：无法统计覆盖人口",
        en="no settlement on record: people are not counted",
    )
