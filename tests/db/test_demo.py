"""The demonstration district in a real database: loaded, loaded again, cleared."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
import shapely
from psycopg import sql

from geoservice import db
from geoservice.crs import stored
from geoservice.demo.actions import clear_demo, load_demo
from geoservice.errors import ConflictError
from geoservice.registry import records
from geoservice.registry.actions import set_district, store

NOW = datetime.now(UTC)


def _rows(conn: db.Connection, text: str | sql.Composed) -> list[tuple[Any, ...]]:
    return conn.execute(text).fetchall()


def _tables(conn: db.Connection) -> list[str]:
    found = _rows(conn, "SELECT tablename FROM pg_tables WHERE schemaname = 'core'")
    return sorted(name for (name,) in found)


def _count(conn: db.Connection, table: str, where: str = "true", schema: str = "core") -> int:
    counted = sql.SQL("SELECT count(*) FROM {} WHERE {}").format(
        sql.Identifier(schema, table), sql.SQL(where)
    )
    ((count,),) = _rows(conn, counted)
    return int(count)


def _envelope_rules(conn: db.Connection) -> set[str]:
    rules = _rows(
        conn,
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE conname LIKE '%\\_geom\\_in\\_envelope'",
    )
    return {rule for (rule,) in rules}


def _real_source(code: str) -> records.HazardSource:
    point = stored(shapely.Point(113.2, 36.35))
    return records.HazardSource(code=code, name="真实", source_doc="登记", kind="other", geom=point)


def test_every_layer_has_its_rows_and_all_are_marked(demo_conn: db.Connection) -> None:
    counts = {
        "district": 1, "town": 9, "water_body": 4, "hazard_source": 62, "rescue_team": 36,
        "depot": 20, "stock_lot": 92, "dangerous_section": 16, "mine": 3, "mine_seam": 1,
        "mine_licence": 1, "mine_structure": 2, "mine_borehole": 18, "mine_area": 5,
        "mine_shaft": 2, "mine_heading": 3,
        "zone_ruleset": 1, "zone_version": 2, "zone_polygon": 6, "flood_scenario": 2,
        "flood_band": 9, "road_closure": 4, "organisation": 11, "duty_link": 15,
        "census_round": 2, "drill": 3, "hazard_substance": 24, "risk_point": 24,
        "risk_assessment": 28, "hidden_danger": 12, "assessment_report": 2, "town_station": 8,
        "fire_station": 4, "shelter": 9, "team_capability": 38, "capability_reserve": 2,
        "supply_agreement": 2, "crash_point": 18, "water_control": 1, "heading_probe": 3,
        "water_withdrawal": 1, "settlement": 60, "goods_substitute": 1, "goods_kit": 3,
        "bridge_deck": 6, "flash_village": 6, "flood_gauge": 1,
    }  # fmt: skip
    assert {t: _count(demo_conn, t, "is_demo") for t in counts} == counts
    amended = {t for t in counts if _count(demo_conn, t, "version > 1")}
    # By their assessments; by the residents that are counted and what is stored; step by step.
    assert amended == {"risk_point", "hazard_source", "zone_version"}
    assert {t: _count(demo_conn, t, "NOT is_demo") for t in counts} == dict.fromkeys(counts, 0)
    assert 2000 <= _count(demo_conn, "road_edge") <= 4000
    assert _count(demo_conn, "road", "NOT is_demo OR osm_way_id IS NOT NULL") == 0


def test_every_published_view_shows_it(demo_conn: db.Connection) -> None:
    views = _rows(demo_conn, "SELECT viewname FROM pg_views WHERE schemaname = 'published'")
    assert len(views) >= 35
    for (view,) in views:
        if view in {
            "staleness_rules",
            "risk_parameters",
            "vehicle_profiles",
            "incidents",
            "dispatch_orders",
        }:
            continue  # parameters, of which the demonstration has none; and nothing happens there
        assert _count(demo_conn, view, "is_demo", schema="published") > 0, view


def test_all_shapes_are_valid_and_arcs_have_time(demo_conn: db.Connection) -> None:
    with_shape = _rows(
        demo_conn,
        "SELECT table_name, column_name FROM information_schema.columns"
        " WHERE table_schema = 'core' AND udt_name = 'geometry'",
    )
    for table, column in with_shape:
        assert _count(demo_conn, table, f"NOT ST_IsValid({column}) OR ST_IsEmpty({column})") == 0
    assert _count(demo_conn, "road_edge", "abs(time_s - length_m / (speed_kph / 3.6)) > 1e-6") == 0
    off = "abs(length_m - ST_Length(geom::geography, true)) > 0.01 * length_m"
    assert _count(demo_conn, "road_edge", off) == 0


def test_arcs_begin_and_end_at_their_nodes(demo_conn: db.Connection) -> None:
    astray = _rows(
        demo_conn,
        "SELECT e.id FROM core.road_edge e JOIN core.road_node a ON a.id = e.from_node"
        "  JOIN core.road_node b ON b.id = e.to_node"
        " WHERE NOT ST_Equals(ST_StartPoint(e.geom), a.geom)"
        "    OR NOT ST_Equals(ST_EndPoint(e.geom), b.geom)",
    )
    assert astray == []


def test_every_closure_shuts_arcs_and_two_are_in_force(demo_conn: db.Connection) -> None:
    closures = _rows(
        demo_conn,
        "SELECT c.cause, c.period @> now(), count(a.*) FROM core.road_closure c"
        "  LEFT JOIN core.closure_arc a ON a.road_closure_id = c.id GROUP BY c.id ORDER BY c.code",
    )
    assert [(cause, is_on) for cause, is_on, _ in closures] == [
        ("flood", True), ("works", True), ("accident", False), ("ice", False),
    ]  # fmt: skip
    assert all(arcs > 0 for _, _, arcs in closures)


def test_the_flood_spares_the_bridge_it_passes_under(demo_conn: db.Connection) -> None:
    under = _rows(
        demo_conn,
        "SELECT e.id, EXISTS (SELECT FROM core.closure_arc a WHERE a.road_edge_id = e.id"
        "                       AND a.road_closure_id = c.id)"
        "  FROM core.road_closure c JOIN core.road_edge e ON ST_Intersects(e.geom, c.geom)"
        "  JOIN core.road r ON r.id = e.road_id WHERE c.cause = 'flood' AND r.is_bridge",
    )
    assert len(under) >= 2
    assert {is_shut for _, is_shut in under} == {False}


def test_town_codes_are_those_of_the_town_a_thing_lies_in(demo_conn: db.Connection) -> None:
    for table in ("hazard_source", "rescue_team", "depot", "mine"):
        wrong = f"""NOT EXISTS (SELECT FROM core.town t WHERE t.code = {table}.town_code
                                 AND ST_Covers(t.geom, {table}.geom))"""
        assert _count(demo_conn, table, wrong) == 0


def test_a_second_load_changes_nothing_and_says_so(demo_conn: db.Connection) -> None:
    before = {table: _count(demo_conn, table) for table in _tables(demo_conn)}
    again = load_demo(demo_conn, now=NOW)
    assert again.was_there
    assert {c.table_name: c.row_count for c in again.counts}["depot"] == 20
    assert {table: _count(demo_conn, table) for table in _tables(demo_conn)} == before


def test_clear_leaves_a_database_like_a_new_one(demo_url: str, conn: db.Connection) -> None:
    with db.connect(demo_url) as mine:
        mine.execute(
            "INSERT INTO core.account (name, roles, is_demo) VALUES ('x', '{viewer}', true)"
        )
        removed = {count.table_name: count.row_count for count in clear_demo(mine)}
        assert removed["hazard_source"] == 62
        assert removed["account"] == 1
        # That it was there and went is kept.
        tables = set(_tables(mine)) - {"audit_event", "audit_seal", "table_change", "table_version"}
        left, new = ({t: _count(c, t) for t in tables} for c in (mine, conn))
        assert left == new
        assert _envelope_rules(mine) == _envelope_rules(conn)
        assert clear_demo(mine) == []


def test_what_was_cleared_can_be_loaded_again(demo_conn: db.Connection) -> None:
    clear_demo(demo_conn)
    loaded = load_demo(demo_conn, now=NOW)
    assert not loaded.was_there
    counts = {c.table_name: c.row_count for c in loaded.counts}
    arcs = counts.pop("road_edge")
    assert {table: _count(demo_conn, table, "is_demo") for table in counts} == counts
    assert _count(demo_conn, "road_edge") == arcs


def test_the_service_itself_may_not_delete(demo_conn: db.Connection) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        demo_conn.execute("DELETE FROM core.depot")


def test_load_refuses_a_real_district(conn: db.Connection) -> None:
    outline = stored(shapely.box(113.0, 36.2, 113.4, 36.5))
    set_district(
        conn, records.District(code="140406", name="真实", source_doc="勘界", geom=outline)
    )
    with pytest.raises(ConflictError, match="a real district"):
        load_demo(conn, now=NOW)
    assert _count(conn, "road") == 0


def test_load_refuses_where_real_records_are_left(demo_conn: db.Connection) -> None:
    store(demo_conn, "hazard_sources", [_real_source("REAL-1")])
    clear_demo(demo_conn)
    with pytest.raises(ConflictError, match="1 real records"):
        load_demo(demo_conn, now=NOW)


def test_clear_lists_real_records_that_refer_to_demonstration_ones(
    demo_conn: db.Connection,
) -> None:
    lot = records.StockLot(
        code="REAL-9", name="真实", source_doc="登记", depot_code="DEMO-DP-001",
        item_code="1", quantity=1, unit="件",
    )  # fmt: skip
    store(demo_conn, "stock_lots", [lot])
    with pytest.raises(ConflictError, match="stock_lot REAL-9 -> depot DEMO-DP-001") as refused:
        clear_demo(demo_conn)
    assert "REAL-9" in refused.value.zh
    assert _count(demo_conn, "depot") == 20


def test_clear_keeps_real_records_and_the_envelope_around_them(demo_conn: db.Connection) -> None:
    rules = _envelope_rules(demo_conn)
    store(demo_conn, "hazard_sources", [_real_source("REAL-1")])
    clear_demo(demo_conn)
    assert _count(demo_conn, "hazard_source") == 1
    assert _count(demo_conn, "district") == 0
    assert _envelope_rules(demo_conn) == rules


def test_clear_after_a_real_boundary_keeps_that_boundary(demo_conn: db.Connection) -> None:
    outline = stored(shapely.box(112.9, 36.1, 113.6, 36.6))
    real = records.District(code="140406", name="真实", source_doc="勘界", geom=outline)
    set_district(demo_conn, real)
    clear_demo(demo_conn)
    assert _rows(demo_conn, "SELECT name, is_demo FROM core.district") == [("真实", False)]
    assert "geom IS NULL" not in " ".join(_envelope_rules(demo_conn))


def test_two_services_that_start_at_once_load_it_once(clone_url: str) -> None:
    def load(_: int) -> bool:
        with db.connect(clone_url) as conn:
            return load_demo(conn, now=NOW).was_there

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(load, range(2))) == [False, True]
