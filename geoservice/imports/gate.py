"""The gate through which every file comes in: how many at once, how many an hour, how long."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from geoservice import db
from geoservice.auth import Actor, pool_of, settings_of
from geoservice.imports import actions, jobs

T = TypeVar("T")


async def through_gate(request: Request, who: Actor, take: Callable[[FormData], T]) -> T:
    """Return what is made of a form with one file, once it is here; ``take`` runs in a thread.

    Raises
    ------
    BusyError
        Somebody sends too many at once, in an hour, or too much in a day.
    HTTPException
        It does not arrive in time.
    """
    settings = settings_of(request)
    with jobs.upload_slot(who.name):
        await run_in_threadpool(_refuse_flood, request, who)
        try:
            within = asyncio.timeout(settings.upload_within_s)
            async with within, request.form(max_files=1) as form:
                return await run_in_threadpool(take, form)
        except TimeoutError:
            raise HTTPException(408) from None


def file_name(given: str | None) -> str:
    """Return what its owner calls the file, without folders; it names nothing of ours."""
    name = (given or "").replace("\\", "/").rpartition("/")[2]
    return "".join(c for c in name if c.isprintable())[:120] or "file"


def _refuse_flood(request: Request, who: Actor) -> None:
    with db.pooled(pool_of(request)) as conn:
        actions.refuse_flood(conn, name=who.name, an_hour=settings_of(request).uploads_per_hour)
