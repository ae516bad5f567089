"""Those in danger, and the shelters that are not."""

from dataclasses import dataclass

from geoservice.errors import InputError
from geoservice.evacuation.records import SettlementRow, ShelterRow


def check_one_danger(*given: bool) -> None:
    """Refuse anything but one of an area, a flood and settlements.

    Raises
    ------
    InputError
        None is given, or several.
    """
    if sum(given) != 1:
        raise InputError(
            "give one of: area, flood, settlements",
            zh="请给出 area、flood、settlements 之一",
            where="area",
        )


@dataclass(frozen=True)
class Danger:
    """Who is in danger, and where people may go.

    ``unknown`` are settlements asked about that are not on record.
    """

    settlements: list[SettlementRow]
    shelters: list[ShelterRow]
    unknown: list[str]
    outside_scope: int

    @property
    def usable(self) -> list[ShelterRow]:
        """The shelters that take anybody in."""
        return [it for it in self.shelters if not it.is_in_danger and it.capacity is not None]

    @property
    def counted(self) -> list[SettlementRow]:
        """The settlements whose population is on record."""
        return [it for it in self.settlements if it.population is not None]

    @property
    def uncounted(self) -> list[str]:
        """The names of the others."""
        return [it.name for it in self.settlements if it.population is None]
