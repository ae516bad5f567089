"""Floods at a terminal."""

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from geoservice.floods.answers import Consequences, LayerInWater, Scenario
from geoservice.texts import Text

_COLOURS = {"red": "red", "orange": "dark_orange", "yellow": "yellow", "blue": "blue"}


def scenario_table(found: Sequence[Scenario]) -> Table:
    """Return scenarios as a table."""
    table = Table(
        "序号 · no.", "编号 · code", "名称 · name", "性质 · standing", "状态 · state",
        "方法 · method", "等级 · grade",
    )  # fmt: skip
    for column in ("水位 · level, m", "最深 · deepest, m", "面积 · area, ha"):
        table.add_column(column, justify="right")
    for it in found:
        table.add_row(
            str(it.id), escape(it.code), escape(it.name), it.standing, it.state, it.method,
            _grade(it.grade), _number(it.level_m), _number(it.deepest_m), f"{it.area_ha:.1f}",
        )  # fmt: skip
    return table


def show_scenario(console: Console, it: Scenario) -> None:
    """Print a scenario with its bands."""
    console.print(scenario_table([it]))
    table = Table("编号 · code", "等级 · grade")
    for column in ("水深 · depth, m", "流速 · m/s", "到达 · min", "面积 · area, ha"):
        table.add_column(column, justify="right")
    for band in it.of_depth:
        table.add_row(
            escape(band.code), _grade(band.grade), _depth(band.depth_min_m, band.depth_max_m),
            _number(band.velocity_ms), _number(band.arrival_min), f"{band.area_ha:.2f}",
        )  # fmt: skip
    console.print(table)
    words = f" · {it.words.zh} {it.words.en}" if it.words else ""
    console.print(
        f"来源 · source: {escape(it.source_doc)}{words}\n"
        f"高程基准 · datum: {it.height_datum}; {it.method} {it.method_version or ''}"
    )
    _notes(console, it.notes)


def show_consequences(console: Console, it: Consequences) -> None:
    """Print what a flood does."""
    vehicles = Table("车辆 · vehicle")
    for column in ("涉水 · wading, m", "中断 · closed", "km", "减速 · slowed", "km "):
        vehicles.add_column(column, justify="right")
    for one in it.vehicles:
        vehicles.add_row(
            one.profile, f"{one.wading_m:g}", str(one.closed_segments),
            f"{one.closed_m / 1000:.2f}", str(one.slowed_segments), f"{one.slowed_m / 1000:.2f}",
        )  # fmt: skip
    console.print(vehicles)
    console.print(_layers(it.layers))
    for one_layer in it.layers:
        for thing in one_layer.items:
            depth = _depth(thing.depth_min_m, thing.depth_max_m)
            console.print(
                f"  {one_layer.label.zh} {escape(thing.code)} {escape(thing.name)} {depth} m"
            )
    for shaft in it.shafts:
        console.print(f"[red]井口 · shaft[/] {escape(shaft.name)}: {shaft.standing}")
    for lost in it.cut_off:
        before = "（此前已是 · before too）" if lost.was_before else ""
        console.print(
            f"[red]孤立 · cut off[/] {lost.layer} {escape(lost.name)}{before}: "
            f"{escape(lost.reason.zh)} · {escape(lost.reason.en)}"
        )
    left = it.shelters_left
    console.print(
        f"可用避难场所 · shelters left: {left.shelters}, {left.capacity} 人 · places; "
        f"水中人口 · people in the water: {left.people_in_water}; "
        f"缺 · short: {left.places_short}"
    )
    _notes(console, it.notes)


def _layers(layers: Sequence[LayerInWater]) -> Table:
    table = Table("水中 · in the water")
    for column in ("个数 · count", "合计 · sum"):
        table.add_column(column, justify="right")
    for it in layers:
        of = f"{it.amount:g} {it.amount_of.zh}" if it.amount is not None and it.amount_of else ""
        table.add_row(f"{it.label.zh} · {it.label.en}", str(it.count), of)
    return table


def _notes(console: Console, notes: Sequence[Text]) -> None:
    for note in notes:
        console.print(f"{escape(note.zh)}\n{escape(note.en)}", style="dim")


def _grade(grade: str | None) -> str:
    return f"[{_COLOURS[grade]}]{grade}[/]" if grade else ""


def _depth(least: float, most: float | None) -> str:
    return f"> {least:g}" if most is None else f"{least:g}-{most:g}"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:g}"
