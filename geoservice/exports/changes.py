"""What changed since an export: which rows may have, told from what was written (pure).

At least once and never missing: a row that may have changed is sent again. Where a change cannot
be traced to rows, all of them are sent, and the answer says that it is complete.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Feeder:
    """A table below a view, and how it hangs on the table whose rows the view publishes.

    ``child_keys`` are its columns that name a row of that table, ``parent_keys`` columns of that
    table that name one of its rows. ``has_gone``: rows were deleted, and
    nothing tells whom they fed. ``hides``: the view is as secret as the stricter of its rows and
    of those of this table.
    """

    table_name: str
    is_base: bool
    is_dated: bool
    child_keys: list[str]
    parent_keys: list[str]
    shared_keys: list[str]
    is_touched: bool
    has_gone: bool
    hides: bool = False

    @property
    def is_traced(self) -> bool:
        """Whether its changes since then lead to the rows that they changed."""
        hangs_on = self.is_base or bool(self.child_keys or self.parent_keys or self.shared_keys)
        return self.is_dated and hangs_on and not self.has_gone


def traced(feeders: Sequence[Feeder]) -> list[Feeder] | None:
    """Return the tables that changed, the base first; None: everything must be sent.

    Everything is sent of a view without a base table, and after a change that leads to no rows.
    """
    base = [one for one in feeders if one.is_base]
    if not base:
        return None
    touched = [one for one in feeders if one.is_touched and not one.is_base]
    if not all(one.is_traced for one in (*base, *touched)):
        return None
    return [*base, *touched]
