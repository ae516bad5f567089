"""What a request may say: models that refuse unknown names, infinities and unstorable text."""

import math
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, field_validator
from starlette.requests import Request

from geoservice.errors import InputError

# PostgreSQL takes neither; JSON can write both.
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def _leaves(value: Any) -> Iterator[Any]:
    """Return every text and number of a JSON value, names included, however deep it lies."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            waiting += [*one, *one.values()]
        elif isinstance(one, list | tuple):
            waiting += one
        else:
            yield one


async def refuse_repeated(request: Request) -> None:
    """Refuse a query parameter given twice: one of the values would be dropped without a word.

    Raises
    ------
    InputError
        A parameter is repeated.
    """
    names = [name for name, _ in request.query_params.multi_items()]
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise InputError(
            f"{', '.join(repeated)}: given more than once",
            zh=f"{'、'.join(repeated)}：重复给出",
            where=repeated[0],
        )


class _Exact(BaseModel):
    """Nothing unknown, nothing that JSON or PostgreSQL cannot write."""

    # Unknown names: OGC API Features /req/core/query-param-unknown. `inf` passes `gt=0`.
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    @field_validator("*")
    @classmethod
    def _storable(cls, value: Any) -> Any:
        for one in _leaves(value):
            if isinstance(one, float) and not math.isfinite(one):
                raise InputError("a number must be finite", zh="数值必须有限")
            if isinstance(one, str) and UNSTORABLE.search(one):
                raise InputError(
                    "the NUL character and half of a surrogate pair cannot be stored",
                    zh="不能含有 NUL 字符或不完整的代理对",
                )
        return value


class Parameters(_Exact):
    """Base of every route's query parameters: one frozen model a route."""


class AtQuery(Parameters):
    """As of when."""

    at: Annotated[AwareDatetime | None, Field(description="an instant; now unless given")] = None

    @property
    def instant(self) -> datetime:
        """The instant asked about."""
        return self.at or datetime.now(UTC)


class NoQuery(Parameters):
    """The query of a route that takes none."""


class Body(_Exact):
    """Base of every JSON body."""
