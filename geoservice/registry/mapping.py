"""Which column of a file fills which field of a register (pure)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Any

from geoservice.errors import InputError, UnknownNameError
from geoservice.registry.fields import Field, Register, plain, without_brackets
from geoservice.registry.values import unit_factor


@dataclass(frozen=True)
class Taken:
    """A column of the file that fills a field.

    Parameters
    ----------
    factor
        By which its numbers are multiplied to be in the field's unit.
    known
        Cells that were read already, of a column of few different ones.
    """

    heading: str
    field: Field
    factor: float
    known: dict[str, Any] = dataclass_field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True)
class Mapped:
    """Which columns fill which fields, and which are not taken."""

    taken: tuple[Taken, ...]
    left: tuple[str, ...]

    @property
    def names(self) -> frozenset[str]:
        """Names of the fields that the file has."""
        return frozenset(taken.field.name for taken in self.taken)


def map_columns(register: Register, headings: Sequence[str], said: Mapping[str, str]) -> Mapped:
    """Return which heading fills which field.

    Parameters
    ----------
    said
        Field name -> heading, as the user says; goes before the names.

    Raises
    ------
    InputError
        Two columns fill one field, a field or column does not exist, or a unit is not known.
    """
    chosen = dict(_as_said(register, headings, said))
    for heading in headings:
        found = _field_of(register, heading)
        if found is None or found.name in said or heading in chosen.values():
            continue
        if found.name in chosen:
            raise InputError(
                f"columns {chosen[found.name]!r} and {heading!r} are both {found.name}: "
                f"say which column is {found.name}",
                zh=f"列“{chosen[found.name]}”与“{heading}”都对应“{found.label.zh}”："
                f"请指定哪一列是“{found.label.zh}”（{found.name}）",
                where=heading,
            )
        chosen[found.name] = heading
    taken = [
        Taken(chosen[f.name], f, unit_factor(f, chosen[f.name]))
        for f in register.fields
        if f.name in chosen
    ]
    return Mapped(tuple(taken), tuple(h for h in headings if h not in chosen.values()))


def _as_said(
    register: Register, headings: Sequence[str], said: Mapping[str, str]
) -> Sequence[tuple[str, str]]:
    for name, heading in said.items():
        if register.field(name) is None:
            known = ", ".join(f.name for f in register.fields)
            raise UnknownNameError(
                f"{register.name} has no field {name!r}; it has: {known}",
                zh=f"{register.label.zh}没有字段“{name}”；可用：{known}",
                where=name,
            )
        if heading not in headings:
            raise UnknownNameError(
                f"the file has no column {heading!r}; it has: {', '.join(headings)}",
                zh=f"文件没有列“{heading}”；现有：{'、'.join(headings)}",
                where=heading,
            )
    return list(said.items())


def _field_of(register: Register, heading: str) -> Field | None:
    tries = {plain(heading), plain(without_brackets(heading)[0])} - {""}
    return next((f for f in register.fields if tries & f.names), None)
