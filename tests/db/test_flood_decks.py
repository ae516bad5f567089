"""Bridges under water by their decks, not by the ground below them."""

from datetime import UTC, datetime

import pytest

from geoservice.db import Connection
from geoservice.floods.consequences import Sighting, of_scenario

# A bridge that the water of the 100-year scenario passes under.
BRIDGE = """
  SELECT e.id, ST_AsEWKB(ST_LineInterpolatePoint(e.geom, 0.5)), f.id
    FROM core.flood_scenario f JOIN core.flood_band b ON b.flood_scenario_id = f.id
    JOIN core.road_edge e ON ST_Intersects(e.geom, b.geom)
    JOIN core.road r ON r.id = e.road_id AND r.is_bridge
   WHERE f.code = 'DEMO-FS-100'
     AND NOT EXISTS (SELECT FROM core.bridge_deck k WHERE ST_DWithin(k.geom::geography, e.geom::geography, 60))
   ORDER BY e.id LIMIT 1
"""  # noqa: E501


def _put_in_force(conn: Connection, scenario: int, level_m: float | None, datum: str) -> None:
    conn.execute(
        "UPDATE core.flood_scenario SET level_m = %s, height_datum = %s, state = 'ended'"
        " WHERE id = %s",
        (level_m, datum, scenario),
    )
    conn.execute("UPDATE core.flood_scenario SET state = 'in_force' WHERE id = %s", (scenario,))


def _is_wet(conn: Connection, arc: int) -> bool:
    found = conn.execute("SELECT count(*) FROM core.flood_arc WHERE road_edge_id = %s", (arc,))
    return found.fetchone() != (0,)


def _deck(conn: Connection, place: bytes, deck_m: float) -> None:
    conn.execute(
        "INSERT INTO core.bridge_deck (code, name, source_doc, deck_m, height_datum, geom)"
        " VALUES ('B1', '桥', 'test', %s, '1985', %s)",
        (deck_m, place),
    )


@pytest.mark.parametrize(
    ("level_m", "datum", "deck_m", "is_wet"),
    [
        (904.0, "1985", 905.2, False),
        (904.0, "1985", 903.5, True),
        (904.0, "1985", 904.0, True),  # water at the deck is on it
        (904.02, "1956", 904.0, False),  # 903.991 of 1985
        (904.03, "1956", 904.0, True),  # 904.001
        (904.0, "local", 903.5, False),  # no telling: spared
        (None, "1985", 903.5, False),  # its level is not known: spared
    ],
)
def test_a_bridge_is_under_water_by_its_deck(
    demo_conn: Connection, level_m: float | None, datum: str, deck_m: float, *, is_wet: bool
) -> None:
    row = demo_conn.execute(BRIDGE).fetchone()
    assert row is not None
    arc, place, scenario = row
    _put_in_force(demo_conn, scenario, level_m, datum)
    assert not _is_wet(demo_conn, arc)
    _deck(demo_conn, place, deck_m)  # a scenario in force is told at once
    assert _is_wet(demo_conn, arc) == is_wet


def test_a_scenario_may_take_bridges_along_but_not_those_known_to_stand_above(
    demo_conn: Connection,
) -> None:
    row = demo_conn.execute(BRIDGE).fetchone()
    assert row is not None
    arc, place, scenario = row
    _put_in_force(demo_conn, scenario, 904.0, "1985")
    demo_conn.execute(
        "UPDATE core.flood_scenario SET includes_structures = true WHERE id = %s", (scenario,)
    )
    assert _is_wet(demo_conn, arc)
    _deck(demo_conn, place, 905.2)
    assert not _is_wet(demo_conn, arc)


def test_shafts_in_the_extent_are_told_against_its_level(demo_conn: Connection) -> None:
    row = demo_conn.execute(BRIDGE).fetchone()
    assert row is not None
    _, place, scenario = row
    demo_conn.execute(
        "UPDATE core.flood_scenario SET level_m = 904, height_datum = '1985' WHERE id = %s",
        (scenario,),
    )
    for code, collar_m, document in (("A", 905.2, None), ("B", 903.5, "doc"), ("C", 903.5, None)):
        demo_conn.execute(
            "INSERT INTO core.mine_shaft (code, name, source_doc, mine_id, kind, collar_m,"
            " height_datum, defence_doc, geom) SELECT %s, '井', 'test', m.id, 'main', %s, '1985',"
            " %s, %s FROM core.mine m WHERE m.code = 'DEMO-MINE-1'",
            (code, collar_m, document, place),
        )
    sighting = Sighting(("public", "internal", "restricted"), None)
    told = of_scenario(demo_conn, scenario, profile="car", at=datetime.now(UTC), sighting=sighting)
    standing = {it.code: it.standing for it in told.shafts}
    assert {code: standing[code] for code in "ABC"} == {
        "A": "above", "B": "defended", "C": "below",
    }  # fmt: skip
    assert [it.code for it in told.shafts if it.standing == "below"] == ["C"]
