"""Files staged and applied: duplicates, conflicts, rows aside, columns kept, all or nothing."""

import json
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import shapely

from geoservice import db
from geoservice.errors import ConflictError, NotFoundError
from geoservice.imports import records as q
from geoservice.imports.applying import apply
from geoservice.imports.duplicates import find_matches, plain_name, similarity
from geoservice.imports.records import Options, StagedRow
from geoservice.imports.reports import as_csv, as_workbook
from geoservice.imports.staging import File, stage
from geoservice.registry.actions import standing, store
from geoservice.registry.reading import Asked, read_table
from geoservice.registry.records import Depot
from geoservice.registry.registers import register_named

HEADING = "编号,名称,权属,级别,经度,纬度\n"
DEPOT = Depot(
    code="D1", name="史回镇储备点", owner="government", tier="town", source_doc="x",
    geom=shapely.Point(113.2, 36.3),
)  # fmt: skip


@pytest.fixture
def staged(tmp_path: Path) -> Callable[..., str]:
    def make(
        conn: db.Connection, text: str, towns: frozenset[str] | None = None, **options: Any
    ) -> str:
        (tmp_path / "a.csv").write_text(text, "utf-8")
        it = register_named("depots")
        said = Options(**({"datum": "cgcs2000"} | options))
        job = q.OPEN_JOB.one(
            conn, register="depots", file_name="a.csv", file_bytes=1, spool=None,
            options=json.dumps(said.as_json()),
        )  # fmt: skip
        table = read_table(tmp_path / "a.csv", Asked(names=it.names))
        stage(conn, job=job, register=it, file=File(table, "a.csv", said, towns))
        return job

    return make


def rows(conn: db.Connection, job: str) -> list[StagedRow]:
    return q.ROWS.all(conn, job=job, after=-1, state=None, most=1000)


def decide(conn: db.Connection, job: str, **decisions: str) -> None:
    listed = [{"row": int(row[1:]), "decision": what} for row, what in decisions.items()]
    q.DECIDE.run(conn, job=job, decisions=json.dumps(listed))


def test_every_state_and_what_becomes_of_it(
    demo_conn: db.Connection, staged: Callable[..., str]
) -> None:
    store(demo_conn, "depots", [DEPOT, replace(DEPOT, code="D9")])
    job = staged(
        demo_conn,
        HEADING + "D1,史回镇储备点,企业,乡镇,113.2,36.3\nD2,另一储备点,政府,乡镇,113.21,36.3\n"
        "D3,史回储备点,政府,乡镇,113.2003,36.3003\nD4,无处,政府,乡镇,,\n"
        "D5,乙,国王,乡镇,113.2,36.3\n",
    )
    found = rows(demo_conn, job)
    assert [it.state for it in found] == ["amend", "ok", "duplicate", "aside", "refused"]
    assert (found[2].match_code, round(found[2].match_m or 0)) == ("D9", 43)
    assert "like D9" in found[2].reasons[0]["en"]
    with pytest.raises(ConflictError, match="1 rows are refused and 1 are like"):
        apply(demo_conn, job=job)
    done = apply(demo_conn, job=job, skips_bad=True)
    assert dict(done.counts) == {
        "amended": 1, "drafted": 1, "inserted": 1, "refused": 1, "skipped": 1,
    }  # fmt: skip
    assert apply(demo_conn, job=job) == done
    assert standing(demo_conn, "depots", ["D1"])["D1"].owner == "enterprise"
    drafts = demo_conn.execute(
        "SELECT body ->> 'name', state, job_row FROM core.census_record WHERE job_id = %s", [job]
    ).fetchall()
    assert drafts == [("无处", "draft", 5)]


def test_a_duplicate_is_merged_kept_apart_or_left(
    demo_conn: db.Connection, staged: Callable[..., str]
) -> None:
    text = HEADING + "".join(
        f"N{n},史回镇物资储备点,企业,乡镇,113.2,36.300{n}\n" for n in range(1, 4)
    )
    store(demo_conn, "depots", [DEPOT])
    job = staged(demo_conn, text)
    decide(demo_conn, job, r2="merge", r3="new", r4="skip")
    counts = apply(demo_conn, job=job).counts
    assert counts == {"amended": 1, "inserted": 1, "skipped": 1}
    found = standing(demo_conn, "depots", ["D1", "N1", "N2", "N3"])
    assert sorted(found) == ["D1", "N2"]
    assert (found["D1"].name, found["D1"].owner) == ("史回镇物资储备点", "enterprise")


def test_what_was_changed_meanwhile_is_not_overwritten(
    demo_conn: db.Connection, staged: Callable[..., str]
) -> None:
    store(demo_conn, "depots", [DEPOT])
    text = HEADING + "D1,新名,政府,乡镇,113.2,36.3\nD2,乙,政府,乡镇,113.25,36.3\n"
    job = staged(demo_conn, text)
    demo_conn.execute("UPDATE core.depot SET name = '他人所改' WHERE code = 'D1'")
    refused = pytest.raises(ConflictError, match="rows 2: the record was changed")
    with refused, demo_conn.transaction():
        apply(demo_conn, job=job)
    assert q.JOB.one(demo_conn, job=job).state == "staged"
    done = apply(demo_conn, job=job, skips_bad=True)
    assert done.counts == {"conflict": 1, "inserted": 1}
    assert standing(demo_conn, "depots", ["D1"])["D1"].name == "他人所改"
    assert "changed" in rows(demo_conn, job)[0].reasons[0]["en"]


def test_a_keeper_of_one_town_imports_only_there(
    demo_conn: db.Connection, staged: Callable[..., str]
) -> None:
    text = (
        "编号,名称,权属,级别,乡镇代码,经度,纬度\nD1,甲,政府,乡镇,140406100,113.2,36.3\n"
        "D2,乙,政府,乡镇,140406101,113.2,36.3\nD3,丙,政府,乡镇,,113.2,36.3\n"
    )
    job = staged(demo_conn, text, towns=frozenset({"140406100"}))
    assert [it.state for it in rows(demo_conn, job)] == ["ok", "refused", "refused"]
    assert "yours are 140406100" in rows(demo_conn, job)[1].reasons[0]["en"]


def test_columns_that_were_said_are_remembered(
    demo_conn: db.Connection, staged: Callable[..., str]
) -> None:
    text = "甲,乙,权属,级别,经度,纬度\nD1,一,政府,乡镇,113.2,36.3\n"
    apply(demo_conn, job=staged(demo_conn, text, columns={"code": "甲", "name": "乙"}))
    again = staged(demo_conn, text.replace("D1", "D2"))
    assert q.JOB.one(demo_conn, job=again).found["columns"]["name"] == "乙"
    assert rows(demo_conn, again)[0].code == "D2"


def test_the_report_is_corrected_and_sent_again(
    demo_conn: db.Connection, staged: Callable[..., str], tmp_path: Path
) -> None:
    job = staged(demo_conn, HEADING + "D1,=甲,政府,乡镇,113.2,36.3\nD2,乙,国王,乡镇,113.2,36.4\n")
    kept, found = q.JOB.one(demo_conn, job=job), rows(demo_conn, job)
    text = as_csv(kept, found).decode("utf-8-sig")
    assert text.splitlines()[0] == "编号,名称,权属,级别,经度,纬度,导入状态,导入说明,Import remarks"
    assert "'=甲" in text
    assert "权属: 不在代码表中" in text
    (tmp_path / "r.xlsx").write_bytes(as_workbook(kept, found))
    again = read_table(tmp_path / "r.xlsx", Asked(names=register_named("depots").names))
    assert again.cells[0][:2] == ("D1", "=甲")
    assert again.shapes[1].coords[0] == (113.2, 36.4)
    corrected = staged(demo_conn, text.replace("国王", "政府").replace("'=", ""))
    assert [it.state for it in rows(demo_conn, corrected)] == ["ok", "ok"]


def test_two_who_apply_at_once_write_once(demo_url: str, staged: Callable[..., str]) -> None:
    with db.connect(demo_url) as conn:
        text = HEADING + "".join(f"Q{n},库{n},政府,乡镇,113.2,36.3\n" for n in range(300))
        job = staged(conn, text)
    told: list[Any] = []

    def run() -> None:
        with db.connect(demo_url) as mine:
            try:
                told.append(dict(apply(mine, job=job).counts))
            except ConflictError as error:
                told.append(error.message)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for it in threads:
        it.start()
    for it in threads:
        it.join()
    assert {"inserted": 300} in told
    assert all(it == {"inserted": 300} or "ask again" in it for it in told)
    with db.connect(demo_url) as conn:
        found = conn.execute("SELECT count(*), max(version) FROM core.depot WHERE code LIKE 'Q%'")
        assert found.fetchone() == (300, 1)


def test_a_crash_in_the_middle_leaves_nothing(demo_url: str, staged: Callable[..., str]) -> None:
    with db.connect(demo_url) as conn:
        lines = (f"Q{n},库{n},政府,乡镇,113.2,36.3\n" for n in range(3000))
        job = staged(conn, HEADING + "".join(lines))

    def crash(_step: str, done: int, _total: int) -> None:
        assert done == 2500
        conn.pgconn.finish()

    with pytest.raises(Exception, match=r"database|closed|lost"), db.connect(demo_url) as conn:
        apply(conn, job=job, progress=crash)
    with db.connect(demo_url) as conn:
        count = conn.execute("SELECT count(*) FROM core.depot WHERE code LIKE 'Q%'").fetchone()
        assert count == (0,)
        assert apply(conn, job=job).counts == {"inserted": 3000}


def test_there_is_no_such_job(demo_conn: db.Connection) -> None:
    with pytest.raises(NotFoundError):
        apply(demo_conn, job="00000000-0000-0000-0000-000000000000")


def test_names_are_alike_without_what_differs_between_two_writings() -> None:
    assert plain_name("长治市潞城区石窟煤业有限公司") == plain_name("石窟煤业（集团）有限责任公司")
    assert similarity("ab", "ab") == 1.0
    assert similarity("史回镇储备点", "微子镇煤矿") < 0.5
    assert similarity("", "x") == 0.0
    assert similarity("north depot", "south depot") < 0.75 <= similarity("石窟煤业", "石窑煤业")
    none = shapely.get_coordinates(None)
    assert find_matches([], none, [], none) == []
