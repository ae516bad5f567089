"""How far something long is, for a person at a terminal."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from geoservice.jobs.telling import Progress


@contextmanager
def shown_progress(steps: Mapping[str, str], *, is_silent: bool) -> Iterator[Progress]:
    """Give what tells how far something is; bars on the error output, where that is a terminal.

    Parameters
    ----------
    steps
        Step -> how it is called.
    """
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    is_shown = console.is_terminal and not is_silent
    with Bars(*columns, TimeElapsedColumn(), console=console, disable=not is_shown) as bars:
        tasks = {step: bars.add_task(text, total=None) for step, text in steps.items()}

        def tell(step: str, done: int, total: int) -> None:
            bars.update(tasks[step], completed=done, total=total)

        yield tell
