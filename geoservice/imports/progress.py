"""How far a long load is, for a person at a terminal."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from geoservice.imports.staging import Progress

_STEPS = {
    "reading": "读取 · reading",
    "checking": "检查 · checking",
    "applying": "写入 · writing",
}


@contextmanager
def shown_progress(is_silent: bool) -> Iterator[Progress]:
    """Give what tells the steps of a load; a bar on the error output, where that is a terminal."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    is_shown = console.is_terminal and not is_silent
    with Bars(*columns, TimeElapsedColumn(), console=console, disable=not is_shown) as bars:
        tasks = {step: bars.add_task(text, total=None) for step, text in _STEPS.items()}

        def tell(step: str, done: int, total: int) -> None:
            bars.update(tasks[step], completed=done, total=total)

        yield tell
