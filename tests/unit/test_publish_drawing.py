"""Which fields a tile of a zoom has, and what is said of it."""

import pytest

from geoservice.publish.catalog import LayerDef, Thinning, load_layers
from geoservice.publish.drawing import ALL_FIELDS_FROM, drawn, thins_out, words
from geoservice.publish.permit import whole

LAYERS = load_layers()
DRAWN = [layer for layer in LAYERS.values() if layer.is_drawn]


def _names(layer: LayerDef, zoom: int, wanted: frozenset[str] | None = None) -> set[str]:
    return {field.name for field in drawn(whole(layer), zoom, wanted).fields}


def test_far_out_only_what_the_map_draws_with_near_by_everything() -> None:
    hazards = LAYERS["hazard_sources"]
    assert _names(hazards, ALL_FIELDS_FROM - 1) == {"name", "grade"}
    assert _names(hazards, ALL_FIELDS_FROM) == {field.name for field in hazards.fields}
    assert _names(hazards, 3, frozenset({"org", "phone of nobody"})) == {"org"}


@pytest.mark.parametrize("layer", DRAWN, ids=lambda layer: layer.id)
def test_every_field_that_a_style_gets_is_there_at_every_zoom(layer: LayerDef) -> None:
    got = {str(part) for part in _pairs(list(layer.style.values()))}
    assert got & {field.name for field in layer.fields} <= _names(layer, 0)


def _pairs(node: object) -> list[object]:
    if isinstance(node, dict):
        return _pairs(list(node.values()))
    if not isinstance(node, list | tuple):
        return []
    found = [node[1]] if len(node) == 2 and node[0] == "get" else []
    return found + [one for part in node for one in _pairs(part)]


@pytest.mark.parametrize("layer", DRAWN, ids=lambda layer: layer.id)
def test_what_is_left_out_or_merged_is_said_in_both_languages(layer: LayerDef) -> None:
    said = words(layer)
    for text in (said.zh, said.en):
        assert ("14" in text) is (thins_out(layer, 8) and not _steps(layer))
        if layer.thinning and layer.thinning.steps:
            assert layer.thinning.zh in text or layer.thinning.en in text
        assert "properties=" in text


def _steps(layer: LayerDef) -> bool:
    return bool(layer.thinning and layer.thinning.steps)


def test_steps_need_the_words_that_say_so() -> None:
    with pytest.raises(ValueError, match="go together"):
        Thinning.model_validate({"by": "rank", "steps": [{"below_zoom": 8, "most": 3}]})
