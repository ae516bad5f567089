"""Query parameters named like a field, `tier=town`, as a CQL2 tree (pure)."""

import re
from collections.abc import Mapping
from typing import Any, NoReturn

from geoservice.errors import InputError
from geoservice.publish.catalog import FieldType

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?")
_INTEGER = re.compile(r"[+-]?\d{1,18}")
_BOOLEANS = {"true": True, "false": False}


def equalities(given: Mapping[str, str], kinds: Mapping[str, FieldType]) -> Any | None:  # JSON
    """Return the tree in which every named field has its value; None: nothing is asked.

    Raises
    ------
    InputError
        A value is not of its field's type.
    """
    asked = [
        {"op": "=", "args": [{"property": name}, _literal(name, value, kinds[name])]}
        for name, value in given.items()
    ]
    if not asked:
        return None
    return asked[0] if len(asked) == 1 else {"op": "and", "args": asked}


def _literal(name: str, text: str, kind: FieldType) -> Any:  # JSON
    if kind == "boolean":
        if text not in _BOOLEANS:
            _refuse(name, "true or false", "true 或 false")
        return _BOOLEANS[text]
    if kind in ("integer", "number"):
        if _INTEGER.fullmatch(text):
            return int(text)
        if kind == "integer" or not _NUMBER.fullmatch(text):
            _refuse(name, "a number" if kind == "number" else "a whole number", "数字")
        return float(text)
    if kind == "date":
        return {"date": text}
    return {"timestamp": text} if kind == "instant" else text


def _refuse(name: str, what: str, what_zh: str) -> NoReturn:
    raise InputError(f"{name}: must be {what}", zh=f"{name}：须为{what_zh}", where=name)
