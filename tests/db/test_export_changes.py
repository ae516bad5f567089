"""`since=`: a copy that takes only what changed equals a full export at every step."""

import contextlib
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import psycopg
import pytest

from geoservice import db
from geoservice.errors import ExpiredTokenError, InputError
from geoservice.exports.actions import export_layer
from geoservice.exports.changes import traced
from geoservice.exports.deltas import FEEDERS
from geoservice.exports.formats import FORMATS
from geoservice.exports.records import Export, Report
from geoservice.exports.snapshots import snapshot
from geoservice.exports.wanted import rows_wanted
from geoservice.publish.catalog import load_layers
from geoservice.publish.permit import Sight, whole
from geoservice.publish.versions import fold

LAYERS = load_layers()
LAYER_IDS = ("depots", "hazard_sources", "flood_zones", "stock_lots", "mine_water_zones")
GEOJSON = Export(FORMATS["geojson"])
Rows = dict[int, Any]


def _take(url: str, sight: Sight, export: Export, path: Path) -> tuple[Rows, Report]:
    with db.connect(url) as conn, snapshot(conn):
        report = export_layer(conn, sight=sight, path=path, export=export)
    features = json.loads(path.read_text("utf-8"))["features"]
    return {one["id"]: one for one in features}, report


@dataclass
class Copy:
    """A city's copy of one layer, kept in step by deltas alone."""

    url: str
    sight: Sight
    path: Path
    export: Export = GEOJSON
    rows: Rows = field(default_factory=dict)
    token: str | None = None
    was_complete: bool = True

    def catch_up(self) -> None:
        rows, report = _take(
            self.url, self.sight, replace(self.export, since=self.token), self.path
        )
        self.was_complete = report.manifest["is_complete"]
        if self.was_complete:
            self.rows = {}
        for gone in report.manifest["deleted"]:
            self.rows.pop(gone, None)
        self.rows |= rows
        self.token = report.manifest["since_token"]

    def equals_a_full_export(self) -> bool:
        return self.rows == _take(self.url, self.sight, self.export, self.path)[0]


@pytest.fixture
def writer(demo_url: str) -> Iterator[db.Connection]:
    with db.connect(demo_url) as conn:
        yield conn


def _one(dice: random.Random, conn: db.Connection, table: str, retired: bool = False) -> int:
    state = "IS NOT NULL" if retired else "IS NULL"
    found = conn.execute(
        f"SELECT id FROM core.{table} WHERE valid_to {state} ORDER BY id"  # noqa: S608  # our own
    ).fetchall()
    return int(dice.choice(found)[0]) if found else -1


TOWNS = "SELECT code FROM core.town ORDER BY code LIMIT 3"
WRITES = [
    ("depot", "UPDATE core.depot SET name = name || '改' WHERE id = %s"),
    ("depot", "UPDATE core.depot SET valid_to = clock_timestamp() WHERE id = %s"),
    ("depot", "UPDATE core.depot SET secrecy = 'restricted' WHERE id = %s"),
    ("depot", "UPDATE core.depot SET secrecy = 'internal' WHERE id = %s"),
    ("depot", "UPDATE core.depot SET town_code = (SELECT min(code) FROM core.town) WHERE id = %s"),
    ("depot", "UPDATE core.depot SET town_code = (SELECT max(code) FROM core.town) WHERE id = %s"),
    ("depot", "UPDATE core.depot SET geom = ST_Translate(geom, 0.01, 0) WHERE id = %s"),
    ("stock_lot", "UPDATE core.stock_lot SET depot_id = (SELECT min(id) FROM core.depot"
     " WHERE valid_to IS NULL) WHERE id = %s"),
    ("stock_lot", "UPDATE core.stock_lot SET valid_to = clock_timestamp() WHERE id = %s"),
    ("stock_lot", "UPDATE core.stock_lot SET name = name || '新' WHERE id = %s"),
    ("hazard_source", "UPDATE core.hazard_source SET grade = 'red' WHERE id = %s"),
    ("hazard_source", "UPDATE core.hazard_source SET valid_to = clock_timestamp() WHERE id = %s"),
    ("flood_scenario", "UPDATE core.flood_scenario SET name = name || '二' WHERE id = %s"),
    ("flood_scenario", "UPDATE core.flood_scenario SET valid_to = clock_timestamp() WHERE id = %s"),
    ("zone_version", "UPDATE core.zone_version SET state = 'superseded'"
     " WHERE id = %s AND state = 'effective'"),
]  # fmt: skip
RESTORES = ("depot", "stock_lot", "hazard_source", "flood_scenario")


def _write(dice: random.Random, conn: db.Connection) -> None:
    if dice.random() < 0.15:
        table = dice.choice(RESTORES)
        row = _one(dice, conn, table, retired=True)
        again = f"UPDATE core.{table} SET valid_to = NULL WHERE id = %s"  # noqa: S608  # our own
        conn.execute(again, [row])
    elif dice.random() < 0.1:
        conn.execute(
            "INSERT INTO core.hazard_source (code, name, kind, source_doc, geom)"
            " SELECT %s, '新增', 'other', 'test', ST_PointOnSurface(geom) FROM core.district"
            " WHERE valid_to IS NULL",
            [f"NEW-{dice.random()}"],
        )
    else:
        table, statement = dice.choice(WRITES)
        conn.execute(statement, [_one(dice, conn, table)])


def _scoped(layer: str, towns: tuple[str, ...]) -> Sight:
    fields = tuple(one for one in LAYERS[layer].fields if not one.roles)
    return Sight(LAYERS[layer], ("public", "internal"), towns, fields)


@pytest.mark.parametrize("seed", range(2))
def test_a_copy_in_step_equals_a_full_export(
    demo_url: str, writer: db.Connection, tmp_path: Path, seed: int
) -> None:
    dice = random.Random(seed)  # noqa: S311  # a test
    towns = tuple(str(row[0]) for row in writer.execute(TOWNS))
    writer.rollback()
    path = tmp_path / "x.geojson"
    copies = [Copy(demo_url, whole(LAYERS[one]), path) for one in LAYER_IDS]
    copies += [Copy(demo_url, _scoped(one, towns[:2]), path) for one in LAYER_IDS[:2]]
    red = replace(GEOJSON, filters=rows_wanted(copies[1].sight, bbox=None, cql2="grade = 'red'"))
    copies.append(Copy(demo_url, copies[1].sight, path, red))
    partial = 0
    with db.connect(demo_url) as slow:
        for _ in range(6):
            for _ in range(dice.randint(0, 4)):
                # What the registers refuse (a depot with stock, retired) is not written.
                with contextlib.suppress(psycopg.DatabaseError), writer.transaction():
                    _write(dice, writer)
            # One that is under way while the others look, and is seen only after its end.
            if slow.info.transaction_status == psycopg.pq.TransactionStatus.IDLE:
                row = _one(dice, slow, "hazard_source")
                slow.execute(
                    "UPDATE core.hazard_source SET remark = %s WHERE id = %s",
                    [str(dice.random()), row],
                )
            elif dice.random() < 0.6:
                slow.commit()
            if dice.random() < 0.3:
                fold(writer)
                writer.commit()
            for copy in copies:
                copy.catch_up()
                partial += not copy.was_complete
                assert copy.equals_a_full_export(), copy.sight.layer.id
    assert partial > 10


def test_only_what_changed_comes_and_what_went_is_named(
    demo_url: str, writer: db.Connection, tmp_path: Path
) -> None:
    sight = replace(whole(LAYERS["depots"]), secrecies=("public", "internal"))
    copy = Copy(demo_url, sight, tmp_path / "x.geojson")
    copy.catch_up()
    first, second, third = sorted(copy.rows)[:3]
    writer.execute("UPDATE core.depot SET name = '改名' WHERE id = %s", [first])
    writer.execute("UPDATE core.depot SET secrecy = 'restricted' WHERE id = %s", [second])
    lot = "UPDATE core.stock_lot SET name = '新帐篷' WHERE depot_id = %s"
    writer.execute(lot, [third])
    writer.commit()
    export = replace(GEOJSON, since=copy.token)
    rows, report = _take(demo_url, copy.sight, export, copy.path)
    assert set(rows) == {first, third}
    assert report.manifest["deleted"] == [second]
    assert "新帐篷" in rows[third]["properties"]["stock"]
    # Nothing since: nothing comes.
    rows, report = _take(
        demo_url, copy.sight, replace(GEOJSON, since=report.manifest["since_token"]), copy.path
    )
    assert (rows, report.manifest["deleted"], report.manifest["is_complete"]) == ({}, [], False)


def test_rows_deleted_for_good_are_named(demo_url: str, tmp_path: Path) -> None:
    copy = Copy(demo_url, whole(LAYERS["hazard_sources"]), tmp_path / "x.geojson")
    copy.catch_up()
    gone = max(copy.rows)
    with psycopg.connect(demo_url, options="-c role=geoservice_owner") as owner:
        owner.execute("DELETE FROM core.hazard_source WHERE id = %s", [gone])
    _, report = _take(demo_url, copy.sight, replace(GEOJSON, since=copy.token), copy.path)
    assert report.manifest["deleted"] == [gone]


def test_a_token_of_another_life_layer_or_caller_has_expired(demo_url: str, tmp_path: Path) -> None:
    path, depots = tmp_path / "x.geojson", whole(LAYERS["depots"])
    _, report = _take(demo_url, depots, GEOJSON, path)
    export = replace(GEOJSON, since=report.manifest["since_token"])
    for other in (whole(LAYERS["mines"]), _scoped("depots", ("140406100",))):
        with pytest.raises(ExpiredTokenError, match="take a full export"):
            _take(demo_url, other, export, path)
    with pytest.raises(InputError, match="not a word of this service"):
        _take(demo_url, depots, replace(GEOJSON, since="123"), path)
    with psycopg.connect(demo_url, options="-c role=geoservice_owner") as owner:
        owner.execute("UPDATE core.epoch SET number = number + 1")
    with pytest.raises(ExpiredTokenError):
        _take(demo_url, depots, export, path)


@pytest.mark.parametrize("layer", LAYERS)
def test_every_view_has_a_table_whose_rows_it_publishes(conn: db.Connection, layer: str) -> None:
    feeders = FEEDERS.all(conn, view=LAYERS[layer].view, since="0")
    base = [one for one in feeders if one.is_base]
    # Rows of two tables together: all of it is sent, whatever changed.
    if layer in ("dispatch_orders", "mine_water_evidence"):
        assert traced(feeders) is None
        return
    assert len(base) == 1
    assert base[0].is_dated
