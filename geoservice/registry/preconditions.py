"""`If-Match`: on which version of a record a change was made."""

import re
from typing import Annotated

from fastapi import Header

from geoservice.errors import VersionError, VersionMissingError

# What follows the version tells apart representations of the same record.
_ETAG = re.compile(r'(?:W/)?"(\d{1,18})-(\d{1,9})(?![0-9])[^"]*"')
IfMatch = Annotated[
    str | None,
    Header(alias="If-Match", description="the record's ETag; * changes it whatever it is"),
]


def version_of(if_match: str | None, record_id: int) -> int | None:
    """Return the version that a change names; None for `*`, which takes any.

    Raises
    ------
    VersionMissingError
        It names none.
    VersionError
        What it names is no version of this record.
    """
    if if_match is None:
        raise VersionMissingError(
            "send If-Match with the ETag of the record that you changed",
            zh="请在 If-Match 中给出所修改记录的 ETag", where="If-Match",
        )  # fmt: skip
    if if_match.strip() == "*":
        return None
    said = _ETAG.fullmatch(if_match.strip())
    if said is None or int(said[1]) != record_id:
        raise VersionError(
            f'If-Match: not a version of this record: "{record_id}-VERSION" is',
            zh=f'If-Match：不是本记录的版本，应如 "{record_id}-版本"', current={},
        )  # fmt: skip
    return int(said[2])
