"""In which order pages run, and the opaque word that says where one ended (pure)."""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from geoservice.errors import InputError, UnknownNameError

MAX_ID = 2**63 - 1
_MOST_KEYS = 5


@dataclass(frozen=True)
class Key:
    """A field to sort by; rows without a value come last either way."""

    name: str
    kind: str
    is_falling: bool = False


@dataclass(frozen=True)
class Mark:
    """The last row of a page: its sort values as text, and its id."""

    last_id: int
    values: tuple[str | None, ...] = ()


BY_ID = (Key("id", "integer"),)
# QGIS before 3.36 takes the kind of shape of the first ten rows for the layer's: without this, a
# register that begins with rows without a place is a table there. The key is whether it lacks one.
PLACED_FIRST = (Key("geom", "gap"), *BY_ID)


def order_of(
    sortby: str | None, kinds: Mapping[str, str], unasked: tuple[Key, ...] = BY_ID
) -> tuple[Key, ...]:
    """Return the keys of a `sortby` such as ``+name,-surveyed_on``; the last is always the id.

    ``unasked`` is the order where none is asked for.

    A plus in an address that is not escaped arrives as a space.

    Raises
    ------
    InputError, UnknownNameError
        A field is repeated, has no order, or is not the caller's; too many.
    """
    if sortby is None:
        return unasked
    keys: list[Key] = []
    for part in sortby.split(","):
        name = part.strip().removeprefix("+").removeprefix("-")
        if name not in kinds or kinds[name] == "geometry":
            _refuse_name("sortby", [name for name, kind in kinds.items() if kind != "geometry"])
        if any(key.name == name for key in keys):
            _refuse("sortby", "a field is given twice", "字段重复")
        keys.append(Key(name, kinds[name], is_falling=part.strip().startswith("-")))
    if len(keys) > _MOST_KEYS:
        _refuse("sortby", f"at most {_MOST_KEYS} fields", f"最多 {_MOST_KEYS} 个字段")
    return tuple(keys if keys[-1].name == "id" else [*keys, *BY_ID])


def fields_of(properties: str | None, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return which fields are shown, in the layer's order.

    Raises
    ------
    UnknownNameError
        One of them is not the caller's.
    """
    if properties is None:
        return names
    wanted = {part.strip() for part in properties.split(",")}
    if not wanted <= set(names):
        _refuse_name("properties", names)
    return tuple(name for name in names if name in wanted)


def word_of(order: tuple[Key, ...], last: Any) -> str:  # as the database gives it
    """Return the word for "after this row": its id, or a JSON text of its sort values."""
    if len(order) == 1:
        return _encoded(int(last).to_bytes(8, "big"))
    return _encoded(json.dumps([_said(order), *json.loads(last)]).encode())


def mark_of(word: str, order: tuple[Key, ...]) -> Mark:
    """Return what such a word stands for.

    Raises
    ------
    InputError
        It is not a word of this service for pages in this order.
    """
    try:
        raw = base64.b64decode(word + "=" * (-len(word) % 4), altchars=b"-_", validate=True)
        if len(order) == 1:
            found = Mark(int.from_bytes(raw, "big") if len(raw) == 8 else -1)
        else:
            said, *values = json.loads(raw)
            *before, last_id = [_text_or_none(value) for value in values]
            is_whole = said == _said(order) and len(values) == len(order)
            found = Mark(int(last_id or "-1") if is_whole else -1, tuple(before))
    except (binascii.Error, ValueError, TypeError, RecursionError):
        found = Mark(-1)
    if not 0 <= found.last_id <= MAX_ID:
        raise unknown_mark()
    return found


def unknown_mark() -> InputError:
    """Return the error of a word that is not one of ours."""
    return InputError(
        "after: not a word of this service; follow the link to the next page as it is",
        zh="after：不是本服务给出的值；请原样使用下一页链接",
        where="after",
    )


def _text_or_none(value: Any) -> str | None:  # JSON
    if value is not None and (not isinstance(value, str) or "\x00" in value):
        raise ValueError
    return value


def _said(order: tuple[Key, ...]) -> str:
    return ",".join(f"{'-' if key.is_falling else '+'}{key.name}" for key in order)


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _refuse_name(where: str, names: list[str] | tuple[str, ...]) -> NoReturn:
    listed = ", ".join(names)
    raise UnknownNameError(
        f"{where}: there is no such field; the fields are {listed}",
        zh=f"{where}：没有这个字段；可用字段：{listed}",
        where=where,
    )


def _refuse(where: str, why: str, why_zh: str) -> NoReturn:
    raise InputError(f"{where}: {why}", zh=f"{where}：{why_zh}", where=where)
