"""Every register goes round: seen in its layer, amended, exported, retired, through time."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from geoservice.registry.registers import LOADABLE

Token = Callable[..., dict[str, str]]


@pytest.fixture(scope="module")
def keeper(token_of_file: Token) -> dict[str, str]:
    return token_of_file("keeper", "planner", "dispatcher", "publisher")


# What belongs to another record or goes by its rules is retired before that.
ORDER = [name for name in LOADABLE[::-1] if name != "risk_parameters"] + ["risk_parameters"]


@pytest.mark.parametrize("register", ORDER)
def test_a_record_is_seen_amended_exported_and_retired(
    service_of_file: TestClient, keeper: dict[str, str], register: str
) -> None:
    service = service_of_file
    (record,) = service.get(f"/registry/{register}?limit=1", headers=keeper).json()["records"]
    at, feature = f"/registry/{register}/{record['id']}", _feature(register, record["id"])
    assert _properties(service, feature, keeper)["code"] == record["code"]

    etag = service.get(at, headers=keeper).headers["etag"]
    with_it = {**keeper, "If-Match": etag}
    amended = service.patch(f"{at}?reason=核实", json={"name": "改了名"}, headers=with_it)
    assert amended.status_code == 200, amended.text
    assert _properties(service, feature, keeper)["name"] == "改了名"

    rows = service.get(f"/exports/{register}?format=csv", headers=keeper).content.decode(
        "utf-8-sig"
    )
    exported = {row["code"]: row for row in csv.DictReader(io.StringIO(rows))}
    assert exported[record["code"]]["name"] == "改了名"

    # What a keeper's form sends back whole is taken.
    whole = {name: value for name, value in amended.json().items() if name not in _KEPT}
    with_it["If-Match"] = amended.headers["etag"]
    again = service.patch(at, json=whole, headers=with_it)
    assert again.status_code == 200, again.text

    gone = service.delete(at, headers={**keeper, "If-Match": "*"})
    assert gone.status_code in {204, 409}, gone.text  # 409: a depot that still holds stock
    if gone.status_code == 204:
        assert service.get(feature, headers=keeper).status_code == 404
        told = service.get(f"{at}/history", headers=keeper).json()
        assert [told[0]["action"], told[-1]["action"]] == ["retired", "added"]


_KEPT = {"register", "id", "version", "is_retired", "updated_by", "updated_at"}


def _feature(register: str, record_id: int) -> str:
    return f"/ogc/collections/{register}/items/{record_id}"


def _properties(service: TestClient, feature: str, who: dict[str, str]) -> dict[str, Any]:
    answer = service.get(feature, headers=who)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()["properties"]
    return found
