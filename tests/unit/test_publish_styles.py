"""Styles and legends made of layer files."""

import json

import pytest

from geoservice.publish.catalog import load_layers
from geoservice.publish.styles import legend_of, style_layers, style_of

LAYERS = load_layers()
KINDS = {"fill", "line", "circle", "symbol"}


def _named(layer: str, name: str) -> dict:
    return next(one for one in style_layers(LAYERS[layer]) if one["id"] == f"{layer}-{name}")


@pytest.mark.parametrize("layer", LAYERS.values(), ids=LAYERS)
def test_every_style_layer_is_mapLibres_and_no_shorthand_is_left(layer) -> None:  # noqa: N802
    made = style_layers(layer)
    assert {one["type"] for one in made} <= KINDS
    assert '"@' not in json.dumps(made)
    assert len({one["id"] for one in made}) == len(made)
    for one in made:
        prefix = "" if one["type"] == "symbol" else f"{one['type']}-"
        assert all(key.startswith(prefix) for key in one.get("paint", {}))


@pytest.mark.parametrize("layer", LAYERS.values(), ids=LAYERS)
def test_every_colour_of_the_legend_is_on_the_map(layer) -> None:
    drawn = json.dumps(style_layers(layer))
    assert [e for e in legend_of(layer)["entries"] if e["colour"] not in drawn] == []


def test_classes_become_a_match_with_the_rest_last() -> None:
    colour = _named("hazard_sources", "circle")["paint"]["circle-color"]
    assert colour[:4] == ["match", ["get", "grade"], "red", "#d7191c"]
    assert colour[-1] == "#888888"


def test_a_boolean_class_becomes_a_case_since_match_takes_none() -> None:
    colour = _named("road_closures", "line")["paint"]["line-color"]
    assert colour[:3] == ["case", ["==", ["get", "is_active"], True], "#c1121f"]


def test_risk_grades_differ_by_shape_and_zones_by_hatch() -> None:
    shapes = [e["symbol"] for e in legend_of(LAYERS["hazard_sources"])["entries"]]
    assert len(set(shapes)) == len(shapes) == 5
    hatches = _named("mine_water_zones", "hatch")["paint"]["fill-pattern"]
    assert hatches[3] == "hatch-cross:#882255"
    assert len(set(hatches[3::2])) == 3


def test_zone_colours_are_not_those_of_risk_grades() -> None:
    zones = {e["colour"] for e in legend_of(LAYERS["mine_water_zones"])["entries"]}
    grades = {e["colour"] for e in legend_of(LAYERS["hazard_sources"])["entries"]}
    assert zones & grades == set()


def test_a_zone_carries_its_label() -> None:
    assert _named("mine_water_zones", "symbol")["layout"]["text-field"] == ["get", "label"]


def test_layout_and_paint_of_a_symbol_are_told_apart() -> None:
    symbol = _named("hazard_sources", "symbol")
    assert set(symbol["layout"]) == {"icon-image", "icon-size", "icon-allow-overlap"}
    assert set(symbol["paint"]) == {"icon-color"}


def test_a_layer_without_classes_has_one_entry_for_all() -> None:
    legend = legend_of(LAYERS["district"])
    assert legend["field"] is None
    assert [(e["value"], e["zh"]) for e in legend["entries"]] == [(None, "行政区界")]


def test_a_style_names_its_tiles_and_leaves_out_the_bounds_of_nothing() -> None:
    style = style_of(LAYERS["roads"], "http://x/{z}/{y}/{x}", None)
    assert style["version"] == 8
    assert style["sources"]["roads"]["tiles"] == ["http://x/{z}/{y}/{x}"]
    assert "bounds" not in style["sources"]["roads"]
