"""A client's CQL2, text or JSON, as one checked tree of the JSON encoding (pure).

The text is read by the package `cql2`, whose tree is CQL2 JSON; its parser is native and recurses,
so what could exhaust its stack and end the process is refused before it sees it.
"""

import json
import math
import re
from typing import Any, Literal, NoReturn

import cql2

from geoservice.errors import InputError

Language = Literal["cql2-text", "cql2-json"]
Tree = Any  # JSON: a mapping with op and args, a property, or a literal

MAX_LENGTH, MAX_DEPTH, MAX_NODES = 20_000, 8, 100
# The native parser was seen to survive 128 nested brackets, 256 NOTs in a row and a chain of
# 1,000 operators on a stack of 1 MiB; threads have eight.
_MAX_NESTED, _MAX_WORDS, _MAX_SIGNS = 32, 200, 800
_QUOTED = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"")
_WORDS = re.compile(r"\b(?:and|or|not|div)\b|[+*/%^]", re.IGNORECASE)
_SIGNS_IN_A_ROW = re.compile(r"[-+](?:\s*[-+]){2}")
_PLACE = re.compile(r"-->\s*(\d+):(\d+)")


def read(text: str, language: Language) -> Tree:
    """Return the tree of a filter; its size is checked, its names and types are not yet.

    Raises
    ------
    InputError
        It is not CQL2, or larger than a filter may be.
    """
    if len(text) > MAX_LENGTH:
        _refuse(f"at most {MAX_LENGTH} characters", f"最多 {MAX_LENGTH} 个字符")
    tree = _of_json(text) if language == "cql2-json" else _of_text(text)
    _check_size(tree)
    return tree


def _of_text(text: str) -> Tree:
    bare = _QUOTED.sub("''", text)
    if (
        _nesting(bare) > _MAX_NESTED
        or len(_WORDS.findall(bare)) > _MAX_WORDS
        or bare.count("-") > _MAX_SIGNS
        or _SIGNS_IN_A_ROW.search(bare)
    ):
        _refuse_size()
    try:
        return cql2.parse_text(text).to_json()
    except cql2.ParseError as error:
        place = _PLACE.search(str(error))
        line, column = place.groups() if place else ("1", "1")
        _refuse(f"not CQL2 text at line {line}, character {column}",
                f"不是有效的 CQL2 文本：第 {line} 行第 {column} 个字符")  # fmt: skip


def _nesting(text: str) -> int:
    depth = deepest = 0
    for character in text:
        if character == "(":
            depth += 1
            deepest = max(deepest, depth)
        elif character == ")":
            depth -= 1
    return deepest


def _of_json(text: str) -> Tree:
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        _refuse("not CQL2 JSON", "不是有效的 CQL2 JSON")


def _refuse_constant(_name: str) -> NoReturn:
    raise ValueError


def _check_size(tree: Tree) -> None:
    """Walk the tree without recursion: count its operations and properties, and their depth."""
    nodes, waiting = 0, [(tree, 1)]
    while waiting:
        node, depth = waiting.pop()
        if isinstance(node, dict):
            is_operation = "op" in node
            nodes += is_operation or "property" in node
            if nodes > MAX_NODES or (is_operation and depth > MAX_DEPTH):
                _refuse_size()
            waiting += [(part, depth + is_operation) for part in _parts(node)]
        elif isinstance(node, list):
            waiting += [(part, depth) for part in node]
        else:
            _check_literal(node)


def _parts(node: dict[str, Any]) -> list[Any]:
    """Return what is below a node; a geometry's numbers are looked at where it is made."""
    if "op" in node:
        return [node["op"], node.get("args")]
    return [part for name, part in node.items() if name not in ("coordinates", "geometries")]


def _check_literal(value: object) -> None:
    if isinstance(value, float) and not math.isfinite(value):
        _refuse("a number must be finite", "数字须为有限值")
    if isinstance(value, str) and ("\x00" in value or not _is_whole(value)):
        _refuse("the NUL character and half of a surrogate pair are not text",
                "文字不能含有 NUL 字符或不完整的代理对")  # fmt: skip


def _is_whole(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _refuse_size() -> NoReturn:
    _refuse(
        f"at most {MAX_NODES} operations and fields, nested at most {MAX_DEPTH} deep",
        f"最多 {MAX_NODES} 个运算和字段，嵌套最多 {MAX_DEPTH} 层",
    )


def _refuse(why: str, why_zh: str) -> NoReturn:
    raise InputError(f"filter: {why}", zh=f"filter：{why_zh}", where="filter")
