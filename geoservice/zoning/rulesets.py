"""Rule sets as they are kept: what is shipped, and what planners made of it; none is edited."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from geoservice.db import Connection, Query
from geoservice.errors import InputError, UnknownNameError
from geoservice.minewater.rulesets import RuleSet, ruleset_of, shipped_rulesets, to_json
from geoservice.texts import Text

_US = "geoservice"


@dataclass(frozen=True)
class KeptRuleSet:
    """One version of a rule set; ``is_current``: no later one has taken its place."""

    id: int
    code: str
    no: int
    name: str
    name_en: str | None
    source_doc: str
    params: dict[str, Any]
    is_verified: bool
    is_current: bool
    created_by: str
    created_at: datetime

    @property
    def rules(self) -> RuleSet:
        """The rule set, for a derivation."""
        title = Text(zh=self.name, en=self.name_en or self.code)
        return ruleset_of(self.code, title, self.params)

    @property
    def unverified(self) -> list[str]:
        """Names of the parameters whose source was not seen."""
        return sorted(name for name, it in self.params.items() if not it["is_verified"])


RULESETS = Query("zoning", "rulesets", KeptRuleSet)
END_RULESET = Query("zoning", "end_ruleset", str)
ADD_RULESET = Query("zoning", "add_ruleset", int)


def list_rulesets(conn: Connection, *, code: str | None = None) -> list[KeptRuleSet]:
    """Return rule sets, the newest of each first; those that are shipped are there from now on."""
    keep_shipped(conn)
    return [it for it in RULESETS.all(conn, code=code, no=None) if it.params]


def read_ruleset(conn: Connection, code: str, no: int | None = None) -> KeptRuleSet:
    """Return a version of a rule set; the current one without a number.

    Raises
    ------
    UnknownNameError
        There is none.
    """
    for it in list_rulesets(conn, code=code):
        if it.no == no or (no is None and it.is_current):
            return it
    known = ", ".join(sorted({it.code for it in list_rulesets(conn)}))
    named = code if no is None else f"{code} no. {no}"
    raise UnknownNameError(
        f"no rule set {named}; there are: {known}", zh=f"没有规则集 {named}；可用：{known}",
        where="ruleset",
    )  # fmt: skip


def keep_shipped(conn: Connection) -> None:
    """Keep the rule sets that this program ships, unless somebody has gone on from them."""
    for it in shipped_rulesets():
        params = to_json(it)
        kept = RULESETS.all(conn, code=it.code, no=None)
        current = next((row for row in kept if row.is_current), None)
        if any(row.params == params for row in kept):
            continue
        if current is None or not current.params or current.created_by == _US:
            _put(conn, it, source=it.source or it.title.en, by=_US)


def amend_ruleset(
    conn: Connection, code: str, values: Mapping[str, Any], *, source: str, is_verified: bool
) -> KeptRuleSet:
    """Make a new version of a rule set with other values; the old one stays with what used it.

    Parameters
    ----------
    source
        Where the values come from.
    is_verified
        Whether that source was read.

    Raises
    ------
    UnknownNameError, InputError
        There is no such rule set or parameter, or a value does not fit.
    """
    if not values:
        raise InputError("say which values change", zh="请给出要修改的参数", where="values")
    before = read_ruleset(conn, code)
    changed = before.rules.with_values(values, source=source)
    params = to_json(changed)
    for name in values:
        params[name]["is_verified"] = is_verified
    after = ruleset_of(code, changed.title, params)
    _put(conn, after, source=before.source_doc, by=None)
    return read_ruleset(conn, code)


def _put(conn: Connection, it: RuleSet, *, source: str, by: str | None) -> None:
    END_RULESET.run(conn, code=it.code)
    ADD_RULESET.one(
        conn, code=it.code, name=it.title.zh, name_en=it.title.en, source=source, by=by,
        is_verified=it.is_verified, params=json.dumps(to_json(it), ensure_ascii=False),
    )  # fmt: skip
