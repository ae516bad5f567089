"""What a load did, for people."""

from collections.abc import Iterator, Sequence

from rich.console import Console, RenderableType
from rich.markup import escape
from rich.text import Text

from geoservice.imports.loading import LoadReport
from geoservice.registry.importing import Refusal
from geoservice.registry.loading import BoundaryReport

_ORIGINS = {
    "said": "",
    "kept": "（沿用原设定，用 --zone 更改 · as it was; --zone changes it）",
    "place": "（按位置推定，用 --zone 更改 · by its place; --zone changes it）",
}


def show(what: RenderableType) -> None:
    """Write a report to the output, its lines as long as they are: the terminal wraps them."""
    Console(soft_wrap=True, highlight=False).print(what)


def tell_boundary(done: BoundaryReport) -> RenderableType:
    """Return the report as text."""
    west, south, east, north = done.envelope
    done_zh, done_en = ("已设定", "set") if done.is_changed else ("没有变化", "no change")
    zone = done.time_zone
    return Text.from_markup(
        f"[bold green]✓[/] 行政区{done_zh} · district {done_en}: "
        f"[bold]{escape(done.name)}[/] {escape(done.code)}\n"
        f"  {done.form}，{done.datum} → CGCS2000；面积 · area {done.area_km2:,.2f} km²\n"
        f"  服务范围 · service envelope: {west:.4f}, {south:.4f}, {east:.4f}, {north:.4f}\n"
        f"  时区 · time zone: [bold]{zone.name}[/]{_ORIGINS[zone.origin]}"
    )


def tell_register(done: LoadReport) -> RenderableType:
    """Return the report as text: counts, notes, and every refused row with its reason."""
    bad = len({refusal.row for refusal in done.refused})
    new, amended, same = (
        len(codes) for codes in (done.stored.inserted, done.stored.amended, done.stored.unchanged)
    )
    mark = (
        "[green]✓[/]"
        if not bad and not done.aside
        else "[yellow]![/]"
        if done.is_loaded
        else "[red]✗[/]"
    )
    crs = f", {done.datum} → CGCS2000" if done.datum else ""
    lines = [
        f"{mark} [bold]{done.label.zh} · {done.label.en}[/]: {escape(done.file)} "
        f"({done.form}, {done.encoding}{crs})",
        f"  {done.rows} 行：新增 {new}，更新 {amended}，未变 {same}，拒绝 {bad}",
        f"  {done.rows} rows: {new} new, {amended} amended, {same} unchanged, {bad} refused",
        *(f"  {escape(note.zh)} · {escape(note.en)}" for note in done.notes),
    ]
    if done.columns_left:
        left = escape("、".join(done.columns_left))
        lines.append(f"  [dim]未采用的列 · columns not taken: {left}[/]")
    if done.aside:
        lines.append(f"  [yellow]![/] {_tell_aside(done)}")
    lines += _refusals(done.refused)
    if done.is_dry:
        lines.append("[bold]仅为试运行，未写入[/] · [bold]a dry run: nothing is written[/]")
    elif bad and not done.is_loaded:
        lines += [
            "[bold]全部未导入[/]：请修正后重新导入，或用 --skip-bad 只导入正确的行",
            "[bold]Nothing is loaded[/]: correct the rows, or load the others with --skip-bad",
        ]
    return Text.from_markup("\n".join(lines))


def _tell_aside(done: LoadReport) -> str:
    zh, en = ("已存为草稿", "kept as drafts") if done.is_loaded else ("不在其列", "not in it")
    some = [Refusal(row, None, "", "") for row in done.aside]
    return (
        f"{len(some)} 行没有位置，{zh} · {len(some)} rows without a place, {en}\n"
        f"    行 · rows: {_rows(some)}"
    )


def _refusals(refused: Sequence[Refusal]) -> Iterator[str]:
    """Say each reason once, with every row it holds for and what was there."""
    of: dict[tuple[str, str, str], list[Refusal]] = {}
    for refusal in refused:
        of.setdefault((refusal.column or "", refusal.zh, refusal.en), []).append(refusal)
    for (column, zh, en), some in of.items():
        where = f"[bold]{escape(column)}[/] " if column else ""
        yield f"  [red]✗[/] {where}{escape(zh)} · {escape(en)}"
        yield f"    行 · rows: {escape(_rows(some))}"


def _rows(some: Sequence[Refusal]) -> str:
    """`2-5, 9` where nothing was given, else each row with what was given."""
    if any(it.given for it in some):
        return "; ".join(f"{it.row}: {it.given}" for it in some)
    runs: list[list[int]] = []
    for row in sorted(it.row for it in some):
        if runs and row == runs[-1][-1] + 1:
            runs[-1].append(row)
        else:
            runs.append([row])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)
