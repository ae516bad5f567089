"""One at a time works on a job: whoever comes while it is checked or applied is told so."""

import psycopg

from geoservice.db import Connection
from geoservice.errors import BusyError, ConflictError, NotFoundError
from geoservice.imports.records import HOLD_JOB, JOB, Job


def held(conn: Connection, job: str) -> Job:
    """Return a job that is ours until the end of the transaction.

    Raises
    ------
    NotFoundError
        There is no such job.
    ConflictError
        Somebody is applying, checking or changing it at this moment.
    """
    try:
        HOLD_JOB.one(conn, job=job)
    except BusyError as error:
        if isinstance(error.__cause__, psycopg.errors.LockNotAvailable):
            raise ConflictError(
                "this import is being checked or applied: ask again shortly",
                zh="该导入正在检查或写入，请稍后再试", where="state",
            ) from error  # fmt: skip
        raise
    except NotFoundError:
        raise NotFoundError("there is no such import", zh="没有此导入") from None
    return JOB.one(conn, job=job)
