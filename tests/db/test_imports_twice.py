"""Files that come twice, and what a register works out of them."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import shapely

from geoservice import db
from geoservice.errors import ConflictError
from geoservice.imports import records as q
from geoservice.imports.applying import apply
from geoservice.imports.loading import LoadReport, Request, load_register
from geoservice.imports.records import Options
from geoservice.imports.staging import File, stage
from geoservice.registry.actions import standing, store
from geoservice.registry.ledger import check_ledger
from geoservice.registry.reading import Asked, read_table
from geoservice.registry.records import Depot, RiskPoint
from geoservice.registry.registers import register_named

Load = Callable[..., LoadReport]
DEPOT = Depot(
    code="D1", name="史回镇储备点", owner="government", tier="town", source_doc="x",
    geom=shapely.Point(113.2, 36.3),
)  # fmt: skip
HEADING = "编号,名称,权属,级别,经度,纬度\n"


@pytest.fixture
def load(demo_conn: db.Connection, tmp_path: Path) -> Load:
    def run(register: str, text: str, name: str = "a.csv") -> LoadReport:
        (tmp_path / name).write_text(text, "utf-8")
        it = register_named(register)
        table = read_table(tmp_path / name, Asked(names=it.names))
        options = Options(datum="cgcs2000") if it.shape else Options()
        request = Request(name, options, skips_bad=True, duplicates="new")
        return load_register(demo_conn, register=register, table=table, request=request).report

    return run


def drafts(conn: db.Connection) -> list[tuple[object, ...]]:
    return conn.execute(
        "SELECT body ->> 'code', body ->> 'name', state, record_id IS NOT NULL, job_row"
        "  FROM core.census_record ORDER BY id"
    ).fetchall()


def test_a_row_kept_aside_goes_when_a_corrected_file_brings_it_in(
    demo_conn: db.Connection, load: Load
) -> None:
    load("depots", HEADING + "D1,甲,政府,乡镇,,\nD2,乙,政府,乡镇,,\nD3,丙,政府,乡镇,,\n")
    again = load("depots", HEADING + "D1,甲,政府,乡镇,113.2,36.3\nD2,乙改,政府,乡镇,,\n", "b.csv")
    assert (again.stored.inserted, again.aside) == (("D1",), (3,))
    assert drafts(demo_conn) == [
        ("D1", "甲", "merged", True, 2), ("D2", "乙改", "draft", False, 3),
        ("D3", "丙", "draft", False, 4),
    ]  # fmt: skip
    why = demo_conn.execute("SELECT reason FROM core.census_record WHERE state = 'merged'")
    assert why.fetchone() == ("已由后来的文件导入 · brought in by a later file: b.csv",)
    demo_conn.execute(
        'UPDATE core.census_record SET version = 2, body = body || \'{"name": "手改"}\''
        " WHERE body ->> 'code' = 'D2'"
    )
    load("depots", HEADING + "D2,乙,政府,乡镇,,\n")
    assert drafts(demo_conn)[1:] == [("D2", "手改", "draft", False, 3),
                                     ("D3", "丙", "draft", False, 4)]  # fmt: skip
    load("depots", HEADING + "D2,乙,政府,乡镇,113.21,36.3\n")
    assert drafts(demo_conn)[1][2:4] == ("merged", True)


def test_a_file_that_counts_a_lot_anew_is_a_move(demo_conn: db.Connection, load: Load) -> None:
    store(demo_conn, "depots", [DEPOT])
    text = "编号,名称,储备点编号,物资编码,数量,单位\nL1,泵,D1,2,5,台\nL2,泵,D1,2,{},台\n"
    counts = []
    for quantity in (0, 7, 7):
        stored = load("stock_lots", text.format(quantity), "盘点表.csv").stored
        counts.append((len(stored.inserted), stored.amended, len(stored.unchanged)))
    assert counts == [(2, (), 0), (0, ("L2",), 1), (0, (), 2)]
    moves = demo_conn.execute(
        "SELECT l.code, m.kind, m.quantity FROM core.stock_move m"
        " JOIN core.stock_lot l ON l.id = m.stock_lot_id WHERE l.code IN ('L1', 'L2') ORDER BY m.id"
    ).fetchall()
    assert moves == [("L1", "opening", 5), ("L2", "adjust", 7)]
    assert check_ledger(demo_conn).is_sound


def test_grades_are_worked_out_of_a_file_and_a_wrong_one_is_refused(
    demo_conn: db.Connection, load: Load
) -> None:
    point = RiskPoint(code="P1", name="甲", source_doc="x", geom=shapely.Point(113.2, 36.3))
    store(demo_conn, "risk_points", [point])
    text = (
        "编号,名称,资料来源,风险点编号,method,inputs,score,assessed_on\n"
        "A1,甲,x,P1,LEC,L=3；E=6；C=15,,2026-11-02\nA2,乙,x,P1,LEC,L=3；E=6；C=15,999,2026-11-02\n"
    )
    done = load("risk_assessments", text)
    assert [(it.row, it.column) for it in done.refused] == [(3, "score")]
    (made,) = standing(demo_conn, "risk_assessments", ["A1"]).values()
    assert (made.score, made.grade) == (270.0, "orange")


def test_the_r_value_follows_substances_from_a_file(demo_conn: db.Connection, load: Load) -> None:
    load("hazard_sources", "编号,名称,类别,500米内人数,经度,纬度\nH1,库,hazchem,60,113.2,36.3\n")
    load(
        "hazard_substances",
        "编号,名称,危险源编号,cas_no,quantity_t,critical_t,beta\nS1,液氯,H1,7782-50-5,20,5,4\n",
    )
    found = demo_conn.execute("SELECT r_value FROM core.hazard_source WHERE code = 'H1'")
    assert found.fetchone() == (24.0,)  # alpha 1.5 at 60 residents, beta 4, 20 t of 5 t


def test_two_rows_are_not_merged_into_one_record(demo_conn: db.Connection, tmp_path: Path) -> None:
    store(demo_conn, "depots", [replace(DEPOT, code="D9")])
    lines = "N1,史回镇物资储备点,企业,乡镇,113.2,36.3\nN2,史回镇储备点,企业,乡镇,113.2,36.3001\n"
    (tmp_path / "a.csv").write_text(HEADING + lines, "utf-8")
    it, said = register_named("depots"), Options(datum="cgcs2000")
    job = q.OPEN_JOB.one(
        demo_conn, register="depots", file_name="a.csv", file_bytes=1, spool=None,
        options=json.dumps(said.as_json()),
    )  # fmt: skip
    table = read_table(tmp_path / "a.csv", Asked(names=it.names))
    stage(demo_conn, job=job, register=it, file=File(table, "a.csv", said))
    both = [{"row": row, "decision": "merge"} for row in (2, 3)]
    q.DECIDE.run(demo_conn, job=job, decisions=json.dumps(both))
    with pytest.raises(ConflictError, match="rows 2, 3 are all to be merged into D9"):
        apply(demo_conn, job=job)
