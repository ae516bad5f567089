"""The sentences of an evacuation, in both languages (pure)."""

from geoservice.evacuation.answers import EvacuationQuestion
from geoservice.texts import Text


def no_room() -> Text:
    """Say that the shelters that can be reached are full."""
    return Text(zh="可到达的避难场所已满", en="the shelters that can be reached are full")


def no_way(why: Text | None) -> Text:
    """Say that no shelter can be reached, and why not the first of them."""
    if why is None:
        return Text(
            zh="没有可用的避难场所（在危险区外且登记了容量）",
            en="no shelter to go to: outside the danger, with a capacity on record",
        )
    return Text(zh=f"到不了任何避难场所：{why.zh}", en=f"no shelter can be reached: {why.en}")


def in_danger() -> Text:
    """Say that a shelter lies in the danger itself."""
    return Text(zh="位于危险区内", en="lies in the danger itself")


def no_capacity() -> Text:
    """Say that nobody put down how many a shelter takes in."""
    return Text(zh="容纳人数未登记", en="capacity not on record")


def nobody() -> Text:
    """Say that no settlement is in danger."""
    return Text(zh="危险范围内没有登记的居民点", en="no settlement on record lies in the danger")


def unknown(codes: list[str]) -> Text:
    """Say which of the settlements named are not on record."""
    return Text(zh=f"未登记的居民点：{'、'.join(codes)}", en=f"not on record: {', '.join(codes)}")


def not_counted(count: int) -> Text:
    """Say that the population of some settlements is not known."""
    return Text(
        zh=f"{count} 个居民点未登记人口，未计入：请现场核实",
        en=f"{count} settlements without a population on record, not counted: ask there",
    )


def over_already() -> Text:
    """Say that it is too late for everybody."""
    return Text(
        zh="灾害到达时刻减去提前量已过：全部按迟到计，仍应立即转移",
        en="the arrival less the margin is past: all count as late, and should leave at once",
    )


def how_made(question: EvacuationQuestion) -> Text:
    """Say what a departure is made of, and what comes first."""
    return Text(
        zh=f"最迟出发 = 到达时刻 - 行车 - 提前 {question.margin_min:g} 分钟；"
        "先求按时安置最多，再求安置最多，再求人·分钟最少；未计车辆数与路口拥堵",
        en=f"leave by = arrival - driving - {question.margin_min:g} min; most people in time, then "
        "most people at all, then least person-minutes; vehicles and queues are not counted",
    )
