"""Every route against every role, as the table says; and a table that cannot be forgotten."""

import itertools
from collections.abc import Callable

import pytest
from fastapi import APIRouter, Depends, FastAPI
from starlette.responses import PlainTextResponse
from starlette.routing import Mount
from starlette.testclient import TestClient

from geoservice import access
from geoservice.accounts.records import ROLES
from geoservice.auth import ANONYMOUS, expanded
from geoservice.errors import SetupError
from geoservice.publish.catalog import load_layers

# What stands for a path's parameters; anything else is "1".
_VALUES = {"slug": "busy", "folder": "none", "path": "none"}
_GUARDED = [key for key, rule in access.ROUTES.items() if rule != access.BY_LAYER]
_OF_A_LAYER = [path for _, path in access.ROUTES if "{layer_id}" in path]


def _address(template: str, **values: str) -> str:
    for part in template.split("{")[1:]:
        name = part.split("}")[0]
        template = template.replace(f"{{{name}}}", (_VALUES | values).get(name, "1"))
    return template


@pytest.mark.parametrize(
    ("method", "path", "role"),
    [(*key, role) for key, role in itertools.product(_GUARDED, (None, *ROLES))],
)
def test_route_is_open_to_its_roles_only(
    client: TestClient,
    as_role: Callable[..., dict[str, str]],
    method: str,
    path: str,
    role: str | None,
) -> None:
    headers = {} if role is None else as_role(role)
    # What no route takes: it is refused, so that the shared district stays as it is.
    body = {"no such field": 1} if method in {"POST", "PUT", "PATCH"} else None
    answer = client.request(
        method, _address(path), headers=headers, json=body, follow_redirects=False
    )
    rule = access.ROUTES[method, path]
    is_open = rule == access.PUBLIC or (method, path) in access.FROM_HERE  # tests are from here
    if is_open or (role is not None and expanded([role]) & frozenset(rule)):
        assert answer.status_code not in {401, 403, 405, 500}, answer.text
    else:
        assert answer.status_code == (401 if role is None else 403), answer.text
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", _OF_A_LAYER)
@pytest.mark.parametrize("layer", load_layers())
def test_routes_of_a_layer_are_open_to_its_readers_only(
    client: TestClient, as_role: Callable[..., dict[str, str]], path: str, layer: str
) -> None:
    definition = load_layers()[layer]
    for role in (None, *ROLES):
        headers = {} if role is None else as_role(role)
        answer = client.get(_address(path, layer_id=layer), headers=headers)
        held = frozenset() if role is None else expanded([role])
        if definition.is_public or held & set(definition.read_roles):
            assert answer.status_code in {200, 204, 404}, (role, answer.text)
        else:
            assert answer.status_code == (401 if role is None else 403), (role, answer.text)


def test_every_role_but_admin_and_auditor_includes_viewer() -> None:
    for role in ROLES:
        assert ("viewer" in expanded([role])) is (role not in {"admin", "auditor"})
    assert "viewer" in expanded(["admin", "keeper"])
    assert expanded([]) == ANONYMOUS.roles


def test_the_application_and_the_table_agree(app: FastAPI) -> None:
    access.check_complete(app)


def _empty(*routes: str) -> FastAPI:
    app = FastAPI(
        openapi_url=None, docs_url=None, redoc_url=None, dependencies=[Depends(access.enforce)]
    )
    for method, path in {*access.ROUTES} - {tuple(route.split()) for route in routes}:
        app.add_api_route(path, lambda: None, methods=[method])
    return app


def test_service_does_not_start_with_a_route_that_has_no_rule() -> None:
    app = _empty()
    access.check_complete(app)
    app.add_api_route("/forgotten", lambda: None, methods=["DELETE"])
    with pytest.raises(SetupError, match=r"differ: DELETE /forgotten$"):
        access.check_complete(app)


def test_service_does_not_start_with_a_rule_that_has_no_route() -> None:
    with pytest.raises(SetupError, match=r"differ: POST /sign-in$"):
        access.check_complete(_empty("POST /sign-in"))


def test_service_does_not_start_with_a_mount_past_the_guard() -> None:
    app = _empty()
    app.router.routes.append(Mount("/files", PlainTextResponse("open")))
    with pytest.raises(SetupError, match="cannot guard the route /files"):
        access.check_complete(app)


def test_service_does_not_start_with_a_prefix_the_guard_does_not_see() -> None:
    router = APIRouter()
    router.add_api_route("/healthz", lambda: None, methods=["GET"])
    app = _empty("GET /healthz")
    app.include_router(router, prefix="/v1")
    with pytest.raises(SetupError, match="cannot guard the route /v1/healthz"):
        access.check_complete(app)


def test_a_parameter_given_twice_is_refused(client: TestClient) -> None:
    answer = client.get("/ogc/collections/roads/items?limit=1&limit=2")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["where"] == "limit"
