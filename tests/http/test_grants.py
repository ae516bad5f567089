"""What a partner's token reads: what is granted, in every form, and nothing else."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from geoservice import db
from geoservice.accounts.grants import NewGrant, create_partner_token, grant, revoke_grant
from geoservice.alerts.partners import NewPartner, add_partner, retire_partner
from geoservice.publish.catalog import load_layers

Headers = dict[str, str]
DEPOTS = "/ogc/collections/depots"
TILE = f"{DEPOTS}/tiles/WebMercatorQuad/8/100/208"


@pytest.fixture
def water(demo_url: str) -> Headers:
    """A partner's token."""
    with db.connect(demo_url) as conn:
        add_partner(conn, NewPartner("WATER", "水务局", "sideways"))
        token = create_partner_token(conn, "WATER")
    return {"Authorization": f"Bearer {token}"}


def _grant(url: str, *fields: str, layer: str = "depots", town: str | None = None) -> int:
    new = NewGrant("WATER", layer, fields or None, None if town is None else [town])
    with db.connect(url) as conn:
        return grant(conn, new, layers=load_layers())


def test_items_have_the_granted_fields_alone(
    service: TestClient, demo_url: str, water: Headers
) -> None:
    assert service.get(f"{DEPOTS}/items", headers=water).status_code == 403
    number = _grant(demo_url, "code", "phone")
    page = service.get(f"{DEPOTS}/items", headers=water).json()
    assert page["features"]
    for one in page["features"]:
        assert set(one["properties"]) == {"code", "phone"}
    first = page["features"][0]["id"]
    item = service.get(f"{DEPOTS}/items/{first}", headers=water).json()
    assert set(item["properties"]) == {"code", "phone"}
    known = service.get(f"{DEPOTS}/queryables", headers=water).json()["properties"]
    assert {"code", "phone"} <= set(known)
    assert not {"name", "keeper", "stock", "surveyed_on"} & set(known)
    for asked in ("filter=name='x'", "name=x", "sortby=name", "properties=name",
                  "datetime=2020-01-01/.."):  # fmt: skip
        assert service.get(f"{DEPOTS}/items?{asked}", headers=water).status_code == 400, asked
    lines = service.get("/exports/depots?format=csv", headers=water).text.splitlines()
    assert "LXDH" in lines[0] or "联系电话" in lines[0] or "phone" in lines[0], lines[0]
    assert "stock" not in lines[0]
    stay = {"If-None-Match": service.get(TILE, headers=water).headers["etag"]}
    with db.connect(demo_url) as conn:
        revoke_grant(conn, number)
    assert service.get(TILE, headers=water | stay).status_code == 403
    for path in (f"{DEPOTS}/items", f"{DEPOTS}/items/{first}", "/exports/depots?format=csv"):
        assert service.get(path, headers=water).status_code == 403


def test_tiles_lack_what_is_not_granted(
    service: TestClient, demo_url: str, water: Headers, token: Callable[..., Headers]
) -> None:
    assert service.get(TILE, headers=water).status_code == 403
    _grant(demo_url, "code", "phone")
    theirs = service.get(TILE, headers=token("dispatcher"))
    assert b"tier" in theirs.content
    ours = service.get(TILE, headers=water | {"If-None-Match": theirs.headers["etag"]})
    assert ours.status_code == 200
    assert ours.headers["cache-control"] == "private, no-cache"
    assert not [name for name in (b"name", b"tier") if name in ours.content]
    picked = service.get(f"{TILE}?properties=code,phone", headers=water)
    assert b"phone" in picked.content
    assert service.get(f"{TILE}?properties=tier", headers=water).status_code == 400


def test_changes_since_an_export_are_of_the_same_grant(
    service: TestClient, demo_url: str, water: Headers
) -> None:
    number = _grant(demo_url, "code", "phone")
    first = service.get("/exports/depots?format=csv", headers=water).headers["x-since-token"]
    assert service.get(f"/exports/depots?format=csv&since={first}", headers=water).is_success
    with db.connect(demo_url) as conn:
        revoke_grant(conn, number)
    _grant(demo_url, "code")
    again = service.get(f"/exports/depots?format=csv&since={first}", headers=water)
    assert again.status_code == 410


def test_nothing_else_is_open(service: TestClient, demo_url: str, water: Headers) -> None:
    _grant(demo_url)
    for path in ("/registry", "/registry/depots", "/alerts", "/situation-map", "/audit/events",
                 "/ogc/collections/rescue_teams/items", "/ogc/collections/roads/items",
                 "/dispatch/nearest?lon=113&lat=36&kind=depot"):  # fmt: skip
        assert service.get(path, headers=water).status_code == 403, path
    listed = service.get("/ogc/collections", headers=water).json()["collections"]
    assert [one["id"] for one in listed] == ["depots"]


def test_all_fields_are_a_viewers_and_end_with_the_partner(
    service: TestClient, demo_url: str, water: Headers, token: Callable[..., Headers]
) -> None:
    _grant(demo_url)
    seen, viewers = (
        service.get(f"{DEPOTS}/items?limit=1000", headers=who).json()["features"]
        for who in (water, token("viewer"))
    )
    assert seen == viewers
    assert "phone" not in seen[0]["properties"]
    with db.connect(demo_url) as conn:
        retire_partner(conn, "WATER")
    assert service.get(f"{DEPOTS}/items", headers=water).status_code == 403


def test_a_granted_town_is_the_only_one_even_of_a_public_layer(
    service: TestClient, demo_url: str, water: Headers
) -> None:
    everything = service.get("/ogc/collections/towns/items?limit=1000").json()["features"]
    town = everything[0]["properties"]["code"]
    _grant(demo_url, layer="towns", town=town)
    seen = service.get("/ogc/collections/towns/items?limit=1000", headers=water).json()["features"]
    assert 0 < len(seen) < len(everything)
