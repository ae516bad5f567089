"""SLD made of layer files."""

import xml.etree.ElementTree as ET

import pytest

from geoservice.publish.catalog import load_layers
from geoservice.publish.negotiation import style_form
from geoservice.publish.sld import sld_of

DRAWN = {name: one for name, one in load_layers().items() if one.is_drawn}


@pytest.mark.parametrize("version", ["1.0", "1.1"])
@pytest.mark.parametrize("layer", DRAWN.values(), ids=DRAWN)
def test_every_drawn_layer_has_a_rule_for_each_code_in_its_colour(layer, version) -> None:
    root = ET.fromstring(sld_of(layer, version))  # noqa: S314 - our own document
    assert root.get("version") == f"{version}.0"
    titles = {one.text for one in root.iter() if one.tag.endswith("}Title")}
    texts = {one.text for one in root.iter()}
    field = layer.legend.field
    for value, code in (layer.codes[field] if field else {}).items():
        assert f"{code.zh} · {code.en}" in titles
        assert {value, code.colour or layer.legend.colour} <= texts


def test_the_rest_is_an_else_for_geoserver_and_spelt_out_for_qgis() -> None:
    layer = DRAWN["hazard_sources"]
    assert b"ElseFilter" in sld_of(layer, "1.0")
    assert b"ElseFilter" not in sld_of(layer, "1.1")
    assert b"PropertyIsNull" in sld_of(layer, "1.1")


@pytest.mark.parametrize(("version", "y"), [("1.0", -6.0), ("1.1", 16.0)])
def test_names_of_points_stand_below_their_marks_as_on_the_map(version, y) -> None:
    """GeoServer moves upwards from 0, QGIS downwards (3.22 drew the text at 112 to 119 px
    with 16, its mark being at 95 to 105, and at 80 to 87 px with -16)."""
    root = ET.fromstring(sld_of(DRAWN["depots"], version))  # noqa: S314 - our own document
    moved = [float(one.text or "") for one in root.iter() if one.tag.endswith("}DisplacementY")]
    assert moved == [y]
    anchors = [one.text for one in root.iter() if one.tag.endswith("}AnchorPointY")]
    assert anchors == (["1"] if version == "1.0" else [])


def test_hostile_titles_are_text() -> None:
    layer = DRAWN["roads"]
    title = layer.title.model_copy(update={"zh": "</sld:Name><x>&\x00"})
    made = sld_of(layer.model_copy(update={"title": title}), "1.0")
    root = ET.fromstring(made)  # noqa: S314 - our own document
    assert "</sld:Name><x>&\ufffd · " in "".join(root.itertext())
    assert root.find(".//x") is None


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        (None, "json"),
        ("application/vnd.mapbox.style+json", "json"),
        ("application/vnd.ogc.sld+xml", "sld10"),
        ("application/vnd.ogc.sld+xml;version=1.0", "sld10"),
        ("application/vnd.ogc.sld+xml; version=1.1", "sld11"),
        ("application/vnd.ogc.se+xml", "sld11"),
    ],
)
def test_accept_chooses_the_form(accept, form) -> None:
    assert style_form(accept) == form
