"""A staged job into its register: in one transaction, once, nothing overwritten unseen."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from geoservice.db import Connection
from geoservice.errors import ConflictError
from geoservice.imports.holding import held
from geoservice.imports.records import (
    APPLIED,
    AS_NEW,
    ASIDE_TO_DRAFTS,
    CONFLICTS,
    DRAFTS_BROUGHT_IN,
    LEAVE_CONFLICTS,
    MERGED,
    NEXT_ROWS,
    OUTCOMES,
    OVERTAKEN,
    REMEMBER_COLUMNS,
    ROWS,
    SETTLE,
    STORE_ROWS,
    TALLY,
    Job,
    StagedRow,
)
from geoservice.imports.working import prepare_rows
from geoservice.jobs.telling import Progress
from geoservice.registry.actions import STANDING, Stored
from geoservice.registry.fields import Register
from geoservice.registry.registers import register_named

_AT_ONCE = 2500
_MOST = 2**31 - 1
_CHANGED = {
    "column": None,
    "en": "the record was changed, retired or added since this file was checked: check it again",
    "zh": "该记录在本文件检查之后已被修改、注销或新增：请重新检查",
    "given": "",
}


@dataclass(frozen=True)
class Applied:
    """What became of a job's rows."""

    stored: Stored
    counts: Mapping[str, int]

    def as_json(self) -> dict[str, Any]:
        """Return the counts."""
        return {"outcomes": dict(self.counts)}


def apply(
    conn: Connection, *, job: str, skips_bad: bool = False, progress: Progress | None = None
) -> Applied:
    """Write a staged job's rows: all that are right, or none unless the others may be skipped.

    Rows without a place become drafts. A job that is applied already answers as it did.

    Raises
    ------
    NotFoundError
        There is no such job.
    ConflictError
        It is not staged, or somebody is applying or checking it at this moment; or rows are
        refused, not decided, or were changed meanwhile, and are not to be skipped.
    """
    it = held(conn, job)
    if it.state == "applied":
        return _told(conn, job)
    if it.state != "staged":
        raise ConflictError(
            f"the file is {it.state}, not checked", zh="文件尚未检查完成", where="state"
        )
    register = register_named(it.register)
    if not skips_bad:
        _refuse_bad(conn, job)
    _write(conn, it, register, skips_bad=skips_bad, progress=progress)
    done = _told(conn, job)
    APPLIED.run(conn, job=job, result=json.dumps(done.as_json()))
    if it.options.get("columns"):
        columns = json.dumps(it.found["columns"])
        REMEMBER_COLUMNS.run(conn, register=it.register, headings=it.found["key"], columns=columns)
    return done


def _refuse_bad(conn: Connection, job: str) -> None:
    tally = TALLY.all(conn, job=job)
    refused = sum(it.rows for it in tally if it.state == "refused")
    undecided = sum(it.undecided for it in tally if it.state == "duplicate")
    if refused or undecided:
        raise ConflictError(
            f"{refused} rows are refused and {undecided} are like records that stand: correct or "
            "decide them, or say that they are to be skipped. Nothing is written",
            zh=f"有 {refused} 行被拒绝、{undecided} 行与现有记录疑似重复：请修正或选择处理方式，"
            "或选择跳过。未写入任何数据",
            where="skip_bad",
        )


def _write(
    conn: Connection, it: Job, register: Register, *, skips_bad: bool, progress: Progress | None
) -> None:
    AS_NEW.run(conn, job=it.id)
    _merge(conn, it.id, register)
    SETTLE.run(conn, job=it.id)
    changed = CONFLICTS.all(conn, job=it.id, register=register.table)
    if changed and not skips_bad:
        listed = ", ".join(map(str, changed[:10]))
        raise ConflictError(
            f"rows {listed}: {_CHANGED['en']}", zh=f"第 {listed} 行：{_CHANGED['zh']}", where="rows"
        )
    LEAVE_CONFLICTS.run(conn, job=it.id, rows=changed, reasons=json.dumps([_CHANGED]))
    ready = prepare_rows(conn, it.id, register)
    after, done, total = -1, 0, int(it.found["rows"])
    while (upto := NEXT_ROWS.first(conn, job=it.id, after=after, most=_AT_ONCE)) is not None:
        done += STORE_ROWS.one(conn, job=it.id, register=register.table, after=after, upto=upto)
        after = upto
        if progress is not None:
            progress("applying", done, total)
    ready.finish(conn)
    overtaken = OVERTAKEN.all(conn, job=it.id)
    if overtaken:
        raise ConflictError(
            f"{', '.join(overtaken[:10])}: added by somebody else at this moment; try again",
            zh=f"{'、'.join(overtaken[:10])}：刚被他人新增，请重试",
        )
    ASIDE_TO_DRAFTS.one(conn, job=it.id, register=it.register)
    DRAFTS_BROUGHT_IN.one(conn, job=it.id, register=it.register, table=register.table)


def _merge(conn: Connection, job: str, register: Register) -> None:
    """Give the rows that are to be merged the code of the record that stands, and what it has."""
    rows = ROWS.all(conn, job=job, after=-1, state="duplicate", most=_MOST)
    merged = [it for it in rows if it.decision == "merge" and it.match_code]
    chosen = {it.match_code: it for it in merged if it.match_code}
    if len(chosen) < len(merged):
        _refuse_pairs(merged)
    standing = STANDING.all(conn, register=register.table, codes=sorted(chosen))
    for stood in standing:
        it = chosen[stood["code"]]
        mine = {name: it.record[name] for name in it.record if name in it.given}
        record = {name: stood[name] for name in it.record} | mine | {"code": stood["code"]}
        MERGED.run(conn, job=job, row=it.row, code=stood["code"], record=json.dumps(record))


def _refuse_pairs(merged: Sequence[StagedRow]) -> NoReturn:
    rows_of: dict[str, list[int]] = {}
    for it in merged:
        rows_of.setdefault(it.match_code or "", []).append(it.row)
    code, rows = next((code, rows) for code, rows in rows_of.items() if len(rows) > 1)
    listed = ", ".join(map(str, rows))
    raise ConflictError(
        f"rows {listed} are all to be merged into {code}: choose one of them",
        zh=f"第 {listed} 行都选择合并到 {code}：请只选一行", where="rows",
    )  # fmt: skip


def _told(conn: Connection, job: str) -> Applied:
    codes: dict[str, list[str]] = {}
    for it in OUTCOMES.all(conn, job=job):
        codes.setdefault(it.outcome, []).append(it.code or str(it.row))
    return Applied(
        Stored(
            inserted=tuple(codes.get("inserted", ())),
            amended=tuple(codes.get("amended", ())),
            unchanged=tuple(codes.get("unchanged", ())),
        ),
        {outcome: len(some) for outcome, some in sorted(codes.items())},
    )
