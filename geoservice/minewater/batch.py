"""Many mines or tiles at once on Dask: each task a file in and a file out.

Workers are processes of one thread. A result is written under another name and then renamed, so a
task that is done again, because its worker was killed, does no harm; the same inputs give the same
bytes, whoever derives them.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import dask
from distributed import Client, LocalCluster, as_completed
from distributed.scheduler import KilledWorker

from geoservice.errors import GeoServiceError
from geoservice.minewater.derive import derive
from geoservice.minewater.files import Outcome, Task, read_task, written
from geoservice.texts import Text

# A tile of 10,000 x 10,000 cells takes just under 1 GB.
WORKER_MEMORY = "3GiB"
_DEATHS = 3  # a task that kills its worker more often is given up, and the others finish


def derive_file(task: Task) -> Outcome:
    """Derive what one file holds and write the result, whole or not at all."""
    try:
        inputs, rules = read_task(Path(task.source))
        found = written(derive(inputs, rules))
    except GeoServiceError as error:
        return Outcome(task, Text(zh=error.zh, en=error.message))
    target = Path(task.target)
    part = target.with_name(f".{target.name}.{uuid4().hex}.part")
    try:
        part.write_bytes(found)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return Outcome(task)


def derive_files(
    tasks: Sequence[Task],
    *,
    scheduler: str | None = None,
    workers: int | None = None,
    told: Callable[[Outcome], None] | None = None,
) -> list[Outcome]:
    """Derive every task; what became of each, in the order of the tasks.

    Parameters
    ----------
    scheduler
        Address of a Dask scheduler, ``tcp://...``, whose workers see the same files; None makes a
        cluster on this machine for as long as it takes.
    workers
        Of that cluster; as many as there are cores where None.
    told
        Called for each task as it ends.
    """
    with _client(scheduler, workers) as client:
        # Never a result kept from before: the file is what is wanted.
        futures = client.map(derive_file, tasks, pure=False)
        ended: dict[Task, Outcome] = {}
        for future in as_completed(futures):
            task = tasks[futures.index(future)]
            ended[task] = _outcome(task, future)
            if told is not None:
                told(ended[task])
    return [ended[it] for it in tasks]


def _outcome(task: Task, future: Any) -> Outcome:
    wrong = future.exception()
    if wrong is None:
        found: Outcome = future.result()
        return found
    name = Path(task.source).name
    if isinstance(wrong, KilledWorker):
        zh, en = "计算进程多次中止，已放弃", "its worker died again and again, it was given up"
    else:
        zh = en = repr(wrong)
    return Outcome(task, Text(zh=f"{name}：{zh}", en=f"{name}: {en}"))


@contextmanager
def _client(scheduler: str | None, workers: int | None) -> Iterator[Client]:
    if scheduler is not None:
        with Client(scheduler) as client:
            yield client
        return
    settings = {"distributed.scheduler.allowed-failures": _DEATHS}
    count = workers or os.cpu_count() or 1
    with dask.config.set(settings), LocalCluster(
        n_workers=count, threads_per_worker=1, processes=True, memory_limit=WORKER_MEMORY,
        host="127.0.0.1", dashboard_address=None,
    ) as cluster, Client(cluster) as client:  # fmt: skip
        yield client
