"""Each view has what its layer file says, in the types it says, and only current rows."""

import pytest

from geoservice.db import Connection
from geoservice.publish.catalog import LayerDef, load_layers
from geoservice.publish.permit import whole
from geoservice.publish.select import tile
from geoservice.publish.tile_grid import TILE_EXTENT

LAYERS = load_layers()
SCOPE = {"id", "geom", "code", "name", "town_code", "secrecy", "is_demo", "surveyed_on"}
TYPES = {
    "text": {"text"},
    "integer": {"integer", "bigint"},
    "number": {"double precision", "numeric"},
    "boolean": {"boolean"},
    "date": {"date"},
    "instant": {"timestamp with time zone"},
}


def _columns(conn: Connection, view: str) -> dict[str, str]:
    rows = conn.execute(
        "SELECT a.attname, format_type(a.atttypid, NULL) FROM pg_attribute a"
        " WHERE a.attrelid = %s::regclass AND a.attnum > 0",
        [f"published.{view}"],
    )
    return dict(rows.fetchall())


@pytest.mark.parametrize("layer", LAYERS.values(), ids=LAYERS)
def test_view_has_the_columns_that_its_layer_names(layer: LayerDef, conn: Connection) -> None:
    columns = _columns(conn, layer.view)
    assert columns.keys() >= SCOPE
    wrong = {
        field.name: columns.get(field.name)
        for field in layer.fields
        if columns.get(field.name) not in TYPES[field.type]
    }
    assert wrong == {}
    if layer.thinning and layer.thinning.by:
        assert columns[layer.thinning.by] == "integer"


def test_layers_say_which_may_hold_rows_without_a_place(conn: Connection) -> None:
    found = conn.execute(
        "SELECT DISTINCT v.relname FROM pg_class v JOIN pg_rewrite r ON r.ev_class = v.oid"
        " JOIN pg_depend d ON d.objid = r.oid AND d.refclassid = 'pg_class'::regclass"
        " JOIN pg_attribute a ON (a.attrelid, a.attnum) = (d.refobjid, d.refobjsubid)"
        " WHERE v.relnamespace = 'published'::regnamespace AND a.attname = 'geom'"
        " AND a.attrelid <> v.oid AND NOT a.attnotnull"
    )
    said = {layer.view for layer in LAYERS.values() if layer.may_lack_place}
    straight = {"dispatch_orders"}  # without a way it has the straight line
    assert said | straight == {name for (name,) in found}
    assert all(layer.is_drawn for layer in LAYERS.values() if layer.may_lack_place)


def test_every_view_is_a_layer(conn: Connection) -> None:
    rows = conn.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'published'::regnamespace"
        " AND relkind = 'v'"
    )
    assert {name for (name,) in rows.fetchall()} == {layer.view for layer in LAYERS.values()}


@pytest.mark.parametrize("layer", LAYERS.values(), ids=LAYERS)
def test_every_code_of_the_demonstration_has_its_words(
    layer: LayerDef, demo_conn: Connection
) -> None:
    for field, codes in layer.codes.items():
        rows = demo_conn.execute(f"SELECT DISTINCT {field}::text FROM published.{layer.view}")  # noqa: S608  # names of our own files
        there = {value for (value,) in rows.fetchall()} - {None}
        if any(one.name == field and one.is_list for one in layer.fields):
            there = {code for joined in there for code in joined.split(", ")}
        assert there <= codes.keys(), field


def test_a_retired_row_leaves_the_view(demo_conn: Connection) -> None:
    count = "SELECT count(*) FROM published.rescue_teams"
    before = demo_conn.execute(count).fetchone()[0]
    demo_conn.execute(
        "UPDATE core.rescue_team SET valid_to = now() + interval '1 s'"
        " WHERE id = (SELECT min(id) FROM core.rescue_team)"
    )
    assert demo_conn.execute(count).fetchone()[0] == before - 1


def test_a_depot_tells_what_lies_in_it(demo_conn: Connection) -> None:
    row = demo_conn.execute(
        "SELECT d.lot_count, d.stock,"
        " (SELECT count(*) FROM core.stock_lot l WHERE l.depot_id = d.id)"
        " FROM published.depots d ORDER BY d.lot_count DESC LIMIT 1"
    ).fetchone()
    assert row[0] == row[2] > 0
    assert row[1].count("；") == row[0] - 1


def _tile_of(conn: Connection, layer: str, zoom: int, lon: float, lat: float) -> int:
    """How many features the tile around a place has, counted by PostGIS's reader of its input."""
    import math

    col = int((lon + 180) / 360 * 2**zoom)
    row = int((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * 2**zoom)
    statement = tile(whole(LAYERS[layer]), zoom, row, col)
    content = conn.execute(statement.text, statement.values).fetchone()[0]
    return _features(bytes(content))


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        value |= (data[at] & 127) << shift
        shift, at = shift + 7, at + 1
        if not data[at - 1] & 128:
            return value, at


def _features(tile_bytes: bytes) -> int:
    """Count field 2 (features) of the one layer, field 3 of the tile (MVT 2.1 section 4)."""
    if not tile_bytes:
        return 0
    key, at = _varint(tile_bytes, 0)
    assert key == 0x1A
    length, at = _varint(tile_bytes, at)
    layer, at, found = tile_bytes[at : at + length], 0, 0
    while at < len(layer):
        key, at = _varint(layer, at)
        value, at = _varint(layer, at)
        found += key == 0x12
        at += value if key & 7 == 2 else 0
    return found


def test_far_out_every_feature_is_in_the_tile_however_small(demo_conn: Connection) -> None:
    for layer in (
        "hazard_sources",
        "towns",
        "mine_water_zones",
        "flood_zones",
        "dangerous_sections",
    ):
        count = demo_conn.execute(
            f"SELECT count(*) FROM published.{layer} WHERE geom IS NOT NULL"  # noqa: S608  # ours
        ).fetchone()[0]
        assert _tile_of(demo_conn, layer, 2, 113.2, 36.3) == count, layer


def test_roads_are_thinned_by_class_far_out_and_whole_from_zoom_13(demo_conn: Connection) -> None:
    count = "SELECT count(*) FROM published.roads WHERE class_rank <= %s AND geom && (%s)::geometry"
    everywhere = "SRID=4490;POLYGON((112 35,114 35,114 38,112 38,112 35))"
    major = demo_conn.execute(count, [6, everywhere]).fetchone()[0]
    assert _tile_of(demo_conn, "roads", 2, 113.2, 36.3) == major > 0


def test_a_symbol_on_a_seam_is_in_both_tiles(demo_conn: Connection) -> None:
    zoom = 14
    seam = 13345 / 2**zoom * 360 - 180
    demo_conn.execute(
        "INSERT INTO core.hazard_source (code, name, kind, source_doc, geom) VALUES"
        " ('SEAM', '测试', 'other', 'test', ST_SetSRID(ST_Point(%s, 36.301234), 4490))",
        [seam + 1e-6],
    )
    here = _tile_of(demo_conn, "hazard_sources", zoom, seam + 1e-5, 36.301234)
    there = _tile_of(demo_conn, "hazard_sources", zoom, seam - 1e-5, 36.301234)
    assert here == there == 1
    assert TILE_EXTENT == 4096
