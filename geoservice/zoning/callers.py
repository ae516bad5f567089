"""Who asks about zones, and what they may see and do."""

from dataclasses import dataclass
from typing import Any

from geoservice.errors import ForbiddenError, NotFoundError

_EVERY_ROLE = frozenset({"viewer", "planner", "publisher"})


@dataclass(frozen=True)
class Caller:
    """Somebody who asks: by name and roles, in which towns (None: all); the defaults are all.

    Parameters
    ----------
    secrecies
        Of the mines that are shown.
    """

    name: str
    roles: frozenset[str] = _EVERY_ROLE
    towns: frozenset[str] | None = None
    secrecies: tuple[str, ...] = ("public", "internal", "restricted")

    @property
    def sees_drafts(self) -> bool:
        """Whether versions that are not in force are shown: to those who make them."""
        return bool(self.roles & {"planner", "publisher"})

    def scope(self) -> dict[str, Any]:
        """Return what a query needs to keep to what is shown."""
        towns = None if self.towns is None else sorted(self.towns)
        return {
            "secrecies": list(self.secrecies), "towns": towns, "sees_drafts": self.sees_drafts,
        }  # fmt: skip

    def refuse_foreign(self, town_code: str | None, secrecy: str, what: str) -> None:
        """Refuse to change what belongs to a mine of another town.

        Raises
        ------
        NotFoundError
            It is not shown to them.
        ForbiddenError
            It is shown, but of no town of theirs.
        """
        if secrecy not in self.secrecies:
            raise NotFoundError(f"there is no {what}", zh=f"没有 {what}")
        if self.towns is not None and town_code not in self.towns:
            towns = ", ".join(sorted(self.towns))
            raise ForbiddenError(
                f"{what} is of town {town_code or 'none'}: yours are {towns}",
                zh=f"{what} 属于乡镇 {town_code or '无'}：您只能处理 {towns}",
                where="town_code",
            )
