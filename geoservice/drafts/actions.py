"""Drafts: kept while they are unfinished, checked as they change, applied through the register."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from geoservice.db import Connection, district_zone
from geoservice.drafts.records import (
    AMEND_DRAFT,
    DRAFT,
    DRAFT_COUNTS,
    DRAFTS,
    MERGE_DRAFT,
    OPEN_DRAFT,
    STATES,
    Draft,
    State,
)
from geoservice.errors import ConflictError, InputError, NotFoundError, RecordError, VersionError
from geoservice.registry import editing
from geoservice.registry.actions import standing
from geoservice.registry.bodies import new_record, read_body
from geoservice.registry.editing import Editor, Kept
from geoservice.registry.registers import register_named


@dataclass(frozen=True)
class Author:
    """Who works on drafts: their own, and those of their towns (None: all)."""

    name: str
    towns: frozenset[str] | None

    def may_see(self, draft: Draft) -> bool:
        """Return whether the draft is theirs to see."""
        return self.towns is None or draft.created_by == self.name or draft.town_code in self.towns


def open_draft(
    conn: Connection,
    *,
    register: str,
    body: Mapping[str, Any],
    geometry: Mapping[str, Any] | None = None,
    record: tuple[int, int] | None = None,
    round_code: str | None = None,
    reason: str | None = None,
) -> int:
    """Keep a draft, however unfinished; its id.

    Parameters
    ----------
    record
        Id and version of the record that it changes; None for a new one.
    """
    return OPEN_DRAFT.one(
        conn, register=register_named(register).name, body=json.dumps(body),
        geometry=None if geometry is None else json.dumps(geometry), town_code=_town(body),
        record_id=record and record[0], base_version=record and record[1],
        round_code=round_code, reason=reason,
    )  # fmt: skip


def find(conn: Connection, *, draft: int, author: Author) -> Draft:
    """Return a draft, locked.

    Raises
    ------
    NotFoundError
        There is none, or it is not the author's to see.
    """
    found = DRAFT.first(conn, draft=draft)
    if found is None or not author.may_see(found):
        raise NotFoundError("there is no such draft", zh="没有此草稿")
    return found


def listed(
    conn: Connection, *, author: Author, register: str | None, state: str | None, before: int,
    most: int,
) -> list[Draft]:  # fmt: skip
    """Return drafts, newest first."""
    towns = None if author.towns is None else sorted(author.towns)
    return DRAFTS.all(
        conn, register=register, state=state, before=before, most=most, towns=towns,
        name=author.name,
    )  # fmt: skip


def counted(conn: Connection, *, author: Author) -> dict[State, int]:
    """Return how many drafts of each state are the author's to see."""
    towns = None if author.towns is None else sorted(author.towns)
    found = DRAFT_COUNTS.all(conn, towns=towns, name=author.name)
    return dict.fromkeys(STATES, 0) | {it.state: it.number for it in found}


def amend(conn: Connection, *, draft: Draft, change: Mapping[str, Any]) -> Draft:
    """Change what a draft says: ``values`` by field, ``geometry``, ``state``, ``reason``.

    ``base_version`` says that the record as it is now was looked at.

    Raises
    ------
    ConflictError
        It is in its register already.
    """
    _refuse_merged(draft)
    values = {**draft.body, **(change.get("values") or {})}
    said = {name: change[name] for name in ("geometry", "reason") if name in change}
    said |= {n: change[n] for n in ("state", "base_version") if change.get(n) is not None}
    if "state" not in said and draft.state == "checked":
        said["state"] = "draft"  # what was checked is not this
    new = replace(draft, body=values, town_code=_town(values), **said)
    if new.record_id is None and new.base_version is not None:
        raise InputError("a new record has no version", zh="新记录没有版本", where="base_version")
    AMEND_DRAFT.run(
        conn, draft=draft.id, body=json.dumps(new.body), town_code=new.town_code,
        geometry=None if new.geometry is None else json.dumps(new.geometry),
        base_version=new.base_version, state=new.state, reason=new.reason,
    )  # fmt: skip
    return DRAFT.one(conn, draft=draft.id)


def wrongs(conn: Connection, *, draft: Draft, editor: Editor) -> list[InputError]:
    """Return what is still wrong with a draft; nothing: it can be applied."""
    if draft.state in {"merged", "rejected"}:
        return []
    it = register_named(draft.register)
    zone = district_zone(conn)
    given = read_body(it, draft.whole_body, zone=zone, ignored=editor.computed)
    found: list[InputError] = []
    values = dict(given.values)
    if draft.record_id is not None:
        kept = _record(conn, draft, editor)
        if kept is None or kept.version != draft.base_version:
            found.append(_changed(conn, draft, editor))
        if kept is not None:
            names = [field.name for field in it.fields] + (["geom"] if it.shape else [])
            values = {name: getattr(kept.record, name) for name in names} | values
    elif values.get("code") and standing(conn, it.name, [str(values["code"])]):
        code = values["code"]
        found.append(InputError(f"code {code} is taken", zh=f"编号 {code} 已被使用", where="code"))
    try:
        new_record(it, replace(given, values=values))
    except RecordError as error:
        found += error.wrongs
    except InputError as error:  # what the fields must be to each other
        found.append(error)
    return found


def apply(conn: Connection, *, draft: Draft, editor: Editor) -> Draft:
    """Write a draft into its register; one that is there already answers as it did.

    Raises
    ------
    RecordError
        Something is wrong or missing.
    ConflictError
        It is rejected, its code is taken, or its record was changed since: with what changed.
    ForbiddenError
        It is not in the editor's towns.
    """
    if draft.state == "merged":
        return draft
    if draft.state == "rejected":
        raise ConflictError("the draft is rejected", zh="草稿已被驳回", where="state")
    if draft.record_id is None:
        kept = editing.add(conn, register=draft.register, body=draft.whole_body, editor=editor)
    else:
        kept = _amended(conn, draft, editor)
    MERGE_DRAFT.run(conn, draft=draft.id, record_id=kept.id, version=kept.version)
    return DRAFT.one(conn, draft=draft.id)


def reject(conn: Connection, *, draft: Draft, reason: str) -> None:
    """Put a draft away: it is kept, with the reason.

    Raises
    ------
    ConflictError
        It is in its register already.
    """
    amend(conn, draft=draft, change={"state": "rejected", "reason": reason or draft.reason})


def _amended(conn: Connection, draft: Draft, editor: Editor) -> Kept:
    try:
        return editing.amend(
            conn, register=draft.register, record_id=draft.record_id or 0,
            body=draft.whole_body, version=draft.base_version or 0, editor=editor,
        )  # fmt: skip
    except VersionError as error:
        told = _changed(conn, draft, editor)
        raise ConflictError(told.message, zh=told.zh, where="base_version") from error


def _record(conn: Connection, draft: Draft, editor: Editor) -> Kept | None:
    try:
        kept = editing.read(
            conn, register=draft.register, record_id=draft.record_id or 0, editor=editor
        )
    except NotFoundError:
        return None
    return None if kept.is_retired else kept


def _changed(conn: Connection, draft: Draft, editor: Editor) -> InputError:
    """Say what was changed in the record since the draft looked at it, and by whom."""
    try:
        versions = editing.history(
            conn, register=draft.register, record_id=draft.record_id or 0, editor=editor
        )
    except NotFoundError:
        versions = []
    since = [it for it in versions if it["version"] > (draft.base_version or 0)]
    fields = sorted({name for it in since for name in it["changes"]})
    people = ", ".join(sorted({it["by"] for it in since}))
    return InputError(
        f"the record was changed by {people or 'somebody'} since version {draft.base_version}: "
        f"{', '.join(fields) or 'it is retired'}. Compare, and say the new base_version",
        zh=f"记录自第 {draft.base_version} 版以来已被 {people or '他人'} 修改："
        f"{'、'.join(fields) or '已注销'}。请对比后给出新的 base_version",
        where="base_version",
    )


def _refuse_merged(draft: Draft) -> None:
    if draft.state == "merged":
        raise ConflictError("the draft is in its register already", zh="草稿已入库", where="state")


def _town(body: Mapping[str, Any]) -> str | None:
    code = body.get("town_code")
    return str(code) if code else None
