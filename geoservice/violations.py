"""What the database refuses -> our errors: constraints, rules of its own, lost connections."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import psycopg
from psycopg import errors as pg

from geoservice.errors import (
    ConflictError,
    CrowdedError,
    InputError,
    OutsideDistrictError,
    UnavailableError,
)

_REFUSED = "GS409"  # core.refuse: a rule of the database, its reasons in both languages


@contextmanager
def translated() -> Iterator[None]:
    """Turn named constraint violations and lost connections into our errors; the rest stays."""
    try:
        yield
    except pg.CheckViolation as error:
        _refuse_check(error)
    except (pg.UniqueViolation, pg.ExclusionViolation) as error:
        name = error.diag.constraint_name or ""
        raise ConflictError(
            f"{name}: {error.diag.message_detail}", zh=f"已存在相同记录（{name}）", where=name
        ) from error
    except pg.ForeignKeyViolation as error:
        table, other = error.diag.table_name, error.diag.constraint_name
        raise ConflictError(
            f"other records hang on this one as it is ({table}, {other})",
            zh=f"其他记录依赖它的现状（{table}，{other}）",
            where=other,
        ) from error
    except (pg.LockNotAvailable, pg.QueryCanceled, pg.DeadlockDetected) as error:
        raise CrowdedError(
            "the database is busy with a longer piece of work: try again shortly",
            zh="数据库正在处理较长的操作，请稍后再试",
        ) from error
    except (pg.OperationalError, psycopg.InterfaceError) as error:
        raise UnavailableError("the database does not answer", zh="数据库没有响应") from error
    except psycopg.DatabaseError as error:
        if error.sqlstate == _REFUSED:
            said = error.diag
            raise ConflictError(
                said.message_primary or "",
                zh=said.message_detail or "",
                where=said.column_name or None,
                changes=json.loads(said.message_hint or "[]"),
            ) from error
        raise


def _refuse_check(error: pg.CheckViolation) -> NoReturn:
    name = error.diag.constraint_name or ""
    if name.endswith("_is_there"):
        raise InputError(
            f"{error.diag.message_primary}",
            zh=f"{error.diag.column_name} 引用的编号不存在或就是自身",
            where=error.diag.column_name,
        ) from error
    if not name.endswith("_geom_in_envelope"):
        table = f"{error.diag.schema_name}.{error.diag.table_name}"
        raise InputError(
            f"{table}: a value breaks {name}", zh=f"{table}：数值不符合约束 {name}", where=name
        ) from error
    raise OutsideDistrictError(
        f"{error.diag.table_name}: outside the district's service envelope (boundary + 20 km); "
        "is the boundary loaded, and are longitude and latitude in that order?",
        zh="超出本区服务范围（边界外扩 20 km）；请确认已导入边界，且经度在前、纬度在后",
        where="geom",
    ) from error
