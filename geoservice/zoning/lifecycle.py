"""The steps of a version: submitted, checked, approved, filed, in force; sent back, revoked."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from geoservice.db import Connection
from geoservice.errors import ConflictError, InputError, VersionError
from geoservice.zoning import machine
from geoservice.zoning.callers import Caller
from geoservice.zoning.records import (
    APPROVE,
    CHECK,
    ENFORCE,
    FILE,
    HOLD_SEAM,
    HOLD_VERSION,
    REVOKE,
    SEND_BACK,
    SUBMIT,
    SUPERSEDE,
    HeldVersion,
    Version,
)
from geoservice.zoning.versions import no_version, read_version


@dataclass(frozen=True)
class Said:
    """What is said with a step.

    Parameters
    ----------
    reason
        Of sending back and of revoking: needed there.
    document, signer, signed_on, sha256
        Of an approval: the number of the document that the mining company's chief engineer signed,
        who that is, when, and perhaps the file's hash.
    """

    reason: str | None = None
    document: str | None = None
    signer: str | None = None
    signed_on: date | None = None
    sha256: str | None = None


def move_version(
    conn: Connection,
    version_id: int,
    step: str,
    caller: Caller,
    *,
    version: int | None,
    said: Said | None = None,
) -> Version:
    """Take a step with a version; putting it into force ends what was in force, at once.

    Parameters
    ----------
    version
        Of the row, as the caller has seen it; None: whichever it is.

    Raises
    ------
    NotFoundError, VersionError
        There is no such version; it is not as the caller has seen it.
    ConflictError
        It is in no state for that step.
    ForbiddenError
        The step is not the caller's: by role, by town, or because they drew it.
    InputError
        The step needs to be told more.
    """
    held = hold_version(conn, version_id, caller, version=version)
    after = machine.next_state(held.state, step)
    machine.refuse_hands(
        held.state, step, name=caller.name, roles=caller.roles, drawn_by=held.drawn_by
    )
    _STEPS[step](conn, held, after, said or Said())
    return read_version(conn, version_id, caller)


def hold_version(
    conn: Connection, version_id: int, caller: Caller, *, version: int | None
) -> HeldVersion:
    """Return a version, locked until the end of the transaction.

    Raises
    ------
    NotFoundError, ForbiddenError, VersionError
        There is none, it is of another town, or it was changed since the caller saw it.
    """
    held = HOLD_VERSION.first(conn, id=version_id)
    if held is None:
        raise no_version(version_id)
    caller.refuse_foreign(held.town_code, held.secrecy, held.code)
    if version is not None and held.version != version:
        now = read_version(conn, version_id, caller)
        raise VersionError(
            f"{now.code} was changed by {now.updated_by}: it is version {held.version} now, "
            f"yours was made on {version}. Look at it, and do it again",
            zh=f"{now.code} 已被 {now.updated_by} 修改：现为第 {held.version} 版，"
            f"您基于第 {version} 版。请查看后重新操作",
            current={"id": now.id, "state": now.state, "version": now.version, "etag": now.etag},
        )
    return held


def hold_draft(
    conn: Connection, version_id: int, caller: Caller, *, version: int | None
) -> HeldVersion:
    """Return a draft, locked until the end of the transaction.

    Raises
    ------
    ConflictError
        It is a draft no longer.
    """
    held = hold_version(conn, version_id, caller, version=version)
    if held.state not in machine.OPEN:
        raise ConflictError(
            f"{held.code} is {held.state}: only drafts are drawn; have it sent back or derive anew",
            zh=f"{held.code} 处于“{machine.label(held.state)}”：只有草案可以修改。"
            "请先退回，或重新推导",
            where="state",
        )
    return held


def _submit(conn: Connection, held: HeldVersion, after: str, _: Said) -> None:
    SUBMIT.run(conn, id=held.id, state=after)


def _return(conn: Connection, held: HeldVersion, after: str, said: Said) -> None:
    SEND_BACK.run(conn, id=held.id, state=after, reason=_needed(said.reason, "reason", "理由"))


def _check(conn: Connection, held: HeldVersion, after: str, _: Said) -> None:
    CHECK.run(conn, id=held.id, state=after)


def _approve(conn: Connection, held: HeldVersion, after: str, said: Said) -> None:
    signed_on = said.signed_on
    if signed_on is None:
        raise _missing("signed_on", "签批日期")
    APPROVE.run(
        conn, id=held.id, state=after, signed_on=signed_on, sha256=said.sha256,
        document=_needed(said.document, "document", "文号"),
        signer=_needed(said.signer, "signer", "签批人"),
    )  # fmt: skip


def _file(conn: Connection, held: HeldVersion, after: str, _: Said) -> None:
    FILE.run(conn, id=held.id, state=after)


def _enforce(conn: Connection, held: HeldVersion, after: str, _: Said) -> None:
    at = HOLD_SEAM.one(conn, seam_id=held.mine_seam_id)
    SUPERSEDE.all(conn, seam_id=held.mine_seam_id, at=at)
    ENFORCE.run(conn, id=held.id, state=after, at=at)


def _revoke(conn: Connection, held: HeldVersion, after: str, said: Said) -> None:
    REVOKE.run(conn, id=held.id, state=after, reason=_needed(said.reason, "reason", "理由"))


_STEPS: dict[str, Callable[[Connection, HeldVersion, str, Said], None]] = {
    "submit": _submit,
    "return": _return,
    "check": _check,
    "approve": _approve,
    "file": _file,
    "enforce": _enforce,
    "revoke": _revoke,
}


def _needed(value: str | None, name: str, zh: str) -> str:
    if not value:
        raise _missing(name, zh)
    return value


def _missing(name: str, zh: str) -> InputError:
    return InputError(f"{name} is needed", zh=f"须给出{zh}", where=name)
