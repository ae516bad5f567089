"""What stands in the database itself: who writes past the service is refused, too."""

import psycopg
import pytest

from geoservice import db
from geoservice.zoning.machine import STEPS

EFFECTIVE, DRAFT = "DEMO-ZV-1", "DEMO-ZV-2"
STATES = (
    "draft",
    "submitted",
    "checked",
    "approved",
    "filed",
    "effective",
    "superseded",
    "revoked",
)
SIGNED = ", approval_doc = 'N1', approval_signer = 'Li', approval_on = '2026-11-01'"


def _refused(conn: db.Connection, statement: str, *values: object) -> str:
    """Return why the database refuses a statement."""
    with pytest.raises(psycopg.DatabaseError) as refusal, conn.transaction():
        conn.execute(statement, values)
    assert refusal.value.sqlstate == "GS409", refusal.value
    assert refusal.value.diag.message_detail  # the same in Chinese
    return str(refusal.value.diag.message_primary)


def _move(conn: db.Connection, *states: str) -> None:
    for state in states:
        more = SIGNED if state == "approved" else ""
        during = "tstzrange(now(), NULL)" if state == "effective" else "effective"
        conn.execute(
            f"UPDATE core.zone_version SET state = %s, effective = {during}{more} WHERE code = %s",  # noqa: S608  # ours
            [state, DRAFT],
        )


@pytest.mark.parametrize(
    "change",
    [
        "geom_hash = 'x'", "zoned_on = '2030-01-01'", "parameters = '{\"a\": 1}'", "code = 'OTHER'",
        "drawn_by = '{}'", "approval_signer = 'somebody else'", "valid_to = now() + interval '1 h'",
        "mine_area_m2 = 1", "notes = '[1]'", "state = 'draft'", "state = 'checked'",
    ],
)  # fmt: skip
def test_an_approved_version_stands(demo_conn: db.Connection, change: str) -> None:
    said = _refused(demo_conn, f"UPDATE core.zone_version SET {change} WHERE code = %s", EFFECTIVE)  # noqa: S608  # ours
    assert EFFECTIVE in said


_SHAPE = "(SELECT geom FROM core.zone_polygon LIMIT 1)"
_OF_ONE = " FROM core.zone_version v WHERE v.code = %s"
_MOVES = " FROM core.zone_version v WHERE v.id = p.zone_version_id AND v.code = %s"


@pytest.mark.parametrize(
    "statement",
    [
        f"UPDATE core.zone_polygon p SET geom = ST_Translate(p.geom, 0.001, 0) {_MOVES}",  # noqa: S608  # ours
        f"UPDATE core.zone_polygon p SET valid_to = now() + interval '1 h' {_MOVES}",  # noqa: S608
        f"UPDATE core.zone_polygon p SET zone_version_id = v.id {_OF_ONE}"  # noqa: S608
        " AND p.zone_version_id <> v.id",
        "INSERT INTO core.zone_polygon"
        " (code, name, source_doc, zone_version_id, zone, area_m2, geom)"
        f" SELECT 'Z', 'Z', 'test', v.id, 'workable', 1, {_SHAPE} {_OF_ONE}",
        "INSERT INTO core.zone_override"
        " (code, name, source_doc, zone_version_id, zone, reason, geom)"
        f" SELECT 'O', 'O', 'test', v.id, 'no_mining', 'why', {_SHAPE} {_OF_ONE}",
        "INSERT INTO core.zone_cell (zone_version_id, no, zone, rules, evidence, area_m2, geom)"
        f" SELECT v.id, 999, 'workable', '{{F6}}', '{{1}}', 1, ST_GeometryN({_SHAPE}, 1) {_OF_ONE}",
        "INSERT INTO core.zone_evidence"
        " (zone_version_id, no, rule, zone, reason_zh, reason_en, geom)"
        f" SELECT v.id, 999, 'F6', 'workable', 'a', 'a', {_SHAPE} {_OF_ONE}",
    ],
)
def test_so_do_its_parts(demo_conn: db.Connection, statement: str) -> None:
    assert EFFECTIVE in _refused(demo_conn, statement, EFFECTIVE)
    if statement.startswith("INSERT"):
        demo_conn.execute(statement, [DRAFT])  # of a draft it is taken


def test_cells_and_evidence_are_never_rewritten_by_the_service(demo_conn: db.Connection) -> None:
    for table in ("zone_cell", "zone_evidence"):
        for statement in ("UPDATE core.{} SET no = no", "DELETE FROM core.{}"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), demo_conn.transaction():
                demo_conn.execute(statement.format(table))


def test_a_version_begins_as_a_draft(demo_conn: db.Connection) -> None:
    said = _refused(
        demo_conn,
        "INSERT INTO core.zone_version (code, name, source_doc, mine_id, mine_seam_id,"
        " zone_ruleset_id, no, state, zoned_on)"
        " SELECT 'N', 'N', 'test', mine_id, mine_seam_id, zone_ruleset_id, 99, 'filed', zoned_on"
        "   FROM core.zone_version WHERE code = %s",
        DRAFT,
    )  # fmt: skip
    assert "begins as a draft" in said


def test_it_moves_by_the_steps_there_are_and_no_others(demo_conn: db.Connection) -> None:
    steps = set(demo_conn.execute("SELECT from_state, to_state FROM core.zone_steps()").fetchall())
    demo_conn.execute(
        "UPDATE core.zone_version SET state = 'revoked' WHERE code = %s", [EFFECTIVE]
    )  # its place is free
    for state in STATES:
        with demo_conn.transaction(force_rollback=True):
            ways = {
                "revoked": ("revoked",),
                "superseded": (*STATES[1:6], "superseded"),
            }.get(state, STATES[1 : STATES.index(state) + 1])
            _move(demo_conn, *ways)
            for other in set(STATES) - {state}:
                if (state, other) in steps:
                    with demo_conn.transaction(force_rollback=True):
                        _move(demo_conn, other)
                else:
                    assert DRAFT in _refused(
                        demo_conn,
                        "UPDATE core.zone_version SET state = %s WHERE code = %s",
                        other, DRAFT,
                    )  # fmt: skip


@pytest.mark.parametrize("state", ["checked", "approved", "filed", "effective"])
def test_nobody_moves_on_what_they_drew(demo_conn: db.Connection, state: str) -> None:
    demo_conn.execute("UPDATE core.zone_version SET state = 'revoked' WHERE code = %s", [EFFECTIVE])
    demo_conn.execute(
        "UPDATE core.zone_version SET drawn_by = '{wang,li}' WHERE code = %s", [DRAFT]
    )
    _move(demo_conn, *STATES[1 : STATES.index(state)])
    db.set_actor(demo_conn, "li")
    more = SIGNED if state == "approved" else ""
    said = _refused(
        demo_conn,
        f"UPDATE core.zone_version SET state = %s, effective = tstzrange(now(), NULL){more}"  # noqa: S608  # ours
        " WHERE code = %s",
        state, DRAFT,
    )  # fmt: skip
    assert "was drawn by li" in said
    db.set_actor(demo_conn, "zhang")
    _move(demo_conn, state)


def test_an_approval_names_the_signed_document(demo_conn: db.Connection) -> None:
    _move(demo_conn, "submitted", "checked")
    said = _refused(
        demo_conn, "UPDATE core.zone_version SET state = 'approved' WHERE code = %s", DRAFT
    )
    assert "signed document" in said


def test_a_seam_has_one_effective_version(demo_conn: db.Connection) -> None:
    _move(demo_conn, "submitted", "checked", "approved", "filed")
    with pytest.raises(psycopg.errors.ExclusionViolation), demo_conn.transaction():
        _move(demo_conn, "effective")


def test_rule_sets_and_conversions_are_replaced_not_edited(demo_conn: db.Connection) -> None:
    assert "not edited" in _refused(demo_conn, "UPDATE core.zone_ruleset SET params = '{\"a\": 1}'")
    demo_conn.execute(
        "INSERT INTO core.zone_conversion (code, name, source_doc, mine_id, mine_seam_id,"
        " from_zone, to_zone, signer, approved_on, geom)"
        " SELECT 'C1', 'C1', 'test', v.mine_id, v.mine_seam_id, 'no_mining', 'workable', 'Li',"
        "        '2026-01-01', p.geom FROM core.zone_version v, core.zone_polygon p LIMIT 1"
    )  # fmt: skip
    assert "not edited" in _refused(demo_conn, "UPDATE core.zone_conversion SET signer = 'Wang'")
    demo_conn.execute("UPDATE core.zone_conversion SET valid_to = clock_timestamp() + '1 s'")


def test_the_database_and_the_service_know_the_same_steps(demo_conn: db.Connection) -> None:
    said = set(demo_conn.execute("SELECT from_state, to_state FROM core.zone_steps()").fetchall())
    assert said == {(state, after) for (state, _), (after, _) in STEPS.items()}
