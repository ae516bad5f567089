"""A derivation as a job: inputs read, zones derived, all stored in one transaction, or none."""

from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from geoservice.db import Connection, Query
from geoservice.jobs.actions import open_job
from geoservice.jobs.running import Work, Workers
from geoservice.jobs.telling import StoppedError, Teller
from geoservice.minewater.derive import derive
from geoservice.minewater.results import StoppedError as DerivationStopped
from geoservice.zoning.callers import Caller
from geoservice.zoning.keeping import Basis, keep_derivation
from geoservice.zoning.plane import district_plane
from geoservice.zoning.reading import read_inputs
from geoservice.zoning.rulesets import read_ruleset
from geoservice.zoning.versions import read_mine, seam_of

TODAY = Query("zoning", "today", date)
KIND = "zone_derivation"
STEPS = {
    "reading": "读取资料 · reading",
    "checking": "检查 · checking",
    "classifying": "栅格分级 · classifying",
    "partitioning": "划分单元 · partitioning",
    "judging": "判定 · judging",
    "dissolving": "合并分区 · dissolving",
    "storing": "保存 · storing",
}
# One at once: a derivation takes a core, and dispatch needs the other.
_WORKERS = Workers("zoning", at_once=1, waiting=4)


@dataclass(frozen=True)
class Wanted:
    """What is to be derived.

    Parameters
    ----------
    parameters
        Values that differ from the rule set's for this once.
    """

    mine_id: int
    seam_id: int
    ruleset: str
    ruleset_no: int
    parameters: Mapping[str, Any]
    zoned_on: date

    def asked(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {**vars(self), "parameters": dict(self.parameters),
                "zoned_on": self.zoned_on.isoformat()}  # fmt: skip


def want(conn: Connection, wanted: Mapping[str, Any], caller: Caller, *, mine_id: int) -> Wanted:
    """Return what is asked, once it is known to be there and the caller's to ask.

    Parameters
    ----------
    wanted
        ``seam``, ``ruleset``, ``ruleset_no``, ``parameters``, ``zoned_on`` of a request.

    Raises
    ------
    NotFoundError, ForbiddenError
        There is no such mine or seam, or it is of another town.
    InputError
        There is no such rule set or parameter, or a value does not fit.
    """
    mine = read_mine(conn, mine_id, caller)
    caller.refuse_foreign(mine.town_code, mine.secrecy, mine.code)
    seam = seam_of(conn, mine_id, wanted["seam"])
    rules = read_ruleset(conn, wanted["ruleset"], wanted["ruleset_no"])
    parameters = dict(wanted["parameters"])
    rules.rules.with_values(parameters, source="once")
    on = wanted["zoned_on"] or TODAY.one(conn)
    return Wanted(mine_id, seam.id, rules.code, rules.no, parameters, on)


def begin(conn: Connection, wanted: Wanted) -> str:
    """Put a derivation down; its job. It is started once this is committed."""
    return open_job(conn, kind=KIND, asked=wanted.asked())


def start(work: Work, home: Path, wanted: Wanted) -> Future[None]:
    """Start a derivation that was put down.

    Raises
    ------
    BusyError
        Too many wait already.
    """
    return _WORKERS.start(work, lambda conn, tell: run(conn, home, wanted, tell))


def run(conn: Connection, home: Path, wanted: Wanted, tell: Teller) -> dict[str, Any]:
    """Derive the zones of a seam and keep them as a draft; what came of it.

    Raises
    ------
    RecordError, FileError, DatumError, InputError
        What is on record is not fit to be zoned from: each wrong is named.
    StoppedError
        It was asked to stop.
    """
    version, flags = derive_now(conn, home, wanted, progress=tell, should_stop=tell.should_stop)
    tell.stop_if_asked()
    return {"version_id": version, "flags": flags}


def derive_now(
    conn: Connection, home: Path, wanted: Wanted, *, progress: Any, should_stop: Any = None
) -> tuple[int, int]:
    """Derive and keep a draft in the caller's transaction: its id, and how many flags it has."""
    progress("reading", 0, 1)
    kept = read_ruleset(conn, wanted.ruleset, wanted.ruleset_no)
    rules = kept.rules
    if wanted.parameters:
        rules = rules.with_values(wanted.parameters, source="此次推导指定 · given for this once")
    read = read_inputs(conn, home=home, mine_seam_id=wanted.seam_id)
    try:
        found = derive(read.inputs, rules, progress=progress, should_stop=should_stop)
    except DerivationStopped as error:
        raise StoppedError from error
    found = replace(found, notes=(*read.notes, *found.notes))
    progress("storing", 0, 1)
    names = {f"{it.kind}:{it.code}" for it in read.inputs.shapes}
    names |= {name for it in found.evidence for name in it.inputs}
    basis = Basis(wanted.seam_id, kept.id, rules, wanted.zoned_on, sorted(names))
    version = keep_derivation(conn, basis, found, district_plane(conn))
    return version, sum(note.is_flag for note in found.notes)
