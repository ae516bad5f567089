"""Styles over HTTP: MapLibre and SLD, to whom the layer is open, linked and described."""

import pytest
from starlette.testclient import TestClient

from geoservice.publish.catalog import load_layers

LAYERS = load_layers()
PUBLIC = [one.id for one in LAYERS.values() if one.is_public and one.is_drawn]
MAPLIBRE = "application/vnd.mapbox.style+json"
SLD = {f"sld{one.replace('.', '')}": f"application/vnd.ogc.sld+xml;version={one}"
       for one in ("1.0", "1.1")}  # fmt: skip


def test_a_style_is_maplibre_unless_asked_otherwise(client: TestClient) -> None:
    style = client.get("/ogc/styles/roads")
    assert style.headers["content-type"] == MAPLIBRE
    assert style.json()["sources"]["roads"]["tiles"][0].endswith("/{z}/{y}/{x}")


@pytest.mark.parametrize(("form", "kind"), SLD.items())
@pytest.mark.parametrize("layer", PUBLIC)
def test_sld_is_had_by_name_and_by_accept(
    client: TestClient, layer: str, form: str, kind: str
) -> None:
    named = client.get(f"/ogc/styles/{layer}", params={"f": form})
    assert (named.status_code, named.headers["content-type"]) == (200, kind)
    version = kind.rsplit("=", 1)[1]
    assert f'version="{version}.0"'.encode() in named.content
    accepted = client.get(f"/ogc/styles/{layer}", headers={"Accept": kind})
    assert (accepted.content, accepted.headers["content-type"]) == (named.content, kind)
    assert "Accept" in accepted.headers["vary"]


@pytest.mark.parametrize("query", ["", "?f=json", "?f=sld10", "?f=sld11"])
def test_a_style_is_for_whom_the_layer_is(client: TestClient, as_role, query: str) -> None:
    def status(layer: str, **headers: str) -> int:
        answer = client.get(f"/ogc/styles/{layer}{query}", headers=headers)
        if answer.status_code != 200:
            assert answer.headers["content-type"] == "application/problem+json"
        return answer.status_code

    assert status("depots") == 401
    assert status("depots", **as_role("admin")) == 403  # sees no operational data
    assert status("depots", **as_role("viewer")) == 200
    assert status("nothing") == 404
    table = next(
        one.id for one in LAYERS.values() if not one.is_drawn and "viewer" in one.read_roles
    )
    assert status(table, **as_role("viewer")) == 404  # nothing to draw
    assert client.get("/ogc/styles/roads?f=sld12").status_code == 400


def test_styles_are_listed_with_links_that_answer_as_they_say(client: TestClient) -> None:
    styles = client.get("/ogc/styles").json()["styles"]
    assert [one["id"] for one in styles] == PUBLIC
    for one in styles:
        here = client.get(f"/ogc/collections/{one['id']}").json()["links"]
        linked = [(link["href"], link["type"]) for link in here if link["rel"] == "stylesheet"]
        assert linked == [(link["href"], link["type"]) for link in one["links"]]
        assert [kind for _, kind in linked] == [MAPLIBRE, SLD["sld11"], SLD["sld10"]]
        for href, kind in linked:
            assert client.get(href).headers["content-type"] == kind


def test_the_forms_of_a_style_are_described(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    answer = paths["/ogc/styles/{layer_id}"]["get"]["responses"]["200"]
    assert list(answer["content"]) == [MAPLIBRE, *SLD.values()]
