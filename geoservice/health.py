"""Health: does the process answer, and can it keep what it is given."""

from concurrent.futures import ThreadPoolExecutor
from typing import Annotated

from fastapi import APIRouter, Query
from psycopg_pool import ConnectionPool
from starlette.requests import Request

from geoservice.auth import door_pool_of
from geoservice.db import Connection, pooled
from geoservice.db import Query as Statement
from geoservice.errors import UnavailableError
from geoservice.parameters import NoQuery

router = APIRouter(tags=["health"])

_WITHIN_S = 1.0
# One at a time: while a probe hangs in a stopped database, the next one waits and fails too.
_prober = ThreadPoolExecutor(max_workers=1, thread_name_prefix="readiness")

PROBE = Statement("health", "probe_writing", str)


@router.get("/healthz", summary="进程存活 · the process answers")
def healthy(_: Annotated[NoQuery, Query()]) -> dict[str, str]:
    """Say that the process answers; touches nothing else."""
    return {"status": "ok"}


@router.get("/readyz", summary="可以写入 · the database takes writes")
def ready(request: Request, _: Annotated[NoQuery, Query()]) -> dict[str, str]:
    """Say whether the database takes a write within a second; 503 otherwise."""
    try:
        _prober.submit(_probe, door_pool_of(request)).result(_WITHIN_S)
    except TimeoutError as error:
        raise UnavailableError(
            f"the database did not take a write within {_WITHIN_S:g} s",
            zh=f"数据库未能在 {_WITHIN_S:g} 秒内写入",
        ) from error
    return {"status": "ready"}


def _probe(pool: ConnectionPool[Connection]) -> None:
    with pooled(pool) as conn:
        PROBE.one(conn)
