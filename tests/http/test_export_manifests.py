"""What goes with a file: its manifest, the token for what changes next, and deltas by HTTP."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

from starlette.testclient import TestClient

from geoservice.settings import Settings

Headers = Callable[..., dict[str, str]]


def _unpacked(content: bytes) -> tuple[dict[str, bytes], dict[str, Any]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    return members, json.loads(members.pop("manifest.json"))


def test_a_manifest_describes_the_file_beside_it(
    client: TestClient, as_role: Headers, settings: Settings
) -> None:
    query = {"format": "gpkg", "crs": "4547", "manifest": "true", "filter": "tier = 'town'"}
    folder = settings.home / "exports"
    before = set(folder.iterdir()) if folder.exists() else set()
    answer = client.get("/exports/depots", params=query, headers=as_role("viewer"))
    assert answer.headers["content-type"] == "application/zip"
    members, manifest = _unpacked(answer.content)
    assert set(members) == {"depots.gpkg"}
    digest = hashlib.sha256(members["depots.gpkg"]).hexdigest()
    assert manifest["files"][0]["sha256"] == digest == answer.headers["x-sha256"]
    assert manifest["crs"]["epsg"] == 4547
    assert manifest["rows"] == int(answer.headers["x-rows"]) > 0
    assert (manifest["filter"], manifest["is_complete"], manifest["deleted"]) == (
        "tier = 'town'",
        True,
        [],
    )
    assert (manifest["secrecy"], manifest["secrecies"]) == ("internal", ["internal"])
    assert "不得转交第三方" in manifest["licence"]["zh"]
    assert set(folder.iterdir()) <= before  # made there, sent and removed
    assert manifest["taken_at_local"].endswith("+08:00")
    assert all("演示" in source for source in manifest["sources"])
    assert "phone" not in {field["name"] for field in manifest["fields"]}


def test_a_shapefile_has_its_manifest_inside(client: TestClient) -> None:
    answer = client.get("/exports/towns?format=shp&encoding=gbk")
    members, manifest = _unpacked(answer.content)
    assert manifest["licence"]["en"].startswith("Public data")
    assert {one["name"] for one in manifest["files"]} == set(members)
    for one in manifest["files"]:
        assert hashlib.sha256(members[one["name"]]).hexdigest() == one["sha256"]


def test_what_changed_since_comes_with_its_manifest(client: TestClient, as_role: Headers) -> None:
    headers = as_role("viewer")
    first = client.get("/exports/hazard_sources?format=geojson", headers=headers)
    query = {"format": "geojson", "since": first.headers["x-since-token"]}
    answer = client.get("/exports/hazard_sources", params=query, headers=headers)
    assert answer.status_code == 200
    assert (answer.headers["x-rows"], answer.headers["x-complete"]) == ("0", "false")
    members, manifest = _unpacked(answer.content)
    assert json.loads(members["hazard_sources.geojson"])["features"] == []
    assert manifest["since"] == query["since"]


def test_a_token_that_leads_nowhere_is_410_and_none_of_ours_400(
    client: TestClient, as_role: Headers
) -> None:
    token = client.get("/exports/towns").headers["x-since-token"]
    answer = client.get(f"/exports/roads?since={token}")
    assert answer.status_code == 410
    assert answer.json()["type"] == "/problems/token-expired"
    assert "take a full export" in answer.json()["detail"]
    assert client.get(f"/exports/towns?since={token}", headers=as_role("viewer")).status_code == 410
    assert client.get("/exports/towns?since=x!").status_code == 400
    assert client.get(f"/exports/towns?since={token}").status_code == 200
