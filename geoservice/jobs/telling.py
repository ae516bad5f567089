"""How far a job is: seen by others while its transaction is open, and whether it is to stop."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from geoservice import db
from geoservice.jobs.records import DROP_PROGRESS, TELL_PROGRESS

# The step, how much of it is done, and of how much; 0 of 0: nobody knows.
Progress = Callable[[str, int, int], None]
_TELL_EVERY_S = 0.5


class StoppedError(Exception):
    """Somebody asked the job to stop: what it has done is undone."""


class Teller:
    """Tells how far a job is, on a connection of its own, at most twice a second."""

    def __init__(self, conn: db.Connection, job: str) -> None:
        self._conn, self._job = conn, job
        self._last, self._is_to_stop = 0.0, False
        self._told: tuple[str, int, int] = ("", 0, 0)

    def __call__(self, step: str, done: int, total: int) -> None:
        """Tell a step; what comes too soon after the last is told by the next."""
        is_new_step = step != self._told[0]
        self._told = (step, done, total)
        self._ask(at_once=is_new_step)

    def should_stop(self) -> bool:
        """Return whether somebody has asked the job to stop."""
        self._ask(at_once=False)
        return self._is_to_stop

    def stop_if_asked(self) -> None:
        """Go on, unless somebody has asked the job to stop.

        Raises
        ------
        StoppedError
            Somebody has.
        """
        if self.should_stop():
            raise StoppedError

    def _ask(self, *, at_once: bool) -> None:
        if not at_once and time.monotonic() - self._last < _TELL_EVERY_S:
            return
        self._last = time.monotonic()
        step, done, total = self._told
        self._is_to_stop = TELL_PROGRESS.one(
            self._conn, job=self._job, step=step, done=done, total=total
        )


@contextmanager
def telling(url: str, job: str, first: str) -> Iterator[Teller]:
    """Give what tells how far a job is, from its step ``first`` on."""
    with db.connect(url) as conn:
        conn.autocommit = True
        tell = Teller(conn, job)
        tell(first, 0, 0)
        try:
            yield tell
        finally:
            DROP_PROGRESS.run(conn, job=job)
