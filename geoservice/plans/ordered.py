"""What is ordered already is not asked for twice (pure)."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from geoservice.plans.records import OrderedRow
from geoservice.plans.teams import TeamWant
from geoservice.plans.wants import Want


class Ordered:
    """What orders have on the way to the incidents of a question, drawn down want by want.

    Parameters
    ----------
    rows
        Of every incident, by its place in the question.
    """

    def __init__(self, rows: Sequence[Sequence[OrderedRow]]) -> None:
        self._left = [
            [(it.code, it.skill, it.quantity) for it in of_incident] for of_incident in rows
        ]

    def goods(self, wants: Sequence[Want]) -> list[Want]:
        """Return the wants less what is ordered, the narrow ones served first."""
        order = sorted(range(len(wants)), key=lambda i: (-len(wants[i].item_code), wants[i].code))
        found = list(wants)
        for i in order:
            want = wants[i]
            drawn = self._draw(want.incident, want.item_code, None, want.quantity)
            found[i] = replace(want, quantity=want.quantity - drawn, ordered=want.ordered + drawn)
        return found

    def teams(self, wants: Sequence[TeamWant]) -> list[TeamWant]:
        """Return the same of teams."""
        found = []
        for want in wants:
            drawn = int(self._draw(want.incident, None, want.skill, Decimal(want.number)))
            found.append(replace(want, number=want.number - drawn))
        return found

    def _draw(self, incident: int, code: str | None, skill: str | None, wanted: Decimal) -> Decimal:
        left, drawn = self._left[incident], Decimal(0)
        for n, (has_code, has_skill, quantity) in enumerate(left):
            is_it = has_skill == skill if code is None else (has_code or "").startswith(code)
            if is_it and drawn < wanted:
                took = min(quantity, wanted - drawn)
                left[n] = (has_code, has_skill, quantity - took)
                drawn += took
        return drawn
