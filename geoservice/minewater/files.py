"""Inputs and derivations as JSON files: the same derivation, the same bytes."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import shapely

from geoservice.errors import FileError
from geoservice.minewater.inputs import MineInputs
from geoservice.minewater.plain import made, plain
from geoservice.minewater.results import Derivation
from geoservice.minewater.rulesets import RuleSet, ruleset_of, to_json
from geoservice.texts import Text


class Task(NamedTuple):
    """What is derived from which file into which."""

    source: str
    target: str


@dataclass(frozen=True)
class Outcome:
    """What became of a task: ``problem`` is None where its result was written."""

    task: Task
    problem: Text | None = None


def write_task(path: Path, inputs: MineInputs, rules: RuleSet) -> None:
    """Write what a derivation needs; rasters stay where they are and are named by path."""
    title = {"zh": rules.title.zh, "en": rules.title.en}
    ruleset = {"code": rules.code, "title": title, "parameters": to_json(rules)}
    path.write_bytes(_bytes({"inputs": plain(inputs), "ruleset": ruleset}))


def read_task(path: Path) -> tuple[MineInputs, RuleSet]:
    """Return what `write_task` wrote.

    Raises
    ------
    FileError
        It cannot be read, or is something else.
    """
    try:
        told = json.loads(path.read_text("utf-8"))
        inputs, rules = made(told["inputs"]), told["ruleset"]
        title = Text(zh=rules["title"]["zh"], en=rules["title"]["en"])
        if isinstance(inputs, MineInputs):
            return inputs, ruleset_of(rules["code"], title, rules["parameters"])
    except (OSError, ValueError, KeyError, TypeError, shapely.errors.ShapelyError) as error:
        raise _unreadable(path) from error
    raise _unreadable(path)


def written(derivation: Derivation) -> bytes:
    """Return a derivation as a file has it."""
    return _bytes(plain(derivation))


def _bytes(told: dict[str, Any]) -> bytes:
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _unreadable(path: Path) -> FileError:
    return FileError(
        f"{path.name} does not hold the inputs of a derivation",
        zh=f"{path.name} 不是分区推导的输入文件",
        where=path.name,
    )
