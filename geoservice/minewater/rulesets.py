"""Rule sets as data: every number with its unit, its source, and whether a source was read (pure).

`rulesets/*.toml` hold the ones that are shipped; `to_json` and `ruleset_of` carry them through a
database, so that a derivation uses what was stored and not what a newer program ships.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from geoservice.errors import InputError, UnknownNameError
from geoservice.minewater.results import Value
from geoservice.texts import Text

SHIPPED = ("SX-2020", "NMSA-2022-85")


@dataclass(frozen=True)
class Parameter:
    """One number of a rule set, or a few that belong together, or a word."""

    title: Text
    value: Value
    unit: str
    source: str
    is_verified: bool


@dataclass(frozen=True)
class RuleSet:
    """Rules of one paper: the code of the program and these parameters."""

    code: str
    title: Text
    parameters: Mapping[str, Parameter]
    source: str = ""
    issued_in: int | None = None

    @property
    def is_verified(self) -> bool:
        """Whether a source was read for every parameter."""
        return all(it.is_verified for it in self.parameters.values())

    def number(self, name: str) -> float:
        """Return a parameter that is one number, in its own unit."""
        value = self._value(name)
        if isinstance(value, str | tuple):
            raise _unfit(name, value, "a number", "一个数")
        return float(value)

    def numbers(self, name: str) -> tuple[float, ...]:
        """Return a parameter that is several numbers."""
        value = self._value(name)
        if not isinstance(value, tuple):
            raise _unfit(name, value, "a list of numbers", "一组数")
        return value

    def word(self, name: str) -> str:
        """Return a parameter that is a word."""
        value = self._value(name)
        if not isinstance(value, str):
            raise _unfit(name, value, "a word", "一个词")
        return value

    def used(self, *names: str) -> dict[str, Value]:
        """Return these parameters by name, as evidence tells them."""
        return {name: self._value(name) for name in names}

    def _value(self, name: str) -> Value:
        if name not in self.parameters:
            raise UnknownNameError(
                f"rule set {self.code} has no parameter {name!r}",
                zh=f"规则集 {self.code} 没有参数 {name!r}",
                where=name,
            )
        return self.parameters[name].value

    def with_values(self, values: Mapping[str, Any], *, source: str) -> "RuleSet":
        """Return the rule set with other values, none of them verified.

        Raises
        ------
        UnknownNameError
            There is no such parameter.
        InputError
            A value is not of the form of the one that it replaces.
        """
        changed = dict(self.parameters)
        for name, value in values.items():
            now = self._value(name)
            fit = _fitted(name, value, now)
            changed[name] = replace(changed[name], value=fit, source=source, is_verified=False)
        return replace(self, parameters=MappingProxyType(changed))


def shipped_rulesets() -> tuple[RuleSet, ...]:
    """Return the rule sets that come with the program."""
    return tuple(_shipped(code) for code in SHIPPED)


def shipped_ruleset(code: str) -> RuleSet:
    """Return one of `SHIPPED`.

    Raises
    ------
    UnknownNameError
        It is none of them.
    """
    if code not in SHIPPED:
        raise UnknownNameError(
            f"no rule set {code!r} is shipped: {', '.join(SHIPPED)}",
            zh=f"未提供规则集 {code!r}：现有 {'、'.join(SHIPPED)}",
            where="ruleset",
        )
    return _shipped(code)


def to_json(ruleset: RuleSet) -> dict[str, Any]:
    """Return the parameters as JSON values: name -> value, unit, source, is_verified, zh, en."""
    return {name: _as_json(it) for name, it in ruleset.parameters.items()}


def ruleset_of(code: str, title: Text, params: Mapping[str, Any]) -> RuleSet:
    """Return the rule set that `to_json` wrote.

    Raises
    ------
    InputError
        A parameter lacks its value, unit, source or mark.
    """
    return RuleSet(code, title, _parameters(params.items()))


def _as_json(parameter: Parameter) -> dict[str, Any]:
    value = parameter.value
    return {
        "value": list(value) if isinstance(value, tuple) else value,
        "unit": parameter.unit,
        "source": parameter.source,
        "is_verified": parameter.is_verified,
        "zh": parameter.title.zh,
        "en": parameter.title.en,
    }


def _shipped(code: str) -> RuleSet:
    told = _read(code.casefold())
    parts = [*(_read(name) for name in told["includes"]), told]
    found = [pair for part in parts for pair in part["parameters"].items()]
    title = Text(zh=told["zh"], en=told["en"])
    return RuleSet(code, title, _parameters(found), told["source"], told["issued_in"])


def _read(name: str) -> dict[str, Any]:
    path = files("geoservice.minewater") / "rulesets" / f"{name}.toml"
    return tomllib.loads(path.read_text("utf-8"))


def _parameters(pairs: Iterable[tuple[str, Mapping[str, Any]]]) -> Mapping[str, Parameter]:
    return MappingProxyType({name: _parameter(name, told) for name, told in pairs})


def _parameter(name: str, told: Mapping[str, Any]) -> Parameter:
    missing = {"value", "unit", "source", "is_verified"} - told.keys()
    if missing:
        raise InputError(
            f"parameter {name} lacks {', '.join(sorted(missing))}",
            zh=f"参数 {name} 缺少 {'、'.join(sorted(missing))}",
            where=name,
        )
    title = Text(zh=told.get("zh", name), en=told.get("en", name))
    value = told["value"]
    kept = tuple(float(it) for it in value) if isinstance(value, list | tuple) else value
    return Parameter(title, kept, told["unit"], told["source"], bool(told["is_verified"]))


def _fitted(name: str, value: Any, now: Value) -> Value:
    if isinstance(now, str):
        _check(name, value, is_fit=isinstance(value, str), words=("a word", "一个词"))
        return str(value)
    if isinstance(now, tuple):
        listed = list(value) if isinstance(value, list | tuple) else []
        is_fit = len(listed) == len(now) and all(_is_finite(it) for it in listed)
        words = (f"{len(now)} numbers", f"{len(now)} 个数")
        _check(name, value, is_fit=is_fit, words=words)
        return tuple(float(it) for it in listed)
    _check(name, value, is_fit=_is_finite(value), words=("a number", "一个数"))
    return float(value)


def _is_finite(value: Any) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and abs(value) < float("inf") and value >= 0


def _check(name: str, value: object, *, is_fit: bool, words: tuple[str, str]) -> None:
    if not is_fit:
        raise _unfit(name, value, *words)


def _unfit(name: str, value: object, en: str, zh: str) -> InputError:
    return InputError(
        f"parameter {name} is {value!r}: {en}, not negative, is needed",
        zh=f"参数 {name} 为 {value!r}：须为{zh}，且不为负",
        where=name,
    )
