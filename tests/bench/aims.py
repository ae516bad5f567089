"""What is aimed at beside what was seen; printed at the end of a benchmark."""

from collections.abc import Iterable
from dataclasses import dataclass

from racing import console
from rich.table import Table


@dataclass(frozen=True)
class Aim:
    """One thing aimed at: what was seen, and whether that is it."""

    what: str
    seen: str
    is_met: bool


def show_aims(aims: Iterable[Aim]) -> None:
    """Print every aim."""
    table = Table("aim", "seen", "", title="aims", title_justify="left", box=None)
    for aim in aims:
        table.add_row(aim.what, aim.seen, "met" if aim.is_met else "[bold]not met")
    console.print(table)
