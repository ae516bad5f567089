"""Contenders that answer the same questions turn by turn, and the table of their times."""

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table

console = Console(width=None if sys.stdout.isatty() else 140)


@dataclass(frozen=True)
class Options:
    """What the command line asks for."""

    quick: bool
    grid: int | None

    def rounds(self, most: int) -> int:
        """How many rounds to run."""
        return max(most // 5, 8) if self.quick else most


@dataclass(frozen=True)
class Contender:
    """One way to answer question number n; asked only every so many rounds when it is slow."""

    name: str
    answer: Callable[[int], object]
    every: int = 1


def race(contenders: Sequence[Contender], *, rounds: int, title: str) -> dict[str, list[float]]:
    """Seconds of each answer. Two rounds are run first and not counted; the order rotates."""
    laps: dict[str, list[float]] = {contender.name: [] for contender in contenders}
    for number in (0, 1):
        for contender in contenders:
            contender.answer(number)
    for number in track(range(rounds), description=title, console=console, transient=True):
        first = number % len(contenders)
        for contender in [*contenders[first:], *contenders[:first]]:
            if number % contender.every == 0:
                started = time.perf_counter()
                contender.answer(number)
                laps[contender.name].append(time.perf_counter() - started)
    return laps


def show(title: str, laps: dict[str, list[float]], *, against: str) -> None:
    """Print the middle and the tail of each, and how many times faster than ``against`` it is."""
    table = Table("contender", title=title, title_justify="left")
    for name in ("n", "p50 ms", "p99 ms", f"p50 ratio, {against} = 1"):
        table.add_column(name, justify="right")
    middle = {name: float(np.median(seconds)) for name, seconds in laps.items()}
    for name, seconds in laps.items():
        tail = float(np.percentile(seconds, 99))
        ratio = f"{middle[name] / middle[against]:.3f}" if against in middle else "-"
        table.add_row(
            name, str(len(seconds)), f"{middle[name] * 1e3:.2f}", f"{tail * 1e3:.2f}", ratio
        )
    console.print(table)
