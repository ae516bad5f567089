"""One record: read, added, amended, retired, through time.

Two people who edit one record cannot overwrite each other: a change says on which version it was
made, and the row is locked while it is compared.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import shapely

from geoservice.db import Connection, Query, district_zone
from geoservice.errors import ConflictError, ForbiddenError, NotFoundError, VersionError
from geoservice.registry.actions import STANDING, rewrite, standing, store
from geoservice.registry.bodies import geojson, new_record, read_body, to_body
from geoservice.registry.derived import finish_left
from geoservice.registry.fields import Register
from geoservice.registry.records import Record
from geoservice.registry.registers import register_named
from geoservice.registry.rows import to_record

RECORD_OF: Query[Any] = Query("registry", "record_of", dict)
RETIRE_RECORD = Query("registry", "retire_record", int)
_BOOKKEEPING = (
    "id", "uid", "valid_from", "version", "updated_by", "updated_at", "changed_xid", "created_by",
    "created_at",
)  # fmt: skip


@dataclass(frozen=True)
class Editor:
    """What one caller may do with a register's records; the defaults are everything.

    Parameters
    ----------
    towns
        Whose records may be written, and read but for those ``open_to`` everybody; None: all.
    secrecies
        Of the records that may be read.
    open_to
        Secrecies that are read in every town.
    hidden
        Fields that are not shown.
    computed
        Names that a body may hold although the record does not: what a layer shows beside it.
    """

    towns: frozenset[str] | None = None
    secrecies: tuple[str, ...] = ("public", "internal", "restricted")
    open_to: tuple[str, ...] = ()
    hidden: frozenset[str] = frozenset()
    computed: frozenset[str] = frozenset()

    def may_read(self, town_code: str | None, secrecy: str) -> bool:
        """Return whether a record of that town and secrecy is shown."""
        is_near = self.towns is None or town_code is None or town_code in self.towns
        return secrecy in self.secrecies and (is_near or secrecy in self.open_to)

    def may_write(self, town_code: str | None) -> bool:
        """Return whether a record of that town may be written."""
        return self.towns is None or town_code in self.towns


@dataclass(frozen=True)
class Kept:
    """A record as it is kept."""

    register: Register
    id: int
    version: int
    record: Record
    updated_by: str
    updated_at: str
    is_retired: bool

    @property
    def etag(self) -> str:
        """The mark of this version, as `ETag` and `If-Match` have it."""
        return f'"{self.id}-{self.version}"'

    def body(self, hidden: frozenset[str] = frozenset()) -> dict[str, Any]:
        """Return it as JSON values."""
        return {
            "register": self.register.name,
            "id": self.id,
            "version": self.version,
            "is_retired": self.is_retired,
            "updated_by": self.updated_by,
            "updated_at": self.updated_at,
            **to_body(self.register, self.record, hidden),
        }


@dataclass(frozen=True)
class RowVersion:
    """A row as it was from an instant on, and who made it so."""

    version: int
    at: datetime
    actor: str
    is_retired: bool
    kept: Mapping[str, Any]


VERSIONS_OF = Query("registry", "versions_of", RowVersion)


def read(conn: Connection, *, register: str, record_id: int, editor: Editor) -> Kept:
    """Return one record, retired or not.

    Raises
    ------
    NotFoundError
        There is no such record, or not in the editor's towns.
    """
    return _found(conn, register_named(register), record_id, editor, is_changed=False)


def add(conn: Connection, *, register: str, body: Mapping[str, Any], editor: Editor) -> Kept:
    """Add a record from a JSON body.

    Raises
    ------
    RecordError
        Something is wrong or missing.
    ConflictError
        The code is taken, or the record refers to one that is not there.
    ForbiddenError
        It is not in the editor's towns.
    """
    it = register_named(register)
    given = read_body(it, body, zone=district_zone(conn), ignored=editor.computed)
    record = new_record(it, given)
    _refuse_other_town(record, editor)
    _refuse_taken(conn, it, record.code)
    store(conn, it.name, [record])
    (row,) = STANDING.all(conn, register=it.table, codes=[record.code])
    return kept_of(it, row)


def amend(  # each says one thing of the change
    conn: Connection,
    *,
    register: str,
    record_id: int,
    body: Mapping[str, Any],
    version: int | None,
    editor: Editor,
    is_whole: bool = False,
) -> Kept:
    """Change the fields that a JSON body names; with ``is_whole`` the others become empty.

    Fields that the editor is not shown stay as they are. ``version`` None: whichever it is.

    Raises
    ------
    NotFoundError, VersionError
        There is no such record in the editor's towns; or it is not of this version any more.
    RecordError, ConflictError, ForbiddenError
        As for ``add``.
    """
    it = register_named(register)
    kept = _current(conn, it, record_id, version, editor)
    given = read_body(it, body, zone=district_zone(conn), ignored=editor.computed)
    names = [f.name for f in it.fields] + ([] if it.shape is None else ["geom"])
    stays = [n for n in names if not is_whole or n in editor.hidden or n == "is_demo"]
    values = {n: getattr(kept.record, n) for n in stays} | dict(given.values)
    record = new_record(it, replace(given, values=values))
    _refuse_other_town(record, editor)
    if record.code != kept.record.code:
        _refuse_taken(conn, it, record.code)
    rewrite(conn, it, record_id, record)
    if record.code != kept.record.code:
        finish_left(conn, kept.record)
    return _found(conn, it, record_id, editor, is_changed=False)


def retire(
    conn: Connection, *, register: str, record_id: int, version: int | None, editor: Editor
) -> None:
    """Retire a record: it is no longer current, and kept.

    Raises
    ------
    NotFoundError, VersionError
        There is no such record in the editor's towns; or it is not of this version any more.
    """
    it = register_named(register)
    kept = _current(conn, it, record_id, version, editor)
    RETIRE_RECORD.one(conn, register=it.table, record_id=record_id)
    finish_left(conn, kept.record)


def history(
    conn: Connection, *, register: str, record_id: int, editor: Editor
) -> list[dict[str, Any]]:
    """Return a record's versions, newest first: who, when, and each field before and after.

    Raises
    ------
    NotFoundError
        There is no such record, or not in the editor's towns.
    """
    it = register_named(register)
    _found(conn, it, record_id, editor, is_changed=False)
    left_out = {*_BOOKKEEPING, *editor.hidden}
    told: list[dict[str, Any]] = []
    before: Mapping[str, Any] = {}
    for row in VERSIONS_OF.all(conn, register=it.table, record_id=record_id):
        was_retired = before.get("valid_to") is not None
        action = "retired" if row.is_retired and not was_retired else "amended"
        changed = {
            name: [_shown(name, before.get(name)), _shown(name, value)]
            for name, value in row.kept.items()
            if name not in left_out and before.get(name) != value
        }
        told.append({
            "version": row.version, "at": row.at.isoformat(), "by": row.actor,
            "action": action if before else "added", "changes": changed,
        })  # fmt: skip
        before = row.kept
    return told[::-1]


def _shown(name: str, value: object) -> object:
    """Shapes of a kept row are hexadecimal EWKB: shown as GeoJSON."""
    if isinstance(value, str) and (name == "geom" or name.endswith("_geom")):
        return geojson(shapely.from_wkb(value))
    return value


def _refuse_taken(conn: Connection, it: Register, code: str) -> None:
    if standing(conn, it.name, [code]):
        raise ConflictError(f"code {code} is taken", zh=f"编号 {code} 已被使用", where="code")


def _current(
    conn: Connection, it: Register, record_id: int, version: int | None, editor: Editor
) -> Kept:
    kept = _found(conn, it, record_id, editor, is_changed=True)
    if kept.is_retired:
        raise NotFoundError("the record is retired", zh="记录已注销")
    if version is not None and kept.version != version:
        raise VersionError(
            f"{kept.record.code} was changed by {kept.updated_by}: it is version {kept.version} "
            f"now, your change was made on {version}. Compare, and change it again",
            zh=f"{kept.record.code} 已被 {kept.updated_by} 修改：现为第 {kept.version} 版，"
            f"您基于第 {version} 版。请对比后重新修改",
            current=kept.body(editor.hidden) | {"etag": kept.etag},
        )
    return kept


def _found(
    conn: Connection, it: Register, record_id: int, editor: Editor, *, is_changed: bool
) -> Kept:
    row = RECORD_OF.first(conn, register=it.table, record_id=record_id, is_changed=is_changed)
    is_shown = row is not None and editor.may_read(row["town_code"], row["secrecy"])
    if row is None or not is_shown or (is_changed and not editor.may_write(row["town_code"])):
        raise NotFoundError(
            f"{it.name} has no record {record_id}", zh=f"{it.label.zh}没有记录 {record_id}"
        )
    return kept_of(it, row)


def kept_of(it: Register, row: Mapping[str, Any]) -> Kept:
    """Return a record as its row says it; the names of the row are those of its fields."""
    return Kept(
        register=it,
        id=row["id"],
        version=row["version"],
        record=to_record(it, row),
        updated_by=row["updated_by"],
        updated_at=row["updated_at"],
        is_retired=row["valid_to"] is not None,
    )


def _refuse_other_town(record: Record, editor: Editor) -> None:
    if not editor.may_write(record.town_code):
        towns = ", ".join(sorted(editor.towns or ()))
        raise ForbiddenError(
            f"town_code {record.town_code or 'is empty'}: yours are {towns}",
            zh=f"乡镇代码 {record.town_code or '为空'}：您只能登记 {towns}",
            where="town_code",
        )
