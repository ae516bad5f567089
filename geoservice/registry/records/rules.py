"""What the fields of one record must be to each other (pure)."""

from typing import Any

from geoservice.errors import InputError


def need_one_of(record: Any, first: str, second: str) -> None:
    """Refuse a record that has both of two fields, or neither.

    Raises
    ------
    InputError
        It names the second field.
    """
    if (getattr(record, first) is None) == (getattr(record, second) is None):
        raise InputError(
            f"exactly one of {first} and {second} is needed",
            zh=f"{first} 与 {second} 须且只须填写一项",
            where=second,
        )


def need_order(record: Any, first: str, second: str) -> None:
    """Refuse a record whose second day or number comes before its first; either may be absent.

    Raises
    ------
    InputError
        It names the second field.
    """
    before, after = getattr(record, first), getattr(record, second)
    if before is not None and after is not None and after < before:
        raise InputError(
            f"{second} {after} is before {first} {before}",
            zh=f"{second}（{after}）早于 {first}（{before}）",
            where=second,
        )


def need_with(record: Any, field: str, *, is_due: bool, why: str, zh: str) -> None:
    """Refuse a record that lacks a field it must have now, or has one it cannot have.

    Raises
    ------
    InputError
        It names the field.
    """
    if (getattr(record, field) is not None) != is_due:
        raise InputError(why, zh=zh, where=field)


def need_unless(field: str, *, is_fine: bool, why: str, zh: str) -> None:
    """Refuse a record whose field does not go with its others, unless it does.

    Raises
    ------
    InputError
        It names the field.
    """
    if not is_fine:
        raise InputError(why, zh=zh, where=field)


def need_more_than_nothing(record: Any, *names: str) -> None:
    """Refuse a number that is 0 where something must be there; it may be absent.

    Raises
    ------
    InputError
        It names the field.
    """
    for name in names:
        if getattr(record, name) == 0:
            raise InputError("more than 0 is needed", zh="须大于 0", where=name)


def need_difference(record: Any, first: str, second: str) -> None:
    """Refuse a record whose two fields say the same.

    Raises
    ------
    InputError
        It names the second field.
    """
    if getattr(record, first) == getattr(record, second):
        raise InputError(
            f"{first} and {second} are the same: {getattr(record, first)}",
            zh=f"{first} 与 {second} 不能相同：{getattr(record, first)}",
            where=second,
        )
